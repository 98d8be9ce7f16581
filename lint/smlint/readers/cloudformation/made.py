"""Nodes that a transform writes into a template: plain data, standing where the user's resource stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from smlint.document import Origin
from smlint.readers.cloudformation.evaluate import call_of
from smlint.values import Node

VERSION = "2012-10-17"


def as_node(value: Any, origin: Origin) -> Node:
    """Plain data as a node: a text with `${…}` is a `!Sub`, nodes inside stay what they are."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        return Node({name: as_node(member, origin) for name, member in value.items()}, origin)
    if isinstance(value, list):
        return Node([as_node(element, origin) for element in value], origin)
    return Node(value, origin, tag="!Sub" if isinstance(value, str) and "${" in value else "")


def call(function: str, argument: str, origin: Origin) -> Node:
    """A call of an intrinsic function with one text."""
    return Node(argument, origin, tag=f"!{function}")


def allow(actions: str | list[str], resource: Any) -> dict[str, Any]:
    """A statement that allows actions on a resource."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def document(statements: Sequence[Any], origin: Origin) -> Node:
    """A policy document of the statements."""
    return as_node({"Version": VERSION, "Statement": list(statements)}, origin)


def is_no_value(entry: Node) -> bool:
    """Whether a node is `!Ref AWS::NoValue`."""
    called = call_of(entry)
    return called is not None and called[0] == "Ref" and called[1].literal == "AWS::NoValue"
