"""unknown-action: what does not exist, what was meant by it, and what a corrected statement would allow."""

from __future__ import annotations

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Level
from smlint.iam.policy import Kind

RULE = "unknown-action"
BUCKET, OBJECTS = "arn:aws:s3:::data", "arn:aws:s3:::data/*"

WELL_KNOWN = {
    "s3:ListObject": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjects*": "s3:ListBucket",
    "sagemaker:CreatePipelineExecution": "sagemaker:StartPipelineExecution",
    "sagemaker:CreateTrainingJobs": "sagemaker:CreateTrainingJob",
    "cloudwatch:PutLogEvents": "logs:PutLogEvents",
    "logs:PutMetricData": "cloudwatch:PutMetricData",
    "ecr:GetDownloadURLForLayers": "ecr:GetDownloadUrlForLayer",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "kms:ReEncrypt": "kms:ReEncrypt*",
}


@pytest.mark.parametrize(("action", "meant"), WELL_KNOWN.items())
def test_what_was_meant(allow, action: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, [action], "*")
    assert f"`{action}`" in found.message and f"did you mean `{meant}`?" in found.message
    assert found.fix == f"write `{meant}`" and found.snippet == f'"{meant}"'
    named = meant.replace("*", "From")  # AWS names an action, never a pattern
    assert found.aws.endswith(f"because no identity-based policy allows the {named} action")
    assert found.level is Level.WARNING
    assert {action for action, _ in found.would} == {meant}


def test_who_names_a_bucket_means_an_action_on_buckets(allow) -> None:  # type: ignore[no-untyped-def]
    assert allow(RULE, "s3:ListBuckets", BUCKET)[0].fix == "write `s3:ListBucket`"
    assert allow(RULE, "s3:ListBuckets", "*")[0].fix == "write `s3:ListAllMyBuckets`"


@pytest.mark.parametrize(
    "action",
    [
        *("s3:listbucket", "S3:GETOBJECT", "s3:*", "s3:Lis?Bucket", "*", "s3:Get*Acl", "newservice:Do"),
        *("apigateway:TagResource", "codebuild:UntagResource", "sagemaker:CreatePresignedDomainUrlWithPrincipalTag"),
        "SNS:Receive",
        *("elastic-inference:Connect", "sts:SetContext", "budgets:CreateBudget", "*:*", "s?:GetObject"),
    ],
)
def test_what_exists_or_may(allow, action: str) -> None:  # type: ignore[no-untyped-def]
    assert allow(RULE, action, "*") == []


def test_the_corrected_statement_names_what_the_action_acts_on(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "s3:ListObject", [OBJECTS, BUCKET])
    assert found.would == (("s3:ListBucket", BUCKET),)
    (found,) = allow(RULE, "s3:HeadObject", BUCKET)
    assert found.would == (("s3:GetObject", OBJECTS),)


def test_beside_the_action_that_was_meant(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["s3:listBucket", "s3:ListObject"], BUCKET)
    assert found.fix == "remove it: `s3:listBucket` stands beside it"
    assert "did you mean" not in found.message and found.would == () and found.aws == ""


def test_beside_a_pattern_that_matches_what_was_meant(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["s3:List*", "s3:HeadBucket"], BUCKET)
    assert found.fix == "remove it: `s3:List*` stands beside it"
    assert "did you mean" not in found.message and (found.aws, found.snippet) == ("", "")


def test_a_guess_is_no_instruction(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "sagemaker:UpdateModel", "*")
    assert "did you mean `sagemaker:UpdateModelCard`?" in found.message
    assert found.fix == "write `sagemaker:UpdateModelCard` if that is what was meant, else remove it"
    assert found.snippet == found.aws == ""


@pytest.mark.parametrize("action", ["sagemaker:UpdateApp", "sagemaker:UpdateProcessingJob", "sagemaker:GetTrainingJob"])
def test_an_action_with_another_verb_was_not_meant(allow, action: str) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, [action, "sagemaker:DeleteProcessingJob"], "*")
    assert found.message == f"there is no action `{action}`" and found.fix == "remove it"


def test_a_deny_grants_nothing(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "s3:ListObject", BUCKET, effect="Deny")
    assert found.would == () and found.aws == ""


def test_not_action_excludes(check) -> None:  # type: ignore[no-untyped-def]
    (found,) = check(RULE, {"Effect": "Allow", "NotAction": ["s3:ListObject"], "Resource": "*"})
    assert found.would == ()


def test_every_action_at_its_own_line(allow) -> None:  # type: ignore[no-untyped-def]
    found = allow(RULE, ["s3:GetObject", "s3:HeadObject", "s3:ListObjects"], "*")
    assert [(f.access, f.origin.place().first.line) for f in found] == [("s3:HeadObject", 7), ("s3:ListObjects", 8)]


def test_the_words_of_other_layers(check) -> None:  # type: ignore[no-untyped-def]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:ListObjects", "Resource": BUCKET}
    (found,) = check(RULE, statement, kind=Kind.BUCKET)
    assert "because no resource-based policy allows the s3:ListBucket action" in found.aws


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("sagmaker:CreateModel", "sagemaker:CreateModel"),
        ("sagmaker:*", "sagemaker:*"),
        ("sagmaker:Describe*", "sagemaker:Describe*"),
        ("log:PutLogEvents", "logs:PutLogEvents"),
        ("sagemaker-runtime:InvokeEndpoint", "sagemaker:InvokeEndpoint"),
    ],
)
def test_a_misspelt_service(allow, action: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    (finding,) = allow(RULE, action, "*")
    assert f"did you mean `{meant}`" in finding.message
    assert "*" not in finding.aws


@pytest.mark.parametrize(
    "action", ["newservice:TagResource", "sagmaker:DoThings", "sagmaker:Do*", "sagemaker-anew:*", "iotevents:*"]
)
def test_a_service_that_nobody_knows(allow, action: str) -> None:  # type: ignore[no-untyped-def]
    assert allow(RULE, action, "*") == []


def test_wildcards_that_one_expression_makes() -> None:
    """No service is to be taken out of the list because it lists nothing."""
    config = """
data "aws_iam_policy_document" "read" {
  dynamic "statement" {
    for_each = toset([SERVICES])
    content {
      actions   = ["${statement.value}:List*"]
      resources = ["*"]
    }
  }
}
resource "aws_iam_policy" "read" {
  policy = data.aws_iam_policy_document.read.json
}
"""
    assert lint_files({"main.tf": config.replace("SERVICES", '"s3", "health"')}) == []
    (found,) = lint_files({"main.tf": config.replace("SERVICES", '"health"')})
    assert found.rule == RULE


def test_json_is_called_json() -> None:
    (found,) = lint_files({"policy.json": ' 1. {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'})
    assert found.message.startswith("this is not JSON")


def test_yaml_inside_json_stays_yaml() -> None:
    body = """Resources:
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "s3:ListObjects", Resource: "*"}}
"""
    stack = {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": body}}
    (found,) = lint_files({"stack.json": json.dumps({"Resources": {"Stack": stack}})})
    assert found.rule == RULE
