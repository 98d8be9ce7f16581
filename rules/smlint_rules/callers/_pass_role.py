"""Why iam:PassRole is refused, in words: which of the role's statements comes near, and what it names instead."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.names import last_name
from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.iam import catalogue
from smlint.iam.match import arn_matches
from smlint.iam.match_statement import allows
from smlint.iam.policy import Condition, Statement
from smlint.values import NO
from smlint.verdicts.callers import PASS_ROLE
from smlint.verdicts.evidence import finding, quoted
from smlint.verdicts.refusal import Refusal


def pass_role(refusal: Refusal, what: str, level: Level) -> Finding:
    """The finding: `what` says who passes which role and may not."""
    service = refusal.refused[0].access.context.get("iam:passedtoservice") or ("sagemaker.amazonaws.com",)
    condition = {"StringEquals": {"iam:PassedToService": service[0]}}
    grants = [{**grant, "Condition": condition} for grant in refusal.grants]
    return finding(
        refusal,
        f"{what}: {_why(refusal)}",
        level,
        fix=f"allow iam:PassRole on {passed(refusal)} to {service[0]}",
        snippet=granted(refusal, grants),
    )


def passed(refusal: Refusal) -> str:
    """The roles that are passed, by their names."""
    names = [last_name(found) for found in refusal.resources]
    if "⟨*⟩" in map(str, names):
        return "the role of its jobs"
    return f"the {'role' if len(names) == 1 else 'roles'} {quoted(names)}"


def _why(refusal: Refusal) -> str:
    near = list(_near(refusal))
    if not near:
        return "no policy allows iam:PassRole"
    for statement in near:
        if any(arn_matches(e.text, r) is not NO for e in statement.resources for r in refusal.resources):
            for condition in statement.conditions:
                return _of(condition)
    named = dict.fromkeys(e.text for statement in near for e in statement.resources)
    return f"iam:PassRole is allowed only on {quoted(list(named))}"


def _near(refusal: Refusal) -> Iterator[Statement]:
    """The statements that allow iam:PassRole, but not here."""
    return (statement for statement in refusal.role.statements if allows(statement, PASS_ROLE))


def _of(condition: Condition) -> str:
    key = condition.key
    meant = catalogue.nearest_key(key) if catalogue.key_exists(key) is NO else None
    if meant is not None:
        return f"`{key}` is no condition key, so its condition never holds: `{meant}` was meant"
    if condition.key_name == "iam:passedtoservice":
        return f"iam:PassRole is allowed only to {quoted([value.text for value in condition.values])}"
    return f"iam:PassRole is allowed only under a condition on `{key}`"
