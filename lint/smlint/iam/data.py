"""Nodes from plain data: for documents that stand in no file of the user, such as AWS's own managed policies."""

from __future__ import annotations

from typing import Any

from smlint.document import Document, JsonPlace
from smlint.values import Node, Unknown

_DEEPEST = 200


def node(data: Any, name: str) -> Node:
    """The node of what `json.loads` returned; `name` is the path its places show."""
    return _node(data, JsonPlace(Document(name, "")), _DEEPEST)


def _node(data: Any, place: JsonPlace, depth: int) -> Node:
    if isinstance(data, (dict, list)) and depth == 0:
        return Node(Unknown("nested too deeply"), place)
    document = place.document
    if isinstance(data, dict):
        members = ((key, JsonPlace(document, place, key), value) for key, value in data.items())
        return Node({key: _node(value, inner, depth - 1) for key, inner, value in members}, place)
    if isinstance(data, list):
        return Node([_node(value, JsonPlace(document, place, i), depth - 1) for i, value in enumerate(data)], place)
    return Node(data, place)
