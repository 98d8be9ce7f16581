"""An AWS managed policy that does not exist.

What
----
A role, user or group has `arn:aws:iam::aws:policy/…` attached, or as its permissions boundary, and AWS publishes no
policy with this ARN. The path belongs to it: `service-role/AWSLambdaBasicExecutionRole` exists,
`AWSLambdaBasicExecutionRole` without the path does not. The partition is of no account.

Why AWS refuses
---------------
IAM cannot attach what it does not know, so the deployment fails:

    NoSuchEntity: Policy arn:aws:iam::aws:policy/AmazonECR-ReadOnly does not exist or is not attachable.

Fix
---
Write the ARN as the AWS Managed Policy Reference gives it, with its path.

Source
------
AWS Managed Policy Reference: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from smlint.facts import Attachment
from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.iam import managed
from smlint.iam.match import arn_parts
from smlint.values import Text, join

LEVEL = Level.ERROR
_SPELT_OUT = ("ECR", "EC2ContainerRegistry")  # AWS's policies for it have the long name, which no short one is near


def check(attachment: Attachment) -> Iterator[Finding]:
    arn = attachment.arn
    if arn is None or not managed.is_aws_managed(arn) or managed.exists(arn):
        return
    meant = _meant(arn)
    yield Finding(
        message=f"AWS has no managed policy `{arn}`" + (f"; did you mean `{meant}`?" if meant else ""),
        origin=attachment.origin,
        aws=f"NoSuchEntity: Policy {arn} does not exist or is not attachable.",
        fix=f"attach `{meant}`" if meant else "look the ARN up in the AWS Managed Policy Reference",
        snippet=snippet(meant, attachment.origin) if meant else "",
        resource=f"policy/{arn}",
    )


def _meant(arn: Text) -> Text | None:
    """The ARN that exists: of the same name with another path, or of the nearest name."""
    parts = arn_parts(arn)
    if parts is None or not isinstance(parts[5], str):
        return None
    name = parts[5].rpartition("/")[2]
    spelt = dict.fromkeys((name.replace(*_SPELT_OUT), name))
    near = [one for way in spelt for one in get_close_matches(way, managed.names(), n=1, cutoff=0.9)]
    found = (join(["arn:", parts[1], ":iam::aws:policy", managed.path(one), one]) for one in (name, *near))
    return next((one for one in found if managed.exists(one)), None)


BAD = (
    {
        "main.tf": """\
resource "aws_iam_role" "train" {
  name = "train"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "pull" {
  role       = aws_iam_role.train.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECR-ReadOnly"
}
"""
    },
    {
        "template.yaml": """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/AWSLambdaBasicExecutionRole
"""
    },
)
GOOD = (
    {
        "template.yaml": """\
Parameters:
  Level: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess
        - !Sub arn:aws:iam::aws:policy/AmazonS3${Level}Access
        - !Sub arn:aws:iam::${AWS::AccountId}:policy/AmazonECR-ReadOnly
"""
    },
)
