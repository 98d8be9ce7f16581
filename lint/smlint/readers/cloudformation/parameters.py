"""The values of parameters: what the parent stack or the user gives, else the default, else a hole."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from smlint.readers.cloudformation import store
from smlint.values import DIGITS, Node, Unknown

if TYPE_CHECKING:
    from smlint.readers.cloudformation.stack import Stack

MAX_ALLOWED = 50
_STORED = "AWS::SSM::Parameter::Value<"
_WORD = string.ascii_letters + DIGITS + "-"
_LIKE = {
    "AWS::EC2::VPC::Id": "vpc-*",
    "AWS::EC2::Subnet::Id": "subnet-*",
    "AWS::EC2::SecurityGroup::Id": "sg-*",
    "AWS::EC2::Image::Id": "ami-*",
}


def value(stack: Stack, name: str, node: Node) -> Node:
    """The value of a parameter, standing where `node` refers to it; `used` is where its default stands."""
    definition = stack.parameters[name]
    kind = _text(definition, "Type")
    given = (stack.arguments or {}).get(name)
    if given is None:
        given = _configured(stack, name, node)
    if given is None:
        given = _default(definition)
    many = kind.removeprefix(_STORED).startswith(("List<", "CommaDelimitedList"))
    if kind.startswith(_STORED):
        given = _stored(stack, given)
    if given is None:
        return _unsettled(stack, name, node, definition, many)
    if many and isinstance(given.value, str):
        elements = [Node(part.strip(), node.origin, None, given.origin) for part in given.value.split(",")]
        return Node(elements, node.origin, node.key, given.origin)
    if isinstance(given.value, str) and given.value.lstrip().startswith("{"):
        return Node(given.value, given.origin, node.key, node.origin)  # a whole document: it is edited where it stands
    return Node(given.value, node.origin, node.key, given.use, "", given.open)


def _default(definition: Node) -> Node | None:
    """The default; a function or a collection is none."""
    found = definition.get("Default")
    return found if found is not None and not found.tag and not isinstance(found.value, (dict, list)) else None


def _stored(stack: Stack, named: Node | None) -> Node | None:
    """What the parameter store holds under a name."""
    found = store.stored(stack.scope, named.text) if named is not None and named.text is not None else None
    return named.with_value(found) if named is not None and found is not None else None


def _configured(stack: Stack, name: str, node: Node) -> Node | None:
    configured = stack.settings.parameters.get(name)
    if configured is None or stack.arguments is not None:
        return None
    if isinstance(configured, (list, tuple)):
        return Node([Node(str(element), node.origin) for element in configured], node.origin)
    if isinstance(configured, bool):
        return Node("true" if configured else "false", node.origin)
    return Node(str(configured), node.origin)


def _unsettled(stack: Stack, name: str, node: Node, definition: Node, many: bool) -> Node:
    if many:
        return node.with_value(Unknown(f"the parameter {name}"))
    kind = _text(definition, "Type")
    allowed = definition.get("AllowedValues") if not kind.startswith(_STORED) else None
    texts = [str(element.value) for element in allowed.elements()] if allowed is not None else []
    like = _LIKE.get(kind, "*")
    only = _WORD if like != "*" else None
    return node.with_value(stack.unsettled(name, like, only, tuple(texts) if len(texts) <= MAX_ALLOWED else ()))


def _text(definition: Node, name: str) -> str:
    node = definition.get(name)
    return (node.literal or "") if node is not None else ""
