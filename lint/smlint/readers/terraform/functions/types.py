"""Functions that convert or pass values through."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.functions.collections import mapping, sequence, to_set, unified, vague
from smlint.readers.terraform.known import bool_of, number_of, text_of
from smlint.syntax.hcl.tree import Call
from smlint.values import Node, Template, Unknown

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction


def _tostring(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    return node if node.value is None or node.text is not None else Node(text_of(node), node.origin, used=node.used)


def _tonumber(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if isinstance(node.value, (Template, Unknown)):
        return None
    return node if node.value is None else Node(number_of(node), node.origin, used=node.used)


def _tobool(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if isinstance(node.value, (Template, Unknown)):
        return None
    return node if node.value is None else Node(bool_of(node), node.origin, used=node.used)


def _converting(convert: Callable[[Node, Call], Node | None]) -> NodeFunction:
    """A conversion of a collection: null stays null, what is not known stays unknown."""

    def run(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
        node = arguments[0]
        if node.value is None:
            return node
        return None if vague(node) else convert(node, at)

    return run


def _toset(node: Node, at: Call) -> Node | None:
    return to_set(Node(unified(sequence(node)), node.origin, open=node.open), Node(None, at.span))


def _tolist(node: Node, at: Call) -> Node:
    return Node(unified(sequence(node)), at.span, open=node.open)


def _tomap(node: Node, at: Call) -> Node:
    members = mapping(node)
    return Node(dict(zip(members, unified(list(members.values())), strict=True)), at.span, open=node.open)


def _same(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    return arguments[0]


def _issensitive(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    return None


NODES: dict[str, NodeFunction] = {
    "ephemeralasnull": _issensitive,
    "issensitive": _issensitive,
    "nonsensitive": _same,
    "sensitive": _same,
    "tobool": _tobool,
    "tolist": _converting(_tolist),
    "tomap": _converting(_tomap),
    "tonumber": _tonumber,
    "toset": _converting(_toset),
    "tostring": _tostring,
}
