"""Copies of values that change apart from what they were copied from."""

from __future__ import annotations

from smlint.readers.python.frames import Walk
from smlint.readers.python.things import unknown
from smlint.values import Node

_DEEPEST = 50  # levels of a value that are copied
_MOST = 20_000  # nodes of a value that are copied: each copy of what holds copies is larger


def copied(node: Node, walk: Walk | None = None) -> Node:
    """A deep copy of a dictionary or list; what stood in it twice is copied once, objects stay what they are.

    walk: what pays for it.
    """
    made: dict[int, Node] = {}
    copy = _copied(node, made, 0)
    if walk is not None:
        walk.left -= len(made)
    return copy


def _copied(node: Node, made: dict[int, Node], depth: int) -> Node:
    if type(node) is not Node or depth > _DEEPEST or (node.mapping is None and node.sequence is None):
        return node
    if id(node) not in made and len(made) >= _MOST:
        return unknown("a value that is too large", node.origin)
    if id(node) not in made:
        made[id(node)] = copy = node.with_value([] if node.mapping is None else {})
        if isinstance(copy.value, dict):
            copy.value.update({name: _copied(member, made, depth + 1) for name, member in node.items()})
        elif isinstance(copy.value, list):
            copy.value.extend(_copied(element, made, depth + 1) for element in node.sequence or ())
    return made[id(node)]
