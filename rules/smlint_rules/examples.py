"""What the rules' examples are made of: a folder with a role's policy, its trust policy and a job request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Example = dict[str, str]
Statement = dict[str, Any]

ROLE = "arn:aws:iam::111122223333:role/train"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/6f1c2a52-0b7e-4c1d-9a53-3d9e6f0b7a11"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"

RUNTIME: Statement = {
    "Effect": "Allow",
    "Action": [
        "cloudwatch:PutMetricData",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
    ],
    "Resource": "*",
}
NETWORK: Statement = {
    "Effect": "Allow",
    "Action": [
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcs",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ],
    "Resource": "*",
}
LIST: Statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data"}
OBJECTS: Statement = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::acme-data/*",
}
DATA: tuple[Statement, ...] = (RUNTIME, LIST, OBJECTS)


# What a role needs under trusted identity propagation, without S3 permissions of its own.
INSTANCE = "arn:aws:s3:eu-west-1:111122223333:access-grants/default"
SET_CONTEXT: Statement = {
    "Effect": "Allow",
    "Action": "sts:SetContext",
    "Resource": "arn:aws:iam::111122223333:role/access-grants-location",
}
KEEPS_NOTHING: tuple[Statement, ...] = (
    RUNTIME,
    {
        "Effect": "Allow",
        "Action": ["s3:GetDataAccess", "s3:GetAccessGrantsInstanceForPrefix"],
        "Resource": INSTANCE,
    },
    SET_CONTEXT,
)

# What a caller needs to start the job of `training()` and wait for it.
START: Statement = {
    "Effect": "Allow",
    "Action": [
        "sagemaker:CreateTrainingJob",
        "sagemaker:CreateProcessingJob",
        "sagemaker:DescribeTrainingJob",
        "sagemaker:StopTrainingJob",
        "sagemaker:AddTags",
    ],
    "Resource": "*",
}
EVENTS: Statement = {
    "Effect": "Allow",
    "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
    "Resource": "arn:aws:events:*:111122223333:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule",
}
PASS: Statement = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": ROLE}
PASS_ANY: Statement = {**PASS, "Resource": "*"}


def allow(action: str | list[str], resource: str | list[str], **others: object) -> Statement:
    """An Allow statement; `Condition={…}` and other elements by name."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **others}


def deny(action: str | list[str], resource: str | list[str], **others: object) -> Statement:
    """A Deny statement."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **others}


def without(statement: Statement, *actions: str) -> Statement:
    """The statement with fewer actions."""
    return {**statement, "Action": [action for action in statement["Action"] if action not in actions]}


def policy(*statements: Statement) -> str:
    """A policy document with the statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def trust(
    service: str = "sagemaker.amazonaws.com", action: str | list[str] = "sts:AssumeRole", **others: object
) -> str:
    """A trust policy for a service."""
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": action, **others})


def training(**changes: object) -> str:
    """A CreateTrainingJob request that reads s3://acme-data/train/ and writes s3://acme-data/models/, with changes."""
    request: dict[str, object] = {
        "TrainingJobName": "churn",
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://acme-data/train/"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://acme-data/models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return json.dumps({**request, **changes}, indent=2)


def processing(**changes: object) -> str:
    """A CreateProcessingJob request that reads s3://acme-data/raw/ and writes s3://acme-data/clean/, with changes."""
    request: dict[str, object] = {
        "ProcessingJobName": "clean",
        "RoleArn": ROLE,
        "AppSpecification": {"ImageUri": IMAGE},
        "ProcessingInputs": [
            {
                "InputName": "raw",
                "S3Input": {
                    "S3Uri": "s3://acme-data/raw/",
                    "LocalPath": "/opt/ml/processing/raw",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "clean",
                    "S3Output": {
                        "S3Uri": "s3://acme-data/clean/",
                        "LocalPath": "/opt/ml/processing/clean",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
        },
    }
    return json.dumps({**request, **changes}, indent=2)


def automl() -> str:
    """A CreateAutoMLJob request that reads s3://acme-data/train/ and writes s3://acme-data/models/."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://acme-data/train/"}}
    request = {
        "AutoMLJobName": "churn",
        "RoleArn": ROLE,
        "ProblemType": "BinaryClassification",
        "AutoMLJobObjective": {"MetricName": "F1"},
        "InputDataConfig": [{"DataSource": source, "TargetAttributeName": "churned"}],
        "OutputDataConfig": {"S3OutputPath": "s3://acme-data/models/"},
    }
    return json.dumps(request, indent=2)


def folder(*statements: Statement, request: str | None = None, **files: str) -> Example:
    """A role's policy, its trust policy and a request beside each other; further files by name, `_json` for `.json`."""
    others = {
        name.replace("_json", ".json").replace("_toml", ".toml").replace("_", "-"): text for name, text in files.items()
    }
    return {
        "policy.json": policy(*statements),
        "trust.json": trust(),
        "job.json": request if request is not None else training(),
        **others,
    }


def template(*statements: Statement, **resources: object) -> Example:
    """A CloudFormation template: the role `Role` with the statements, and resources that refer to it."""
    return _template(trust(action=["sts:AssumeRole", "sts:SetContext"]), statements, resources)


def _template(trusted: str, statements: Sequence[Statement], resources: Mapping[str, object]) -> Example:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    role = {
        "AssumeRolePolicyDocument": json.loads(trusted),
        "Policies": [{"PolicyName": "own", "PolicyDocument": document}],
    }
    found = {"Role": {"Type": "AWS::IAM::Role", "Properties": role}, **resources}
    return {"template.json": json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": found}, indent=2)}


def resource(kind: str, **properties: object) -> dict[str, object]:
    """A resource of a CloudFormation template."""
    return {"Type": kind, "Properties": properties}


def flow(*statements: Statement, integration: str = "createTrainingJob.sync", request: str = "") -> Example:
    """A state machine that starts the job of a request, and its role with the statements."""
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::sagemaker:{integration}",
        "Parameters": json.loads(request or training()),
        "End": True,
    }
    machine = resource(
        "AWS::StepFunctions::StateMachine",
        RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        Definition={"StartAt": "Train", "States": {"Train": task}},
    )
    return _template(trust("states.amazonaws.com"), statements, {"Machine": machine})


def step(*statements: Statement) -> Example:
    """A pipeline with the training job of `training()` as its step, and its role with the statements."""
    definition = {
        "Version": "2020-12-01",
        "Steps": [{"Name": "Train", "Type": "Training", "Arguments": json.loads(training())}],
    }
    pipeline = resource(
        "AWS::SageMaker::Pipeline",
        PipelineName="churn",
        RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        PipelineDefinition={"PipelineDefinitionBody": json.dumps(definition)},
    )
    return template(*statements, Pipeline=pipeline)


def called(*statements: Statement, request: str | None = None, api: str = "CreateTrainingJob") -> Example:
    """A request that the role `ci` sends, with the statements of that role and all that the job's own role needs."""
    return {
        "ci/policy.json": policy(*statements),
        "train/policy.json": policy(*DATA),
        "train/trust.json": trust(),
        "jobs/job.json": request if request is not None else training(),
        "smlint.toml": '[[role]]\nname = "ci"\npolicies = ["ci/policy.json"]\n\n'
        '[[role]]\nname = "train"\npolicies = ["train/policy.json"]\ntrust = "train/trust.json"\n\n'
        f'[[job]]\napi = "{api}"\nrequest = "jobs/job.json"\ncaller = "ci"\n',
    }


def terraform(*statements: Statement, more: str = "", service: str = "sagemaker.amazonaws.com") -> Example:
    """A Terraform configuration: `aws_iam_role.train` with the statements, and what else is written."""
    return {
        "main.tf": f"""resource "aws_iam_role" "train" {{
  name               = "train"
  assume_role_policy = jsonencode({trust(service)})
}}

resource "aws_iam_role_policy" "train" {{
  role   = aws_iam_role.train.id
  policy = jsonencode({policy(*statements)})
}}

{more}"""
    }


def described(*statements: Statement) -> Example:
    """The AWS CLI's answers about a domain with identity propagation, and its execution role with the statements."""
    role = {
        "Path": "/",
        "RoleName": "train",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": json.loads(trust(action=["sts:AssumeRole", "sts:SetContext"])),
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": json.loads(policy(*statements))}],
        "AttachedManagedPolicies": [],
    }
    domain = {
        "DomainArn": "arn:aws:sagemaker:eu-west-1:111122223333:domain/d-a1b2c3d4e5f6",
        "DomainId": "d-a1b2c3d4e5f6",
        "DomainName": "research",
        "Status": "InService",
        "AuthMode": "SSO",
        "DefaultUserSettings": {"ExecutionRole": ROLE},
        "DomainSettings": {"TrustedIdentityPropagationSettings": {"Status": "ENABLED"}},
    }
    return {
        "authorization-details.json": json.dumps({"RoleDetailList": [role], "Policies": []}, indent=2),
        "domain.json": json.dumps(domain, indent=2),
    }


def estimator(**arguments: str) -> str:
    """A program that trains with an estimator of the SageMaker Python SDK 2; further arguments as Python text."""
    others = "".join(f"    {name}={text},\n" for name, text in arguments.items())
    return f'''from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput

estimator = Estimator(
    image_uri="{IMAGE}",
    role="{ROLE}",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    output_path="s3://acme-data/models/",
{others})
estimator.fit({{"train": TrainingInput("s3://acme-data/train/")}})
'''
