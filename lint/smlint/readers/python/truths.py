"""Whether a condition of a program holds: yes, no, or not settled (None); whether values are one and the same."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from operator import ge, gt, le, lt

from smlint.readers.python.things import OBJECTS, LocalObject, Reference
from smlint.values import Node, Template

_ORDERS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge}


def truth(node: Node) -> bool | None:
    """Whether the value counts as true."""
    if isinstance(node, LocalObject):
        own = node.made_of
        plain = own.attributes_known and own.find("__bool__", None) is None and own.find("__len__", None) is None
        return True if plain else None
    if isinstance(node, OBJECTS):
        return None if isinstance(node, Reference) else True
    if node.unknown:
        return None
    if isinstance(node.value, Template):
        return True if any(isinstance(part, str) for part in node.value.parts) else None
    if isinstance(node.value, (dict, list)):
        return bool(node.value) or (None if node.open else False)
    return bool(node.value)


def compared(left: Node, operator: ast.cmpop, right: Node) -> bool | None:
    """Whether a comparison holds."""
    match operator:
        case ast.Is() | ast.IsNot():
            found = _is_none(left) if right.value is None else None
            return _negated(found, isinstance(operator, ast.IsNot))
        case ast.Eq() | ast.NotEq():
            return _negated(_equal(left, right), isinstance(operator, ast.NotEq))
        case ast.In() | ast.NotIn():
            return _negated(_contains(right, left), isinstance(operator, ast.NotIn))
    order = _ORDERS.get(type(operator))
    if order is None or not isinstance(left.value, (int, float)) or not isinstance(right.value, (int, float)):
        return None
    return order(left.value, right.value)


def _negated(found: bool | None, negated: bool) -> bool | None:
    return found is not negated if found is not None else None


def _is_none(node: Node) -> bool | None:
    if isinstance(node, OBJECTS):
        return None if isinstance(node, Reference) else False
    return None if node.unknown else node.value is None


def _plain(node: Node) -> bool:
    return node.value is None or isinstance(node.value, (str, int, float))


def _equal(left: Node, right: Node) -> bool | None:
    return left.value == right.value if _plain(left) and _plain(right) else None


def _contains(holder: Node, wanted: Node) -> bool | None:
    if holder.literal is not None and wanted.literal is not None:
        return wanted.literal in holder.literal
    if not _plain(wanted):
        return None
    if holder.mapping is not None:
        return wanted.literal in holder.mapping or (None if holder.open else False)
    if holder.sequence is None:
        return None
    found = [_equal(element, wanted) for element in holder.sequence]
    return True if True in found else None if None in found or holder.open else False


def same(one: Node, other: Node) -> bool:
    """Whether two values are known to be the same."""
    if one is other:
        return True
    plain = isinstance(one.value, (str, int, float, bool, type(None))) or one.text is not None
    return plain and type(one.value) is type(other.value) and one.value == other.value


def one(values: Sequence[Node]) -> Node | None:
    """The value that all of them are."""
    return values[0] if values and all(same(values[0], value) for value in values) else None
