"""A policy that cannot be read is told once; what it would have granted is unknown, so nothing is missing."""

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Level

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
BROKEN = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow" "Action": "s3:GetObject", "Resource": "*"}]}'
LITTLE = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}, indent=1
)
ARN = "arn:aws:iam::111122223333:role/training"
TRAIN = json.dumps(
    {
        "TrainingJobName": "crops",
        "RoleArn": ARN,
        "AlgorithmSpecification": {
            "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
            "TrainingInputMode": "File",
        },
        "OutputDataConfig": {"S3OutputPath": "s3://acme-crops/out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
)
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "training", "AssumeRolePolicyDocument": json.loads(TRUST)}}
CONFIGURATION = '[[role]]\nname = "training"\npolicies = ["iam/policy.json"]\ntrust = "iam/trust.json"\n'
TERRAFORM = f"""
resource "aws_iam_role" "training" {{
  name               = "training"
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role_policy" "training" {{
  role   = aws_iam_role.training.id
  policy = <<-EOT
{BROKEN}
EOT
}}
"""


def _stack(policy: str) -> str:
    inline = {"PolicyName": "training", "PolicyDocument": policy}
    role = {**ROLE, "Properties": {**ROLE["Properties"], "Policies": [inline]}}
    return json.dumps({"Resources": {"Training": role}})


FOLDERS = {
    "loose": {"policy.json": BROKEN, "trust.json": TRUST},
    "loose, beside another": {"policy.json": BROKEN, "logs.json": LITTLE, "trust.json": TRUST},
    "configured": {"iam/policy.json": BROKEN, "iam/trust.json": TRUST, "smlint.toml": CONFIGURATION},
    "CloudFormation": {"template.json": _stack(BROKEN)},
    "Terraform": {"main.tf": TERRAFORM},
    "get-role-policy": {
        "role.json": json.dumps(
            {"Role": {"RoleName": "training", "Arn": ARN, "AssumeRolePolicyDocument": json.loads(TRUST)}}
        ),
        "inline.json": json.dumps({"RoleName": "training", "PolicyName": "data", "PolicyDocument": BROKEN}),
    },
}


def _told(files: dict[str, str]) -> list[str]:
    return [one.rule for one in lint_files({**files, "train.json": TRAIN}) if one.level >= Level.WARNING]


@pytest.mark.parametrize("where", FOLDERS)
def test_a_policy_that_does_not_parse_is_told_once(where: str) -> None:
    assert _told(FOLDERS[where]) == ["unreadable-file"]


@pytest.mark.parametrize("document", ['"text"', "[]", "{}"])
def test_what_is_no_policy_grants_nobody_knows_what(document: str) -> None:
    assert _told({"template.json": _stack(document)}) == ["invalid-policy"]


def test_the_same_without_the_fault() -> None:
    assert "missing-put-object" in _told({"template.json": _stack(LITTLE)})


@pytest.mark.parametrize(
    "condition",
    [
        '{ StringEquals = { (var.unknown) = "x" } }',
        '{ (var.unknown) = { "aws:SourceVpc" = "vpc-1" } }',
        '{ "aws:SourceVpc" = "x", (var.unknown) = "y" }',
    ],
)
def test_a_name_that_nobody_knows_is_no_fault(condition: str) -> None:
    statement = f'{{ Effect = "Allow", Action = "s3:*", Resource = "*", Condition = {condition} }}'
    text = TERRAFORM.partition("  policy =")[0] + (
        f'  policy = jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})\n}}\nvariable "unknown" {{}}\n'
    )
    told = _told({"main.tf": text})
    assert not any(rule.startswith("missing-") and "object" in rule for rule in told)
    assert ("invalid-policy" in told) is ("StringEquals" not in condition and not condition.startswith("{ (var"))
