"""What AWS would refuse and why, on small folders: joins, layers, causes, and where smlint must stay silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding, Level
from smlint_rules.examples import (
    DATA,
    IMAGE,
    KEY,
    LIST,
    OBJECTS,
    ROLE,
    RUNTIME,
    Example,
    Statement,
    allow,
    deny,
    folder,
    policy,
    processing,
    terraform,
    training,
    trust,
)


def found(files: Example, *, notes: bool = False) -> list[tuple[str, str]]:
    """The rules that fire, each with its level; notes only where asked for."""
    lowest = Level.NOTE if notes else Level.WARNING
    return [(one.rule, one.level.word) for one in lint_files(files) if one.level >= lowest]


def only(files: Example) -> Finding:
    findings = [one for one in lint_files(files) if one.level >= Level.WARNING]
    assert len(findings) == 1, [(one.rule, one.message) for one in findings]
    return findings[0]


def reads(*uris: str, **changes: Any) -> str:
    channels = [
        {"ChannelName": f"c{n}", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}
        for n, uri in enumerate(uris)
    ]
    return training(InputDataConfig=channels, **changes)


# Keys and prefixes


def test_a_grant_on_a_narrower_prefix_is_left_open() -> None:
    narrow = allow(
        ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::acme-data/train/2026/*", "arn:aws:s3:::acme-data/models/*"]
    )
    assert found(folder(RUNTIME, LIST, narrow)) == []


def test_a_word_that_a_key_might_hold_covers_no_prefix() -> None:
    words = allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::*sagemaker*")
    assert found(folder(RUNTIME, LIST, words)) == [("missing-get-object", "error"), ("missing-put-object", "error")]


def test_a_grant_for_tagged_objects_is_not_counted_on() -> None:
    tagged = {"StringEquals": {"s3:ExistingObjectTag/team": "ml"}}
    files = folder(RUNTIME, LIST, allow("s3:GetObject", "*", Condition=tagged), allow("s3:PutObject", "*"))
    assert found(files) == [("missing-get-object", "error")]


def test_a_deny_on_tagged_objects_is_left_open() -> None:
    tagged = {"StringNotEquals": {"s3:ExistingObjectTag/team": "ml"}}
    assert found(folder(*DATA, deny("s3:GetObject", "*", Condition=tagged))) == []


def test_the_prefix_of_a_listing_is_known() -> None:
    inside = {**LIST, "Condition": {"StringLike": {"s3:prefix": ["train/*"]}}}
    outside = {**LIST, "Condition": {"StringLike": {"s3:prefix": ["other/*"]}}}
    assert found(folder(RUNTIME, OBJECTS, inside)) == []
    assert found(folder(RUNTIME, OBJECTS, outside)) == [("missing-list-bucket", "error")]


def test_only_a_listing_has_a_prefix() -> None:
    both = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
    condition = {"StringLike": {"s3:prefix": ["", "train/*", "models/*"]}}
    all_of_it = allow(["s3:ListBucket", "s3:GetObject", "s3:PutObject"], both, Condition=condition)
    assert found(folder(RUNTIME, all_of_it)) == [("missing-get-object", "error"), ("missing-put-object", "error")]
    assert found(folder(RUNTIME, {**all_of_it, "Condition": {}})) == []


@pytest.mark.parametrize(
    "condition",
    [
        {"ForAnyValue:StringEquals": {"aws:CalledVia": "sagemaker.amazonaws.com"}},
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:*:111122223333:*"}},
    ],
)
def test_a_role_that_a_service_uses_is_not_called_as_the_service(condition: Statement) -> None:
    assert found(folder(RUNTIME, LIST, {**OBJECTS, "Condition": condition})) == [
        ("missing-get-object", "error"),
        ("missing-put-object", "error"),
    ]


@pytest.mark.parametrize(("team", "rules"), [("claims", []), ("sales", [("prefix-not-covered", "error")])])
def test_the_tags_of_a_role_are_its_principal_tags(team: str, rules: list[tuple[str, str]]) -> None:
    own = allow("s3:PutObject", "arn:aws:s3:::acme-data/${aws:PrincipalTag/Team}/*")
    role = {
        "AssumeRolePolicyDocument": json.loads(trust()),
        "Policies": [{"PolicyName": "own", "PolicyDocument": json.loads(policy(RUNTIME, own))}],
        "Tags": [{"Key": "team", "Value": team}],
    }
    output = {"OutputName": "o", "S3Output": {"S3Uri": "s3://acme-data/claims/", "LocalPath": "/opt/ml/processing/o"}}
    job = {
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "AppSpecification": {"ImageUri": "public.ecr.aws/docker/library/python:3"},
        "ProcessingOutputConfig": {"Outputs": [output]},
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Job": {"Type": "AWS::SageMaker::ProcessingJob", "Properties": job},
    }
    assert found({"template.json": json.dumps({"Resources": resources}, indent=1)}) == rules


# Joins


def test_a_role_is_known_by_its_name_whatever_its_path() -> None:
    config = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\n'
    request = training(RoleArn="arn:aws:iam::111122223333:role/ml/team/train")
    assert found(folder(RUNTIME, OBJECTS, request=request, smlint_toml=config)) == [("missing-list-bucket", "error")]


def test_two_roles_of_one_name_in_different_accounts_are_two() -> None:
    config = "".join(
        f'[[role]]\nname = "train"\naccount = "{account}"\npolicies = ["{file}"]\ntrust = "trust.json"\n'
        for account, file in (("111122223333", "policy.json"), ("444455556666", "other.json"))
    )
    files = folder(*DATA, smlint_toml=config, other_json=policy(RUNTIME))
    assert found(files) == []


def test_documents_of_different_folders_are_not_joined() -> None:
    files = folder(RUNTIME, OBJECTS)
    apart = {
        "a/policy.json": files["policy.json"],
        "a/trust.json": files["trust.json"],
        "b/job.json": files["job.json"],
    }
    assert [level for _, level in found(apart)] == ["warning"]  # the role without a workload, one level lower


def test_a_bucket_policy_finds_its_bucket_by_its_resource() -> None:
    bucket = policy(deny("s3:GetObject", "arn:aws:s3:::acme-data/*", Principal={"AWS": ROLE}))
    files = folder(*DATA) | {"elsewhere/bucket.json": bucket}
    assert found(files) == [("bucket-policy-denies-role", "error")]


def test_a_variable_in_a_location_is_no_wildcard() -> None:
    def reading(prefix: str) -> Example:
        model = f"""
variable "bucket" {{}}

resource "aws_sagemaker_model" "churn" {{
  execution_role_arn = aws_iam_role.train.arn

  primary_container {{
    image          = "{IMAGE}"
    model_data_url = "s3://${{var.bucket}}/{prefix}/model.tar.gz"
  }}
}}
"""
        return terraform(RUNTIME, allow("s3:GetObject", "arn:aws:s3:::${var.bucket}/live/*"), more=model)

    assert found(reading("live")) == []
    assert found(reading("staging")) == [("prefix-not-covered", "error")]


def test_two_folders_describe_a_role_of_one_name() -> None:
    here, there = folder(*DATA), folder(RUNTIME, LIST, {**OBJECTS, "Action": "s3:GetObject"})
    stages = {f"dev/{name}": text for name, text in here.items()} | {f"prod/{name}": t for name, t in there.items()}
    finding = only(stages)
    assert (finding.rule, finding.origin.place().path) == ("missing-put-object", "prod/policy.json")
    assert found(stages | {"elsewhere/job.json": here["job.json"]}) == [("missing-put-object", "error")]


def answers(*names: str) -> Example:
    """get-role of each, and one list-attached-role-policies: it does not say whose."""
    arn = ROLE.rpartition("/")[0]
    roles = {
        f"dump/{name}.json": json.dumps(
            {"Role": {"RoleName": name, "Arn": f"{arn}/{name}", "AssumeRolePolicyDocument": json.loads(trust())}}
        )
        for name in names
    }
    full = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    attached = {"AttachedPolicies": [{"PolicyName": "AmazonSageMakerFullAccess", "PolicyArn": full}]}
    return {**roles, "dump/attached.json": json.dumps(attached), "job.json": training(RoleArn=f"{arn}/{names[0]}")}


def test_an_answer_without_a_role_is_about_the_only_one_beside_it() -> None:
    assert found(answers("train")) == [("bucket-outside-full-access", "error")]
    assert found(answers("train", "serve")) == []  # whose it is cannot be told


@pytest.mark.parametrize(
    ("action", "rule"), [("s3:GetObject", "missing-put-object"), ("s3:ListAllMyBuckets", "bucket-outside-full-access")]
)
def test_own_grants_on_the_bucket_are_what_is_to_be_completed(action: str, rule: str) -> None:
    files = answers("train")
    document = json.loads(policy(allow(["s3:ListBucket", action], "*")))
    inline = {"RoleName": "train", "PolicyName": "data", "PolicyDocument": document}
    assert [name for name, _ in found({**files, "dump/inline.json": json.dumps(inline)})] == [rule]


def test_a_role_of_which_only_the_trust_is_shown() -> None:
    files = answers("train")
    del files["dump/attached.json"]
    assert found(files) == []
    assert found({**files, "dump/train.json": files["dump/train.json"].replace("sagemaker.", "lambda.")}) == [
        ("trust-excludes-sagemaker", "error")
    ]


def test_the_account_of_the_jobs_settles_that_of_the_template() -> None:
    template = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "train",
                    "AssumeRolePolicyDocument": json.loads(trust()),
                    "Policies": [{"PolicyName": "p", "PolicyDocument": json.loads(policy(*DATA))}],
                },
            },
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {
                    "Bucket": "acme-data",
                    "PolicyDocument": json.loads(
                        policy(deny("s3:ListBucket", "arn:aws:s3:::acme-data", Principal={"AWS": ROLE}))
                    ),
                },
            },
        }
    }
    files = {"stack/template.json": json.dumps(template, indent=1), "jobs/train.json": training()}
    assert found(files) == [("bucket-policy-denies-role", "error")]


# One root cause, one finding


def test_ten_jobs_break_one_statement() -> None:
    jobs = {f"job{n}.json": training(TrainingJobName=f"churn-{n}") for n in range(10)}
    finding = only(folder(RUNTIME, OBJECTS) | jobs)
    assert finding.rule == "missing-list-bucket"
    assert len(finding.workload) == 11
    assert "11 jobs" in finding.message


def test_a_dead_grant_that_a_job_needs_is_the_one_error() -> None:
    dead = allow("s3:ListBucket", "arn:aws:s3:::acme-data/*")
    finding = only(folder(RUNTIME, OBJECTS, dead))
    assert (finding.rule, finding.level) == ("action-resource-mismatch", Level.ERROR)
    assert any("s3:ListBucket" in related.message for related in finding.related)


def test_a_dead_grant_that_another_statement_makes_good_is_silent() -> None:
    dead = allow("s3:ListBucket", "arn:aws:s3:::acme-data/*")
    assert found(folder(RUNTIME, OBJECTS, dead, LIST)) == []


def test_a_dead_grant_of_the_boundary_is_the_one_error() -> None:
    config = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\nboundary = "boundary.json"\n'
    dead = allow("s3:ListBucket", "arn:aws:s3:::acme-data/*")
    bounded = folder(*DATA, smlint_toml=config, boundary_json=policy(RUNTIME, OBJECTS, dead))
    finding = only(bounded)
    assert (finding.rule, finding.level, finding.origin.document.path) == (
        "action-resource-mismatch",
        Level.ERROR,
        "boundary.json",
    )
    assert found(bounded | {"boundary.json": policy(RUNTIME, OBJECTS)}) == [("boundary-lacks-action", "error")]


@pytest.mark.parametrize(
    ("grantee", "rules"),
    [
        ("111122223333", [("action-resource-mismatch", "error")]),
        ("999988887777", [("bucket-policy-lacks-grant", "error"), ("action-resource-mismatch", "warning")]),
    ],
)
def test_a_dead_grant_of_another_accounts_bucket(grantee: str, rules: list[tuple[str, str]]) -> None:
    """It explains what its principal is refused, and nobody else."""
    config = (
        'account = "111122223333"\n[[bucket]]\nname = "acme-data"\naccount = "444455556666"\npolicy = "bucket.json"\n'
    )
    objects = {**OBJECTS, "Principal": {"AWS": "111122223333"}}
    dead = allow("s3:ListBucket", "arn:aws:s3:::acme-data/*", Principal={"AWS": grantee})
    request = training(OutputDataConfig={"S3OutputPath": "s3://acme-models/m"})
    files = folder(
        *DATA,
        allow("s3:PutObject", "arn:aws:s3:::acme-models/*"),
        request=request,
        smlint_toml=config,
        bucket_json=policy(objects, dead),
    )
    assert sorted(found(files)) == sorted(rules)


def test_a_dead_grant_that_nothing_needs_keeps_its_level() -> None:
    dead = allow("s3:ListBucket", "arn:aws:s3:::acme-other/*")
    assert found(folder(*DATA, dead)) == [("action-resource-mismatch", "warning")]


def test_encrypt_is_not_an_echo_of_generate_data_key() -> None:
    output = training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY})
    assert found(folder(*DATA, request=output)) == [("missing-kms-generate-data-key", "error")]


# Layers


def test_a_boundary_grants_nothing() -> None:
    config = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\nboundary = "boundary.json"\n'
    files = folder(RUNTIME, LIST, smlint_toml=config, boundary_json=policy(allow("*", "*")))
    assert {rule for rule, _ in found(files)} == {"missing-get-object", "missing-put-object"}


def test_an_unknown_managed_policy_silences_what_is_missing_and_not_what_is_denied() -> None:
    config = (
        '[[role]]\nname = "train"\ntrust = "trust.json"\n'
        'policies = ["policy.json", "arn:aws:iam::111122223333:policy/elsewhere"]\n'
    )
    assert found(folder(RUNTIME, smlint_toml=config)) == []
    denied = folder(RUNTIME, deny("s3:GetObject", "*"), smlint_toml=config)
    assert found(denied) == [("policy-denies-action", "error")]


def test_a_deny_on_the_location_alone_is_a_note() -> None:
    bucket = policy(deny("s3:GetBucketLocation", "arn:aws:s3:::acme-data", Principal={"AWS": ROLE}))
    files = folder(*DATA, bucket_json=bucket)
    assert found(files) == []
    assert ("bucket-policy-denies-role", "note") in found(files, notes=True)


def test_one_of_several_services_may_call_kms() -> None:
    config = 'account = "111122223333"\nregion = "eu-west-1"\n'
    volume = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
    request = training(ResourceConfig=volume)
    for service, fires in (("ec2", False), ("sagemaker", False), ("s3", True), ("ebs", True)):
        via = {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}}
        files = folder(*DATA, allow("kms:CreateGrant", KEY, Condition=via), request=request, smlint_toml=config)
        assert bool(found(files)) is fires, service


def test_an_scp_with_denies_only_stands_beside_full_access() -> None:
    config = '[[guardrail]]\nkind = "scp"\npolicy = "scp.json"\n'
    harmless = folder(*DATA, smlint_toml=config, scp_json=policy(deny("organizations:*", "*")))
    allow_list = folder(*DATA, smlint_toml=config, scp_json=policy(allow("s3:*", "*")))
    assert found(harmless) == []
    assert {rule for rule, _ in found(allow_list)} == {"guardrail-blocks-action"}


def test_a_models_log_group_is_that_of_its_endpoints_or_of_its_transform_jobs() -> None:
    model = {"ModelName": "m", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": IMAGE}}
    group = "arn:aws:logs:*:*:log-group:/aws/"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    others = {**RUNTIME, "Action": ["ecr:*", "cloudwatch:PutMetricData"]}

    def granted(name: str) -> list[tuple[str, str]]:
        return found(folder(others, allow(actions, f"{group}{name}*"), request=json.dumps(model)))

    assert granted("sagemaker/TransformJobs") == granted("sagemaker/Endpoints/") == granted("") == []
    assert granted("lambda") == [("missing-logs", "warning")]


# Roles without a workload


@pytest.mark.parametrize("variable", ["aws:PrincipalAccount", "aws:PrincipalTag/team", "aws:userid"])
def test_what_a_variable_names_covers_itself(variable: str) -> None:
    objects = allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::acme-data/${{{variable}}}/*")
    files = {"policy.json": policy(RUNTIME, LIST, objects), "trust.json": trust()}
    assert found(files | {"smlint.toml": 'account = "111122223333"'}) == []


def test_a_role_without_a_workload_is_checked_one_level_lower() -> None:
    files = folder(RUNTIME, OBJECTS)
    del files["job.json"]
    assert found(files) == [("missing-list-bucket", "warning")]


def test_the_buckets_of_a_role_are_in_the_partition_that_it_names() -> None:
    files = folder(RUNTIME, *({**one, "Resource": one["Resource"].replace("aws", "aws-cn")} for one in (LIST, OBJECTS)))
    del files["job.json"]
    files["smlint.toml"] = 'partition = "aws-cn"\n'
    assert found(files) == []


def test_a_placeholder_is_reported_once_unless_another_statement_makes_it_good() -> None:
    placeholder = allow("s3:GetObject", "arn:aws:s3:::DOC-EXAMPLE-BUCKET/*")
    files = folder(RUNTIME, LIST, OBJECTS, placeholder)
    assert found(files) == []
    del files["job.json"]
    assert found(files) == [("placeholder-left", "warning")]


def test_a_role_that_grants_nothing_of_what_every_job_needs_is_made_for_something_else() -> None:
    files = folder(LIST, OBJECTS)
    del files["job.json"]
    assert found(files) == []
    files = folder(LIST, OBJECTS, {**RUNTIME, "Action": "logs:PutLogEvents"})
    del files["job.json"]
    assert found(files) == [("missing-ecr-pull", "warning")]


@pytest.mark.parametrize(("folder_", "label"), [("", "this folder"), ("iam/train/", "the folder iam/train")])
def test_a_role_that_nothing_names_is_called_by_its_folder(folder_: str, label: str) -> None:
    files = folder(RUNTIME, OBJECTS)
    del files["job.json"]
    (finding,) = lint_files({f"{folder_}{name}": text for name, text in files.items()})
    assert f"`the role of {label}`" in finding.message


def test_a_role_that_can_only_log_is_made_for_no_job() -> None:
    logs = {**RUNTIME, "Action": "logs:*"}

    def rules(*statements: dict[str, Any]) -> list[str]:
        files = folder(*statements)
        del files["job.json"]
        return sorted({rule for rule, _ in found(files)})

    assert rules(logs) == rules(logs, allow("sagemaker:InvokeEndpoint", "*")) == []
    assert rules(logs, allow("s3:PutObject", "arn:aws:s3:::acme-out/*")) == ["missing-ecr-pull"]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["Clusters/*"], []),
        (["Clusters/*:log-stream:*", "Endpoints*"], []),
        (["Clusters/*", "TrainingJobs*"], ["missing-ecr-pull", "missing-list-bucket"]),
        (["*"], ["missing-ecr-pull", "missing-list-bucket"]),
    ],
)
def test_a_role_that_may_log_for_other_apis_only_is_made_for_those(groups: list[str], expected: list[str]) -> None:
    logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    arns = [f"arn:aws:logs:*:*:log-group:/aws/sagemaker/{group}" for group in groups]
    files = folder(OBJECTS, allow("cloudwatch:PutMetricData", "*"), {**allow(logs, "*"), "Resource": arns})
    del files["job.json"]
    assert sorted({rule for rule, _ in found(files)}) == expected


def test_the_check_of_roles_without_a_workload_can_be_switched_off() -> None:
    files = folder(RUNTIME, OBJECTS, smlint_toml="assume-apis = []\n")
    del files["job.json"]
    assert found(files) == []


def test_an_allow_with_two_conditions_on_the_network() -> None:
    inside = {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1"}}
    allowed = [{**statement, "Condition": inside} if statement is OBJECTS else statement for statement in DATA]
    assert [one.rule for one in lint_files(folder(*allowed))] == ["network-condition-denies"]


SSE = "s3:x-amz-server-side-encryption"


@pytest.mark.parametrize(
    ("operator", "value", "wants"),
    [
        ({"StringNotEquals": {SSE: "AES256"}}, "Deny", f"asks for `AES256` in `{SSE}`"),
        ({"StringEquals": {SSE: "aws:kms"}}, "Deny", f"refuses `aws:kms` in `{SSE}`"),
        ({"Null": {f"{SSE}-aws-kms-key-id": "true"}}, "Deny", f"asks for some `{SSE}-aws-kms-key-id`"),
        ({"StringEquals": {SSE: "AES256"}}, "Allow", f"asks for `AES256` in `{SSE}`"),
        ({"StringNotEquals": {SSE: "aws:kms"}}, "Allow", f"refuses `aws:kms` in `{SSE}`"),
    ],
)
def test_what_a_condition_on_the_encryption_wants(operator: Any, value: str, wants: str) -> None:
    condition = {
        "Effect": value,
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::acme-data/*",
        "Condition": operator,
    }
    allowed = DATA if value == "Deny" else (RUNTIME, LIST, {**OBJECTS, "Action": "s3:GetObject"})
    finding = only(folder(*allowed, condition))
    assert finding.rule == "encryption-condition-denies" and wants in finding.message
    because = "with an explicit deny in an" if value == "Deny" else "because no"
    assert f"{because} identity-based policy" in finding.aws


def test_a_boundary_refuses_what_the_bucket_grants_the_role() -> None:
    grant = {**OBJECTS, "Sid": "Ours", "Principal": {"AWS": ROLE}, "Action": "s3:GetObject"}
    writes = {**OBJECTS, "Action": "s3:PutObject"}
    role = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\nboundary = "boundary.json"\n'
    files = folder(RUNTIME, LIST, writes, bucket_json=policy(grant))
    assert found(files) == []
    bounded = files | {"smlint.toml": role, "boundary.json": policy(RUNTIME, LIST, writes)}
    finding = only(bounded)
    assert (finding.rule, finding.origin.place().path) == ("boundary-lacks-action", "boundary.json")


def test_what_aws_insists_on_is_told_first() -> None:
    boundary = policy(RUNTIME, LIST, {**OBJECTS, "Action": "s3:GetObject"})
    role = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\nboundary = "boundary.json"\n'
    files = folder(RUNTIME, allow("s3:*", "*")) | {"boundary.json": boundary, "smlint.toml": role}
    assert "does not allow s3:PutObject, " in only(files).message
    assert "because no permissions boundary allows the s3:PutObject action" in only(files).aws


def test_a_deny_of_the_inputs_location_alone_is_a_note() -> None:
    where = deny("s3:GetBucketLocation", "arn:aws:s3:::acme-in", Principal={"AWS": ROLE})
    files = folder(allow("s3:*", "*"), *DATA, bucket_json=policy(where))
    files["job.json"] = files["job.json"].replace("s3://acme-data/train", "s3://acme-in/train")
    assert [(one.rule, one.level) for one in lint_files(files)] == [("bucket-policy-denies-role", Level.NOTE)]


def test_a_condition_that_sagemaker_never_meets_is_named() -> None:
    partner = trust(Condition={"StringEquals": {"sts:ExternalId": "partner"}})
    (finding,) = lint_files(folder(*DATA, trust_json=partner))
    assert finding.rule == "trust-excludes-sagemaker"
    assert "`sts:ExternalId`" in finding.message


def test_a_role_that_does_not_trust_sagemaker_is_left_alone() -> None:
    files = folder(RUNTIME, OBJECTS, trust_json=trust("lambda.amazonaws.com"))
    del files["job.json"]
    assert found(files) == []


# Silence


@pytest.mark.parametrize(
    "statement",
    [
        deny("s3:*", "*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        deny("s3:*", "*", Condition={"StringNotEquals": {"aws:PrincipalTag/team": "ml"}}),
        deny("s3:*", "arn:aws:s3:::other/*"),
    ],
)
def test_denies_that_do_not_hit_or_cannot_be_told(statement: dict[str, Any]) -> None:
    assert found(folder(*DATA, statement)) == []


def test_not_resource_and_not_action_grants_cover() -> None:
    wide = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"}
    assert found(folder(wide)) == []


def test_lower_case_actions_and_bucket_patterns_without_slash() -> None:
    lax = allow(["S3:LISTBUCKET", "s3:getobject", "s3:putObject"], "arn:aws:s3:::acme-data*")
    assert found(folder(RUNTIME, lax)) == []


def test_single_objects_are_read_without_listing() -> None:
    model = json.dumps(
        {
            "ModelName": "churn",
            "ExecutionRoleArn": ROLE,
            "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://acme-data/models/model.tar.gz"},
        }
    )
    assert found(folder(RUNTIME, allow("s3:GetObject", "arn:aws:s3:::acme-data/models/*"), request=model)) == []


def test_processing_is_judged_as_training_is() -> None:
    assert found(folder(*DATA, request=processing())) == []
    assert found(folder(RUNTIME, OBJECTS, request=processing())) == [("missing-list-bucket", "error")]


# Found in public repositories


def test_a_policy_template_of_sam_is_not_the_users_to_mend() -> None:
    template = """Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
      Policies:
        - SQSPollerPolicy: {QueueName: jobs}
"""
    assert found({"template.yaml": template}) == []


def test_a_wildcard_in_a_bucket_name_names_no_bucket() -> None:
    template = """Parameters: {Env: {Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ["logs:*", "ecr:*", "cloudwatch:*"], Resource: "*"}
              - {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "arn:aws:s3:::${Env}-data*/*"}
"""
    assert found({"template.yaml": template}) == []


def test_a_principal_type_that_a_template_leaves_open() -> None:
    document = policy({"Effect": "Allow", "Principal": {"AWS": "x"}, "Action": "sts:AssumeRole"})
    assert found({"trust.tpl": document.replace('"AWS"', '"${type}"')}) == []


def test_a_json_file_with_placeholders_is_a_template() -> None:
    document = policy({"Effect": "Allow", "Principal": {"AWS": "x"}, "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"})
    assert found({"bucket.json": document.replace('"x"', "${users}")}) == []


def laboratory(*statements: Statement) -> dict[str, Any]:
    """A template with a notebook instance and its role."""
    return {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": json.loads(trust()),
                    "Policies": [{"PolicyName": "p", "PolicyDocument": json.loads(policy(*statements))}],
                },
            },
            "Lab": {
                "Type": "AWS::SageMaker::NotebookInstance",
                "Properties": {"InstanceType": "ml.t3.medium", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
            },
        }
    }


def test_the_notebook_nearest_to_the_only_role_runs_with_it() -> None:
    template = laboratory(RUNTIME, OBJECTS)
    code = """
from sagemaker import get_execution_role
from sagemaker.estimator import Estimator
Estimator("111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1", get_execution_role(), 1, "ml.m5.xlarge").fit(URI)
"""
    infra = {"a/infra/lab.json": json.dumps(template)}
    near, far = code.replace("URI", '"s3://acme-near/x"'), code.replace("URI", '"s3://acme-far/x"')

    def buckets(files: Example) -> set[str]:
        listed = [one for one in lint_files(files) if one.rule == "missing-list-bucket"]
        return {name for one in listed for name in ("near", "far") if f"acme-{name}" in one.message}

    assert buckets({**infra, "b/train.py": far}) == {"far"}
    assert buckets({**infra, "a/notebooks/train.py": near, "b/train.py": far}) == {"near"}


def test_what_one_line_needs_of_several_resources_names_none() -> None:
    template = laboratory(RUNTIME)
    code = """
from sagemaker import get_execution_role
from sagemaker.estimator import Estimator
job = Estimator("111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1", get_execution_role(), 1, "ml.m5.xlarge")
job.fit()
job.deploy(1, "ml.m5.xlarge")
"""
    findings = lint_files({"lab.json": json.dumps(template), "train.py": code})
    (lacks,) = [one for one in findings if one.rule == "role-lacks-sagemaker-action"]
    said = [one.message for one in lacks.related]
    assert "whoever starts `job` needs sagemaker:CreateTrainingJob and sagemaker:CreateModel" in said


def test_what_a_field_needs_of_a_bucket_and_of_its_objects_is_told_apart() -> None:
    example = Path(__file__).parents[1] / "cases" / "denied-by-bucket-policy"
    (denied,) = lint_files({path.name: path.read_text() for path in example.iterdir()})
    assert [one.message for one in denied.related] == [
        "`InputDataConfig[0].DataSource.S3DataSource.S3Uri` of `churn` needs s3:ListBucket and s3:GetBucketLocation "
        "on `arn:aws:s3:::acme-churn-data`, and s3:GetObject on `arn:aws:s3:::acme-churn-data/train/⟨*⟩`"
    ]


def test_a_grant_of_a_key_allows_its_operations() -> None:
    config = """
resource "aws_kms_key" "data" {}
resource "aws_iam_role" "train" {
  name               = "train"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role_policy" "runtime" {
  role   = aws_iam_role.train.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["logs:*", "ecr:*", "cloudwatch:*", "s3:*"], Resource = "*" }] })
}
resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.train.arn
  instance_type = "ml.t3.medium"
  kms_key_id    = aws_kms_key.data.arn
}
"""
    grant = """
resource "aws_kms_grant" "lab" {
  key_id            = aws_kms_key.data.key_id
  grantee_principal = aws_iam_role.train.arn
  operations        = ["CreateGrant", "DescribeKey"]
}
"""
    assert ("missing-kms-create-grant", "warning") in found({"main.tf": config})
    assert found({"main.tf": config + grant}) == []


def test_a_role_that_another_configuration_looks_up_by_name() -> None:
    def reading(prefix: str) -> Example:
        model = f"""
data "aws_iam_role" "train" {{
  name = "train"
}}

resource "aws_sagemaker_model" "churn" {{
  execution_role_arn = data.aws_iam_role.train.arn

  primary_container {{
    image          = "{IMAGE}"
    model_data_url = "s3://acme-data/{prefix}/model.tar.gz"
  }}
}}
"""
        files = terraform(RUNTIME, allow("s3:GetObject", "arn:aws:s3:::acme-data/live/*"))
        return {f"iam/{name}": text for name, text in files.items()} | {"serving/main.tf": model}

    assert found(reading("live")) == []
    assert found(reading("staging")) == [("prefix-not-covered", "error")]


def test_what_a_job_does_beside_assuming_its_role() -> None:
    domain = json.dumps(
        {
            "DomainName": "research",
            "AuthMode": "IAM",
            "VpcId": "vpc-1",
            "SubnetIds": ["subnet-1"],
            "DefaultUserSettings": {"ExecutionRole": ROLE},
            "DomainSettings": {"ExecutionRoleIdentityConfig": "USER_PROFILE_NAME"},
        }
    )
    finding = only(folder(RUNTIME, request=domain))
    assert finding.rule == "trust-excludes-sagemaker" and "sts:SetSourceIdentity" in finding.message
    trusted = trust(action=["sts:AssumeRole", "sts:SetSourceIdentity"])
    assert found(folder(RUNTIME, request=domain, trust_json=trusted)) == []
    assert found(folder(RUNTIME, request=domain.replace("USER_PROFILE_NAME", "DISABLED"))) == []
