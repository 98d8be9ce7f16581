"""Copies of values that change apart from what they were copied from."""

from __future__ import annotations

from smlint.values import Node

_DEEPEST = 50  # levels of a value that are copied


def copied(node: Node) -> Node:
    """A deep copy of a dictionary or list; what stood in it twice is copied once, objects stay what they are."""
    return _copied(node, {}, 0)


def _copied(node: Node, made: dict[int, Node], depth: int) -> Node:
    if type(node) is not Node or depth > _DEEPEST or (node.mapping is None and node.sequence is None):
        return node
    if id(node) not in made:
        made[id(node)] = copy = node.with_value([] if node.mapping is None else {})
        if isinstance(copy.value, dict):
            copy.value.update({name: _copied(member, made, depth + 1) for name, member in node.items()})
        elif isinstance(copy.value, list):
            copy.value.extend(_copied(element, made, depth + 1) for element in node.sequence or ())
    return made[id(node)]
