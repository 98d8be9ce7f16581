"""What the rules on policies share: AWS's words, what a corrected statement would allow, what a policy is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smlint.iam.glob import widened
from smlint.iam.policy import Element, Policy, Statement
from smlint.values import Text, join, pieces
from smlint_rules.policy import _placeholders
from smlint_rules.policy._arns import fault
from smlint_rules.policy._fitting import fitted

_PARTS = 6


def label(policy: Policy) -> str:
    """The policy's part of a finding's key in the baseline."""
    return f"policy/{policy.name or policy.origin.document.path}"


def refusal(policy: Policy, action: str, resource: str = "") -> str:
    """What AWS says when no statement of this kind of policy allows the action."""
    on = f" on resource: {resource}" if resource else ""
    return (
        f"User: … is not authorized to perform: {action}{on} because no {policy.kind.called} allows the {action} action"
    )


def refused(policy: Policy, statement: Statement) -> str:
    """What AWS says to who needs the statement's first action; nothing where it does not name one that it allows."""
    first = next(iter(statement.known_actions), "*")
    if not statement.grants or statement.negated_resources or "*" in first:
        return ""
    return refusal(policy, first, "…")


def listed_resources(policy: Policy) -> Iterator[tuple[Statement, Element]]:
    """Every resource of every statement, those of NotResource too."""
    return ((statement, element) for statement in policy.statements for element in statement.resources)


def repaired(resource: Text) -> Text:
    """The resource without its malformed parts: `*` in their place."""
    for _ in range(_PARTS):
        wrong = fault(resource, "*")
        if wrong is None:
            break
        resource = wrong.meant
    return resource


def meant(action: str, resource: Text) -> str:
    """The resource that was probably meant for an action, as a pattern: every fault of it corrected."""
    found = _placeholders.find(resource)
    return widened(fitted(action, repaired(_as_arn(action, found[1] if found else resource))))


def _as_arn(action: str, resource: Text) -> Text:
    """The ARN that was meant by a bucket's name or URI; `*` for what else is no ARN."""
    first, *others = pieces(resource)
    if isinstance(first, str) and (first.startswith(("arn:", "*", "${")) or "*" in first[:4]):
        return resource
    if not isinstance(first, str) and any(":" in piece for piece in others if isinstance(piece, str)):
        return resource
    name = first.removeprefix("s3://") if isinstance(first, str) else first
    return join(["arn:*:s3:::", name, *others]) if action.lower().startswith("s3:") else "*"


def would(statement: Statement, actions: Iterable[str], resources: Iterable[Text] = ()) -> tuple[tuple[str, str], ...]:
    """What the statement would allow if it were right; nothing for a Deny, and for Not… elements, which exclude."""
    if statement.effect == "Deny" or statement.negated_actions or statement.negated_resources:
        return ()
    named = list(resources) or [element.text for element in statement.resources] or ["*"]
    pairs = ((action, meant(action, resource)) for action in actions for resource in named)
    return tuple(dict.fromkeys(pairs))
