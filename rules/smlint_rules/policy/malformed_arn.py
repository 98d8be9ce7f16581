"""An ARN that matches nothing.

What
----
A resource (or a principal) is written as an ARN that no real thing has: fewer than six parts
(`arn:aws:s3:bucket/*`), an empty account where the service always has one (`arn:aws:ecr:eu-west-1::repository/train`,
as AWS's documentation prints it), a region or account in a bucket's ARN, an account without twelve digits, another
partition than the configured one.

Wildcards match empty parts, and what is not settled may be right: neither is reported.

Why AWS refuses
---------------
ARNs are compared part by part. One part that no request can have makes the statement one about nothing, and the access
is refused as if the statement were not there. Some of these ARNs IAM rejects when the policy is stored.

Fix
---
Write the ARN as the Service Authorization Reference gives it: `arn:aws:s3:::bucket/key` without region and account,
`arn:aws:ecr:region:account:repository/name` with both. For AWS's own images the account is that of AWS's registry.

Source
------
Amazon Resource Names: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.iam.match import arn_parts
from smlint.iam.policy import Element, Policy, Statement
from smlint.values import Text
from smlint_rules.policy import _placeholders
from smlint_rules.policy._arns import Fault, fault
from smlint_rules.policy._statements import label, listed_resources, refused, repaired, would

LEVEL = Level.WARNING


def check(policy: Policy, estate: Estate) -> Iterator[Finding]:
    rejected = {violation.origin for violation in policy.violations}
    for statement, element in listed_resources(policy):
        wrong = _fault(statement, element.text, estate.partition)
        if wrong and element.origin not in rejected:
            yield _finding(policy, statement, element, wrong)
    for statement in policy.statements:
        for principal in statement.principals:
            wrong = fault(principal.text, "*") if principal.type == "AWS" else None
            if wrong and not _placeholders.find(principal.text) and principal.origin not in rejected:
                yield Finding(wrong.message, principal.origin, fix=wrong.fix, resource=label(policy))


def _fault(statement: Statement, text: Text, partition: Text) -> Fault | None:
    """What is wrong once placeholders, which are another rule's, are filled in."""
    found = _placeholders.find(text)
    text = found[1] if found else text
    wrong = fault(text, partition)
    if wrong and not fault(text, "*") and _for_every_partition(statement, text, partition):
        return None
    return wrong


def _for_every_partition(statement: Statement, text: Text, partition: Text) -> bool:
    """Whether the statement also names the resource in the configured partition: it is written for several."""
    parts = arn_parts(text)
    others = (arn_parts(element.text) for element in statement.resources)
    return parts is not None and any(other and other[1] == partition and other[2] == parts[2] for other in others)


def _finding(policy: Policy, statement: Statement, element: Element, wrong: Fault) -> Finding:
    return Finding(
        message=f"{wrong.message}; the ARN matches nothing",
        origin=element.origin,
        aws=refused(policy, statement),
        fix=wrong.fix,
        snippet=snippet(repaired(wrong.meant), element.origin),
        resource=label(policy),
        access=str(element.text),
        would=would(statement, statement.known_actions, [wrong.meant]),
    )


BAD = (
    {
        "pull.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": "arn:aws:ecr:eu-west-1::repository/train"},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:eu-west-1:111122223333:acme-data/*"}
  ]
}
"""
    },
    {
        "main.tf": """\
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3::acme-data/*"]
  }
}

resource "aws_iam_policy" "read" {
  name   = "read"
  policy = data.aws_iam_policy_document.read.json
}
"""
    },
    {
        "smlint.toml": 'partition = "aws-cn"\n',
        "read.json": """\
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/*"}]
}
""",
    },
)
GOOD = (
    {
        "pull.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": "arn:aws:ecr:eu-west-1:*:repository/train"},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:*:s3:*:*:data/*", "arn:aws:s3:::b/${aws:userid}"]},
    {"Effect": "Allow", "Action": "iam:GetPolicy", "Resource": "arn:aws:iam::aws:policy/*"},
    {
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*"
    }
  ]
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
          - Effect: Allow
            Action: ecr:BatchGetImage
            Resource: !Sub arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/train
"""
    },
)
