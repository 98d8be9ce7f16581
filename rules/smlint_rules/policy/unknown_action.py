"""An action that does not exist.

What
----
A policy names an action, or a wildcard, that matches no action of its service: `s3:ListObject`, `s3:HeadObject`,
`s3:ListObjects*`. Case does not matter. Actions of a service that smlint's catalogue does not have are left alone,
unless the name is almost that of one which has the action (`sagmaker:CreateModel`, `sagmaker:*`).

Why AWS refuses
---------------
IAM stores such a policy without a word; the action is granted to nobody because no request ever asks for it. The
request that was meant asks for another action, usually with a name that differs from the API's: listing objects is
`s3:ListBucket`, HeadObject is `s3:GetObject`.

    User: … is not authorized to perform: s3:ListBucket because no identity-based policy allows the s3:ListBucket action

Fix
---
Write the action that the request needs. Where the finding knows it (the API's name, a slip of the pen) it says so;
else it asks whether the nearest one was meant. Where that one is granted already, remove the other.

Source
------
Service Authorization Reference: https://docs.aws.amazon.com/service-authorization/latest/reference/
Amazon S3 API operations and the actions they need:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.iam import catalogue
from smlint.iam.match import matches
from smlint.iam.policy import Element, Policy, Statement
from smlint.values import NO, YES, Text
from smlint_rules.policy._fitting import some_action
from smlint_rules.policy._statements import label, refusal, would

LEVEL = Level.WARNING

# Where an action is looked for that stands under another service's prefix: cloudwatch:PutLogEvents.
_NEIGHBOURS = ("logs", "cloudwatch", "s3", "kms", "ecr", "sagemaker", "ec2", "iam", "sts", "events")

_ALMOST = 0.82  # sagmaker and log are almost sagemaker and logs, iotevents is not events

# Services of which AWS's own managed policies name actions that the reference does not list, or no longer.
_UNLISTED = frozenset(
    {
        "budgets",
        "cloud9",
        "cloudhsm",
        "memorydb",
        "organizations",
        "payments",
        "qapps",
        "route53-recovery-control-config",
        "securityagent",
    }
)


def check(policy: Policy) -> Iterator[Finding]:
    unknown = [
        (statement, element, element.text)
        for statement in policy.statements
        for element in statement.actions
        if isinstance(element.text, str) and _is_unknown(element.text)
    ]
    shared = _with_a_match(policy) if any("*" in action for _, _, action in unknown) else frozenset()
    for statement, element, action in unknown:
        if "*" not in action or _where(element) not in shared:
            yield _finding(policy, statement, element, action)


def _with_a_match(policy: Policy) -> frozenset[tuple[str, int]]:
    """Where an expression makes many actions of which some exist: `"${service}:List*"` for each of many services."""
    made: dict[tuple[str, int], list[Text]] = {}
    for statement in policy.statements:
        for element in statement.actions:
            made.setdefault(_where(element), []).append(element.text)
    many = {where: texts for where, texts in made.items() if len(texts) > 1}
    return frozenset(
        where
        for where, texts in many.items()
        if any(isinstance(text, str) and catalogue.exists(text) is YES for text in texts)
    )


def _where(element: Element) -> tuple[str, int]:
    place = element.origin.place()
    return place.path, place.start


def _is_unknown(action: str) -> bool:
    service, colon, _ = action.partition(":")
    if not colon or service.lower() in _UNLISTED:
        return False
    return catalogue.exists(action) is NO or _right_service(action) is not None


def _right_service(action: str) -> str | None:
    """The action under the prefix of its service, where its own prefix is no service but almost that one."""
    prefix, _, name = action.partition(":")
    service = prefix.lower()
    if any(sign in service for sign in "*?$") or "$" in name or catalogue.known_service(service):
        return None
    from difflib import get_close_matches

    pattern = "*" in name or "?" in name  # what a new service, sagemaker-anew, has it may match
    near = [one for one in _NEIGHBOURS if service.startswith(f"{one}-") and not pattern]
    near += get_close_matches(service, _NEIGHBOURS, n=1, cutoff=_ALMOST)
    return next((f"{one}:{name}" for one in near if catalogue.exists(f"{one}:{name}") is YES), None)


def _finding(policy: Policy, statement: Statement, element: Element, action: str) -> Finding:
    meant = _meant(action, statement)
    named = {str(one.text).lower() for one in statement.actions}
    clause, fix, replacement = _advice(action, meant, statement)
    what = f"`{action}` matches no action" if "*" in action or "?" in action else f"there is no action `{action}`"
    return Finding(
        message=what + clause,
        origin=element.origin,
        aws=refusal(policy, some_action(replacement)) if replacement and statement.grants else "",
        fix=fix,
        snippet=snippet(replacement, element.origin) if replacement else "",
        resource=label(policy),
        access=action,
        would=would(statement, [meant]) if meant and meant.lower() not in named else (),
    )


def _advice(action: str, meant: str | None, statement: Statement) -> tuple[str, str, str]:
    """What the message adds, the fix, and the action to write where that is certain."""
    if meant is None:
        return "", "remove it", ""
    certain = catalogue.is_certain(action, meant)
    beside = next((one.text for one in statement.actions if matches(one.text, meant, ignore_case=True) is YES), None)
    if beside is not None:
        return "", f"remove it: `{beside}` stands beside it" if certain else "remove it", ""
    clause = f"; did you mean `{meant}`?"
    if certain:
        return clause, f"write `{meant}`", meant
    return clause, f"write `{meant}` if that is what was meant, else remove it", ""


def _meant(action: str, statement: Statement) -> str | None:
    """The action that was probably meant: of the only neighbour that has its name, else the nearest of its service."""
    right = _right_service(action)
    if right is not None:
        return right
    exact = action.rstrip("*?")
    name = exact.partition(":")[2]
    found = [f"{service}:{name}" for service in _NEIGHBOURS if catalogue.exists(f"{service}:{name}") is YES]
    if len(found) == 1:
        return min(catalogue.expand(found[0]), default=found[0])
    return catalogue.nearest(exact, [] if statement.negated_resources else [one.text for one in statement.resources])


BAD = (
    {
        "list.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:ListObject", "Resource": "arn:aws:s3:::acme-data"},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:HeadObject"], "Resource": "arn:aws:s3:::acme-data/*"}
  ]
}
"""
    },
    {
        "main.tf": """\
data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["cloudwatch:PutLogEvents", "s3:ListObjects*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "logs" {
  name   = "logs"
  policy = data.aws_iam_policy_document.logs.json
}
"""
    },
)
GOOD = (
    {
        "list.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["s3:listbucket", "s3:Lis?Bucket"], "Resource": "arn:aws:s3:::acme-data"},
    {"Effect": "Allow", "Action": ["s3:Get*", "newservice:DoThings"], "Resource": "arn:aws:s3:::acme-data/*"},
    {"Effect": "Allow", "Action": "*", "Resource": "*"}
  ]
}
"""
    },
)
