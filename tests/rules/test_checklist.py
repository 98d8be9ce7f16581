"""The founding documents' statements that only a whole run can show: a folder that breaks each, and one that heeds it.

The numbers are the checklist's; `tests/needs/seed_checklist.toml` says which of them are tested here.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding, Level
from smlint.iam import managed
from smlint.iam.decision import Decision, Layers, decide
from smlint.iam.request import Context, Principal, Request
from smlint.record import dataclass
from smlint_rules.examples import (
    DATA,
    IMAGE,
    INSTANCE,
    KEEPS_NOTHING,
    KEY,
    LIST,
    OBJECTS,
    ROLE,
    RUNTIME,
    SET_CONTEXT,
    Example,
    Statement,
    allow,
    deny,
    described,
    estimator,
    folder,
    policy,
    processing,
    training,
    trust,
    without,
)

BUCKET = "arn:aws:s3:::acme-data"
OTHER_ACCOUNT = "444455556666"
OTHER_ROLE = "arn:aws:iam::111122223333:role/other"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
SETTINGS = 'account = "111122223333"\nregion = "eu-west-1"\n'
TRAIN_ROLE = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\n'


@dataclass(frozen=True)
class Statements:
    """Statements of the checklist; the rule that is to say so, on what breaks them; what heeds them is clean."""

    numbers: tuple[int, ...]
    rule: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    level: Level = Level.ERROR


# Folders


def configured(files: Mapping[str, str], more: str = "", before: str = "") -> Example:
    """The folder with a configuration that gives the role its name and adds what else is known."""
    return {**files, "smlint.toml": f"{before}{SETTINGS}{TRAIN_ROLE}{more}"}


def bounded(identity: tuple[Statement, ...], *boundary: Statement) -> Example:
    return configured({**folder(*identity), "boundary.json": policy(*boundary)}, 'boundary = "boundary.json"\n')


def beside(bucket_policy: str, *statements: Statement) -> Example:
    return configured({**folder(*(statements or DATA)), "bucket-policy.json": bucket_policy})


def refused_to(principal: str, action: str | list[str], resource: str | list[str]) -> str:
    """The bucket policy of the articles."""
    statement = deny(action, resource, Sid="ExampleStatement01", Principal={"AWS": principal})
    return json.dumps({"Version": "2012-10-17", "Id": "ExamplePolicy01", "Statement": [statement]})


def encrypted(*statements: Statement, key_policy: str = "") -> Example:
    """The bucket's default encryption is the key."""
    more = f'[[bucket]]\nname = "acme-data"\naccount = "111122223333"\nkms-key = "{KEY}"\n'
    files = folder(*DATA, *statements)
    if not key_policy:
        return configured(files, more)
    return configured({**files, "key.json": key_policy}, f'{more}[[key]]\narn = "{KEY}"\npolicy = "key.json"\n')


def key_for(principal: str) -> str:
    return policy(allow("kms:*", "*", Principal={"AWS": principal}))


def of_another_account(*statements: Statement, bucket: str = "", key: str = "") -> Example:
    """The job reads and writes a bucket of another account, which may have a policy and a key."""
    more = f'[[bucket]]\nname = "acme-data"\naccount = "{OTHER_ACCOUNT}"\npolicy = "bucket.json"\n'
    files = {
        **folder(*statements, request=training(OutputDataConfig={"S3OutputPath": "s3://own/", "KmsKeyId": KEY})),
        "bucket.json": bucket or policy(allow("s3:*", f"{BUCKET}/*", Principal={"AWS": OTHER_ROLE})),
    }
    if key:
        theirs = KEY.replace("111122223333", OTHER_ACCOUNT)
        files["key.json"] = key
        more += f'kms-key = "{theirs}"\n[[key]]\narn = "{theirs}"\npolicy = "key.json"\n'
    return configured(files, more)


OWN_OUTPUT: tuple[Statement, ...] = (
    RUNTIME,
    allow("s3:PutObject", "arn:aws:s3:::own/*"),
    allow(["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"], "*"),
)
SHARED = policy(
    allow("s3:ListBucket", BUCKET, Principal={"AWS": ROLE}),
    allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": ROLE}),
)


def managed_role(path: str) -> Example:
    """The role has AmazonSageMakerFullAccess alone, and a job works in the path."""
    files = {"trust.json": trust(), "job.json": training().replace("s3://acme-data", path)}
    return {
        **files,
        "smlint.toml": f'{SETTINGS}[[role]]\nname = "train"\npolicies = ["{FULL_ACCESS}"]\ntrust = "trust.json"\n',
    }


def propagated(*statements: Statement, request: str | None = None, **files: str) -> Example:
    trusted = trust(action=["sts:AssumeRole", "sts:SetContext"])
    made = {**folder(*(statements or KEEPS_NOTHING), request=request), "trust.json": trusted, **files}
    return configured(made, before="trusted-identity-propagation = true\n")


def piped() -> str:
    return processing().replace('"S3InputMode": "File"', '"S3InputMode": "Pipe"')


def with_dataset() -> str:
    request = json.loads(processing())
    dataset = {"Catalog": "c", "Database": "d", "QueryString": "q", "OutputS3Uri": "s3://acme-data/q/"}
    definition = {"AthenaDatasetDefinition": {**dataset, "OutputFormat": "PARQUET"}, "LocalPath": "/opt/ml/d"}
    request["ProcessingInputs"].append({"InputName": "query", "DatasetDefinition": definition})
    return json.dumps(request)


def granted(prefix: str) -> str:
    """The grants of the repository, in Terraform."""
    trusted = trust("access-grants.s3.amazonaws.com", ["sts:AssumeRole", "sts:SetContext"])
    return f'''
resource "aws_iam_role" "location" {{
  name               = "access-grants-location"
  assume_role_policy = jsonencode({trusted})
}}

resource "aws_s3control_access_grants_location" "data" {{
  iam_role_arn   = aws_iam_role.location.arn
  location_scope = "s3://acme-data/*"
}}

resource "aws_s3control_access_grant" "data" {{
  access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
  permission                = "READWRITE"
  access_grants_location_configuration {{
    s3_sub_prefix = "{prefix}"
  }}
  grantee {{
    grantee_type       = "DIRECTORY_USER"
    grantee_identifier = "94482488-3041-7055-5e53-a8f8d4c6d3f1"
  }}
}}
'''


def subclass(signature: str, forwarded: str, call: str = "") -> Example:
    code = f'''from sagemaker.estimator import EstimatorBase


class Ours(EstimatorBase):
    def __init__(self, role, instance_count, instance_type, {signature}):
        super().__init__(role, instance_count, instance_type, {forwarded})

    def training_image_uri(self):
        return "{IMAGE}"
{call}'''
    return {"ours.py": code}


def called(*statements: Statement) -> Example:
    """A subclass that forwards what it does not name, called with the volume's key."""
    call = (
        f'\n\nOurs("{ROLE}", 1, "ml.m5.xlarge", output_path="s3://acme-data/models/", volume_kms_key="{KEY}").fit()\n'
    )
    files = folder(*DATA, *statements) | subclass("**kwargs", "**kwargs", call)
    del files["job.json"]
    return configured(files)


def programmed(code: str, *statements: Statement) -> Example:
    files = folder(*(statements or DATA), train_py="")
    del files["job.json"], files["train-py"]
    return configured({**files, "train.py": code})


CHURN = f'''import boto3
import sagemaker
from sagemaker import image_uris

sess = sagemaker.Session()
bucket = sess.default_bucket()
prefix = "sagemaker/DEMO-xgboost-churn"
container = image_uris.retrieve("xgboost", boto3.Session().region_name, "1.7-1")
xgb = sagemaker.estimator.Estimator(
    container,
    "{ROLE}",
    instance_count=1,
    instance_type="ml.m4.xlarge",
    output_path="s3://{{}}/{{}}/output".format(bucket, prefix),
)
xgb.fit({{"train": "s3://acme-data/train/"}})
'''
DEFAULT_BUCKET = "arn:aws:s3:::sagemaker-eu-west-1-111122223333"
ADDITIONAL: tuple[Statement, ...] = (
    RUNTIME,
    allow(
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        [f"{BUCKET}/*", "arn:aws:s3:::acme-models/*"],
    ),
    allow(
        [
            "s3:CreateBucket",
            "s3:GetBucketLocation",
            "s3:ListBucket",
            "s3:ListAllMyBuckets",
            "s3:GetBucketCors",
            "s3:PutBucketCors",
        ],
        "*",
    ),
)
NO_RESOURCE = [
    {"Effect": "Allow", "Action": ["kms:CreateGrant"]},
    {"Effect": "Allow", "Action": ["kms:Encrypt"]},
    {"Effect": "Allow", "Action": ["ec2:CreateNetworkInterface", "ec2:DescribeSubnets"]},
]
DOMAIN = json.dumps(
    {
        "DomainName": "studio",
        "AuthMode": "IAM",
        "DefaultUserSettings": {"ExecutionRole": ROLE},
        "SubnetIds": ["subnet-0a1b2c3d4e5f60718"],
        "VpcId": "vpc-0a1b2c3d4e5f60718",
        "KmsKeyId": KEY,
    }
)


def domain(key_policy: str) -> Example:
    files = folder(*DATA, request=DOMAIN)
    return configured({**files, "key.json": key_policy}, f'[[key]]\narn = "{KEY}"\npolicy = "key.json"\n')


def two_roles(used: str) -> Example:
    """One role may do everything, the other nothing with S3."""
    return {
        "job.json": training(RoleArn=used),
        "all.json": policy(*DATA),
        "some.json": policy(RUNTIME),
        "trust.json": trust(),
        "smlint.toml": f'{SETTINGS}[[role]]\nname = "train"\npolicies = ["all.json"]\ntrust = "trust.json"\n'
        '[[role]]\nname = "other"\npolicies = ["some.json"]\ntrust = "trust.json"\n',
    }


def tuning() -> str:
    """A tuning job of the training job."""
    definition = {name: member for name, member in json.loads(training()).items() if name != "TrainingJobName"}
    limits = {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2}
    request = {
        "HyperParameterTuningJobName": "churn",
        "HyperParameterTuningJobConfig": {"Strategy": "Bayesian", "ResourceLimits": limits},
        "TrainingJobDefinition": definition,
    }
    return json.dumps(request)


def serving() -> str:
    """A model that is one file."""
    container = {"Image": IMAGE, "ModelDataUrl": "s3://acme-data/train/model.tar.gz"}
    return json.dumps({"ModelName": "churn", "ExecutionRoleArn": ROLE, "PrimaryContainer": container})


# The statements

READS = without(OBJECTS, "s3:PutObject")
WRITES = without(OBJECTS, "s3:GetObject")
BOUNDARY_WITHOUT_READS = (RUNTIME, LIST, WRITES)
DATA_ACCESS = allow("s3:GetDataAccess", INSTANCE)
PREFIX = allow("s3:GetAccessGrantsInstanceForPrefix", INSTANCE)
EVERYTHING = allow("*", "*")
TWELVE = allow([*RUNTIME["Action"], "s3:GetObject", "s3:PutObject", "s3:ListBucket"], "*")
ELEVEN = without(TWELVE, "s3:PutObject")
JOBS = (tuning(), processing(), training())
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")
NO_LOGS = without(RUNTIME, *LOGS)
GROUPS = "arn:aws:logs:*:*:log-group:/aws/sagemaker"

CHECKLIST = (
    Statements(
        (1, 59, 60),
        "bucket-outside-full-access",
        (managed_role("s3://acme-data"),),
        (managed_role("s3://acme-sagemaker"),),
    ),
    Statements(
        (61,),
        "bucket-outside-full-access",
        (managed_role("s3://acme-data/SAGEMAKER"),),
        (managed_role("s3://acme-data/sagemaker"), managed_role("s3://acme/aws-glue")),
    ),
    Statements((2,), "missing-list-bucket", (folder(RUNTIME, OBJECTS),), (folder(*DATA),)),
    Statements((3,), "missing-get-object", (folder(RUNTIME, LIST, WRITES),), (folder(*DATA),)),
    Statements((4,), "missing-put-object", (folder(RUNTIME, LIST, READS),), (folder(*DATA),)),
    Statements(
        (13,),
        "missing-kms-decrypt",
        (encrypted(),),
        (encrypted(allow(["kms:decrypt", "KMS:generatedatakey", "kms:encrypt"], KEY)),),
    ),
    Statements(
        (14,),
        "key-policy-excludes-role",
        (encrypted(allow("kms:*", KEY), key_policy=key_for(OTHER_ROLE)),),
        (encrypted(key_policy=key_for(ROLE)),),
    ),
    Statements(
        (16, 17, 19),
        "estimator-drops-kms-kwargs",
        (
            subclass("output_kms_key=None", "output_kms_key=output_kms_key"),
            subclass("volume_kms_key=None", "volume_kms_key=volume_kms_key"),
            subclass("output_path=None", "output_path=output_path"),
        ),
        (subclass("**kwargs", "**kwargs"),),
    ),
    Statements((18,), "missing-kms-create-grant", (called(),), (called(allow("kms:CreateGrant", KEY)),)),
    Statements(
        (20, 21), "boundary-lacks-action", (bounded(DATA, *BOUNDARY_WITHOUT_READS),), (bounded(DATA, EVERYTHING),)
    ),
    Statements((22,), "missing-get-object", (bounded(BOUNDARY_WITHOUT_READS, EVERYTHING),), (bounded(DATA, *DATA),)),
    Statements(
        (23, 24, 27, 28, 29),
        "bucket-policy-denies-role",
        (beside(refused_to(ROLE, ["s3:GetObject"], [f"{BUCKET}/*"])),),
        (beside(refused_to(OTHER_ROLE, ["s3:GetObject"], [f"{BUCKET}/*"])),),
    ),
    Statements(
        (25,),
        "bucket-policy-denies-role",
        (beside(refused_to(ROLE, "s3:ListBucket", BUCKET)),),
        (beside(refused_to(OTHER_ROLE, "s3:ListBucket", BUCKET)),),
    ),
    Statements(
        (26,),
        "bucket-policy-denies-role",
        (beside(refused_to(ROLE, "s3:GetBucketLocation", BUCKET)),),
        (beside(refused_to(OTHER_ROLE, "s3:GetBucketLocation", BUCKET)),),
        Level.NOTE,
    ),
    Statements(
        (30,),
        "key-policy-excludes-role",
        (of_another_account(*OWN_OUTPUT, LIST, READS, bucket=SHARED, key=key_for(OTHER_ROLE)),),
        (of_another_account(*OWN_OUTPUT, LIST, READS, bucket=SHARED, key=key_for(ROLE)),),
    ),
    Statements(
        (33, 35),
        "missing-get-object",
        (of_another_account(*OWN_OUTPUT, LIST, bucket=SHARED),),
        (of_another_account(*OWN_OUTPUT, LIST, READS, bucket=SHARED),),
    ),
    Statements(
        (34,),
        "bucket-policy-lacks-grant",
        (of_another_account(*OWN_OUTPUT, LIST, READS),),
        (of_another_account(*OWN_OUTPUT, LIST, READS, bucket=SHARED),),
    ),
    Statements(
        (39, 40), "tip-role-keeps-s3", (propagated(*KEEPS_NOTHING, LIST, OBJECTS),), (propagated(),), Level.WARNING
    ),
    Statements(
        (41,),
        "tip-location-without-grant",
        (propagated(**{"grants.tf": granted("cohorts/*")}),),
        (propagated(**{"grants.tf": granted("*")}),),
        Level.WARNING,
    ),
    Statements(
        (42,),
        "tip-pipe-mode",
        (propagated(request=training().replace('"File"', '"Pipe"')),),
        (propagated(request=training().replace('"File"', '"FastFile"')),),
    ),
    Statements((43,), "tip-pipe-mode", (propagated(request=piped()),), (propagated(request=processing()),)),
    Statements(
        (44,),
        "tip-remote-debug",
        (propagated(request=training(RemoteDebugConfig={"EnableRemoteDebug": True})),),
        (propagated(request=training(RemoteDebugConfig={"EnableRemoteDebug": False})),),
    ),
    Statements(
        (45, 48),
        "tip-debugger",
        (
            propagated(request=training(DebugHookConfig={"S3OutputPath": "s3://acme-data/debug/"})),
            propagated(
                request=training(DebugRuleConfigurations=[{"RuleConfigurationName": "r", "RuleEvaluatorImage": IMAGE}])
            ),
        ),
        (propagated(), propagated(request=processing())),
    ),
    Statements(
        (46,),
        "tip-profiler",
        (propagated(request=training(ProfilerConfig={"S3OutputPath": "s3://acme-data/profile/"})),),
        (propagated(request=training(ProfilerConfig={"DisableProfiler": True})),),
    ),
    Statements(
        (47,), "tip-dataset-definition", (propagated(request=with_dataset()),), (propagated(request=processing()),)
    ),
    Statements((49, 50), "missing-get-data-access", (described(PREFIX, SET_CONTEXT),), (described(*KEEPS_NOTHING),)),
    Statements(
        (51,), "missing-get-grants-instance", (described(DATA_ACCESS, SET_CONTEXT),), (described(*KEEPS_NOTHING),)
    ),
    Statements(
        (52,),
        "grants-instance-arn",
        (
            propagated(
                RUNTIME, *(json.loads(json.dumps([DATA_ACCESS, PREFIX]).replace("eu-west-1", "us-east-2"))), SET_CONTEXT
            ),
        ),
        (propagated(),),
    ),
    Statements((53, 55), "missing-set-context", (described(DATA_ACCESS, PREFIX),), (described(*KEEPS_NOTHING),)),
    Statements(
        (54,),
        "placeholder-left",
        (
            propagated(
                RUNTIME,
                DATA_ACCESS,
                PREFIX,
                {**SET_CONTEXT, "Resource": "arn:aws:iam::111122223333:role/S3-ACCESS-GRANT-ROLE"},
            ),
        ),
        (propagated(),),
        Level.WARNING,
    ),
    Statements(
        (57,),
        "missing-logs",
        (folder(without(RUNTIME, "logs:PutLogEvents"), LIST, OBJECTS),),
        (folder(*DATA),),
        Level.WARNING,
    ),
    Statements((68,), "missing-get-object", (two_roles(OTHER_ROLE),), (two_roles(ROLE),)),
    Statements(
        (69, 70, 72),
        "missing-get-object",
        (folder(*ADDITIONAL, request=training().replace("acme-data/train", "third/train")),),
        (folder(*ADDITIONAL),),
    ),
    Statements(
        (71,),
        "action-resource-mismatch",
        (folder(*DATA, allow(["s3:GetBucketAcl", "s3:PutObjectAcl"], BUCKET)),),
        (folder(*DATA, allow("s3:GetBucketAcl", BUCKET), allow("s3:PutObjectAcl", f"{BUCKET}/*")),),
        Level.WARNING,
    ),
    Statements((74,), "missing-put-object", (folder(RUNTIME, LIST, READS),), (folder(*DATA),)),
    Statements(
        (84, 85, 86),
        "missing-put-object",
        (programmed(CHURN),),
        (
            programmed(
                CHURN,
                RUNTIME,
                LIST,
                READS,
                allow("s3:PutObject", f"{DEFAULT_BUCKET}/sagemaker/DEMO-xgboost-churn/output/*"),
            ),
        ),
    ),
    Statements(
        (87,),
        "missing-put-object",
        (
            configured(
                folder(RUNTIME, LIST, READS, request=training(RoleArn=ROLE.replace("role/", "role/service-role/team/")))
            ),
        ),
        (configured(folder(*DATA, request=training(RoleArn=ROLE.replace("role/", "role/service-role/team/")))),),
    ),
    Statements(
        (88, 89),
        "missing-put-object",
        (programmed(estimator(), RUNTIME, LIST, READS),),
        (
            programmed(
                estimator()
                .replace(f'"{ROLE}"', "sagemaker.get_execution_role()")
                .replace("from", "import sagemaker\nfrom", 1),
                *DATA,
            ),
            programmed(
                estimator()
                .replace(f'"{ROLE}"', "get_execution_role()")
                .replace("from", "from sagemaker import get_execution_role\nfrom", 1),
                *DATA,
            ),
        ),
    ),
    Statements(
        (114,),
        "trust-excludes-sagemaker",
        (
            {**folder(*DATA), "trust.json": trust("ec2.amazonaws.com")},
            {
                **folder(*DATA),
                "trust.json": policy(
                    {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
                ),
            },
        ),
        (folder(*DATA), {**folder(*DATA), "trust.json": trust("sagemaker.eu-west-1.amazonaws.com")}),
    ),
    Statements(
        (154, 269, 309, 346),
        "invalid-policy",
        tuple(folder(*DATA, statement) for statement in NO_RESOURCE),
        tuple(folder(*DATA, {**statement, "Resource": "*"}) for statement in NO_RESOURCE),
    ),
    Statements(
        (242, 282, 322),
        "missing-get-object",
        tuple(folder(without(TWELVE, "s3:GetObject"), request=job) for job in JOBS),
        tuple(folder(TWELVE, request=job) for job in JOBS),
    ),
    Statements(
        (359,),
        "missing-get-object",
        (folder(without(ELEVEN, "s3:GetObject"), request=serving()),),
        (folder(ELEVEN, request=serving()),),
    ),
    Statements(
        (244, 284, 324),
        "action-resource-mismatch",
        tuple(folder(RUNTIME, {**LIST, "Resource": f"{BUCKET}/*"}, OBJECTS, request=job) for job in JOBS),
        tuple(folder(RUNTIME, LIST, OBJECTS, request=job) for job in JOBS),
    ),
    Statements(
        (247,),
        "missing-logs",
        (folder(NO_LOGS, allow([*LOGS], f"{GROUPS}/ProcessingJobs*"), LIST, OBJECTS, request=tuning()),),
        (folder(NO_LOGS, allow([*LOGS], f"{GROUPS}/TrainingJobs*"), LIST, OBJECTS, request=tuning()),),
        Level.WARNING,
    ),
    Statements(
        (161,),
        "key-policy-excludes-role",
        (domain(key_for(OTHER_ROLE)),),
        (domain(policy(allow(["kms:CreateGrant", "kms:DescribeKey"], "*", Principal={"AWS": ROLE}))),),
    ),
)
FULL_ACCESS_EVERYWHERE = {
    62: "s3:CreateBucket",
    63: "s3:GetBucketLocation",
    64: "s3:ListBucket",
    65: "s3:ListAllMyBuckets",
    66: "s3:GetBucketCors",
    67: "s3:PutBucketCors",
}


def folders(kind: str) -> Iterator[object]:
    for entry in CHECKLIST:
        for files in entry.bad if kind == "bad" else entry.good:
            yield pytest.param(entry, files, id=f"{'-'.join(map(str, entry.numbers))}-{entry.rule}")


@pytest.mark.parametrize(("entry", "files"), [*folders("bad")])
def test_what_breaks_a_statement_is_found(entry: Statements, files: Example) -> None:
    assert (entry.rule, entry.level) in {(finding.rule, finding.level) for finding in lint_files(files)}


@pytest.mark.parametrize(("entry", "files"), [*folders("good")])
def test_what_heeds_a_statement_is_clean(entry: Statements, files: Example) -> None:
    assert [shown(finding) for finding in lint_files(files) if finding.level is not Level.NOTE] == []


def shown(finding: Finding) -> str:
    return f"{finding.rule}: {finding.message}"


@pytest.mark.parametrize("action", FULL_ACCESS_EVERYWHERE.values())
def test_what_the_managed_policy_allows_on_every_bucket(action: str) -> None:
    held = managed.lookup(FULL_ACCESS)
    assert held is not None
    principal = Principal.role(ROLE)
    request = Request(
        principal, action, "*" if action.endswith("AllMyBuckets") else BUCKET, "111122223333", Context({}, True)
    )
    assert decide(request, Layers(identity=(held,))).decision is Decision.ALLOWED


def test_every_number_that_the_list_sends_here_is_here() -> None:
    listed = tomllib.loads((Path(__file__).parent.parent / "needs/seed_checklist.toml").read_text(encoding="utf-8"))
    numbers: set[int] = set()
    for entry in listed["elsewhere"]:
        if entry["where"] == "../rules/test_checklist.py":
            for text in entry["numbers"]:
                first, _, last = text.partition("-")
                numbers |= set(range(int(first), int(last or first) + 1))
    here = {number for entry in CHECKLIST for number in entry.numbers} | set(FULL_ACCESS_EVERYWHERE)
    assert here == numbers
