"""Network, images and logs: levels, and what a grant must look like."""

from __future__ import annotations

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding, Level
from smlint_rules.examples import (
    DATA,
    IMAGE,
    LIST,
    NETWORK,
    OBJECTS,
    ROLE,
    RUNTIME,
    allow,
    folder,
    policy,
    processing,
    training,
    trust,
    without,
)

VPC = {"Subnets": ["subnet-0a1b2c3d4e5f60718"], "SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"]}
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")
GROUP = "arn:aws:logs:*:*:log-group:/aws/sagemaker/TrainingJobs"


def found(rule: str, files: dict[str, str]) -> list[Finding]:
    return [finding for finding in lint_files(files) if finding.rule == rule]


def image(uri: str) -> str:
    return training(AlgorithmSpecification={"TrainingImage": uri, "TrainingInputMode": "File"})


# Images


def test_an_image_of_aws_is_a_note() -> None:
    (finding,) = found("missing-ecr-pull", folder(without(RUNTIME, *PULL), LIST, OBJECTS))
    assert finding.level is Level.NOTE


@pytest.mark.parametrize("account", ["111122223333", "444455556666"])
def test_any_other_image_is_an_error(account: str) -> None:
    request = image(f"{account}.dkr.ecr.eu-west-1.amazonaws.com/churn:1")
    (finding,) = found("missing-ecr-pull", folder(without(RUNTIME, *PULL), LIST, OBJECTS, request=request))
    assert finding.level is Level.ERROR and f":{account}:repository/churn" in finding.message


@pytest.mark.parametrize(
    "specification",
    [
        {"AlgorithmName": "arn:aws:sagemaker:eu-west-1:111122223333:algorithm/churn"},
        {
            "TrainingImage": "registry.acme.example/churn:1",
            "TrainingImageConfig": {"TrainingRepositoryAccessMode": "Vpc"},
        },
    ],
)
def test_where_nothing_is_pulled_from_ecr_the_token_is_a_note(specification: dict[str, object]) -> None:
    request = training(AlgorithmSpecification={**specification, "TrainingInputMode": "File"})
    bare = without(RUNTIME, *PULL, "ecr:GetAuthorizationToken")
    (finding,) = found("missing-ecr-pull", folder(bare, LIST, OBJECTS, request=request))
    assert finding.level is Level.NOTE


def test_the_token_and_the_pull_get_a_statement_each() -> None:
    request = image("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1")
    bare = without(RUNTIME, *PULL, "ecr:GetAuthorizationToken")
    (finding,) = found("missing-ecr-pull", folder(bare, LIST, OBJECTS, request=request))
    assert finding.snippet.count('"Effect": "Allow"') == 2


def test_an_image_that_is_not_in_ecr_needs_nothing() -> None:
    request = image("registry.example.com/churn:1")
    assert found("missing-ecr-pull", folder(without(RUNTIME, *PULL), LIST, OBJECTS, request=request)) == []


# Network


def test_a_training_job_may_have_its_network_statement_narrowed() -> None:
    narrow = {**NETWORK, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}
    rules = {f.rule for f in lint_files(folder(*DATA, narrow, request=training(VpcConfig=VPC)))}
    assert not rules & {"processing-vpc-scoped", "missing-vpc-actions"}


@pytest.mark.parametrize(
    ("resource", "rule"),
    [("arn:aws:ec2:*:*:network-interface/*", "processing-vpc-scoped"), ("*", None)],
)
def test_a_processing_job_wants_every_resource(resource: str, rule: str | None) -> None:
    made = [action for action in NETWORK["Action"] if "Describe" not in action]
    statements = (without(NETWORK, *made), allow(made, resource))
    request = processing(NetworkConfig={"VpcConfig": VPC})
    rules = {f.rule for f in lint_files(folder(*DATA, *statements, request=request))}
    assert rules & {"processing-vpc-scoped", "missing-vpc-actions"} == ({rule} if rule else set())


def test_a_processing_job_without_any_network_action() -> None:
    rules = {f.rule for f in lint_files(folder(*DATA, request=processing(NetworkConfig={"VpcConfig": VPC})))}
    assert "missing-vpc-actions" in rules and "processing-vpc-scoped" not in rules


def test_a_statement_without_resource_is_the_cause_itself() -> None:
    bare = {name: value for name, value in NETWORK.items() if name != "Resource"}
    rules = {f.rule for f in lint_files(folder(*DATA, bare, request=processing(NetworkConfig={"VpcConfig": VPC})))}
    assert "invalid-policy" in rules and "processing-vpc-scoped" not in rules


def test_the_policy_of_a_repository_is_no_bucket_policy() -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    answer = json.dumps({"registryId": "111122223333", "repositoryName": "churn", "policyText": text})
    request = image("111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1")
    files = folder(*DATA, request=request, repository_json=answer, smlint_toml='region = "eu-west-1"')
    (finding,) = found("bucket-policy-denies-role", files)
    assert "of the resource's policy denies" in finding.message


# Logs


@pytest.mark.parametrize("end", ["*", ":*", "*:log-stream:*"])
def test_a_pattern_below_the_group_covers_its_streams(end: str) -> None:
    files = folder(without(RUNTIME, *LOGS), LIST, OBJECTS, allow([*LOGS], GROUP + end))
    assert found("missing-logs", files) == []


def test_the_group_alone_does_not_cover_its_streams() -> None:
    files = folder(without(RUNTIME, *LOGS), LIST, OBJECTS, allow([*LOGS], [GROUP]))
    rules = {finding.rule for finding in lint_files(files)}
    assert rules & {"missing-logs", "action-resource-mismatch"}


@pytest.mark.parametrize(
    ("group", "missing"),
    [("TrainingJobs*", 1), ("Endpoints/*", 0), ("Endpoints/churn*", 0), ("TransformJobs*", 0), ("*", 0)],
)
def test_a_model_writes_the_logs_of_endpoints_or_transform_jobs(group: str, missing: int) -> None:
    logs = allow([*LOGS], f"arn:aws:logs:*:*:log-group:/aws/sagemaker/{group}")
    container = {"Image": IMAGE, "ModelDataUrl": "s3://acme-data/train/model.tar.gz"}
    request = json.dumps({"ModelName": "churn", "ExecutionRoleArn": ROLE, "PrimaryContainer": container})
    files = folder(without(RUNTIME, *LOGS), logs, LIST, OBJECTS, request=request)
    assert len(found("missing-logs", files)) == missing


def test_logs_are_a_warning_and_a_note_for_a_role_without_job() -> None:
    silent = without(RUNTIME, *LOGS)
    (with_job,) = found("missing-logs", folder(silent, LIST, OBJECTS))
    (without_job,) = found("missing-logs", {"policy.json": policy(silent, LIST, OBJECTS), "trust.json": trust()})
    assert (with_job.level, without_job.level) == (Level.WARNING, Level.NOTE)


def test_the_files_of_an_endpoint_beside_each_other_are_joined() -> None:
    model = {"ModelName": "churn", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": IMAGE}}
    variant = {"VariantName": "all", "ModelName": "churn", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    alarms = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    files = folder(
        *DATA,
        request=json.dumps(model),
        config_json=json.dumps({"EndpointConfigName": "churn", "ProductionVariants": [variant]}),
        endpoint_json=json.dumps({"EndpointName": "churn", "EndpointConfigName": "churn", "DeploymentConfig": alarms}),
    )
    (finding,) = found("missing-describe-alarms", files)
    assert finding.level is Level.ERROR
