"""Snippets read as the file at hand is written, and mean in it what they say."""

from __future__ import annotations

import json
from time import process_time

import pytest
import yaml

from smlint.document import Document, Span
from smlint.facts import ACCOUNT, PARTITION, REGION
from smlint.fixes.snippet import beside, snippet, syntax_of
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


def embedded(path: str, text: str = "x") -> Span:
    return Span(Document(path, "{}", (Document(path, text), lambda offset: 0)), 0, 1)


def after(path: str, text: str, mark: str) -> Span:
    """The place in a text that follows the mark."""
    start = text.index(mark) + len(mark)
    return Span(Document(path, text), start, start + 1)


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
    declared = 'data "aws_partition" "current" {}\n'
    assert snippet(variable, place("main.tf", declared)) == f'"{terraform}"'
    assert snippet(variable, embedded("main.tf", declared)) == f'"{terraform}"'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('data "aws_region" "here" {}', "arn:aws:sns:${data.aws_region.here.name}:*:done"),
        ("x = data.aws_region.this.region", "arn:aws:sns:${data.aws_region.this.region}:*:done"),
        ("# x = data.aws_region.old.region", "arn:aws:sns:*:*:done"),
        ("x", "arn:aws:sns:*:*:done"),
    ],
)
def test_terraform_is_referred_to_what_the_file_declares(text: str, written: str) -> None:
    topic = join(["arn:", PARTITION, ":sns:", REGION, ":", ACCOUNT, ":done"])
    assert snippet(topic, place("main.tf", text)) == f'"{written}"'


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("stack.yaml", "!GetAtt Data.Arn"),
        ("stack.json", '{"Fn::GetAtt": ["Data", "Arn"]}'),
        ("main.tf", "aws_s3_bucket.data.arn"),
    ],
)
def test_what_is_nothing_but_a_reference_is_written_as_one(path: str, written: str) -> None:
    label = "aws_s3_bucket.data.arn" if path == "main.tf" else "Data.Arn"
    arn = join([Hole("arn", label=label)])
    assert snippet(arn, place(path, "AWS::S3::Bucket {Data: x}")) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('resource "aws_s3_bucket" "data" {}', "aws_s3_bucket.data.arn"),
        ("x = aws_s3_bucket.data.id", "aws_s3_bucket.data.arn"),
        ("x = aws_s3_bucket.data_of_others.id", '"*"'),
        ("x", '"*"'),
    ],
)
def test_a_module_cannot_name_what_lies_in_another(text: str, written: str) -> None:
    arn = join([Hole("arn", label="module.store.aws_s3_bucket.data.arn")])
    assert snippet(arn, place("store/main.tf", text)) == written


def test_within_brackets_yaml_is_written_with_brackets() -> None:
    text = "Statement: [{Effect: Allow, Action: 's3:[x', Resource: [arn:aws:s3:::b]}]"
    written = snippet(STATEMENT, after("a.yaml", text, "Action: "))
    assert yaml.safe_load(f"[{written}]") == [STATEMENT] and "\n" not in written
    assert snippet(["a", "b"], after("a.yaml", text, "Resource: ")) == "[a, b]"


@pytest.mark.parametrize(
    "text",
    ["Statement: [{Sid: ReadStatement, Action: x}]", "Statement: [{Effect: Allow, NotAction: [a], Action: x}]"],
)
def test_a_statement_of_a_list_in_brackets_has_brackets(text: str) -> None:
    assert snippet(STATEMENT, after("a.yaml", text, "Action: x")).startswith("{Effect: Allow,")


@pytest.mark.parametrize(
    "text", ["Statement:\n  - {Effect: Allow, Action: x}", "Statement:\n- Effect: Allow # [\n  Action: x"]
)
def test_a_statement_is_an_item_of_a_list_without_brackets(text: str) -> None:
    assert snippet(STATEMENT, after("a.yaml", text, "Action: ")).startswith("- Effect: Allow\n")


def test_brackets_of_another_resource_do_not_count() -> None:
    text = "Resources:\n  Code:\n    ZipFile: |\n      open([\n  Role:\n    Statement:\n      - Action: x"
    assert snippet(["a", "b"], after("a.yaml", text, "Action: ")) == "- a\n- b"


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["- Effect: Allow", "- Effect: Deny"], "- Effect: Allow\n- Effect: Deny"),
        (["statement {\n}", "statement {\n}"], "statement {\n}"),
        (['"a"', '"b"', '"a"'], '"a",\n"b"'),
        (["Policies:\n  - a: 1", "Policies:\n  - b: 2"], "Policies:\n  - a: 1\n  - b: 2"),
        (['"Policies": [\n  {}\n]', '"Policies": [\n  {"a": 1}\n]'], '"Policies": [\n  {},\n  {"a": 1}\n]'),
        (['resource "a" "b" {\n}', 'resource "a" "c" {\n}'], 'resource "a" "b" {\n}\nresource "a" "c" {\n}'),
        (['output_kms_key="k",', 'volume_kms_key="k",'], 'output_kms_key="k",\nvolume_kms_key="k",'),
    ],
)
def test_snippets_for_one_place(texts: list[str], written: str) -> None:
    assert beside(texts) == written


@pytest.mark.parametrize(
    ("label", "written"), [("aws_kms_key.k[?].arn", "aws_kms_key.k[0].arn"), ('aws_kms_key.k["?"].arn', '"*"')]
)
def test_of_resources_without_number_the_first(label: str, written: str) -> None:
    assert snippet(join([Hole("key", label=label)]), place("main.tf")) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("DataBucket: x, PolicyDocument: !Sub |\n  {}", '"arn:${AWS::Partition}:s3:::${DataBucket}/*"'),
        ('{"DataBucket": 1, "x": {"Fn::Sub": "{}', '"arn:${AWS::Partition}:s3:::${DataBucket}/*"'),
        ("DataBucket: x, PolicyDocument: |\n  {}", '"arn:aws:s3:::*/*"'),
    ],
)
def test_a_text_in_a_template_refers_as_what_substitutes_it(text: str, written: str) -> None:
    host = Document("stack.yaml", f"AWS::S3::Bucket {text}")
    start = host.text.index("{}")
    inner = Document("stack.yaml", "{}", (host, lambda offset: start + offset))
    assert snippet(OBJECTS, Span(inner, 0, 1)) == written


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


def test_what_stands_in_an_interpolation_is_not_escaped() -> None:
    key = join([Hole("key", label='aws_kms_key.k["main"].arn')])
    assert snippet(key, place("main.tf")) == 'aws_kms_key.k["main"].arn'
    told = join([key, '/"'])
    assert snippet(told, place("main.tf")) == '"${aws_kms_key.k["main"].arn}/\\""'
    assert snippet(told, embedded("main.tf")) == '"${aws_kms_key.k["main"].arn}/\\""'


def test_directives_of_terraform_are_escaped() -> None:
    assert snippet("50%{a}", place("main.tf")) == '"50%%{a}"'
    assert snippet("50%{a}", place("policy.json")) == '"50%{a}"'


@pytest.mark.parametrize("head", ['module "m"', "locals", 'resource "aws_iam_role_policy" "x"'])
def test_what_follows_a_document_of_blocks_is_no_block(head: str) -> None:
    text = f'data "aws_iam_policy_document" "x" {{\n  statement {{\n  }}\n}}\n{head} {{\n  policy = '
    assert snippet(STATEMENT, place("main.tf", text)).startswith("{\n")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", "\n" * 1_000_000),
        ("main.tf", "data.aws_region." * 60_000),
        ("a.yaml", '"' + '\\"' * 500_000),
        ("a.yaml", "AWS:: a:" + " " * 1_000_000),
        ("a.yaml", "AWS:: " + "a:{ " * 250_000),
    ],
)
def test_a_large_file_is_looked_through_in_no_time(path: str, text: str) -> None:
    begun = process_time()
    snippet(["a", join(["b", REGION, ACCOUNT, Hole("cfn:b.yaml:a", label="a")])], place(path, text))
    assert process_time() - begun < 2


@pytest.mark.parametrize(
    ("stack", "written"),
    [
        ("cfn:stacks/own.yaml", "!Sub '${Data}/${Env}'"),
        ("cfn:root.yaml/Nested", "!Sub '${Data}/${Env}'"),
        ("cfn:stacks/other.yaml", "!Sub '*/${Env}'"),  # a parameter may well have been given the same value
    ],
)
def test_a_resource_of_another_template_has_no_name_in_this(stack: str, written: str) -> None:
    text = "Parameters:\n  Env: {Type: String}\nResources:\n  Data:\n    Type: AWS::SNS::Topic\n"
    told = join([Hole(f"{stack}:Data", label="Data"), "/", Hole(f"{stack}:Env", label="Env")])
    assert snippet(told, place("stacks/own.yaml", text)) == written


def test_a_module_made_for_each_key_is_a_module() -> None:
    arn = join([Hole("arn", label='module.store["eu.west"].aws_s3_bucket.data[0].arn')])
    assert snippet(arn, place("store/main.tf", 'resource "aws_s3_bucket" "data" {}')) == "aws_s3_bucket.data[0].arn"
    assert snippet(arn, place("main.tf")) == '"*"'
