"""Type constraints of variables: conversion of what is given, and what is known of what is not."""

from __future__ import annotations

from smlint.document import Origin
from smlint.readers.terraform.evaluate import Frame, evaluate
from smlint.readers.terraform.functions.collections import to_set
from smlint.readers.terraform.known import (
    Invalid,
    bool_of,
    hole,
    is_unknown,
    number_of,
    text_of,
    unsettled,
)
from smlint.syntax.hcl import tree
from smlint.values import Node, Template, Unknown


def unknown_of(kind: tree.Expression | None, name: str, label: str, origin: Origin, depth: int = 0) -> Node:
    """A value of a type of which nothing else is known: a text is a hole, an object has unknown attributes."""
    if isinstance(kind, tree.Name) and kind.name == "string":
        return hole(name, label, origin)
    if isinstance(kind, tree.Call) and kind.name == "object" and kind.arguments and depth < 5:
        shape = kind.arguments[0]
        if isinstance(shape, tree.Object):
            return Node(
                {
                    key: unknown_of(inner, f"{name}.{key}", f"{label}.{key}", origin, depth + 1)
                    for key, inner, _ in _attributes(shape)
                },
                origin,
            )
    return unsettled(name, label, origin)


def _attributes(shape: tree.Object) -> list[tuple[str, tree.Expression, tree.Call | None]]:
    """Name, type and `optional(…)` of an object type's attributes."""
    made: list[tuple[str, tree.Expression, tree.Call | None]] = []
    for key, kind in shape.items:
        name = key.value if isinstance(key, tree.Literal) else None
        if isinstance(kind, tree.Call) and kind.name == "optional" and kind.arguments:
            made.append((str(name), kind.arguments[0], kind))
        else:
            made.append((str(name), kind, None))
    return made


def converted(node: Node, kind: tree.Expression, frame: Frame) -> Node:
    """The value as the type constraint makes it."""
    frame.budget.step()
    if node.value is None or isinstance(node.value, Unknown):
        return node
    if isinstance(kind, tree.Name):
        return _primitive(node, kind.name)
    if not isinstance(kind, tree.Call) or not kind.arguments:
        return node
    inner = kind.arguments[0]
    if kind.name == "optional":
        return converted(node, inner, frame)
    if kind.name in ("list", "set"):
        if node.sequence is None:
            raise Invalid("a list is wanted here")
        items = Node([converted(item, inner, frame) for item in node.sequence], node.origin, node.key, node.used)
        items.open = node.open
        if kind.name == "list":
            items.tag = "count" if node.tag == "count" else ""
            return items
        return to_set(items, node) or items
    if kind.name == "map":
        if node.mapping is None:
            raise Invalid("a map is wanted here")
        members = {name: converted(member, inner, frame) for name, member in node.mapping.items()}
        return Node(members, node.origin, node.key, node.used, open=node.open)
    if kind.name == "object" and isinstance(inner, tree.Object):
        return _object(node, inner, frame)
    if kind.name == "tuple" and isinstance(inner, tree.Tuple) and node.sequence is not None:
        pairs = zip(node.sequence, inner.items, strict=False)
        return Node([converted(item, of, frame) for item, of in pairs], node.origin, open=node.open)
    return node


def _primitive(node: Node, kind: str) -> Node:
    if kind == "string" and node.text is None:
        return Node(text_of(node), node.origin, node.key, node.used)
    if isinstance(node.value, Template):
        return node
    if kind == "number" and not is_unknown(node):
        return Node(number_of(node), node.origin, node.key, node.used)
    if kind == "bool" and not is_unknown(node):
        return Node(bool_of(node), node.origin, node.key, node.used)
    return node


def _object(node: Node, shape: tree.Object, frame: Frame) -> Node:
    members = node.mapping
    if members is None:
        raise Invalid("an object is wanted here")
    made: dict[str, Node] = {}
    for name, kind, optional in _attributes(shape):
        given = members.get(name)
        if given is not None and not (given.value is None and optional is not None):
            made[name] = converted(given, kind, frame)
        elif optional is not None and len(optional.arguments) > 1:
            made[name] = converted(evaluate(optional.arguments[1], frame), kind, frame)
        elif optional is not None and not node.open:
            made[name] = Node(None, node.origin)
        elif not node.open:
            raise Invalid(f"there is no `{name}`")
    return Node(made, node.origin, node.key, node.used, open=node.open)
