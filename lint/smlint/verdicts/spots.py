"""Where a person looks in a statement, and in a policy: one telling place, not the whole of it."""

from __future__ import annotations

from smlint.document import Origin
from smlint.iam.policy import Element, Policy, Statement


def spot(statement: Statement) -> Origin:
    """The smallest telling place of a statement: its Effect where it denies, its first action where it allows.

    Where the actions are a variable's, which others may use too, it is the place that names the variable.
    """
    effect, actions = statement.node.get("Effect"), statement.node.get("Action")
    told = [effect.origin] if statement.effect == "Deny" and effect is not None else []
    told += [element.origin for element in statement.actions[:1]]
    told += [place for node in (actions, effect) if node is not None and (place := node.used or node.key)]
    return next((place for place in told if stands_in(statement, place)), statement.origin)


def element_spot(statement: Statement, element: Element) -> Origin:
    """The place of an action or resource; of one that is not written in the statement, the statement's."""
    return element.origin if stands_in(statement, element.origin) else spot(statement)


def stands_in(statement: Statement, place: Origin) -> bool:
    """Whether a value is written in the statement; one that is referred to has the place where it is defined."""
    if place.document is not statement.origin.document:
        return False
    (first, last), (start, end) = place.offsets(), statement.origin.offsets()
    return start <= first and last <= end


def policy_spot(policy: Policy) -> Origin:
    """A place of a policy that is one line: its first statement's, its version's, else the whole of it."""
    if policy.statements:
        return spot(policy.statements[0])
    version = policy.node.get("Version")
    return version.origin if version is not None else policy.origin
