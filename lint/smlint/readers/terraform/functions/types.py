"""Functions that convert or pass values through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smlint.readers.terraform.evaluate import Frame
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
    "tonumber": _tonumber,
    "tostring": _tostring,
}
