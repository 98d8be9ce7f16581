"""A policy that breaks the grammar of IAM.

What
----
The document has something that no policy may have, or lacks something that every policy of its kind must have: an
identity policy's statement without Resource or with a Principal, a bucket policy's without Principal, Action beside
NotAction, an unknown element, condition operator or Effect (`allow`), an empty list.

Why AWS refuses
---------------
The service that stores the policy validates it first and rejects the whole document, so the deployment fails
(MalformedPolicyDocument from IAM, MalformedPolicy from S3). Until it is mended, nothing of the document is in force.

Fix
---
The finding says what is missing or too much, at its place. Snippets of AWS's documentation often show only the actions
of a statement: complete them with Effect and Resource.

Source
------
IAM JSON policy grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.iam.policy import Kind, Policy, Statement
from smlint.verdicts.spots import stands_in
from smlint_rules.policy._statements import label, would

LEVEL = Level.ERROR

_CODES = {Kind.BUCKET: "MalformedPolicy", Kind.KEY: "MalformedPolicyDocumentException"}


def check(policy: Policy) -> Iterator[Finding]:
    for violation in policy.violations:
        statement = next((one for one in policy.statements if stands_in(one, violation.origin)), None)
        yield Finding(
            message=f"the policy is not valid: {violation.message}",
            origin=violation.origin,
            aws=f"{_CODES.get(policy.kind, 'MalformedPolicyDocument')}: {violation.says}",
            fix=violation.fix,
            resource=label(policy),
            access=violation.message,
            would=_would(statement) if statement else (),
        )


def _would(statement: Statement) -> tuple[tuple[str, str], ...]:
    """Of a statement whose actions IAM cannot read, any action may have been meant."""
    actions = statement.known_actions
    readable = [action for action in actions if ":" in action or action == "*"]
    return would(statement, readable if readable and readable == actions else [*readable, "*"])


BAD = (
    {
        "kms.json": """\
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decrypt"]}]
}
"""
    },
    {
        "template.yaml": """\
Resources:
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: allow
            Action: s3:GetObject
            Resource: arn:aws:s3:::acme-data/*
"""
    },
    {
        "main.tf": """\
resource "aws_s3_bucket_policy" "data" {
  bucket = "acme-data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::acme-data/*"
    }]
  })
}
"""
    },
)
GOOD = (
    {
        "kms.json": """\
{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": ["kms:Decrypt"], "NotResource": "arn:aws:kms:*:111122223333:key/secret"}
}
"""
    },
    {
        "main.tf": """\
resource "aws_s3_bucket_policy" "data" {
  bucket = "acme-data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
"""
    },
)
