"""Keys and whole documents: who calls KMS, and what AWS does not store."""

from __future__ import annotations

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding, Level
from smlint_rules.examples import (
    DATA,
    KEY,
    LIST,
    NETWORK,
    OBJECTS,
    RUNTIME,
    Example,
    Statement,
    allow,
    deny,
    folder,
    policy,
    terraform,
    training,
    trust,
)

ACCOUNT = "111122223333"
USE = allow(["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"], KEY)
ROOT: Statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}


MODEL = """\
resource "aws_sagemaker_model" "churn" {
  execution_role_arn = aws_iam_role.serve.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://acme-models/churn/model.tar.gz"
  }
}
"""
ROLE = """\
resource "aws_iam_role" "serve" {
  name = "serve"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
  inline_policy {
    name   = "serve"
    policy = data.aws_iam_policy_document.serve.json
  }
}
"""


def found(files: Example) -> list[tuple[str, str]]:
    return [(one.rule, one.level.word) for one in lint_files(files) if one.level >= Level.WARNING]


def line_of(finding: Finding, text: str) -> str:
    return text.splitlines()[finding.origin.place().first.line - 1]


def writes_with_key(*key_policy: Statement, role: tuple[Statement, ...] = (*DATA, USE)) -> Example:
    return {
        "smlint.toml": f'account = "{ACCOUNT}"\nregion = "eu-west-1"\n\n'
        '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\n\n'
        f'[[key]]\narn = "{KEY}"\npolicy = "key.json"\n',
        "policy.json": policy(*role),
        "trust.json": trust(),
        "job.json": training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY}),
        "key.json": policy(*key_policy),
    }


def deny_unless_called_by(account: str) -> Statement:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"kms:CallerAccount": account}},
    }


def through(service: str) -> Statement:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}
        },
    }


@pytest.mark.parametrize(
    "broken",
    [
        {"Effect": "Allow", "Action": [], "Resource": "arn:aws:s3:::acme-data/*"},
        {"Effect": "Allow", "Action": ["s3.GetObject", "s3.PutObject"], "Resource": "arn:aws:s3:::acme-data/*"},
        {"Effect": "Allow", "Actions": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::acme-data/*"},
    ],
)
def test_actions_that_iam_cannot_read_may_be_those_that_are_missing(broken: Statement) -> None:
    files = writes_with_key(ROOT, role=(RUNTIME, LIST, USE, broken))
    assert {rule for rule, _ in found(files)} == {"invalid-policy"}


def test_a_bucket_with_a_slash_and_nothing_after_it_covers_no_key() -> None:
    slash = allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::acme-data/")
    assert found(writes_with_key(ROOT, role=(RUNTIME, LIST, USE, slash))) == [("prefix-not-covered", "error")]


def test_a_bucket_of_another_account_without_a_policy_is_told_at_the_bucket() -> None:
    files = writes_with_key(ROOT)
    config = files["smlint.toml"] + '\n[[bucket]]\nname = "acme-data"\naccount = "444455556666"\n'
    (finding,) = lint_files({**files, "smlint.toml": config})
    assert (finding.rule, line_of(finding, config)) == ("bucket-policy-lacks-grant", "[[bucket]]")
    assert finding.message.startswith("`acme-data` has no policy in the repository that allows `train` of another")


def test_the_account_that_kms_is_called_from() -> None:
    assert found(writes_with_key(ROOT, deny_unless_called_by(ACCOUNT))) == []
    assert found(writes_with_key(ROOT, deny_unless_called_by("444455556666"))) == [("key-policy-denies-role", "error")]


def test_a_key_policy_for_callers_of_the_account_through_one_service() -> None:
    assert found(writes_with_key(through("s3"), role=DATA)) == []
    assert found(writes_with_key(through("ec2"), role=DATA)) == [("kms-via-service-mismatch", "error")]


def test_an_invalid_policy_is_refused_whatever_its_statements_grant() -> None:
    twice = [{**statement, "Sid": "Same"} for statement in DATA]
    files = {"policy.json": policy(*twice), "trust.json": trust(), "job.json": training()}
    assert {rule for rule, _ in found(files)} == {"invalid-policy"}


def test_a_policy_of_the_configuration_without_statements() -> None:
    files = writes_with_key(ROOT) | {"policy.json": '{"Version": "2012-10-17", "Statement": []}'}
    assert ("invalid-policy", "error") in found(files)


def configured(files: Example, more: str) -> Example:
    """The files with a configuration that names the role's policy, and further lines of it."""
    role = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\n'
    return files | {"smlint.toml": f'account = "{ACCOUNT}"\nregion = "eu-west-1"\n\n{role}{more}'}


def test_a_boundary_that_aws_manages_is_changed_where_it_is_attached() -> None:
    files = configured(folder(*DATA), 'boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n')
    places = {(one.rule, one.origin.place().path) for one in lint_files(files) if one.level >= Level.WARNING}
    assert places == {("boundary-lacks-action", "smlint.toml")}


def test_a_grant_on_the_prefix_with_its_slash_covers_no_key_below() -> None:
    read = allow("s3:GetObject", "arn:aws:s3:::acme-data/train/")
    rest = (allow("s3:PutObject", "arn:aws:s3:::acme-data/*"), allow("s3:ListBucket", "arn:aws:s3:::acme-data"))
    assert found(folder(RUNTIME, read, *rest)) == [("prefix-not-covered", "error")]


def test_the_owner_of_the_bucket_under_its_own_key() -> None:
    def lists(account: str) -> Statement:
        condition = {"StringEquals": {"s3:ResourceAccount": account}}
        return allow("s3:ListBucket", "arn:aws:s3:::acme-data", Condition=condition)

    assert found(configured(folder(RUNTIME, OBJECTS, lists(ACCOUNT)), "")) == []
    assert found(configured(folder(RUNTIME, OBJECTS, lists("444455556666")), "")) == [("missing-list-bucket", "error")]


def test_a_guardrail_on_regions() -> None:
    def outside(*regions: str) -> Example:
        statement = deny("s3:*", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": list(regions)}})
        guardrail = '\n[[guardrail]]\nkind = "scp"\npolicy = "scp.json"\n'
        return configured(folder(*DATA), guardrail) | {"scp.json": policy(statement)}

    assert found(outside("eu-west-1", "us-east-1")) == []
    assert found(outside("us-east-1")) == [("guardrail-blocks-action", "error")]
    assert (
        found(folder(*DATA, deny("s3:*", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}})))
        == []
    )


def test_in_china_the_end_of_a_service_is_left_open() -> None:
    chinese = {
        name: text.replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1")
        for name, text in writes_with_key(
            ROOT,
            role=(*DATA, {**USE, "Condition": {"StringEquals": {"kms:ViaService": "s3.cn-north-1.amazonaws.com.cn"}}}),
        ).items()
    }
    assert found(chinese) == []


def test_an_alias_resource_as_the_resource_of_a_statement() -> None:
    main = """
resource "aws_kms_key" "data" {}

resource "aws_kms_alias" "data" {
  name          = "alias/data"
  target_key_id = aws_kms_key.data.key_id
}

data "aws_iam_policy_document" "use" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_alias.data.arn]
  }
}

resource "aws_iam_policy" "use" {
  name   = "use"
  policy = data.aws_iam_policy_document.use.json
}
"""
    (finding,) = lint_files({"main.tf": main})
    assert (finding.rule, finding.origin.place().first.line) == ("kms-alias-in-resource", 11)


def test_objects_are_not_taken_to_be_tagged() -> None:
    main = (
        """
resource "aws_iam_role" "serve" {
  name                = "serve"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

"""
        + MODEL
    )
    assert found({"main.tf": main}) == [("bucket-outside-full-access", "error")]


def test_a_missing_grant_is_told_at_the_statement_wherever_its_actions_are_written() -> None:
    main = (
        """
locals {
  data = ["s3:PutObject"]
}

data "aws_iam_policy_document" "serve" {
  statement {
    actions   = local.data
    resources = ["arn:aws:s3:::acme-models/*"]
  }
}

"""
        + ROLE
        + "\n"
        + MODEL
    )
    (finding,) = [one for one in lint_files({"main.tf": main}) if one.rule == "missing-get-object"]
    assert line_of(finding, main) == "    actions   = local.data"


def test_a_prefix_that_a_variable_names_is_told_at_the_statement() -> None:
    main = (
        """
locals {
  drafts = ["arn:aws:s3:::acme-models/drafts/*"]
}

"""
        + ROLE
        + """
data "aws_iam_policy_document" "serve" {
  statement {
    actions   = ["s3:GetObject"]
    resources = local.drafts
  }
}

"""
        + MODEL
    )
    (finding,) = [one for one in lint_files({"main.tf": main}) if one.rule == "prefix-not-covered"]
    assert line_of(finding, main) == '    actions   = ["s3:GetObject"]'


SERVES = (
    """
variable "role_name" {}

resource "aws_iam_role" "serve" {
  name = "serve"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "serve" {
  role   = %s
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

"""
    + MODEL
)


@pytest.mark.parametrize("role", ["basename(aws_iam_role.serve.arn)", "var.role_name", '"${var.role_name}"'])
def test_a_policy_of_a_role_that_may_be_meant(role: str) -> None:
    assert found({"main.tf": SERVES % role}) == []


@pytest.mark.parametrize("role", ['"other"', '"${var.role_name}-flow"'])
def test_a_policy_of_another_role(role: str) -> None:
    assert ("missing-get-object", "error") in found({"main.tf": SERVES % role})


def test_what_amazon_sagemaker_full_access_does_not_reach_is_told_where_it_is_attached() -> None:
    main = (
        """
data "aws_iam_policy" "full" {
  name = "AmazonSageMakerFullAccess"
}

resource "aws_iam_role" "serve" {
  name = "serve"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "full" {
  role       = aws_iam_role.serve.name
  policy_arn = data.aws_iam_policy.full.arn
}

"""
        + MODEL
    )
    (finding,) = lint_files({"main.tf": main})
    assert line_of(finding, main) == 'resource "aws_iam_role_policy_attachment" "full" {'


def test_the_policy_of_an_endpoint_may_stand_apart() -> None:
    def served(bucket: str) -> Example:
        network = """
resource "aws_vpc" "ml" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "ml" {
  vpc_id     = aws_vpc.ml.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.ml.id
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_vpc_endpoint_policy" "s3" {
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "arn:aws:s3:::BUCKET/*" }]
  })
}

resource "aws_sagemaker_model" "churn" {
  execution_role_arn = aws_iam_role.train.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://acme-data/model.tar.gz"
  }
  vpc_config {
    subnets            = [aws_subnet.ml.id]
    security_group_ids = ["sg-1"]
  }
}
"""
        return terraform(*DATA, NETWORK, more=network.replace("BUCKET", bucket))

    assert found(served("acme-data")) == []
    assert found(served("acme-other")) == [("endpoint-policy-blocks", "warning")]


def abroad(upload_key: str = "", default: str = "") -> Example:
    """A job whose bucket is another account's; the key of its output, and the bucket's own."""
    shares = {
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
    }
    output = {"S3OutputPath": "s3://acme-data/models/"} | ({"KmsKeyId": upload_key} if upload_key else {})
    entry = '\n[[bucket]]\nname = "acme-data"\naccount = "444455556666"\npolicy = "bucket.json"\n'
    entry += f'kms-key = "{default}"\n' if default else ""
    files = folder(*DATA, USE, request=training(OutputDataConfig=output), bucket_json=policy(shares))
    return configured(files, entry)


def test_the_managed_key_by_its_alias_is_no_customer_key_either() -> None:
    assert found(abroad(upload_key="alias/aws/s3")) == [("cross-account-default-key", "error")]
    assert found(abroad(upload_key=KEY)) == []
    assert ("cross-account-default-key", "error") in found(
        abroad(upload_key=KEY, default="arn:aws:kms:eu-west-1:444455556666:alias/aws/s3")
    )


def test_an_answer_on_the_encryption_of_a_bucket() -> None:
    def encrypted(**default: str) -> Example:
        rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
        answer = json.dumps({"ServerSideEncryptionConfiguration": {"Rules": [rule]}})
        entry = '\n[[bucket]]\nname = "acme-data"\npolicy = "get-bucket-encryption.json"\n'
        return configured(folder(*DATA, get_bucket_encryption_json=answer), entry)

    assert found(encrypted(SSEAlgorithm="AES256")) == []
    assert found(encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY)) == [("missing-kms-decrypt", "error")]


def test_not_principal_spares_nobody_who_has_a_boundary() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/train/SageMaker"
    spared = [f"arn:aws:iam::{ACCOUNT}:role/train", session, f"arn:aws:iam::{ACCOUNT}:root"]
    statement = {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": spared},
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
    }
    files = folder(*DATA, bucket_json=policy(statement), boundary_json=policy(allow("*", "*")))
    bucket = '\n[[bucket]]\nname = "acme-data"\npolicy = "bucket.json"\n'
    assert found(configured(files, bucket)) == []
    bounded = configured(files, 'boundary = "boundary.json"\n' + bucket)
    assert found(bounded) == [("bucket-policy-denies-role", "error")]


def written_as(resource: str) -> Example:
    """A role that reads a bucket of the stack, with this text as the resource of s3:GetObject."""
    return {
        "template.yaml": f"""
Resources:
  Data: {{Type: AWS::S3::Bucket}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{Service: sagemaker.amazonaws.com}}, Action: "sts:AssumeRole"}}]
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "{resource}"}}]
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      PrimaryContainer:
        Image: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1
        ModelDataUrl: !Sub "s3://${{Data}}/model.tar.gz"
"""
    }


def test_what_is_no_arn_of_a_bucket() -> None:
    data = {rule for rule, _ in found(written_as("${Data.Arn}/*"))}
    assert not data & {"invalid-policy", "malformed-arn", "missing-get-object"}
    for text in ("${Data}/*", "s3://${Data}/*"):
        assert ("invalid-policy", "error") in found(written_as(text))
        assert ("missing-get-object", "error") not in found(written_as(text))
    twice = found(written_as("arn:aws:s3:::${Data.Arn}/*"))
    assert ("malformed-arn", "error") in twice and ("missing-get-object", "error") not in twice


def test_a_session_that_only_reads_does_not_serve_an_output() -> None:
    reading = {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}
    session = allow("s3express:CreateSession", "*", Condition=reading)
    output = training(OutputDataConfig={"S3OutputPath": "s3://acme--euw1-az1--x-s3/models/"})
    assert found(folder(*DATA, session, request=output)) == [("missing-s3-action", "error")]
    assert found(folder(*DATA, allow("s3express:CreateSession", "*"), request=output)) == []


def without_settings(files: Example) -> Example:
    """The same, where no file says in which account and region the repository is deployed."""
    return {**files, "smlint.toml": files["smlint.toml"].partition("\n\n")[2]}


def test_a_key_by_alias_is_in_the_account_of_the_role() -> None:
    output = {"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": "alias/models"}
    files = without_settings(writes_with_key(ROOT, role=DATA)) | {"job.json": training(OutputDataConfig=output)}
    assert found(files) == [("missing-kms-generate-data-key", "error")]


def test_kms_is_called_in_the_region_of_the_key() -> None:
    def through_s3_of(region: str) -> Example:
        use = {**USE, "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}}
        return without_settings(writes_with_key(ROOT, role=(*DATA, use)))

    assert found(through_s3_of("eu-west-1")) == []
    assert found(through_s3_of("us-east-1")) == [("kms-via-service-mismatch", "error")]


def test_a_job_has_no_second_factor() -> None:
    def denied(operator: str, value: str) -> list[tuple[str, str]]:
        condition = {operator: {"aws:MultiFactorAuthPresent": value}}
        return found(folder(*DATA, deny("s3:PutObject", "*", Condition=condition)))

    assert denied("BoolIfExists", "false") == [("policy-denies-action", "error")]
    assert denied("Bool", "false") == []  # whether such a session has the key at all, AWS does not say
    assert denied("BoolIfExists", "true") == denied("Bool", "true") == []


def looks_up(granted: str, used: str, more: str = "") -> Example:
    """A role with a grant for a key in one configuration, and in another a notebook with a key, each looked up."""
    data = 'data "aws_kms_key" "data" {{\n  key_id = "{}"\n}}\n'
    role = terraform(RUNTIME, OBJECTS, allow("kms:CreateGrant", "${data.aws_kms_key.data.arn}"))
    serving = f"""
{data.format(used)}
resource "aws_sagemaker_notebook_instance" "research" {{
  name          = "research"
  role_arn      = "arn:aws:iam::{ACCOUNT}:role/train"
  instance_type = "ml.t3.medium"
  kms_key_id    = data.aws_kms_key.data.arn
}}
"""
    moved = {f"iam/{name}": text + data.format(granted) + more for name, text in role.items()}
    return moved | {"serving/main.tf": serving, "smlint.toml": f'account = "{ACCOUNT}"\nregion = "eu-west-1"\n'}


def test_a_key_that_is_looked_up_by_its_alias_in_two_places() -> None:
    assert found(looks_up("alias/data", "alias/data")) == []
    assert found(looks_up("alias/data", "alias/other")) == []  # both may be names of one key
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert found(looks_up(key, key)) == []
    assert ("missing-kms-create-grant", "warning") in found(looks_up(key, key.replace("1234abcd", "9999abcd")))


def test_a_key_that_is_looked_up_beside_its_alias() -> None:
    alias = 'resource "aws_kms_alias" "data" {\n  name          = "alias/data"\n  target_key_id = "1234abcd"\n}\n'
    key = "arn:aws:kms:eu-west-1:111122223333:key/"
    assert found(looks_up("alias/data", f"{key}1234abcd", alias)) == []
    assert found(looks_up("alias/data", f"{key}9999abcd", alias)) == [("missing-kms-create-grant", "warning")]


def test_what_a_dead_grant_explains_hides_nothing_else() -> None:
    alias = allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY.replace(KEY.rpartition(":")[2], "alias/ml"))
    output = training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY})
    assert found(folder(*DATA, alias, request=output)) == [
        ("kms-alias-in-resource", "error"),
        ("missing-kms-encrypt", "warning"),
    ]
