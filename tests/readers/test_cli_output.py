"""Saved answers of the AWS CLI."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smlint import facts
from smlint.engine import lint_files
from smlint.facts import Fact
from smlint.iam.policy import Kind
from smlint.readers import cli_output
from smlint.values import plain

FactsOf = Callable[..., list[Fact]]
ROLE = "arn:aws:iam::111122223333:role/ml/Train"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(**members: Any) -> dict[str, Any]:
    return {"Path": "/ml/", "RoleName": "Train", "Arn": ROLE, "AssumeRolePolicyDocument": policy(TRUST), **members}


def test_account_authorization_details(facts_of: FactsOf) -> None:
    content = {
        "UserDetailList": [{"UserName": "ann", "Arn": "arn:aws:iam::111122223333:user/ann", "GroupList": ["ml"]}],
        "GroupDetailList": [
            {"GroupName": "ml", "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": policy(READ)}]}
        ],
        "RoleDetailList": [
            role(
                RolePolicyList=[{"PolicyName": "inline", "PolicyDocument": policy(READ)}],
                AttachedManagedPolicies=[{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/x"}],
                PermissionsBoundary={"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/edge"},
            )
        ],
        "Policies": [
            {
                "PolicyName": "edge",
                "Arn": "arn:aws:iam::111122223333:policy/edge",
                "PolicyVersionList": [
                    {"Document": policy(), "VersionId": "v2", "IsDefaultVersion": False},
                    {"Document": policy(READ), "VersionId": "v1", "IsDefaultVersion": True},
                ],
            },
            {
                "Arn": "arn:aws:iam::aws:policy/x",
                "PolicyVersionList": [{"Document": policy(READ), "IsDefaultVersion": True}],
            },
        ],
    }
    user, group, train, managed = facts_of(cli_output, content)
    assert isinstance(user, facts.Role) and (user.kind, user.complete) == ("user", False)
    assert isinstance(group, facts.Role) and group.attachments[0].policy is not None
    assert isinstance(train, facts.Role)
    assert (train.name, train.arn, train.kind, train.complete) == ("Train", ROLE, "role", True)
    assert train.trust is not None and train.trust.kind is Kind.TRUST
    inline, attached, boundary = train.attachments
    assert inline.policy is not None and inline.policy.name == "inline"
    assert attached.arn == "arn:aws:iam::aws:policy/x"
    assert boundary.boundary and boundary.arn == "arn:aws:iam::111122223333:policy/edge"
    assert isinstance(managed, facts.ManagedPolicy) and len(managed.policy.statements) == 1


def test_get_role_and_its_policy(facts_of: FactsOf) -> None:
    (found,) = facts_of(cli_output, {"Role": role()})
    assert isinstance(found, facts.Role) and found.arn == ROLE
    (attachment,) = facts_of(cli_output, {"RoleName": "Train", "PolicyName": "p", "PolicyDocument": policy(READ)})
    assert isinstance(attachment, facts.Attachment) and attachment.role == "Train" and attachment.policy is not None


def test_list_attached_role_policies(facts_of: FactsOf) -> None:
    content = {
        "AttachedPolicies": [{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/x"}],
        "IsTruncated": False,
    }
    (attachment,) = facts_of(cli_output, content)
    assert isinstance(attachment, facts.Attachment) and attachment.role == ""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"PolicyVersion": {"Document": policy(READ), "VersionId": "v1"}}, Kind.IDENTITY),
        ({"Policy": json.dumps(policy({**READ, "Principal": "*"}))}, Kind.BUCKET),
        (
            {"Policy": json.dumps(policy({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}))},
            Kind.KEY,
        ),
    ],
)
def test_documents_without_a_name(content: Any, kind: Kind, facts_of: FactsOf) -> None:
    (fact,) = facts_of(cli_output, content)
    assert isinstance(fact, facts.LoosePolicy) and fact.policy.kind is kind


def test_a_policy_in_a_text_keeps_its_place(facts_of: FactsOf) -> None:
    (fact,) = facts_of(cli_output, {"Policy": json.dumps(policy({**READ, "Principal": "*"}))})
    assert isinstance(fact, facts.LoosePolicy)
    place = fact.policy.statements[0].resources[0].origin.place()
    assert place.document.text[place.start : place.end].strip('\\"') == "arn:aws:s3:::b/*"


def test_buckets_keys_and_the_rest(facts_of: FactsOf) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/data"}
    (encryption,) = facts_of(
        cli_output, {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}}
    )
    assert isinstance(encryption, facts.BucketEncryption) and encryption.key == "alias/data"
    (key,) = facts_of(
        cli_output, {"KeyMetadata": {"KeyId": "1", "Arn": "arn:aws:kms:eu-west-1:1:key/1", "MultiRegion": True}}
    )
    assert isinstance(key, facts.Key) and key.multi_region
    (alias,) = facts_of(
        cli_output, {"Aliases": [{"AliasName": "alias/a", "TargetKeyId": "1"}, {"AliasName": "alias/b"}]}
    )
    assert isinstance(alias, facts.KeyAlias)
    (repository,) = facts_of(
        cli_output,
        {"registryId": "1", "repositoryName": "ml/x", "policyText": json.dumps(policy({**READ, "Principal": "*"}))},
    )
    assert isinstance(repository, facts.Repository) and repository.arn == "arn:aws:ecr:eu-west-1:1:repository/ml/x"
    endpoint = {"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.s3"}
    (vpce,) = facts_of(cli_output, {"VpcEndpoints": [{**endpoint, "PolicyDocument": json.dumps(policy(READ))}]})
    assert isinstance(vpce, facts.Endpoint) and vpce.policy is not None and vpce.vpc == "vpc-1"


@pytest.mark.parametrize(
    ("members", "api"),
    [
        (
            {"TrainingJobName": "n", "TrainingJobArn": "a", "ModelArtifacts": {}, "TrainingJobStatus": "Failed"},
            "CreateTrainingJob",
        ),
        ({"ModelName": "n", "ModelArn": "a"}, "CreateModel"),
        ({"EndpointConfigName": "n", "EndpointConfigArn": "a"}, "CreateEndpointConfig"),
        ({"TransformJobName": "n", "TransformJobArn": "a", "LabelingJobArn": "b"}, "CreateTransformJob"),
        ({"AutoMLJobName": "n", "AutoMLJobArn": "a"}, "CreateAutoMLJob"),
        ({"AutoMLJobName": "n", "AutoMLJobArn": "a", "AutoMLProblemTypeConfig": {}}, "CreateAutoMLJobV2"),
        ({"UserProfileName": "n", "UserProfileArn": "a", "DomainId": "d"}, "CreateUserProfile"),
        (
            {"TrackingServerName": "n", "TrackingServerArn": "a", "ArtifactStoreUri": "s3://b"},
            "CreateMlflowTrackingServer",
        ),
    ],
)
def test_descriptions_hold_the_request(members: Any, api: str, facts_of: FactsOf) -> None:
    (workload,) = facts_of(cli_output, {**members, "RoleArn": ROLE, "CreationTime": "2026-01-01"})
    assert isinstance(workload, facts.Workload)
    assert (workload.api, workload.label, workload.source) == (api, "n", "cli")
    assert not any(name.endswith(("Time", "Status", "JobArn")) for name in plain(workload.request))


def test_describe_domain_switches_identity_propagation_on(facts_of: FactsOf) -> None:
    content = {
        "DomainArn": "arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1",
        "DomainId": "d-1",
        "DomainName": "research",
        "Status": "InService",
        "DefaultUserSettings": {"ExecutionRole": ROLE},
        "DomainSettings": {"TrustedIdentityPropagationSettings": {"Status": "ENABLED"}},
    }
    workload, propagation = facts_of(cli_output, content)
    assert isinstance(workload, facts.Workload) and "d-1" in workload.names
    assert isinstance(propagation, facts.IdentityPropagation) and propagation.role == ROLE
    content["DomainSettings"] = {"TrustedIdentityPropagationSettings": {"Status": "DISABLED"}}
    assert len(facts_of(cli_output, content)) == 1


def test_definitions_inside_answers(facts_of: FactsOf) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "Parameters": {}}
    machine = {"StartAt": "Run", "States": {"Run": task}}
    caller, workload = facts_of(cli_output, {"name": "nightly", "definition": json.dumps(machine), "roleArn": ROLE})
    assert isinstance(caller, facts.Caller) and caller.role == ROLE
    assert isinstance(workload, facts.Workload) and workload.caller == ROLE
    steps = {"Version": "2020-12-01", "Steps": [{"Name": "Train", "Type": "Training", "Arguments": {}}]}
    content = {
        "PipelineName": "p",
        "PipelineArn": "a",
        "RoleArn": ROLE,
        "CreationTime": "x",
        "PipelineDefinition": json.dumps(steps),
    }
    apis = [fact.api for fact in facts_of(cli_output, content) if isinstance(fact, facts.Workload)]
    assert apis == ["CreatePipeline", "CreateTrainingJob"]


@pytest.mark.parametrize(
    "content",
    [
        {"Policy": "text"},
        {"Policy": {"PolicyName": "x", "Arn": "y"}},
        {"Role": "x"},
        {"Aliases": ["www.example.com"]},
        {"definition": "x", "roleArn": "y"},
        {"RoleDetailList": [3, {}, "x"], "Policies": {"a": 1}},
        {"VpcEndpoints": []},
        {"Policy": "{ not json"},
        {"ModelArn": "x", "ModelName": "y"},
        [],
        3,
    ],
)
def test_other_files(content: Any, facts_of: FactsOf) -> None:
    assert facts_of(cli_output, content) == []


def test_an_inline_policy_that_does_not_parse_is_unknown(facts_of: FactsOf) -> None:
    broken = '{"Statement": [{"Effect": "Allow" "Action": "*"}]}'
    attachment, problem = facts_of(cli_output, {"RoleName": "x", "PolicyName": "y", "PolicyDocument": broken})
    assert isinstance(attachment, facts.Attachment) and attachment.policy is not None
    assert not attachment.policy.complete
    assert isinstance(problem, facts.Problem)


def test_answers_that_the_configuration_names() -> None:
    """Such files belong to the role by their own words too, and count once."""
    wrong = {**READ, "Action": "s3:GetObjectz"}
    files = {
        "smlint.toml": '[[role]]\nname = "Train"\npolicies = ["aws/data.json"]\ntrust = "aws/role.json"\n',
        "aws/data.json": json.dumps(
            {"RoleName": "Train", "PolicyName": "data", "PolicyDocument": policy(wrong)}, indent=1
        ),
        "aws/role.json": json.dumps({"Role": role(AssumeRolePolicyDocument=policy(TRUST))}, indent=1),
    }
    assert [finding.rule for finding in lint_files(files)] == ["unknown-action"]
