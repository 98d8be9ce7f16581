"""The same estate written in another way: what is refused stays what it was.

Each writing is a function from statements to files. SMLINT_METAMORPHIC: how many random variations of each.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from smlint.engine import lint_files
from smlint.finding import Level

COUNT = int(os.environ.get("SMLINT_METAMORPHIC", "3"))
ARN = "arn:aws:iam::111122223333:role/crops"
TRUSTED = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
REQUEST = {
    "TrainingJobName": "crops",
    "RoleArn": ARN,
    "AlgorithmSpecification": {
        "TrainingImage": "111122223333.dkr.ecr.us-east-1.amazonaws.com/crops:3",
        "TrainingInputMode": "File",
    },
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://acme-crops/train/"}},
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://acme-models/crops/"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
RUNTIME = {"Effect": "Allow", "Action": ["logs:*", "cloudwatch:PutMetricData"], "Resource": "*"}
ECR = ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"]
Statements = list[dict[str, Any]]
Files = dict[str, str]
# What the role's policy says, and the findings that this means in every writing.
ESTATES: dict[str, tuple[Statements, list[str]]] = {
    "no list, no image": (
        [
            RUNTIME,
            {"Effect": "Allow", "Action": ECR, "Resource": "*"},
            {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::acme-crops/*"]},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-models/*"},
        ],
        ["missing-ecr-pull", "missing-list-bucket"],
    ),
    "a dead grant": (
        [
            RUNTIME,
            {"Effect": "Allow", "Action": [*ECR, "ecr:BatchGetImage"], "Resource": "*"},
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::acme-crops/*"},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-models/crops/*"},
        ],
        ["action-resource-mismatch"],
    ),
    "denied": (
        [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": ["s3:Put*"],
                "Resource": ["arn:aws:s3:::acme-models", "arn:aws:s3:::acme-m*/*"],
            },
        ],
        ["policy-denies-action"],
    ),
    "all is well": ([{"Effect": "Allow", "Action": "*", "Resource": "*"}], []),
}


def _document(statements: Statements) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _requested(files: Files) -> Files:
    return {**files, "jobs/train.json": json.dumps(REQUEST)}


def loose(statements: Statements) -> Files:
    policy, trust = json.dumps(_document(statements)), json.dumps(_document([TRUSTED]))
    return {"policy.json": policy, "trust.json": trust, "train.json": json.dumps(REQUEST)}


def configured(statements: Statements) -> Files:
    files = {
        "iam/policy.yaml": yaml.safe_dump(_document(statements)),
        "iam/trust.json": json.dumps(_document([TRUSTED])),
    }
    role = '[[role]]\nname = "crops"\npolicies = ["iam/p*.yaml"]\ntrust = "iam/trust.json"\n'
    return _requested({**files, "smlint.toml": role})


def _stack(resources: dict[str, Any], **more: Any) -> str:
    return yaml.safe_dump({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **more}, sort_keys=False)


def _role(**properties: Any) -> dict[str, Any]:
    trust = _document([TRUSTED])
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "crops", "AssumeRolePolicyDocument": trust, **properties},
    }


def stack(statements: Statements) -> Files:
    inline = {"PolicyName": "crops", "PolicyDocument": _document(statements)}
    return _requested({"stack.yaml": _stack({"Role": _role(Policies=[inline])})})


def stack_of_parts(statements: Statements) -> Files:
    """A managed policy and a policy of its own, values through parameters, `Fn::Join` and `Fn::Sub`."""
    parameters: dict[str, Any] = {}

    def said(text: str) -> Any:
        if not text.startswith("arn:"):
            return text
        name = f"Value{len(parameters)}"
        head, _, tail = text.rpartition(":")
        parameters[name] = {"Type": "String", "Default": tail}
        return (
            {"Fn::Sub": head + ":${" + name + "}"}
            if len(parameters) % 2
            else {"Fn::Join": [":", [head, {"Ref": name}]]}
        )

    made = _walked(statements, said)
    managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": _document(made[:1])}}
    own = {"PolicyName": "own", "PolicyDocument": _document(made[1:] or made), "Roles": [{"Ref": "Role"}]}
    resources = {"Role": _role(ManagedPolicyArns=[{"Ref": "Managed"}]), "Managed": managed}
    resources["Own"] = {"Type": "AWS::IAM::Policy", "Properties": own}
    return _requested({"stack.json": json.dumps({"Resources": resources, "Parameters": parameters})})


def _walked(value: Any, said: Callable[[str], Any]) -> Any:
    if isinstance(value, dict):
        return {name: _walked(member, said) for name, member in value.items()}
    if isinstance(value, list):
        return [_walked(element, said) for element in value]
    return said(value) if isinstance(value, str) else value


TERRAFORM_ROLE = f"""
resource "aws_iam_role" "crops" {{
  name               = "crops"
  assume_role_policy = jsonencode({json.dumps(_document([TRUSTED]))})
}}
"""


def terraform(statements: Statements) -> Files:
    policy = f"<<-EOT\n{json.dumps(_document(statements), indent=2)}\nEOT"
    inline = f'resource "aws_iam_role_policy" "it" {{\n  role   = aws_iam_role.crops.id\n  policy = {policy}\n}}\n'
    return _requested({"main.tf": TERRAFORM_ROLE + inline})


def terraform_module(statements: Statements) -> Files:
    """A module that builds the policy from data, with values that its caller passes."""
    values: list[str] = []

    def said(text: str) -> str:
        values.append(text)
        return f"${{var.values[{len(values) - 1}]}}"

    blocks = "".join(_block(_walked(statement, said)) for statement in statements)
    module = (
        'variable "values" {\n  type = list(string)\n}\n'
        + TERRAFORM_ROLE
        + f'data "aws_iam_policy_document" "it" {{\n{blocks}}}\n'
        + 'resource "aws_iam_policy" "it" {\n  policy = data.aws_iam_policy_document.it.json\n}\n'
        + 'resource "aws_iam_role_policy_attachment" "it" {\n  role = aws_iam_role.crops.name\n'
        + "  policy_arn = aws_iam_policy.it.arn\n}\n"
    )
    call = f'module "role" {{\n  source = "./role"\n  values = {json.dumps(values)}\n}}\n'
    return _requested({"main.tf": call, "role/main.tf": module})


def _block(statement: dict[str, Any]) -> str:
    actions, resources = (json.dumps(_listed(statement[name])) for name in ("Action", "Resource"))
    effect = json.dumps(statement["Effect"])
    return f"  statement {{\n    effect = {effect}\n    actions = {actions}\n    resources = {resources}\n  }}\n"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def account_details(statements: Statements) -> Files:
    role = {
        "RoleName": "crops",
        "Arn": ARN,
        "AssumeRolePolicyDocument": _document([TRUSTED]),
        "RolePolicyList": [{"PolicyName": "crops", "PolicyDocument": _document(statements)}],
        "AttachedManagedPolicies": [],
    }
    return _requested({"details.json": json.dumps({"RoleDetailList": [role], "Policies": []})})


def role_answers(statements: Statements) -> Files:
    role = {"Role": {"RoleName": "crops", "Arn": ARN, "AssumeRolePolicyDocument": _document([TRUSTED])}}
    inline = {"RoleName": "crops", "PolicyName": "crops", "PolicyDocument": json.dumps(_document(statements))}
    return _requested({"role.json": json.dumps(role), "inline.json": json.dumps(inline)})


WRITINGS = (
    loose, configured, stack, stack_of_parts, terraform, terraform_module, account_details, role_answers,
)  # fmt: skip


def _state_machine() -> Files:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sagemaker:createTrainingJob",
        "Parameters": REQUEST,
        "End": True,
    }
    return {"flow.asl.json": json.dumps({"StartAt": "Train", "States": {"Train": task}})}


def _pipeline() -> Files:
    arguments = {name: member for name, member in REQUEST.items() if name != "TrainingJobName"}
    step = {"Name": "Train", "Type": "Training", "Arguments": arguments}
    return {"pipeline.json": json.dumps({"Version": "2020-12-01", "Steps": [step]})}


def _program() -> Files:
    return {"train.py": f"import boto3\n\nboto3.client('sagemaker').create_training_job(**{REQUEST!r})\n"}


def _described() -> Files:
    arn = "arn:aws:sagemaker:us-east-1:111122223333:training-job/crops"
    return {"described.json": json.dumps({**REQUEST, "TrainingJobArn": arn, "CreationTime": "2024-05-01T10:00:00Z"})}


def _findings(files: Files) -> Counter[str]:
    return Counter(one.rule for one in lint_files(files) if one.level >= Level.WARNING)


@pytest.mark.parametrize("estate", ESTATES)
@pytest.mark.parametrize("writing", WRITINGS)
def test_an_estate_in_every_writing(estate: str, writing: Callable[[Statements], Files]) -> None:
    statements, expected = ESTATES[estate]
    assert _findings(writing(statements)) == Counter(expected)


@pytest.mark.parametrize("estate", ESTATES)
@pytest.mark.parametrize("start", [_state_machine, _pipeline, _program, _described])
def test_a_job_in_every_writing(estate: str, start: Callable[[], Files]) -> None:
    statements, expected = ESTATES[estate]
    files = {path: text for path, text in configured(statements).items() if not path.startswith("jobs/")}
    assert _findings({**files, **start()}) == Counter(expected)


def _varied(statements: Statements, chance: random.Random) -> Statements:
    """Statements in another order, their members and lists too, single values as lists, names in other letters."""
    return [
        dict(chance.sample(list(members), len(members)))
        for members in chance.sample([*_members(statements, chance)], len(statements))
    ]


def _members(statements: Statements, chance: random.Random) -> Iterator[list[tuple[str, Any]]]:
    for statement in statements:
        actions = ["".join(chance.choice((c.upper(), c.lower())) for c in one) for one in _listed(statement["Action"])]
        resources = _listed(statement["Resource"])
        chance.shuffle(actions)
        lists = {"Action": actions, "Resource": chance.sample(resources, len(resources))}
        one = {name: value[0] if len(value) == 1 and chance.random() < 0.5 else value for name, value in lists.items()}
        yield [("Effect", statement["Effect"]), *one.items()]


@pytest.mark.parametrize("estate", ESTATES)
@pytest.mark.parametrize("seed", range(COUNT))
def test_order_and_letters_mean_nothing(estate: str, seed: int) -> None:
    statements, expected = ESTATES[estate]
    chance = random.Random(f"{estate} {seed}")
    assert _findings(chance.choice(WRITINGS)(_varied(statements, chance))) == Counter(expected)


@pytest.mark.parametrize("estate", ESTATES)
@pytest.mark.parametrize("seed", range(COUNT))
def test_what_is_not_settled_adds_nothing(estate: str, seed: int) -> None:
    statements, expected = ESTATES[estate]
    chance = random.Random(f"{estate} {seed}")
    names: list[str] = []

    def said(text: str) -> str:
        if chance.random() < 0.7 or text in ("Allow", "Deny"):
            return text
        names.append(f"value_{len(names)}")
        return f"${{var.{names[-1]}}}"

    files = terraform(_walked(statements, said))
    files["variables.tf"] = "".join(f'variable "{name}" {{}}\n' for name in names)
    assert sum(_findings(files).values()) <= len(expected)


@pytest.mark.parametrize("estate", ESTATES)
def test_other_files_change_nothing(estate: str) -> None:
    statements, expected = ESTATES[estate]
    other = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "acme-other"}}
    files = {f"deep/down/{path}": text for path, text in loose(statements).items()}
    files |= {"other/stack.yaml": _stack({"Bucket": other}), "other/main.tf": 'resource "aws_s3_bucket" "it" {}\n'}
    assert _findings(files) == Counter(expected)
