"""What a caller's conditions on SageMaker's own keys make of a request: its network, its keys, its instances."""

from __future__ import annotations

from typing import Any

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding
from smlint_rules.examples import DATA, KEY, Statement, allow, deny, policy, training, trust

PASS, CREATE = allow("iam:PassRole", "*"), allow("sagemaker:CreateTrainingJob", "*")
NETWORK = {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
VOLUME = {"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeKmsKeyId": KEY}}
WITHOUT_NETWORK = {"Null": {"sagemaker:VpcSubnets": "true"}}
CONFIG = """
account = "111122223333"

[[role]]
name = "train"
policies = ["train/policy.json"]
trust = "train/trust.json"

[[role]]
name = "flow"
policies = ["flow/policy.json"]
trust = "flow/trust.json"

[[job]]
api = "CreateTrainingJob"
request = "job.json"
caller = "flow"
"""


def lint(*caller: Statement, **request: Any) -> list[Finding]:
    files = {
        "smlint.toml": CONFIG,
        "train/policy.json": policy(*DATA, allow(["ec2:*", "kms:*"], "*")),
        "train/trust.json": trust(),
        "flow/policy.json": policy(PASS, *caller),
        "flow/trust.json": trust("states.amazonaws.com"),
        "job.json": training(**request),
    }
    return lint_files(files)


def found(*caller: Statement, **request: Any) -> list[str]:
    return [one.rule for one in lint(*caller, **request)]


def create(**condition: Any) -> Statement:
    return allow("sagemaker:CreateTrainingJob", "*", Condition=condition)


def test_a_deny_of_jobs_without_a_network() -> None:
    unless = deny("sagemaker:CreateTrainingJob", "*", Condition=WITHOUT_NETWORK)
    assert found(CREATE, unless) == ["policy-denies-action"]
    assert found(CREATE, unless, **NETWORK) == []


def test_what_the_deny_wants_of_the_workload_is_told() -> None:
    (finding,) = lint(CREATE, deny("sagemaker:CreateTrainingJob", "*", Condition=WITHOUT_NETWORK))
    assert finding.fix.startswith(
        "give the workload the VPC configuration that the condition on `sagemaker:VpcSubnets` wants, or narrow the Deny"
    )
    assert finding.related[0].message == "denied under this condition on `sagemaker:VpcSubnets`"
    (plain,) = lint(CREATE, deny("sagemaker:CreateTrainingJob", "*"))
    assert plain.fix.startswith("narrow the Deny")


@pytest.mark.parametrize(("subnet", "rules"), [("subnet-1", []), ("subnet-2", ["caller-lacks-api-action"])])
def test_certain_subnets_only(subnet: str, rules: list[str]) -> None:
    ours = {"ForAnyValue:StringEquals": {"sagemaker:VpcSubnets": [subnet]}}
    assert found(create(**ours), **NETWORK) == rules


def test_a_condition_that_is_not_met_is_shown() -> None:
    (finding,) = lint(create(**{"ForAnyValue:StringEquals": {"sagemaker:VpcSubnets": ["subnet-2"]}}), **NETWORK)
    assert finding.related[0].message == "granted only under this condition on `sagemaker:VpcSubnets`, which is not met"
    assert "or meet the condition on `sagemaker:VpcSubnets` under which a statement allows it already" in finding.fix
    assert finding.related[0].origin.document.path == "flow/policy.json"


@pytest.mark.parametrize("key", ["sagemaker:VolumeKmsKey", "sagemaker:VolumeKmsKeyArn"])
def test_a_volume_key(key: str) -> None:
    ours = create(ArnLike={key: "arn:aws:kms:*:111122223333:key/*"})
    assert found(ours, **VOLUME) == []
    assert found(ours) == ["caller-lacks-api-action"]


def test_network_isolation() -> None:
    unless = deny("sagemaker:CreateTrainingJob", "*", Condition={"Bool": {"sagemaker:NetworkIsolation": "false"}})
    assert found(CREATE, unless, EnableNetworkIsolation=False) == ["policy-denies-action"]
    assert found(CREATE, unless, EnableNetworkIsolation=True) == found(CREATE, unless) == []


@pytest.mark.parametrize(("kind", "rules"), [("ml.m5.xlarge", []), ("ml.m5.large", ["caller-lacks-api-action"])])
def test_certain_instances_only(kind: str, rules: list[str]) -> None:
    assert found(create(**{"ForAllValues:StringEquals": {"sagemaker:InstanceTypes": [kind]}}), **VOLUME) == rules


def test_a_deny_of_other_instances() -> None:
    unless = deny(
        "sagemaker:Create*Job",
        "*",
        Condition={"ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": ["ml.g5.*", "ml.p4d.*"]}},
    )
    (finding,) = lint(CREATE, unless, **VOLUME)
    assert (finding.rule, "the instance type that" in finding.fix) == ("policy-denies-action", True)
    gpu = {
        "ResourceConfig": {"InstanceGroups": [{"InstanceType": "ml.g5.xlarge"}, {"InstanceType": "ml.p4d.24xlarge"}]}
    }
    assert found(CREATE, unless, **gpu) == []


def test_the_output_key() -> None:
    unless = deny("sagemaker:CreateTrainingJob", "*", Condition={"Null": {"sagemaker:OutputKmsKeyArn": "true"}})
    assert found(CREATE, unless) == ["policy-denies-action"]
    assert found(CREATE, unless, OutputDataConfig={"S3OutputPath": "s3://acme-data/out", "KmsKeyId": KEY}) == []


def test_the_longest_run() -> None:
    long = deny(
        "sagemaker:CreateTrainingJob", "*", Condition={"NumericGreaterThan": {"sagemaker:MaxRuntimeInSeconds": "3600"}}
    )
    assert found(CREATE, long, StoppingCondition={"MaxRuntimeInSeconds": 7200}) == ["policy-denies-action"]
    assert found(CREATE, long, StoppingCondition={"MaxRuntimeInSeconds": 600}) == found(CREATE, long) == []


def test_an_alias_that_nothing_resolves_is_a_key() -> None:
    unless = deny("sagemaker:CreateTrainingJob", "*", Condition={"Null": {"sagemaker:VolumeKmsKeyArn": "true"}})
    alias = {"ResourceConfig": {**VOLUME["ResourceConfig"], "VolumeKmsKeyId": "alias/volumes"}}
    assert found(CREATE, unless, **alias) == []
    assert found(CREATE, unless) == ["policy-denies-action"]
