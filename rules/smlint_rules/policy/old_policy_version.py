"""A policy variable in a policy of the old language version.

What
----
A resource or a condition value has a policy variable (`${aws:PrincipalTag/team}`), and the policy's Version is
2008-10-17 or left out, which means the same.

Why AWS refuses
---------------
Variables came with version 2012-10-17. In older policies `${aws:PrincipalTag/team}` is literal text, so the statement
matches only a resource that is really called that: an Allow grants nothing, a Deny forbids nothing.

Fix
---
Write `"Version": "2012-10-17"`. Nothing else changes its meaning by this. Terraform's aws_iam_policy_document writes
this version by itself.

Source
------
IAM policy variables: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smlint.finding import Finding, Level, Related
from smlint.fixes.snippet import syntax_of
from smlint.iam.policy import Element, Policy
from smlint.values import pieces
from smlint_rules.policy._statements import label

LEVEL = Level.WARNING

_OLD = "2008-10-17"
_NEW = "2012-10-17"
# A service's or IAM's own key, or an escaped wildcard. `${AWS::Region}` is CloudFormation's.
_VARIABLE = re.compile(r"\$\{(?:[A-Za-z0-9.-]+:[A-Za-z0-9][^${}]*|[*?$])\}")


def check(policy: Policy) -> Iterator[Finding]:
    if policy.version not in (None, _OLD):
        return
    found = [(element, variable) for element in _elements(policy) if (variable := _variable(element))]
    if not found:
        return
    version = policy.node.get("Version")
    said = f"its Version is {_OLD}" if version else "it has no Version"
    yield Finding(
        message=f"`{found[0][1]}` is plain text in this policy and no variable, because {said}",
        origin=version.origin if version else policy.origin,
        fix=f"write the Version {_NEW}",
        snippet=_snippet(policy),
        related=tuple(Related(f"`{variable}` is used here", element.origin) for element, variable in found),
        resource=label(policy),
        access=found[0][1],
    )


def _elements(policy: Policy) -> Iterator[Element]:
    for statement in policy.statements:
        yield from statement.resources
        for condition in statement.conditions:
            yield from condition.values


def _variable(element: Element) -> str | None:
    found = (_VARIABLE.search(piece) for piece in pieces(element.text) if isinstance(piece, str))
    return next((match[0] for match in found if match), None)


def _snippet(policy: Policy) -> str:
    written = {"json": '"Version": "{}"', "yaml": 'Version: "{}"', "hcl": 'Version = "{}"'}
    return written[syntax_of(policy.origin)].format(_NEW)


BAD = (
    {
        "home.json": """\
{
  "Version": "2008-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-home/${aws:username}/*"}
  ]
}
"""
    },
    {
        "template.yaml": """\
Resources:
  Home:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: s3:ListBucket
            Resource: arn:aws:s3:::acme-home
            Condition:
              StringLike:
                s3:prefix: ${aws:PrincipalTag/team}/*
"""
    },
)
GOOD = (
    {
        "home.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-home/${aws:username}/*"}
  ]
}
"""
    },
    {
        "plain.json": """\
{
  "Version": "2008-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-home/all/*"}]
}
"""
    },
)
