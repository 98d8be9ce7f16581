"""Statements as they stand in a file, to be written anew with a part of them changed."""

from __future__ import annotations

from smlint.iam.policy import Statement
from smlint.values import Node, below
from smlint.verdicts.refusal import one_or_many

Conditions = dict[str, dict[str, object]]


def conditions_of(statement: Statement) -> Conditions:
    """The Condition of the statement."""
    found: Conditions = {}
    for one in statement.conditions:
        found.setdefault(one.operator, {})[one.key] = one_or_many([value.text for value in one.values])
    return found


def elements_of(statement: Statement) -> dict[str, object]:
    """The statement's elements; none where one of them is not known."""
    if any(node.unknown for node in below(statement.node)):
        return {}
    return {name: _data(member) for name, member in statement.node.items()}


def _data(node: Node) -> object:
    if node.mapping is not None:
        return {name: _data(member) for name, member in node.mapping.items()}
    if node.sequence is not None:
        return [_data(element) for element in node.sequence]
    return node.value
