"""Snippets read as the file at hand is written, and mean in it what they say."""

from __future__ import annotations

import json

import pytest
import yaml

from smlint.document import Document, Span
from smlint.facts import PARTITION
from smlint.fixes.snippet import snippet, syntax_of
from smlint.values import Hole, join

STATEMENT = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::data/${aws:username}/*",
    "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
}
OBJECTS = join(["arn:", PARTITION, ":s3:::", Hole("stack:DataBucket", label="DataBucket"), "/*"])


TEMPLATE = "Parameters: {DataBucket: {Type: String}}\nResources: {Role: {Type: AWS::IAM::Role}}"


def place(path: str, text: str = "x") -> Span:
    return Span(Document(path, text), len(text) - 1, len(text))


def embedded(path: str) -> Span:
    return Span(Document(path, "{}", (Document(path, "x"), lambda offset: 0)), 0, 1)


@pytest.mark.parametrize(
    ("origin", "syntax"),
    [
        (place("policy.json"), "json"),
        (place("train.py"), "json"),
        (place("stack.YAML"), "yaml"),
        (place("stack.template", "Resources:"), "yaml"),
        (place("stack.template", ' {"Resources": {}}'), "json"),
        (place("main.tf"), "hcl"),
        (embedded("main.tf"), "json"),
    ],
)
def test_syntax_of(origin: Span, syntax: str) -> None:
    assert syntax_of(origin) == syntax


def test_json_is_the_value_with_short_lists_on_a_line() -> None:
    written = snippet(STATEMENT, place("policy.json"))
    assert json.loads(written) == STATEMENT
    assert '  "Action": ["s3:GetObject", "s3:PutObject"],\n' in written


def test_yaml_is_a_list_item_that_reads_back() -> None:
    written = snippet(STATEMENT, place("stack.yaml"))
    assert yaml.safe_load(written) == [STATEMENT]
    assert written.startswith("- Effect: Allow\n  Action:\n    - s3:GetObject\n")


@pytest.mark.parametrize("text", ["*", "111122223333", "a: b", "arn:aws:s3:::b", "- x", "true", "", "a #b", "é"])
def test_yaml_texts_stay_texts(text: str) -> None:
    assert yaml.safe_load(snippet([text], place("stack.yaml"))) == [text]


def test_holes_are_written_as_references() -> None:
    assert snippet(OBJECTS, place("stack.yaml", TEMPLATE)) == "!Sub 'arn:${AWS::Partition}:s3:::${DataBucket}/*'"
    assert (
        snippet(OBJECTS, place("stack.json", TEMPLATE)) == '{"Fn::Sub": "arn:${AWS::Partition}:s3:::${DataBucket}/*"}'
    )
    variable = join(["arn:", PARTITION, ":s3:::", Hole("var:x", label="var.data_bucket"), "/*"])
    terraform = "arn:${data.aws_partition.current.partition}:s3:::${var.data_bucket}/*"
    assert snippet(variable, place("main.tf")) == f'"{terraform}"'
    assert snippet(variable, embedded("main.tf")) == f'"{terraform}"'


@pytest.mark.parametrize(
    ("label", "written"), [("aws_kms_key.k[?].arn", "${aws_kms_key.k[0].arn}"), ('aws_kms_key.k["?"].arn', "*")]
)
def test_of_resources_without_number_the_first(label: str, written: str) -> None:
    assert snippet(join([Hole("key", label=label)]), place("main.tf")) == f'"{written}"'


@pytest.mark.parametrize("path", ["stack.yaml", "stack.json", "main.tf"])
def test_what_nobody_knows_before_the_job_runs_is_a_wildcard(path: str) -> None:
    output = join(["arn:aws:s3:::acme/out/", Hole("job", label="job"), "/model.tar.gz"])
    assert "arn:aws:s3:::acme/out/*/model.tar.gz" in snippet(output, place(path, TEMPLATE))


def test_what_a_plain_file_cannot_refer_to_is_a_wildcard() -> None:
    assert snippet(OBJECTS, place("policy.json")) == '"arn:aws:s3:::*/*"'
    assert snippet(OBJECTS, place("policy.yaml")) == "arn:aws:s3:::*/*"


@pytest.mark.parametrize("path", ["policy.json", "main.tf", "template.yaml"])
def test_a_wildcard_beside_another_is_one(path: str) -> None:
    group = join(["/aws/sagemaker/", Hole("kind", label="Endpoints or TransformJobs"), "*"])
    written = snippet(group, place(path, TEMPLATE))
    assert "/aws/sagemaker/*" in written and "**" not in written


def test_policy_variables_are_escaped_where_the_file_interpolates() -> None:
    text = join([Hole("b", label="DataBucket"), "/${aws:username}"])
    assert snippet(text, place("stack.yaml", TEMPLATE)) == "!Sub '${DataBucket}/${!aws:username}'"
    assert snippet("${aws:username}", place("main.tf")) == '"$${aws:username}"'
    assert snippet("${aws:username}", place("policy.json")) == '"${aws:username}"'


def test_hcl_object() -> None:
    assert snippet(STATEMENT, place("main.tf", 'resource "aws_iam_role_policy" "x" {')) == (
        "{\n"
        '  Effect    = "Allow"\n'
        '  Action    = ["s3:GetObject", "s3:PutObject"]\n'
        '  Resource  = "arn:aws:s3:::data/$${aws:username}/*"\n'
        "  Condition = {\n"
        "    StringEquals = {\n"
        '      "aws:SourceVpc" = "vpc-1"\n'
        "    }\n"
        "  }\n"
        "}"
    )


def test_hcl_statement_block() -> None:
    origin = place("main.tf", 'data "aws_iam_policy_document" "x" {\n  statement {')
    trust = {"Sid": "T", "Effect": "Deny", "Principal": {"Service": ["sagemaker.amazonaws.com"]}, "Action": "sts:*"}
    assert snippet(trust, origin) == (
        "statement {\n"
        '  sid     = "T"\n'
        '  effect  = "Deny"\n'
        '  actions = ["sts:*"]\n'
        "\n"
        "  principals {\n"
        '    type        = "Service"\n'
        '    identifiers = ["sagemaker.amazonaws.com"]\n'
        "  }\n"
        "}"
    )
    assert '    variable = "aws:SourceVpc"\n    values   = ["vpc-1"]\n' in snippet(STATEMENT, origin)


def test_long_lists_go_over_several_lines() -> None:
    actions = [f"sagemaker:CreateSomething{number}" for number in range(4)]
    assert snippet(actions, place("main.tf")).count("\n") == 5
    assert json.loads(snippet(actions, place("a.json"))) == actions
