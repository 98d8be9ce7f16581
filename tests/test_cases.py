"""Conditions that no parameter settles, from the template to the finding."""

from __future__ import annotations

from smlint.cases import together
from smlint.document import Document, Span
from smlint.engine import lint_files
from smlint.finding import Finding

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: [s3:GetObject, s3:ListBucket, s3:GetBucketLocation], Resource: "*"}
              - !If
                - IsProd
                - {Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::b/*"}
                - !Ref AWS::NoValue
  Job:
    Type: AWS::SageMaker::ProcessingJob
    Properties:
      RoleArn: !GetAtt Role.Arn
      AppSpecification: {ImageUri: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3}
      ProcessingResources: {ClusterConfig: {InstanceCount: 1, InstanceType: ml.m5.large, VolumeSizeInGB: 10}}
      ProcessingOutputConfig:
        Outputs: [{OutputName: o, S3Output: {S3Uri: s3://b/o, LocalPath: /o, S3UploadMode: EndOfJob}}]
"""


def unders(template: str, rule: str) -> list[str]:
    found = lint_files({"template.yaml": template})
    return [finding.under for finding in found if finding.rule == rule]


def test_a_finding_says_when_it_holds() -> None:
    assert unders(TEMPLATE, "missing-put-object") == ["when not IsProd"]


def test_what_holds_in_every_case_says_nothing() -> None:
    assert unders(TEMPLATE, "missing-logs") == [""]


def test_a_default_settles() -> None:
    for value, expected in (("prod", []), ("dev", [""])):
        settled = TEMPLATE.replace("[dev, prod]}", f"[dev, prod], Default: {value}}}")
        assert unders(settled, "missing-put-object") == expected


def test_a_nested_template_is_not_linted_alone_as_well() -> None:
    parent = (
        "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: child.yaml, Parameters: {Env: prod}}\n"
    )
    found = lint_files({"parent.yaml": parent, "child.yaml": TEMPLATE})
    assert not [finding for finding in found if finding.rule == "missing-put-object"]


def test_together() -> None:
    document = Document("a.yaml", "abc")

    def finding(message: str, under: str) -> Finding:
        return Finding(message, Span(document, 0, 1), rule="r", under=under)

    first = [finding("always", "when A"), finding("sometimes", "when A")]
    second = [finding("always", "when not A")]
    third = [finding("always", "when not A"), finding("sometimes", "when B")]
    assert [(f.message, f.under) for f in together([first, second, third])] == [
        ("always", ""),
        ("sometimes", "when A or when B"),
    ]
    assert together([first]) is first
