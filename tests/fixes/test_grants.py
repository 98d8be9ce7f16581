"""What to write stands as the file would have it, is all that is lacking, and names what the file makes."""

from __future__ import annotations

import json

import pytest
import yaml

from smlint.engine import lint_files
from smlint.finding import Finding
from smlint.rule import Example
from smlint_rules.examples import DATA, KEY, RUNTIME, allow, folder, policy, terraform, training, trust

REQUEST = training()
OWN = allow("s3:GetBucketLocation", "*")


def found(rule: str, example: Example) -> Finding:
    (one,) = (one for one in lint_files(example) if one.rule == rule)
    return one


def stack(policies: object, **resources: object) -> dict[str, object]:
    document = {"Version": "2012-10-17", "Statement": [OWN]} if policies is None else policies
    role = {"RoleName": "train", "AssumeRolePolicyDocument": json.loads(trust())}
    if document:
        role["Policies"] = [{"PolicyName": "own", "PolicyDocument": document}]
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "acme-data"}}
    return {"Resources": {"Data": bucket, "Role": {"Type": "AWS::IAM::Role", "Properties": role}, **resources}}


def test_who_adds_one_permission_on_a_key_adds_all() -> None:
    output = {"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY}
    example = folder(*DATA, request=training(OutputDataConfig=output))
    grant = json.loads(found("missing-kms-generate-data-key", example).snippet)
    assert grant["Action"] == ["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"]
    mended = {**example, "policy.json": policy(*DATA, grant)}
    assert not [one for one in lint_files(mended) if one.rule.startswith("missing-kms")]


def test_a_template_refers_to_its_own_bucket() -> None:
    template = {"job.json": REQUEST, "stack.json": json.dumps(stack(None))}
    assert json.loads(found("missing-list-bucket", template).snippet)["Resource"] == {"Fn::GetAtt": ["Data", "Arn"]}
    text = yaml.safe_dump(stack(None))
    written = found("missing-get-object", {"job.json": REQUEST, "stack.yaml": text}).snippet
    assert "Resource: !Sub '${Data.Arn}/train/*'" in written


def test_a_bucket_that_refers_to_the_role_is_named() -> None:
    template = stack(None)
    template["Resources"]["Data"]["Properties"]["ReplicationConfiguration"] = {  # type: ignore[index]
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Rules": [],
    }
    example = {"job.json": REQUEST, "stack.json": json.dumps(template)}
    assert json.loads(found("missing-list-bucket", example).snippet)["Resource"] == "arn:aws:s3:::acme-data"


def test_terraform_refers_to_the_bucket_of_its_module() -> None:
    example = {**terraform(OWN), "store.tf": 'resource "aws_s3_bucket" "data" {\n  bucket = "acme-data"\n}\n'}
    assert "aws_s3_bucket.data.arn\n" in found("missing-list-bucket", {**example, "job.json": REQUEST}).snippet
    elsewhere = {**terraform(OWN), "store/main.tf": example["store.tf"], "job.json": REQUEST}
    assert '"arn:aws:s3:::acme-data"\n' in found("missing-list-bucket", elsewhere).snippet


def test_whoever_passes_a_role_of_the_same_template_refers_to_it() -> None:
    flow = {
        "StartAt": "Train",
        "States": {
            "Train": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sagemaker:createTrainingJob",
                "Parameters": json.loads(REQUEST),
                "End": True,
            }
        },
    }
    starter = {"AssumeRolePolicyDocument": json.loads(trust("states.amazonaws.com"))}
    starter["Policies"] = [{"PolicyName": "own", "PolicyDocument": json.loads(policy(OWN))}]
    machine = {"RoleArn": {"Fn::GetAtt": ["Starter", "Arn"]}, "Definition": flow}
    template = stack(
        None,
        Starter={"Type": "AWS::IAM::Role", "Properties": starter},
        Machine={"Type": "AWS::StepFunctions::StateMachine", "Properties": machine},
    )
    grant = json.loads(found("caller-lacks-pass-role", {"stack.json": json.dumps(template)}).snippet)
    assert grant["Resource"] == {"Fn::GetAtt": ["Role", "Arn"]}


@pytest.mark.parametrize("path", ["stack.yaml", "flow.yaml", "stack.json"])
def test_a_role_of_a_template_without_a_policy_gets_a_whole_one(path: str) -> None:
    template = stack({})
    text = yaml.safe_dump(template) if path == "stack.yaml" else json.dumps(template)
    one = found("missing-list-bucket", {"job.json": REQUEST, path: text})
    assert one.fix.endswith("`Role` has no policy of its own, so this is a whole one")
    assert one.snippet.startswith("Policies:" if path == "stack.yaml" else ("Policies: [", '"Policies": ['))
    text = one.snippet.replace("!GetAtt ", "")
    written = yaml.safe_load(text if path == "stack.yaml" else f"{{{text}}}")
    (own,) = written["Policies"]
    assert own["PolicyName"] == "ListBucket" and own["PolicyDocument"]["Statement"][0]["Action"] == "s3:ListBucket"


def test_a_role_of_terraform_without_a_policy_gets_a_resource() -> None:
    text = terraform()["main.tf"].partition('resource "aws_iam_role_policy"')[0]
    one = found("missing-list-bucket", {"job.json": REQUEST, "main.tf": text})
    assert one.snippet.startswith(
        'resource "aws_iam_role_policy" "train_listbucket" {\n  role   = aws_iam_role.train.name'
    )
    after = lint_files({"job.json": REQUEST, "main.tf": f"{text}\n{one.snippet}\n"})
    assert "missing-list-bucket" not in {found.rule for found in after}


def test_a_statement_that_stands_alone_becomes_one_of_a_list() -> None:
    alone = json.dumps({"Version": "2012-10-17", "Statement": OWN})
    one = found("missing-list-bucket", {**folder(), "policy.json": alone})
    assert one.fix.endswith("the statement there is no list yet: make it one")


def test_under_identity_propagation_s3_permissions_are_no_remedy_for_missing_grants() -> None:
    example = folder(RUNTIME, allow("s3:GetDataAccess", "arn:aws:s3:*:111122223333:access-grants/default"))
    assert "not needed where S3 Access Grants serves the data" in found("missing-get-object", example).fix
    assert "S3 Access Grants" not in found("missing-get-object", folder(RUNTIME, OWN)).fix


def test_the_policy_of_another_account_names_the_role() -> None:
    config = '[[bucket]]\nname = "acme-data"\naccount = "444455556666"\npolicy = "bucket.json"\n'
    other = allow("s3:*", "arn:aws:s3:::acme-data/x", Principal={"AWS": "arn:aws:iam::111122223333:role/other"})
    example = folder(*DATA, smlint_toml=config, bucket_json=policy(other))
    grants = json.loads(f"[{found('bucket-policy-lacks-grant', example).snippet}]")
    assert {grant["Principal"]["AWS"] for grant in grants} == {"arn:aws:iam::111122223333:role/train"}
    after = lint_files({**example, "bucket.json": policy(other, *grants)})
    assert "bucket-policy-lacks-grant" not in {one.rule for one in after}


@pytest.mark.parametrize(
    ("own", "principal"),
    [
        ("*", {"Fn::GetAtt": ["Role", "Arn"]}),
        ({"Fn::GetAtt": ["Key", "Arn"]}, {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}),
    ],
)
def test_a_key_policy_refers_to_the_role_but_in_no_circle(own: object, principal: object) -> None:
    statement = {"Effect": "Allow", "Action": ["s3:*", "logs:*", "ecr:*", "cloudwatch:*", "kms:*"], "Resource": own}
    template = stack({"Version": "2012-10-17", "Statement": [statement, {**statement, "Resource": "*"}]})
    resources = template["Resources"]
    assert isinstance(resources, dict)
    del resources["Role"]["Properties"]["RoleName"]
    admin = allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::111122223333:role/admin"})
    resources["Key"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": json.loads(policy(admin))}}
    resources["Notebook"] = {
        "Type": "AWS::SageMaker::NotebookInstance",
        "Properties": {
            "InstanceType": "ml.t3.medium",
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "KmsKeyId": {"Ref": "Key"},
        },
    }
    grant = json.loads(found("key-policy-excludes-role", {"stack.json": json.dumps(template)}).snippet)
    assert grant["Principal"] == {"AWS": principal} and grant["Resource"] == "*"
    resources["Key"]["Properties"]["KeyPolicy"]["Statement"].append(grant)
    assert not [one for one in lint_files({"stack.json": json.dumps(template)}) if one.level.word == "error"]


def test_what_ref_gives_no_name_of_is_named_by_an_attribute() -> None:
    notify = {"S3OutputPath": "s3://acme-data/out/", "NotificationConfig": {"SuccessTopic": {"Ref": "Topic"}}}
    variant = {"VariantName": "all", "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]}}
    config = {"ProductionVariants": [variant], "AsyncInferenceConfig": {"OutputConfig": notify}}
    model = {"ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}
    template = stack(
        None,
        Topic={"Type": "AWS::SNS::Topic"},
        Model={"Type": "AWS::SageMaker::Model", "Properties": model},
        Config={"Type": "AWS::SageMaker::EndpointConfig", "Properties": config},
    )
    grant = json.loads(found("missing-role-action", {"stack.json": json.dumps(template)}).snippet)
    assert grant["Resource"] == {"Fn::Sub": "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Topic.TopicName}"}
    resources = template["Resources"]
    assert isinstance(resources, dict)
    resources["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].append(grant)
    assert "missing-role-action" not in {one.rule for one in lint_files({"stack.json": json.dumps(template)})}


SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Policies:
        - SQSSendMessagePolicy: {QueueName: q}
      Definition:
        StartAt: Train
        States:
          Train:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createTrainingJob
            Parameters: {TrainingJobName: churn}
            End: true
"""


def test_a_policy_for_a_list_of_policies_is_one_of_its_items() -> None:
    one = found("caller-lacks-api-action", {"stack.yaml": SAM})
    assert one.snippet.startswith('- Version: "2012-10-17"\n  Statement:\n    - Effect: Allow\n')
    written = one.snippet.replace("\n", "\n        ")
    mended = SAM.replace("        - SQSSend", f"        {written}\n        - SQSSend")
    assert "caller-lacks-api-action" not in {after.rule for after in lint_files({"stack.yaml": mended})}


ROOT = """resource "aws_s3_bucket" "data" {
  bucket_prefix = "acme-"
}
variable "stage" {}
module "train" {
  source = "./train"
  bucket = aws_s3_bucket.data.bucket
  prefix = var.stage
}
"""
MODULE = """variable "bucket" {}
variable "prefix" {}
locals {
  folder = "acme-data"
  place  = "${var.bucket}-${var.prefix}"
}
resource "aws_s3_bucket" "own" {}
resource "aws_sagemaker_model" "model" {
  execution_role_arn = aws_iam_role.train.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = URI
  }
}
"""


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        ('"s3://${var.bucket}/${var.prefix}/model.tar.gz"', "arn:aws:s3:::${var.bucket}/${var.prefix}/model.tar.gz"),
        ('"s3://${aws_s3_bucket.own.id}/model.tar.gz"', "arn:aws:s3:::${aws_s3_bucket.own.bucket}/model.tar.gz"),
        ('format("s3://%s/%s", var.bucket, "model.tar.gz")', "arn:aws:s3:::*/model.tar.gz"),
        ('"s3://${local.folder}/${local.place}.gz"', "arn:aws:s3:::acme-data/*-*.gz"),
    ],
)
def test_a_module_calls_what_it_is_given_by_its_own_names(uri: str, written: str) -> None:
    module = terraform(OWN, more=MODULE.replace("URI", uri))["main.tf"]
    one = found("missing-get-object", {"main.tf": ROOT, "train/main.tf": module})
    assert f'Resource = "{written}"' in one.snippet


def test_a_policy_of_one_of_several_roles_is_called_after_it() -> None:
    text = terraform(more=MODULE.replace("URI", '"s3://acme-data/model.tar.gz"'))["main.tf"]
    role = text.partition('resource "aws_iam_role_policy"')[0].replace('"train" {', '"train" {\n  count = 1')
    model = 'resource "aws_sagemaker_model"' + text.partition('resource "aws_sagemaker_model"')[2]
    one = found("missing-get-object", {"main.tf": role + model.replace(".train.", ".train[0].")})
    assert one.snippet.startswith(
        'resource "aws_iam_role_policy" "train_0_getobject" {\n  role   = aws_iam_role.train[0]'
    )


def test_a_bucket_that_refers_to_one_of_several_roles_is_named() -> None:
    text = terraform(OWN)["main.tf"].replace('"train" {', '"train" {\n  count = 1', 1)
    text = text.replace("aws_iam_role.train.", "aws_iam_role.train[0].")
    tag = "tags = { reader = aws_iam_role.train[0].name }"
    bucket = f'resource "aws_s3_bucket" "data" {{\n  bucket = "acme-data"\n  {tag}\n}}\n'
    example = {"job.json": REQUEST, "main.tf": text, "store.tf": bucket}
    assert '"arn:aws:s3:::acme-data"\n' in found("missing-list-bucket", example).snippet
    free = {**example, "store.tf": bucket.replace(tag, "")}
    assert "aws_s3_bucket.data.arn\n" in found("missing-list-bucket", free).snippet


@pytest.mark.parametrize("both", [False, True])
def test_a_resource_under_a_condition_is_referred_to_only_under_that(both: bool) -> None:
    template = stack(None)
    template["Conditions"] = {"Makes": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}]}}
    resources = template["Resources"]
    assert isinstance(resources, dict)
    resources["Data"]["Condition"] = "Makes"
    if both:
        resources["Role"]["Condition"] = "Makes"
    for path, text in (("stack.json", json.dumps(template)), ("stack.yaml", yaml.safe_dump(template))):
        written = found("missing-list-bucket", {"job.json": REQUEST, path: text}).snippet
        assert ("arn:aws:s3:::acme-data" in written) is not both
