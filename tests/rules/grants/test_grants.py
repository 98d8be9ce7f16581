"""Trusted identity propagation: when it is on, what it then needs, and what the grants cover."""

from __future__ import annotations

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding, Level
from smlint_rules.examples import (
    DATA,
    INSTANCE,
    KEEPS_NOTHING,
    LIST,
    OBJECTS,
    RUNTIME,
    SET_CONTEXT,
    allow,
    described,
    folder,
    processing,
    resource,
    template,
    training,
    trust,
)

BOTH = trust(action=["sts:AssumeRole", "sts:SetContext"])
DATA_RULES = {"missing-list-bucket", "missing-get-object", "missing-put-object"}


def rules(files: dict[str, str]) -> set[str]:
    return {finding.rule for finding in lint_files(files) if finding.level is not Level.NOTE}


def found(rule: str, files: dict[str, str]) -> list[Finding]:
    return [finding for finding in lint_files(files) if finding.rule == rule]


def test_a_role_with_all_three_permissions_needs_no_data_of_its_own() -> None:
    assert rules(folder(*KEEPS_NOTHING, trust_json=BOTH)) == set()


def test_a_role_that_lacks_one_falls_back_to_its_own() -> None:
    lacking = folder(RUNTIME, allow("s3:GetDataAccess", INSTANCE), SET_CONTEXT, trust_json=BOTH)
    assert rules(lacking) == {"missing-get-grants-instance", *DATA_RULES}


@pytest.mark.parametrize("action", ["s3:*", "s3:Get*"])
def test_a_wide_wildcard_switches_nothing_on(action: str) -> None:
    pipe = training(AlgorithmSpecification={"TrainingImage": "x", "TrainingInputMode": "Pipe"})
    files = folder(*DATA, allow(action, "*"), request=pipe)
    assert not {rule for rule in rules(files) if rule.startswith("tip-")}


@pytest.mark.parametrize("action", ["s3:GetDataAccess", "s3:getdata*", "s3:GetDataA*"])
def test_a_narrow_one_does(action: str) -> None:
    grants = allow([action, "s3:GetAccessGrantsInstanceForPrefix"], INSTANCE)
    assert "tip-trust-lacks-set-context" in rules(folder(RUNTIME, grants, SET_CONTEXT))


def test_a_described_domain_switches_it_on_for_its_role() -> None:
    assert {"missing-get-data-access", "missing-get-grants-instance", "missing-set-context"} <= rules(
        described(RUNTIME)
    )


# Input modes, a channel each


def channel(name: str, **members: str) -> dict[str, object]:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://acme-data/{name}/"}}
    return {"ChannelName": name, "DataSource": source, **members}


@pytest.mark.parametrize(
    ("default", "channels", "fires"),
    [
        ("Pipe", [channel("a", InputMode="File")], 0),
        ("Pipe", [channel("a", InputMode="File"), channel("b")], 1),
        ("File", [channel("a", InputMode="Pipe"), channel("b", InputMode="Pipe")], 2),
        ("Pipe", [channel("a"), channel("b")], 1),
        ("FastFile", [channel("a")], 0),
    ],
)
def test_modes_are_judged_per_channel(default: str, channels: list[dict[str, object]], fires: int) -> None:
    how = {"TrainingImage": "x", "TrainingInputMode": default}
    files = folder(*KEEPS_NOTHING, request=training(AlgorithmSpecification=how, InputDataConfig=channels))
    assert len(found("tip-pipe-mode", files)) == fires


def test_what_is_for_training_jobs_is_no_matter_of_processing_jobs() -> None:
    request = processing(DebugHookConfig={"S3OutputPath": "s3://acme-data/debug/"})
    assert not {rule for rule in rules(folder(*KEEPS_NOTHING, request=request, trust_json=BOTH)) if "debug" in rule}


# The instance


def test_a_dead_grant_on_the_instance_of_another_region_explains_what_is_missing() -> None:
    elsewhere = allow(
        ["s3:GetDataAccess", "s3:GetAccessGrantsInstanceForPrefix"], INSTANCE.replace("eu-west-1", "us-east-1")
    )
    settings = 'account = "111122223333"\nregion = "eu-west-1"\n'
    found_rules = rules(folder(RUNTIME, elsewhere, SET_CONTEXT, trust_json=BOTH, smlint_toml=settings))
    assert "grants-instance-arn" in found_rules
    assert not found_rules & {"missing-get-data-access", "missing-get-grants-instance"}


def test_an_unknown_region_tells_nothing() -> None:
    assert found("grants-instance-arn", folder(*KEEPS_NOTHING, trust_json=BOTH)) == []


# What the role keeps, and what is granted


def test_permissions_on_other_data_are_kept_with_right() -> None:
    code = allow("s3:GetObject", "arn:aws:s3:::acme-code/*")
    assert found("tip-role-keeps-s3", folder(*KEEPS_NOTHING, code, trust_json=BOTH)) == []
    assert len(found("tip-role-keeps-s3", folder(*KEEPS_NOTHING, LIST, OBJECTS, trust_json=BOTH))) == 2


def granted(scope: str, prefix: str, uri: str, permission: str = "READ") -> list[Finding]:
    source = {"S3Uri": uri, "S3DataType": "S3Prefix"}
    job = resource(
        "AWS::SageMaker::ProcessingJob",
        RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        ProcessingInputs=[{"InputName": "raw", "S3Input": source}],
    )
    location = resource(
        "AWS::S3::AccessGrantsLocation", LocationScope=scope, IamRoleArn="arn:aws:iam::111122223333:role/x"
    )
    grant = resource(
        "AWS::S3::AccessGrant",
        AccessGrantsLocationId={"Fn::GetAtt": ["Location", "AccessGrantsLocationId"]},
        Permission=permission,
        **({"AccessGrantsLocationConfiguration": {"S3SubPrefix": prefix}} if prefix else {}),
    )
    return found("tip-location-without-grant", template(*KEEPS_NOTHING, Job=job, Location=location, Grant=grant))


@pytest.mark.parametrize(
    ("scope", "prefix", "uri", "covered"),
    [
        ("s3://", "acme/raw/*", "s3://acme/raw/", True),
        ("s3://", "acme/raw/*", "s3://acme/raw", True),
        ("s3://", "", "s3://acme/raw/", True),
        ("s3://acme", "", "s3://acme/raw/", True),
        ("s3://acme", "raw/*", "s3://acme/raw/2026/", True),
        ("s3://acme/", "raw/*", "s3://acme/raw/", True),
        ("s3://acme/raw/*", "", "s3://acme/raw/", True),
        ("s3://acme/raw/*", "2026/*", "s3://acme/raw/2026/", True),
        ("s3://acme/raw/*", "2026/*", "s3://acme/raw/2025/", False),
        ("s3://acme", "raw-2/*", "s3://acme/raw/", False),
        ("s3://other", "", "s3://acme/raw/", False),
    ],
)
def test_what_a_grant_covers(scope: str, prefix: str, uri: str, covered: bool) -> None:
    assert (granted(scope, prefix, uri) == []) is covered


def test_a_grant_to_write_is_none_to_read() -> None:
    assert granted("s3://acme", "raw/*", "s3://acme/raw/", "WRITE")
    assert granted("s3://acme", "raw/*", "s3://acme/raw/", "READWRITE") == []


def test_the_jobs_of_a_tuning_job_are_training_jobs() -> None:
    definition = {name: member for name, member in json.loads(training()).items() if name != "TrainingJobName"}
    request = {"HyperParameterTuningJobName": "churn", "HyperParameterTuningJobConfig": {}}
    tuning = json.dumps({**request, "TrainingJobDefinition": definition})
    assert rules(folder(*KEEPS_NOTHING, request=tuning, trust_json=BOTH)) == set()


@pytest.mark.parametrize("of_the_user", [True, False])
def test_the_roles_of_users_and_spaces_propagate_with_their_domain(of_the_user: bool) -> None:
    files = described(*KEEPS_NOTHING)
    details, domain = json.loads(files["authorization-details.json"]), json.loads(files["domain.json"])
    other = json.loads(json.dumps(details["RoleDetailList"][0]).replace("train", "other"))
    other["RolePolicyList"][0]["PolicyDocument"]["Statement"] = [SET_CONTEXT]
    details["RoleDetailList"].append(other)
    profile = {
        "DomainId": domain["DomainId"],
        "UserProfileArn": "arn:aws:sagemaker:eu-west-1:111122223333:user-profile/d-a1b2c3d4e5f6/ana",
        "UserProfileName": "ana",
        "Status": "InService",
        "UserSettings": {"ExecutionRole": other["Arn"]},
    }
    files["authorization-details.json"] = json.dumps(details)
    if of_the_user:
        files["profile.json"] = json.dumps(profile)
    else:
        files["domain.json"] = json.dumps({**domain, "DefaultSpaceSettings": {"ExecutionRole": other["Arn"]}})
    assert "missing-get-data-access" in rules(files)


def _beside_a_grants_role(action: list[str], context: str) -> dict[str, str]:
    """A job with identity propagation and a role that trusts S3 Access Grants; no location is in the repository."""
    trusted = {"Effect": "Allow", "Principal": {"Service": "access-grants.s3.amazonaws.com"}, "Action": action}
    document = {"Version": "2012-10-17", "Statement": [trusted]}
    grants = resource("AWS::IAM::Role", RoleName="grants", AssumeRolePolicyDocument=document)
    job = resource("AWS::SageMaker::ProcessingJob", RoleArn={"Fn::GetAtt": ["Role", "Arn"]})
    own = [one for one in KEEPS_NOTHING if one is not SET_CONTEXT]
    return template(*own, allow("sts:SetContext", f"arn:aws:iam::*:role/{context}"), Grants=grants, Job=job)


def test_a_role_that_trusts_access_grants_is_the_grants_role() -> None:
    both = ["sts:AssumeRole", "sts:SetContext"]
    assert not found("missing-set-context", _beside_a_grants_role(both, "grants"))
    (finding,) = found("missing-set-context", _beside_a_grants_role(both, "other"))
    assert finding.level is Level.ERROR


def test_the_grants_role_must_take_the_context() -> None:
    assert not found("tip-trust-lacks-set-context", _beside_a_grants_role(["sts:AssumeRole", "sts:SetContext"], "*"))
    (finding,) = found("tip-trust-lacks-set-context", _beside_a_grants_role(["sts:AssumeRole"], "*"))
    assert "`Grants`" in finding.message
