"""Nodes from plain data: for documents that stand in no file of the user, such as AWS's own managed policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smlint.document import Document, JsonPlace
from smlint.values import Node, Text, Unknown

_DEEPEST = 200


def node(data: Any, name: str, text: Callable[[str], Text] = str) -> Node:
    """The node of what `json.loads` returned; `name` is the path its places show. text: what to make of each text."""
    return _node(data, JsonPlace(Document(name, "")), text, _DEEPEST)


def _node(data: Any, place: JsonPlace, text: Callable[[str], Text], depth: int) -> Node:
    if isinstance(data, (dict, list)) and depth == 0:
        return Node(Unknown("nested too deeply"), place)
    document = place.document
    if isinstance(data, dict):
        members = ((key, JsonPlace(document, place, key), value) for key, value in data.items())
        return Node({key: _node(value, inner, text, depth - 1) for key, inner, value in members}, place)
    if isinstance(data, list):
        return Node(
            [_node(value, JsonPlace(document, place, i), text, depth - 1) for i, value in enumerate(data)], place
        )
    return Node(text(data) if isinstance(data, str) else data, place)
