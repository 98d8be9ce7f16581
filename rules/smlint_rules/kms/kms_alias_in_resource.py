"""An alias ARN as Resource of key operations grants nothing.

What
----
A statement names the ARN of a KMS alias as Resource of actions that work on keys.

Why AWS refuses
---------------
KMS authorises key operations on the ARN of the key. An alias ARN in Resource matches only the actions that act on
aliases themselves (`kms:CreateAlias`, `kms:UpdateAlias`, `kms:DeleteAlias`). To grant by alias there is the condition
key `kms:ResourceAliases`.

Fix
---
Name the key's ARN, or use Resource `arn:aws:kms:REGION:ACCOUNT:key/*` with a condition on `kms:ResourceAliases`.

Source
------
https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.estate import Estate, is_alias
from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.fixes.statements import conditions_of
from smlint.iam import catalogue
from smlint.iam.match import arn_of, arn_parts
from smlint.iam.policy import Element, Kind, Policy, Statement
from smlint.values import Text
from smlint.verdicts.evidence import quoted
from smlint.verdicts.refusal import allowing
from smlint.verdicts.spots import element_spot
from smlint_rules.examples import DATA, KEY, allow, folder, training

LEVEL = Level.WARNING

_ON_ALIASES = frozenset({"kms:createalias", "kms:updatealias", "kms:deletealias"})
_IDENTITY = (Kind.IDENTITY, Kind.BOUNDARY)


def check(policy: Policy, estate: Estate) -> Iterator[Finding]:
    for statement in policy.statements if policy.kind in _IDENTITY else ():
        if not statement.grants or statement.negated_resources:
            continue
        actions = _key_operations(statement)
        for element in statement.resources if actions else ():
            if is_alias(element.text) and not _meant_for_aliases(statement):
                yield _finding(policy, statement, element, actions, estate)


def _key_operations(statement: Statement) -> list[str]:
    """The actions of the statement that work on keys; a wildcard counts as one."""
    named = statement.known_actions
    return [name for name in named if name.lower().startswith("kms:") and name.lower() not in _ON_ALIASES]


def _meant_for_aliases(statement: Statement) -> bool:
    """Whether every action has a resource that fits: the alias for those on aliases, a key beside it for the others."""
    on_aliases = any(str(element.text).lower() in _ON_ALIASES for element in statement.actions)
    others = any(not is_alias(element.text) for element in statement.resources)
    return on_aliases and others


def _finding(policy: Policy, statement: Statement, element: Element, actions: list[str], estate: Estate) -> Finding:
    key = estate.key_arn(element.text)
    means = key if key is not None else "arn:aws:kms:*:*:key/*"
    asked = min(catalogue.expand(actions[0]), default=actions[0])
    works = "works" if len(actions) == 1 else "work"
    return Finding(
        f"{quoted([element.text])} is an alias, and {quoted(actions)} {works} on keys: this grants nothing",
        element_spot(statement, element),
        aws=f"User: … is not authorized to perform: {asked} on resource: {key or 'arn:aws:kms:…:key/…'} "
        f"because no {policy.kind.called} allows the {asked} action",
        fix="name the key's own ARN, or grant on `key/*` with a condition on kms:ResourceAliases",
        snippet=snippet(key, element.origin) if key is not None else _by_alias(statement, element, actions),
        access=f"{', '.join(actions)} on {element.text}",
        would=tuple((action, _pattern(means)) for action in actions),
    )


def _by_alias(statement: Statement, element: Element, actions: list[str]) -> str:
    """A statement on whatever key has the alias."""
    parts = arn_parts(element.text)
    if parts is None:
        return ""
    key = arn_of([*parts[:5], "key/*"])
    conditions = conditions_of(statement)
    conditions.setdefault("ForAnyValue:StringEquals", {})["kms:ResourceAliases"] = parts[5]
    return snippet(allowing(actions, [key], Condition=conditions), statement.origin)


def _pattern(text: Text) -> str:
    return text if isinstance(text, str) else "arn:aws:kms:*:*:key/*"


_ALIAS = "arn:aws:kms:eu-west-1:111122223333:alias/ml"
_OUTPUT = training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY})
_ACTIONS = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]
BAD = (folder(*DATA, allow(_ACTIONS, _ALIAS), request=_OUTPUT),)
GOOD = (
    folder(*DATA, allow(_ACTIONS, KEY), request=_OUTPUT),
    folder(*DATA, allow(_ACTIONS, KEY), allow(["kms:CreateAlias", "kms:UpdateAlias"], [KEY, _ALIAS]), request=_OUTPUT),
)
