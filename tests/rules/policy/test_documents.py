"""invalid-policy, old-policy-version, malformed-arn, placeholder-left, unreadable-file, unknown-managed-policy."""

from __future__ import annotations

import json

import pytest

from smlint.document import Document, Span
from smlint.engine import lint_files
from smlint.facts import PARTITION, Attachment, Problem
from smlint.iam.policy import Kind
from smlint.rule import all_rules
from smlint.values import Hole, join

AT = Span(Document("main.tf", "x"), 0, 1)
OBJECTS = "arn:aws:s3:::data/*"
AWS = "arn:aws:iam::aws:policy"


# invalid-policy
def test_a_statement_without_resource(check) -> None:  # type: ignore[no-untyped-def]
    (found,) = check("invalid-policy", {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:CreateGrant"]})
    assert found.aws == "MalformedPolicyDocument: Policy statement must contain resources."
    assert found.would == (("kms:Decrypt", "*"), ("kms:CreateGrant", "*"))


def test_a_wrong_effect_grants_nothing(check) -> None:  # type: ignore[no-untyped-def]
    found = check("invalid-policy", {"Effect": "allow", "Action": "s3:GetObject", "Resource": OBJECTS})
    assert [f.would for f in found] == [(("s3:GetObject", OBJECTS),)]
    assert "`allow`" in found[0].message and found[0].origin.place().first.line == 4


def test_a_bucket_policy_without_principal(check) -> None:  # type: ignore[no-untyped-def]
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": OBJECTS}
    (found,) = check("invalid-policy", statement, kind=Kind.BUCKET)
    assert found.aws == "MalformedPolicy: Missing required field Principal" and found.would == ()


def test_the_words_are_those_of_iam(check) -> None:  # type: ignore[no-untyped-def]
    statement = {"Sid": "read data", "Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECTS}
    (found,) = check("invalid-policy", statement)
    assert found.aws == "MalformedPolicyDocument: Statement IDs (SID) must be alpha-numeric."


def test_an_empty_resource(check) -> None:  # type: ignore[no-untyped-def]
    (found,) = check("invalid-policy", {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ""})
    assert found.fix == "write an ARN, or `*`"


def test_an_empty_default_is_not_set_yet() -> None:
    """Optional parameters and variables are empty until somebody sets them."""
    policy = """
variable "key" { default = "" }
resource "aws_iam_policy" "kms" {
  policy = jsonencode({
    Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = [var.key] }]
  })
}
"""
    template = """Parameters: {Key: {Type: String, Default: ""}}
Resources:
  Decrypt:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "kms:Decrypt", Resource: !Ref Key}
"""
    assert lint_files({"main.tf": policy, "stack.yaml": template}) == []


def test_a_valid_policy(check) -> None:  # type: ignore[no-untyped-def]
    assert check("invalid-policy", {"Effect": "Allow", "Action": "s3:*", "NotResource": OBJECTS}) == []


# old-policy-version
VARIABLES = ["${aws:username}", "${aws:PrincipalTag/team, 'none'}", "${s3:prefix}", "${*}", "${$}"]


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_a_variable_in_an_old_policy(check, variable: str, version: str | None) -> None:  # type: ignore[no-untyped-def]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::data/{variable}/*"}
    document = {"Statement": [statement]} | ({"Version": version} if version else {})
    (found,) = check("old-policy-version", document)
    assert f"`{variable}`" in found.message and found.snippet == '"Version": "2012-10-17"'
    assert [place.origin.place().first.line for place in found.related] == [6]
    assert found.origin.place().first.line == (9 if version else 1)


def test_a_variable_in_a_condition(check) -> None:  # type: ignore[no-untyped-def]
    condition = {"StringLike": {"s3:prefix": ["all/*", "${aws:username}/*"]}}
    document = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}}
    assert len(check("old-policy-version", document)) == 1
    assert check("old-policy-version", document | {"Version": "2012-10-17"}) == []


@pytest.mark.parametrize("text", ["plain", "${AWS::AccountId}", "${bucket}", "$aws:username", "${}"])
def test_no_variable(check, text: str) -> None:  # type: ignore[no-untyped-def]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::data/{text}/*"}
    assert check("old-policy-version", {"Version": "2008-10-17", "Statement": statement}) == []


# malformed-arn: resource, what was meant
MALFORMED = [
    ("arn:aws:s3:data/*", "arn:aws:s3:::data/*"),
    ("arn:aws:s3::data/*", "arn:aws:s3:::data/*"),
    ("arn:aws:s3:eu-west-1:111122223333:data/*", "arn:aws:s3:::data/*"),
    ("arn:aws:s3::111122223333:data/*", "arn:aws:s3:::data/*"),
    ("arn:aws:s3:::s3://data/*", "arn:aws:s3:::data/*"),
    ("arn:aws:s3:::/data/*", "arn:aws:s3:::data/*"),
    ("arn:aws:ecr:eu-west-1::repository/train", "arn:aws:ecr:eu-west-1:*:repository/train"),
    ("arn:aws:ecr::111122223333:repository/train", "arn:aws:ecr:*:111122223333:repository/train"),
    ("arn:aws:kms:::key/k", "arn:aws:kms:*:*:key/k"),
    ("arn:aws:kms:euwest1:111122223333:key/k", "arn:aws:kms:*:111122223333:key/k"),
    ("arn:aws:iam::11112222333:role/train", "arn:aws:iam::*:role/train"),
    ("arn:aws:iam:eu-west-1:111122223333:role/train", "arn:aws:iam::111122223333:role/train"),
    ("arn:awss:s3:::data/*", "arn:aws:s3:::data/*"),
    ("arn:aws-cn:s3:::data/*", "arn:aws:s3:::data/*"),
]
WELL_FORMED = [
    "*",
    OBJECTS,
    "arn:*:s3:::data/*",
    "arn:aws*:s3:*:*:data/*",
    "arn:aws:s3:eu-west-1:111122223333:accesspoint/data/object/*",
    "arn:aws:s3:eu-west-1:111122223333:access-grants/default",
    "arn:aws:s3::111122223333:accesspoint/mrap.alias",
    "arn:aws:iam::aws:policy/*",
    "arn:aws:iam::cloudfront:user/x",
    "arn:aws:ecr:eu-*:*:repository/*",
    "arn:aws:ecr:${region}:${account}:repository/train",
    "arn:aws:ssm:eu-west-1::parameter/aws/service/*",
    "arn:aws:sagemaker:eu-west-1:aws:hub/SageMakerPublicHub",
    "arn:aws:s3:::data/${aws:username}/a:b",
    "arn:aws:kms:region:account-id:key/k",  # placeholder-left's
    "my-bucket",  # invalid-policy's
]


def test_every_fault_is_mended_at_once(check) -> None:  # type: ignore[no-untyped-def]
    (found,) = check(
        "malformed-arn", {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:::*"}
    )
    assert json.loads(found.snippet) == "arn:aws:logs:*:*:*"


@pytest.mark.parametrize(("resource", "meant"), MALFORMED)
def test_malformed(allow, resource: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow("malformed-arn", "*", resource)
    assert f"`{resource}`" in found.message
    assert found.would == (("*", meant),)


@pytest.mark.parametrize("resource", WELL_FORMED)
def test_well_formed(allow, resource: str) -> None:  # type: ignore[no-untyped-def]
    assert allow("malformed-arn", "s3:*", resource) == []


def test_the_partition_of_the_configuration(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow("malformed-arn", "s3:GetObject", OBJECTS, partition="aws-cn")
    assert "`aws-cn`" in found.message and json.loads(found.snippet) == "arn:aws-cn:s3:::data/*"
    assert allow("malformed-arn", "s3:GetObject", [OBJECTS, "arn:aws-cn:s3:::data/*"], partition="aws-cn") == []
    assert allow("malformed-arn", "s3:GetObject", "arn:aws-us-gov:s3:::x", partition="aws-us-gov") == []


def test_principals(check) -> None:  # type: ignore[no-untyped-def]
    statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam:111122223333:role/train"}, "Action": "s3:*"}
    (found,) = check("malformed-arn", statement | {"Resource": OBJECTS}, kind=Kind.BUCKET)
    assert "five" in found.message or "5 of" in found.message


# placeholder-left: resource, the placeholder
PLACEHOLDERS = [
    ("arn:aws:s3:::DOC-EXAMPLE-BUCKET/*", "DOC-EXAMPLE-BUCKET"),
    ("arn:aws:s3:::DOC-EXAMPLE-BUCKET1", "DOC-EXAMPLE-BUCKET1"),
    ("arn:aws:s3:::amzn-s3-demo-bucket", "amzn-s3-demo-bucket"),
    ("arn:aws:s3:::amzn-s3-demo-source-bucket/*", "amzn-s3-demo-source-bucket"),
    ("arn:aws:s3:::awsdoc-example-bucket", "awsdoc-example-bucket"),
    ("arn:aws:s3:::inputbucket/object1", "inputbucket"),
    ("arn:aws:s3:::outputbucket/path", "outputbucket"),
    ("arn:aws:kms:region:111122223333:key/k", "region"),
    ("arn:aws:kms:eu-west-1:Account-ID:key/k", "Account-ID"),
    ("arn:aws:iam::account-id:role/ExecutionRole", "account-id"),
    ("arn:aws:iam::111122223333:role/S3-ACCESS-GRANT-ROLE", "S3-ACCESS-GRANT-ROLE"),
]
NAMES = [
    "arn:aws:s3:::acme-prod-inputbucket-eu-region1/account-ids/*",
    "arn:aws:s3:::acme-doc-example-bucket",
    "arn:aws:s3:::data/inputbucket",
    "arn:aws:s3:::region/*",
    "arn:aws:iam::111122223333:role/my-S3-ACCESS-GRANT-ROLE",
    "*",
]


@pytest.mark.parametrize(("resource", "placeholder"), PLACEHOLDERS)
def test_placeholders(allow, resource: str, placeholder: str) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow("placeholder-left", "s3:GetObject", resource)
    assert found.message.startswith(f"`{placeholder}` in `{resource}`") and found.access == placeholder


@pytest.mark.parametrize("resource", NAMES)
def test_names(allow, resource: str) -> None:  # type: ignore[no-untyped-def]
    assert allow("placeholder-left", "s3:GetObject", resource) == []


def test_what_a_statement_excludes_aws_does_not_ask_it_for(check) -> None:  # type: ignore[no-untyped-def]
    resource = "arn:aws:s3:::DOC-EXAMPLE-BUCKET/*"
    (found,) = check("placeholder-left", {"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": resource})
    assert not found.aws
    (found,) = check("placeholder-left", {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": resource})
    assert not found.aws


def test_a_placeholder_stands_for_anything(check) -> None:  # type: ignore[no-untyped-def]
    bucket = "arn:aws:s3:::DOC-EXAMPLE-BUCKET"
    statements = [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket}/in/*"},
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"{bucket}/*"},
    ]
    (found,) = check("placeholder-left", statements)
    assert found.would == (("s3:ListBucket", "arn:aws:s3:::*"), ("s3:GetObject", "arn:aws:s3:::*/in/*"))
    assert len(found.related) == 2


def test_placeholders_in_principals_and_conditions(check) -> None:  # type: ignore[no-untyped-def]
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::ACCOUNT-ID:role/ExecutionRole"},
        "Action": ["kms:CreateGrant", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:region:111122223333:*"}},
    }
    assert [found.access for found in check("placeholder-left", statement, kind=Kind.KEY)] == ["ACCOUNT-ID", "region"]


# unreadable-file and unknown-managed-policy
def test_problems_of_other_rules_are_theirs() -> None:
    rule = all_rules()["unreadable-file"]
    assert [found.message for found in rule.check(Problem(AT, "no JSON"), None)] == ["no JSON"]
    assert list(rule.check(Problem(AT, "no", rule="invalid-policy"), None)) == []


@pytest.mark.parametrize(
    ("arn", "meant"),
    [
        ("arn:aws:iam::aws:policy/OurOwnPolicy", None),
        ("arn:aws:iam::aws:policy/AmazonECR-ReadOnly", f"{AWS}/AmazonEC2ContainerRegistryReadOnly"),
        ("arn:aws:iam::aws:policy/AmazonECRFullAccess", f"{AWS}/AmazonEC2ContainerRegistryFullAccess"),
        ("arn:aws:iam::aws:policy/AmazonECRPullOnly", f"{AWS}/AmazonEC2ContainerRegistryPullOnly"),
        ("arn:aws:iam::aws:policy/AmazonSageMakerFullaccess", "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"),
        ("arn:aws-cn:iam::aws:policy/AWSLambdaRole", "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaRole"),
        ("arn:aws:iam::aws:policy/service-role/AmazonS3FullAccess", "arn:aws:iam::aws:policy/AmazonS3FullAccess"),
    ],
)
def test_managed_policies_that_do_not_exist(arn: str, meant: str | None) -> None:
    (found,) = all_rules()["unknown-managed-policy"].check(Attachment(AT, arn=arn), None)
    assert f"`{arn}`" in found.message
    assert found.snippet == (f'"{meant}"' if meant else "")


@pytest.mark.parametrize(
    "arn",
    [
        None,
        "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
        "arn:aws:iam::111122223333:policy/AmazonECR-ReadOnly",
        join(["arn:", PARTITION, ":iam::aws:policy/AmazonS3ReadOnlyAccess"]),
        join(["arn:aws:iam::aws:policy/AmazonS3", Hole("level"), "Access"]),
        join([Hole("policy")]),
    ],
)
def test_managed_policies_that_may_exist(arn: object) -> None:
    assert list(all_rules()["unknown-managed-policy"].check(Attachment(AT, arn=arn), None)) == []  # type: ignore[arg-type]
