"""An action that no resource of its statement can match.

What
----
A statement names an action together with resources on which that action never acts: `s3:ListBucket` with the objects of
a bucket (`bucket/*`), `s3:GetObject` with the bucket itself, `kms:CreateGrant` with a SageMaker ARN. An action without
resource type, such as `ecr:GetAuthorizationToken` or `cloudwatch:PutMetricData`, is matched by `*` alone.

A wildcard action (`s3:*`) is fine as long as one of its actions fits one of the resources. A resource that is not
settled is never held against the statement.

Why AWS refuses
---------------
IAM accepts the policy: action and resource are each valid. When the request comes, AWS compares its one action and its
one resource with the statement, finds that the statement is about something else, and says

    User: … is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::data because no identity-based policy
    allows the s3:ListBucket action

A Deny all of whose actions are of this kind forbids nothing; one that names a few actions too many is left alone.

Fix
---
Name what the action acts on: the bucket (`arn:aws:s3:::data`) for listing, its objects (`arn:aws:s3:::data/*`) for
reading and writing, `*` for actions without resource type. One statement may name both bucket and objects.

Source
------
Service Authorization Reference, column "Resource types":
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level, Related
from smlint.fixes.snippet import snippet, snippets
from smlint.fixes.statements import conditions_of, elements_of
from smlint.iam import catalogue
from smlint.iam.match import arn_parts, matches
from smlint.iam.policy import Element, Policy, Statement
from smlint.values import NO, Text
from smlint.verdicts.evidence import quoted
from smlint.verdicts.refusal import one_or_many
from smlint_rules.policy._fitting import fitted, formats, may_fit, some_action
from smlint_rules.policy._statements import label, refusal, repaired, would

LEVEL = Level.WARNING

# grants-instance-arn says more about these.
_ACCESS_GRANTS = frozenset({"s3:getdataaccess", "s3:getaccessgrantsinstanceforprefix"})
# The services whose resource types are known in full. Elsewhere the reference has gaps: newer load balancers.
_COMPLETE = frozenset(
    {
        *("s3", "s3express", "kms", "ecr", "logs", "cloudwatch", "sagemaker", "iam", "sts", "ec2", "xray"),
        *("glue", "athena", "lambda", "states", "events", "sns", "sqs", "dynamodb", "codecommit", "codebuild"),
    }
)
_SHOWN = 2


def check(policy: Policy) -> Iterator[Finding]:
    for statement in policy.statements:
        if statement.resources_complete and not statement.negated_resources and not statement.negated_actions:
            resources = [repaired(element.text) for element in statement.resources]
            groups = _mismatches(statement, resources) if resources else []
            # A Deny may name more than it needs; it is wrong where it forbids nothing at all.
            if groups and (statement.effect != "Deny" or sum(map(len, groups)) == len(statement.actions)):
                yield _finding(policy, statement, groups, resources)


def _mismatches(statement: Statement, resources: list[Text]) -> list[list[Element]]:
    """The actions that fit no resource; those that act on the same kind of resource together."""
    groups: dict[tuple[str, ...], list[Element]] = {}
    for element in statement.actions:
        action = element.text
        if isinstance(action, str) and _is_mismatch(action, resources):
            groups.setdefault(formats(action) or (action,), []).append(element)
    return list(groups.values())


def _is_mismatch(action: str, resources: list[Text]) -> bool:
    if action.partition(":")[0].lower() not in _COMPLETE or action.lower() in _ACCESS_GRANTS:
        return False
    if any(may_fit(action, resource) for resource in resources):
        return False
    # kms-alias-in-resource says more about aliases.
    return not (action.lower().startswith("kms:") and any(map(_is_alias, resources)))


def _is_alias(resource: Text) -> bool:
    parts = arn_parts(resource)
    return parts is not None and parts[2] == "kms" and matches("alias/*", parts[5]) is not NO


def _finding(policy: Policy, statement: Statement, groups: list[list[Element]], resources: list[Text]) -> Finding:
    elements, *others = groups
    actions = [str(element.text) for element in elements]
    right = fitted(actions[0], resources[0])
    some_fit = sum(map(len, groups)) < len(statement.actions)
    denies = statement.effect == "Deny"
    fix, written = _remedy(statement, groups, resources if some_fit else [], resources)
    return Finding(
        message=_message(actions, resources) + ("; the Deny forbids nothing" if denies else ""),
        origin=elements[0].origin,
        aws="" if denies else refusal(policy, some_action(actions[0]), str(right)),
        fix=fix,
        snippet=written,
        related=tuple(
            Related(_message([str(one.text) for one in group], resources), group[0].origin) for group in others
        ),
        resource=label(policy),
        access=f"{actions[0]} on {resources[0]}",
        would=would(statement, [str(element.text) for group in groups for element in group]),
    )


def _message(actions: list[str], resources: list[Text]) -> str:
    named = quoted(actions)
    shown = quoted(resources, _SHOWN)
    s = "s" if len(actions) == 1 else ""
    if "*" in actions[0] or "?" in actions[0]:
        return f"no action that {named} matches acts on {shown}"
    if formats(actions[0]) == ("*",):
        return f"{named} take{s} no resource: `*` alone matches, not {shown}"
    return (
        f"{named} act{s} on {_kind(actions[0], resources)}, which {shown} {'is' if len(resources) == 1 else 'are'} not"
    )


def _kind(action: str, resources: list[Text]) -> str:
    """What the action acts on, in words; as patterns where a resource has the word and not the form."""
    types = catalogue.resource_types(action)
    if any(f":{one}{sign}" in str(text) for one in types for sign in ":/" for text in resources):
        return f"resources like {quoted(formats(action), _SHOWN)}"
    in_s3 = [one for one in types if one in ("object", "bucket")] if action.lower().startswith("s3:") else []
    if in_s3:
        return " and ".join(f"{one}s" for one in in_s3)
    named = [f"`{one}`" for one in types]
    *others, last = [*named[:_SHOWN], f"{len(types) - _SHOWN} others"] if len(types) > _SHOWN + 1 else named
    return "resources of the type " + (", ".join(others) + " or " if others else "") + last


def _remedy(
    statement: Statement, groups: list[list[Element]], kept: list[Text], resources: list[Text]
) -> tuple[str, str]:
    """What to do about all the actions, and what to write. kept: the resources that fit other actions."""
    on_none = [element for group in groups if _takes_none(group) for element in group]
    others = [group for group in groups if not _takes_none(group)]
    right = [fitted(str(group[0].text), resource) for group in others for resource in resources]
    listed = list(dict.fromkeys([*kept, *right]))
    place = statement.resources[0].origin
    if not on_none:
        name = "name these as resources too" if kept else "name these as resources"
        fix = f"remove it, or {name}" if "*" in str(others[0][0].text) else name
        return fix, snippet(one_or_many(listed), place)
    if not listed:
        return "write `*` as the resource", snippet("*", place)
    apart: dict[str, object] = {"Effect": statement.effect or "Allow", "Action": _named(on_none), "Resource": "*"}
    if statement.conditions:
        apart["Condition"] = conditions_of(statement)
    whole = elements_of(statement) if others else {}
    if not whole:
        return "give it a statement of its own with `*`", snippet(apart, statement.origin)
    rest = [element for element in statement.actions if element not in on_none]
    both: list[dict[str, object]] = [
        {"Effect": "Allow", **whole, "Action": _named(rest), "Resource": one_or_many(listed)},
        apart,
    ]
    return "write two statements instead, one with `*`", snippets(both, statement.origin)


def _takes_none(group: list[Element]) -> bool:
    return formats(str(group[0].text)) == ("*",)


def _named(elements: list[Element]) -> Text | list[Text]:
    return one_or_many([element.text for element in elements])


BAD = (
    {
        "list.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::acme-data/*"}
  ]
}
"""
    },
    {
        "main.tf": """\
data "aws_iam_policy_document" "train" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::acme-data"]
  }
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["arn:aws:ecr:eu-west-1:111122223333:repository/train"]
  }
}

resource "aws_iam_policy" "train" {
  name   = "train"
  policy = data.aws_iam_policy_document.train.json
}
"""
    },
    {
        "template.yaml": """\
Resources:
  Grants:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: kms:CreateGrant
            Resource: !Sub arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:training-job/*
"""
    },
)
GOOD = (
    {
        "list.json": """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:ListBucket"],
      "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
    },
    {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::acme-models"},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::acme-r*"},
    {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    {"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:kms:eu-west-1:111122223333:key/secret"}
  ]
}
"""
    },
    {
        "template.yaml": """\
Parameters:
  Data: {Type: String}
Resources:
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: s3:ListBucket
            Resource: !Ref Data
"""
    },
)
