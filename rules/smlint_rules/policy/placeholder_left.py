"""A placeholder of the documentation in a policy.

What
----
A policy still has a word that AWS's documentation puts where a name belongs: `account-id` or `region` in an ARN, the
buckets `awsdoc-example-bucket`, `amzn-s3-demo-bucket`, `DOC-EXAMPLE-BUCKET`, `inputbucket` and `outputbucket` (also
with a number), the role `S3-ACCESS-GRANT-ROLE`. Names that only contain such a word are names.

Why AWS refuses
---------------
The policy is about a bucket, an account or a region that is not yours, if it exists at all. IAM stores it all the same,
and the first request is refused because no policy allows it.

Fix
---
Write the name of your bucket or role, your account's id, your region.

Source
------
The example policies of "How to use SageMaker AI execution roles":
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level, Related
from smlint.iam.policy import Element, Policy, Statement
from smlint_rules.policy import _placeholders
from smlint_rules.policy._statements import label, listed_resources, refused, would

LEVEL = Level.WARNING

Place = tuple[Statement, Element]


def check(policy: Policy) -> Iterator[Finding]:
    places: dict[str, list[Place]] = {}
    for statement, element in _elements(policy):
        if found := _placeholders.find(element.text):
            places.setdefault(found[0], []).append((statement, element))
    for placeholder, found_at in places.items():
        yield _finding(policy, placeholder, found_at)


def _elements(policy: Policy) -> Iterator[Place]:
    yield from listed_resources(policy)
    for statement in policy.statements:
        for principal in statement.principals:
            yield statement, Element(principal.text, principal.origin)
        for condition in statement.conditions:
            yield from ((statement, value) for value in condition.values)


def _finding(policy: Policy, placeholder: str, places: list[Place]) -> Finding:
    statement, first = places[0]
    return Finding(
        message=f"`{placeholder}` in `{first.text}` is a placeholder of the documentation",
        origin=first.origin,
        aws=refused(policy, statement),
        fix=f"write your own name instead of `{placeholder}`",
        related=tuple(Related(f"`{placeholder}` stands here too", element.origin) for _, element in places[1:]),
        resource=label(policy),
        access=placeholder,
        would=tuple(pair for place in places for pair in _would(*place)),
    )


def _would(statement: Statement, element: Element) -> tuple[tuple[str, str], ...]:
    if element not in statement.resources:
        return ()
    return would(statement, statement.known_actions, [element.text])


BAD = (
    {
        "read.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::DOC-EXAMPLE-BUCKET1"},
    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:region:account-id:key/kms-key-id"}
  ]
}
"""
    },
    {
        "main.tf": """\
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::amzn-s3-demo-bucket/*"]
  }
}

resource "aws_iam_policy" "read" {
  name   = "read"
  policy = data.aws_iam_policy_document.read.json
}
"""
    },
)
GOOD = (
    {
        "read.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-inputbucket-region1"},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/account-id/region/*"},
    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*"}
  ]
}
"""
    },
)
