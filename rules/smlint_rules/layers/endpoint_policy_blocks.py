"""The policy of the VPC endpoint does not allow the bucket.

What
----
The workload runs in a VPC whose S3 endpoint has a policy, and that policy does not allow the bucket that the workload
uses.

Why AWS refuses
---------------
Requests of a job in a VPC go through the VPC's S3 endpoint. What its policy does not allow is refused, whatever the
role and the bucket allow. It is a warning because the subnets' route tables decide which way a request goes.

Fix
---
Allow the bucket in the endpoint's policy.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.denies import excepted
from smlint.fixes.grants import admitted
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import Example

LEVEL = Level.WARNING


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.ENDPOINT or not refusal.required:
        return
    yield finding(
        refusal,
        f"the policy of the VPC endpoint does not allow {some(refusal.actions)} on {quoted(refusal.resources)}, "
        f"which {whose(refusal, 'needs')}",
        LEVEL,
        fix="except the role or the bucket from this Deny"
        if refusal.denied
        else "allow the bucket in the endpoint's policy",
        snippet=excepted(refusal) if refusal.denied else admitted(refusal, "*"),
    )


_TEMPLATE = """Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Private:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Storage:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: "*"
            Resource: %s
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: sagemaker.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: model
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: ["ec2:*", "ecr:*", "logs:*", "cloudwatch:*", "s3:*"]
                Resource: "*"
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      PrimaryContainer:
        Image: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1
        ModelDataUrl: s3://acme-models/churn/model.tar.gz
      VpcConfig:
        SecurityGroupIds: [sg-0a1b2c3d]
        Subnets: [!Ref Private]
"""


def _stack(resource: str) -> Example:
    return {"template.yaml": _TEMPLATE.replace("%s", resource)}


BAD = (_stack("arn:aws:s3:::acme-data/*"),)
GOOD = (_stack('"*"'), _stack("arn:aws:s3:::acme-models/*"))
