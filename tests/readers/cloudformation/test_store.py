"""The parameter store: what another template of the repository puts there, and what is unknown."""

from __future__ import annotations

import pytest
from tests.readers.cloudformation.reading import of, only, problems, read, shown

from smlint import facts as f
from smlint.values import Template

STORE = """
Parameters: {Env: {Type: String, Default: dev}}
Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: train, AssumeRolePolicyDocument: {Statement: []}}}
  Name: {Type: AWS::SSM::Parameter, Properties: {Name: /ml/role, Type: String, Value: !GetAtt R.Arn}}
  Bucket: {Type: AWS::SSM::Parameter, Properties: {Name: !Sub '/ml/${Env}/bucket', Type: String, Value: data}}
  Subnets: {Type: AWS::SSM::Parameter, Properties: {Name: /ml/subnets, Type: StringList, Value: 'subnet-1,subnet-2'}}
  Twice: {Type: AWS::SSM::Parameter, Properties: {Name: /ml/twice, Type: String, Value: a}}
  Again: {Type: AWS::SSM::Parameter, Properties: {Name: /ml/twice, Type: String, Value: b}}
  Secret: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: unnamed}}
"""
JOB = "Resources: {{J: {{Type: AWS::SageMaker::Model, Properties: {{ModelName: {0}}}}}}}\n"


def name(value: str, parameters: str = "") -> object:
    """What a property is that has the value, beside the templates that store parameters."""
    found = read(parameters + JOB.format(value), {"store.yaml": STORE}, partition="aws", account="111122223333")
    assert problems(found) == []
    return shown(only(f.Workload, found).request.get("ModelName"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'{{resolve:ssm:/ml/role}}'", "arn:aws:iam::111122223333:role/train"),
        ("'s3://{{resolve:ssm:/ml/dev/bucket}}/x'", "s3://data/x"),
        ("!Sub 's3://{{resolve:ssm:/ml/${E}/bucket}}/x'", "s3://data/x"),
        ("!Join ['', ['{{resolve:ssm:/ml/', !Ref E, '/bucket}}']]", "data"),
        ("'{{resolve:ssm:/ml/dev/bucket}}-{{resolve:ssm:/ml/none}}'", "data-⟨ssm:/ml/none⟩"),
        ("'{{resolve:ssm:/ml/dev/bucket:3}}'", "⟨ssm:/ml/dev/bucket:3⟩"),
        ("'{{resolve:ssm-secure:/ml/dev/bucket}}'", "⟨ssm-secure:/ml/dev/bucket⟩"),
        ("'{{resolve:secretsmanager:/ml/dev/bucket}}'", "⟨secretsmanager:/ml/dev/bucket⟩"),
        ("'{{resolve:ssm:/ml/twice}}'", "⟨ssm:/ml/twice⟩"),
        ("!Sub '{{resolve:ssm:/ml/${U}/bucket}}'", "⟨resolve:ssm:/ml/⟨U⟩/bucket⟩"),
        ("'{{resolve:ssm:/ml/dev/bucket'", "{{resolve:ssm:/ml/dev/bucket"),
    ],
)
def test_dynamic_references(value: str, expected: str) -> None:
    assert name(value, "Parameters: {E: {Type: String, Default: dev}, U: {Type: String}}\n") == expected


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        ("AWS::SSM::Parameter::Value<String>", "/ml/dev/bucket", "data"),
        ("AWS::SSM::Parameter::Value<AWS::S3::Bucket::Name>", "/ml/dev/bucket", "data"),
        ("AWS::SSM::Parameter::Value<List<String>>", "/ml/subnets", ["subnet-1", "subnet-2"]),
        ("AWS::SSM::Parameter::Value<CommaDelimitedList>", "/ml/subnets", ["subnet-1", "subnet-2"]),
        ("AWS::SSM::Parameter::Value<CommaDelimitedList>", "/ml/none", "⟨unknown⟩"),
        ("AWS::SSM::Parameter::Value<String>", "/aws/service/x", "⟨P⟩"),
        ("AWS::SSM::Parameter::Value<String>", "/ml/twice", "⟨P⟩"),
        ("AWS::SSM::Parameter::Name", "/ml/dev/bucket", "/ml/dev/bucket"),
    ],
)
def test_parameter_types(kind: str, default: str, expected: object) -> None:
    assert name("!Ref P", f"Parameters: {{P: {{Type: '{kind}', Default: {default}}}}}\n") == expected


def test_allowed_values_are_names_not_values() -> None:
    head = "Parameters: {P: {Type: AWS::SSM::Parameter::Value<String>, AllowedValues: [/x, /y]}}\n"
    node = only(f.Workload, read(head + JOB.format("!Ref P"))).request.get("ModelName")
    assert node is not None
    assert isinstance(node.text, Template)
    assert node.text.holes[0].oneof == ()


def test_a_given_parameter_names_what_is_stored() -> None:
    head = "Parameters: {P: {Type: AWS::SSM::Parameter::Value<String>, Default: /x}}\n"
    found = read(head + JOB.format("!Ref P"), {"s.yaml": STORE}, parameters={"P": "/ml/dev/bucket"})
    assert shown(only(f.Workload, found).request)["ModelName"] == "data"


def test_attributes_of_a_parameter_of_the_template() -> None:
    template = (
        STORE + "  J: {Type: AWS::SageMaker::Model, Properties: {ModelName: !GetAtt Bucket.Value, X: !Ref Bucket}}\n"
    )
    assert shown(only(f.Workload, read(template)).request) == {"ModelName": "data", "X": "/ml/dev/bucket"}


def test_values_that_need_each_other_are_unknown() -> None:
    loop = """
Resources:
  A: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Type: String, Value: '{{resolve:ssm:/b}}'}}
  B: {Type: AWS::SSM::Parameter, Properties: {Name: /b, Type: String, Value: '{{resolve:ssm:/a}}'}}
  C: {Type: AWS::S3::Bucket, Properties: {BucketName: '{{resolve:ssm:/a}}'}}
"""
    assert shown(of(f.Bucket, read(loop))[0].name) == "⟨ssm:/b⟩"
