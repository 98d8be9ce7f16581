"""Nested stacks, exports and imports, the CDK's assembly."""

from __future__ import annotations

import json

import pytest
from tests.readers.cloudformation.reading import of, only, read, read_file, shown

from smlint import facts as f

PARENT = """
Resources:
  Roles:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./nested/role.yaml
      Parameters: {Name: train}
  Jobs:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/job.yaml
      Parameters: {Role: !GetAtt Roles.Outputs.Arn, Missing: !GetAtt Roles.Outputs.Nothing}
"""
ROLE = """
Parameters: {Name: {Type: String, Default: other}}
Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref Name, AssumeRolePolicyDocument: {Statement: []}}}
  B: {Type: AWS::S3::Bucket}
Outputs: {Arn: {Value: !GetAtt R.Arn, Export: {Name: !Sub '${AWS::StackName}-arn'}}}
"""
JOB = """
Parameters: {Role: {Type: String}, Missing: {Type: String}}
Resources:
  J: {Type: AWS::SageMaker::Model, Properties: {ExecutionRoleArn: !Ref Role, ModelName: !Ref Missing}}
"""


def test_values_go_down_and_come_back() -> None:
    found = read(PARENT, {"nested/role.yaml": ROLE, "nested/job.yaml": JOB})
    role, job = only(f.Role, found), only(f.Workload, found)
    assert role.name == "train"
    argument = job.request.get("ExecutionRoleArn")
    assert argument is not None
    assert argument.text == role.arn
    assert argument.origin.place().path == "nested/job.yaml"
    assert {fact.path for fact in of(f.Superseded, found)} == {"nested/role.yaml", "nested/job.yaml"}


@pytest.mark.parametrize(
    "given",
    [
        "!If [Unsettled, {Name: a}, {Name: b}]",
        "{'Fn::Transform': {Name: Macro, Parameters: {}}}",
        "[{ParameterKey: !Ref Which, ParameterValue: a}]",
    ],
)
def test_a_default_is_not_taken_where_the_parent_may_give_a_value(given: str) -> None:
    parent = f"""
Parameters: {{Which: {{Type: String}}}}
Conditions: {{Unsettled: !Equals [!Ref Which, x]}}
Resources:
  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: role.yaml, Parameters: {given}}}}}
"""
    names = {role.name for role in of(f.Role, read(parent, {"role.yaml": ROLE}))}
    assert "other" not in names
    assert names


def test_one_template_twice_is_two_stacks() -> None:
    parent = "Resources:\n" + "".join(
        f"  S{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: role.yaml}}}}\n" for n in (1, 2)
    )
    first, second = of(f.Bucket, read(parent, {"role.yaml": ROLE}))
    assert first.name != second.name


def test_stack_set_with_a_template_in_it() -> None:
    template = """
Resources:
  S:
    Type: AWS::CloudFormation::StackSet
    Properties:
      Parameters: [{ParameterKey: Name, ParameterValue: given}]
      TemplateBody: |
        Parameters: {Name: {Type: String}}
        Resources:
          B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
"""
    bucket = only(f.Bucket, read(template))
    assert bucket.name == "given"
    assert bucket.origin.place().first.line == 10


def test_remote_templates_are_not_read() -> None:
    found = read(PARENT.replace("./nested/role.yaml", "https://s3.amazonaws.com/b/role.yaml"), {"nested/job.yaml": JOB})
    assert of(f.Role, found) == []
    assert shown(only(f.Workload, found).request)["ExecutionRoleArn"] == "⟨Roles.Outputs.Arn⟩"


IMPORTER = "Resources: {J: {Type: AWS::SageMaker::Model, Properties: {ExecutionRoleArn: {'Fn::ImportValue': NAME}}}}\n"


def imported(name: str, *exporters: str) -> str:
    files = {f"stacks/{n}.yaml": exporter for n, exporter in enumerate(exporters)}
    return str(shown(only(f.Workload, read(IMPORTER.replace("NAME", name), files)).request)["ExecutionRoleArn"])


def test_an_import_is_what_another_template_exports() -> None:
    fixed = ROLE.replace("!Sub '${AWS::StackName}-arn'", "role-arn")
    joined = "arn:⟨partition⟩:iam::⟨account⟩:role/other"
    assert imported("role-arn", fixed) == joined
    assert imported("iam-stack-arn", ROLE) == joined
    assert imported("!Sub '${AWS::StackName}-arn'", ROLE) == joined


def test_an_output_whose_condition_does_not_hold_exports_nothing() -> None:
    exporter = """
Conditions: {Yes: !Equals [a, a], No: !Equals [a, b]}
Resources: {B: {Type: AWS::S3::Bucket}}
Outputs:
  One: {Condition: No, Value: one, Export: {Name: role-arn}}
  Two: {Condition: Yes, Value: two, Export: {Name: role-arn}}
"""
    assert imported("role-arn", exporter) == "two"


def test_loops_export() -> None:
    exporter = """
Transform: AWS::LanguageExtensions
Resources: {B: {Type: AWS::S3::Bucket}}
Outputs:
  Fn::ForEach::Roles: [Name, [train, serve], {"Out${Name}": {Value: !Ref Name, Export: {Name: !Sub "${Name}-arn"}}}]
"""
    assert imported("serve-arn", exporter) == "serve"


def test_an_import_that_nothing_or_too_much_exports_is_unknown() -> None:
    other = ROLE.replace("Default: other", "Default: another")
    assert imported("role-arn") == "⟨role-arn⟩"
    assert imported("role-other", ROLE) == "⟨role-other⟩"
    assert imported("iam-arn", ROLE, other) == "⟨iam-arn⟩"


def test_the_assembly_says_where_a_stack_goes() -> None:
    manifest = {
        "artifacts": {
            "S": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://111122223333/eu-west-1",
                "properties": {"templateFile": "S.template.json", "stackName": "prod-s"},
            },
            "T": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region"},
            "U": 3,
        }
    }
    name = {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}
    template = {
        "Resources": {
            "R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name}},
            "N": {
                "Type": "AWS::CloudFormation::Stack",
                "Metadata": {"aws:asset:path": "N.nested.template.json"},
                "Properties": {"TemplateURL": {"Fn::Sub": "https://s3/${AWS::Region}"}},
            },
        }
    }
    files = {
        "cdk.out/S.template.json": json.dumps(template),
        "cdk.out/N.nested.template.json": '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}',
        "cdk.out/manifest.json": json.dumps(manifest),
    }
    found = read_file("cdk.out/S.template.json", files, partition="aws")
    assert only(f.Role, found).arn == "arn:aws:iam::111122223333:role/prod-s-eu-west-1"
    assert only(f.Bucket, found).account == "111122223333"
    given = read_file("cdk.out/S.template.json", files, partition="aws", account="444455556666")
    assert only(f.Role, given).arn == "arn:aws:iam::444455556666:role/prod-s-eu-west-1"
    broken = read_file("cdk.out/S.template.json", {**files, "cdk.out/manifest.json": "["})
    assert only(f.Role, broken).label == "R"
