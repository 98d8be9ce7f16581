"""Where values stand: findings point at what a user edits."""
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest
from terraform_helpers import facts_of, lines, module_of, one, value_of

from smlint.facts import Attachment, BucketPolicy, ManagedPolicy, Problem
from smlint.readers.terraform.documents import document_of
from smlint.values import Node, plain

POLICY = 'resource "aws_iam_policy" "p" {\n  name   = "p"\n  policy = %s\n}\n'


def written(node: Node) -> str:
    """What stands at a node's place."""
    place = node.origin.place()
    return place.document.text[place.start : place.end]


def _policy(files: dict[str, str]) -> Any:
    return one(facts_of(files), ManagedPolicy).policy


def test_a_list_item_stands_to_the_character() -> None:
    text = POLICY % 'jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"] }] })'
    statement = _policy({"main.tf": text}).statements[0]
    assert [text[slice(*action.origin.offsets())] for action in statement.actions] == [
        '"s3:GetObject"',
        '"s3:PutObject"',
    ]


def test_the_operator_and_the_key_of_a_condition_stand_where_they_are_written() -> None:
    condition = 'condition {\n test = "Like"\n variable = "prefix"\n values = var.prefixes\n }\n'
    document = f'data "aws_iam_policy_document" "d" {{\n statement {{\n actions = ["s3:*"]\n resources = ["*"]\n {condition} }}\n}}\n'
    text = 'variable "prefixes" {\n default = ["a/"]\n}\n' + POLICY % "data.aws_iam_policy_document.d.json" + document
    found = {one.message: text[slice(*one.origin.offsets())] for one in _policy({"main.tf": text}).violations}
    assert found == {
        "there is no condition operator `Like`": '"Like"',
        "the condition key `prefix` names no service": '"prefix"',
    }


def test_characters_that_are_several_bytes() -> None:
    text = '# é中𝄞\nlocals { x = "é中" }\n' + POLICY % 'jsonencode({ Statement = [{ Action = "s3:𝄞" }] })'
    statement = _policy({"main.tf": text}).statements[0]
    assert text[slice(*statement.actions[0].origin.offsets())] == '"s3:𝄞"'


def test_a_variable_keeps_its_default_and_its_use() -> None:
    files = {"main.tf": 'variable "b" {\n  default = "acme"\n}\n'}
    node = value_of("var.b", module_of(files))
    assert lines(node) == ("main.tf", 2, 2)
    assert node.used is not None
    assert node.used.document.path == "expression.tf"


def test_tfvars_are_where_the_value_stands() -> None:
    files = {
        "main.tf": 'variable "actions" {}\n' + POLICY % "jsonencode({ Statement = [{ Action = var.actions }] })",
        "terraform.tfvars": '\nactions = ["s3:ListObject"]\n',
    }
    assert lines(_policy(files).statements[0].actions[0]) == ("terraform.tfvars", 2, 2)


def test_a_module_argument_stands_at_the_call_and_the_statement_in_the_module() -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  action = "s3:ListObject"\n}\n',
        "m/main.tf": 'variable "action" {}\n' + POLICY % "jsonencode({ Statement = [{ Action = var.action }] })",
    }
    statement = _policy(files).statements[0]
    assert lines(statement) == ("m/main.tf", 4, 4)
    assert lines(statement.actions[0]) == ("main.tf", 3, 3)


def test_one_definition_used_often_is_one_place() -> None:
    files = {
        "main.tf": 'module "m" {\n  source   = "./m"\n  for_each = toset(["a", "b", "c"])\n  name     = each.key\n}\n',
        "m/main.tf": 'variable "name" {}\n'
        + (POLICY % 'jsonencode({ Statement = [{ Action = "s3:ListObject" }] })').replace(
            '"p"\n  policy', "var.name\n  policy"
        ),
    }
    policies = [fact for fact in facts_of(files) if isinstance(fact, ManagedPolicy)]
    assert [policy.name for policy in policies] == ["a", "b", "c"]
    assert len({policy.policy.statements[0].actions[0].origin for policy in policies}) == 1


def test_a_policy_document_stands_in_its_blocks() -> None:
    files = {
        "main.tf": 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = [\n      "s3:ListObject",\n    ]\n'
        "  }\n}\n" + POLICY % "data.aws_iam_policy_document.d.json"
    }
    statement = _policy(files).statements[0]
    assert lines(statement) == ("main.tf", 2, 6)
    assert lines(statement.actions[0]) == ("main.tf", 4, 4)


HEREDOC = """<<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        %{ for b in ["one", "two"] ~}
        { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${b}/*" },
        %{ endfor ~}
        {
          "Effect": "Allow",
          "Action": ["s3:ListObject"],
          "Resource": ["arn:aws:s3:::${var.b}", ${var.more}]
        }
      ]
    }
  EOT
"""


def test_a_heredoc_with_directives_and_bare_holes() -> None:
    files = {"main.tf": 'variable "b" {}\nvariable "more" {}\n' + POLICY % HEREDOC.rstrip("\n")}
    statements = _policy(files).statements
    assert [lines(statement)[1] for statement in statements] == [10, 10, 12]
    assert lines(statements[2].actions[0]) == ("main.tf", 14, 14)
    assert written(statements[2].actions[0]) == '"s3:ListObject"'
    assert not statements[2].resources_complete


def test_a_file_and_a_template_stand_in_their_files() -> None:
    files = {
        "main.tf": POLICY % 'templatefile("${path.module}/p.tpl", { names = ["a", "b"], x = "s3:ListObject" })'
        + (POLICY % 'file("q.json")').replace('"p"', '"q"'),
        "p.tpl": '{"Statement": [\n%{ for n in names ~}\n{"Action": "s3:GetObject", "Resource": "${n}"},\n%{ endfor ~}\n'
        '{"Action": ["${x}"]}\n]}\n',
        "q.json": '{\n "Statement": [{"Action": "s3:HeadObject"}]\n}\n',
    }
    template, plain_file = (fact.policy for fact in facts_of(files) if isinstance(fact, ManagedPolicy))
    assert [lines(statement)[:2] for statement in template.statements] == [("p.tpl", 3), ("p.tpl", 3), ("p.tpl", 5)]
    assert [str(element.text) for element in template.statements[0].resources] == ["a"]
    assert lines(plain_file.statements[0].actions[0]) == ("q.json", 2, 2)


def test_json_syntax() -> None:
    files = {
        "main.tf.json": '{\n "variable": {"b": {"default": "acme", "type": "string"}},\n "resource": {\n  "aws_iam_role_policy": {\n'
        '   "p": {\n    "role": "r",\n    "policy": "${jsonencode({Statement = [{Action = \\"s3:*\\", Resource = var.b}]})}"\n'
        "   }\n  }\n }\n}\n"
    }
    attachment = one(facts_of(files), Attachment)
    statement = attachment.policy.statements[0]
    assert [element.text for element in statement.resources] == ["acme"]
    assert lines(statement) == ("main.tf.json", 7, 7)
    assert lines(attachment)[0] == "main.tf.json"


def test_broken_json_in_a_policy_is_told_at_its_place() -> None:
    files = {"main.tf": POLICY % '<<EOT\n{\n  "Statement": [,]\n}\nEOT'}
    problem = one(facts_of(files), Problem)
    assert lines(problem)[:2] == ("main.tf", 5)


@pytest.mark.parametrize("text", ["jsonencode({ a = [var.x, 1] })", 'jsonencode(merge({ a = 1 }, { b = "x" }))'])
def test_jsonencode_keeps_its_values(text: str) -> None:
    node = value_of(text, module_of({"main.tf": 'variable "x" {}\n'}))
    assert isinstance(plain(document_of(node)), dict)


def test_placeholders_replaced_in_a_document_keep_its_places() -> None:
    files = {
        "main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "acme"\n}\nresource "aws_s3_bucket_policy" "p" {\n'
        "  bucket = aws_s3_bucket.b.id\n  policy = replace(jsonencode({\n    Statement = [{\n"
        '      Effect = "Deny"\n      Resource = "_BUCKET_ARN_/*"\n    }]\n  }), "_BUCKET_ARN_", aws_s3_bucket.b.arn)\n}\n'
    }
    statement = one(facts_of(files), BucketPolicy).policy.statements[0]
    assert str(statement.resources[0].text) == "arn:⟨partition⟩:s3:::acme/*"
    assert lines(statement.resources[0]) == ("main.tf", 9, 9)
