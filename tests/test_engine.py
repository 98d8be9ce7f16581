from __future__ import annotations

from smlint.config import Config
from smlint.engine import lint, lint_files
from smlint.files import Tree, discover
from smlint.finding import Level
from smlint_rules.examples import DATA, OBJECTS, RUNTIME, folder


def test_one_bad_file_costs_one_finding_and_the_rest_is_linted() -> None:
    files = folder(RUNTIME, OBJECTS) | {
        "other/broken.json": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"]}',
        "broken.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n",
        "other.json": '{"nothing": "of ours"',
    }
    found = {(one.rule, one.origin.document.path) for one in lint_files(files) if one.level is Level.ERROR}
    assert found == {
        ("missing-list-bucket", "policy.json"),
        ("unreadable-file", "other/broken.json"),
        ("unreadable-file", "broken.yaml"),
    }


def test_what_was_read_and_what_was_passed_over_is_told() -> None:
    tree = Tree.of(folder(*DATA) | {"package.json": '{"name": "web", "aws_": 1}', "notes.md": "# s3://"})
    outcome = lint(tree, discover(tree, [""]), Config())
    assert dict(outcome.read) == {"job.json": "request", "policy.json": "policy file", "trust.json": "policy file"}
    assert dict(outcome.passed) == {"package.json": "is nothing that smlint reads"}


def test_findings_do_not_depend_on_the_order_of_files() -> None:
    files = folder(RUNTIME, OBJECTS)
    forward = [(one.rule, one.message) for one in lint_files(files)]
    backward = [(one.rule, one.message) for one in lint_files(dict(reversed(files.items())))]
    assert forward == backward


def test_placeholders_in_a_template_file_are_holes() -> None:
    files = folder(*DATA)
    files["policy.json.tpl"] = files.pop("policy.json").replace("acme-data", "${bucket}")
    assert [one for one in lint_files(files) if one.level is Level.ERROR] == []


def test_unknowns_are_kept_apart() -> None:
    files = folder(*DATA)
    files["policy.json.tpl"] = files.pop("policy.json").replace("acme-data", "${bucket}")
    tree = Tree.of(files)
    outcome = lint(tree, discover(tree, [""]), Config())
    assert any("s3:GetObject" in one.access for one in outcome.unknowns)


def test_the_region_tells_the_partition() -> None:
    def wrong(region: str, partition: str) -> bool:
        files = {"smlint.toml": f'region = "{region}"\n'} | folder(*DATA)
        files["policy.json"] = files["policy.json"].replace("arn:aws:", f"arn:{partition}:")
        return "malformed-arn" in {one.rule for one in lint_files(files)}

    assert not wrong("eu-west-1", "aws") and wrong("eu-west-1", "aws-cn")
    assert not wrong("cn-north-1", "aws-cn") and wrong("cn-north-1", "aws")
    assert not wrong("us-gov-west-1", "aws-us-gov") and wrong("us-gov-west-1", "aws-cn")


def test_what_templates_export_is_read_once_more_when_the_account_is_found_out() -> None:
    role = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: train
      AssumeRolePolicyDocument: {Statement: []}
Outputs: {Role: {Value: !GetAtt Role.Arn, Export: {Name: role}}}
"""
    model = """\
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties: {ExecutionRoleArn: !ImportValue role}
"""
    arn = "arn:aws:iam::111122223333:role/train"
    job = f"import boto3\nboto3.client('sagemaker').create_model(ModelName='m', ExecutionRoleArn='{arn}')\n"
    tree = Tree.of({"role.yaml": role, "model.yaml": model, "job.py": job})
    estate = lint(tree, discover(tree, [""]), Config()).estate
    assert estate is not None
    assert [job.role_text for job in estate.jobs] == [arn, arn]
