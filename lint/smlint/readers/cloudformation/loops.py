"""`Fn::ForEach` and `AWS::Include`: members of a mapping that come from a loop or another file."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from smlint.syntax import structured
from smlint.syntax.parsed import Parsed
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator
    from smlint.readers.cloudformation.stack import Budget

MAX_ROUNDS = 500
MAX_COPIED = 200_000


def for_each(evaluator: Evaluator, member: Node) -> dict[str, Node] | None:
    """The members that a loop makes; None where its collection is not settled. ValueError: it is none."""
    elements = member.sequence or []
    if len(elements) != 3 or elements[0].literal is None or elements[2].mapping is None:
        raise ValueError("`Fn::ForEach` takes a name, a list and a mapping")
    identifier, body = elements[0].literal, elements[2].mapping
    collection = evaluator.resolve(elements[1])
    if collection is None or collection.sequence is None or collection.open:
        return None
    if len(collection.sequence) > MAX_ROUNDS:
        raise ValueError("`Fn::ForEach` has too many elements to be read")
    made: dict[str, Node] = {}
    budget = evaluator.stack.budget
    for element in collection.sequence:
        value = evaluator.written(element)
        if not isinstance(value, str):
            return None
        for name, template in body.items():
            made[_put(name, identifier, value)] = _bound(template, identifier, value, budget)
    return made


def _put(text: str, identifier: str, value: str) -> str:
    letters = "".join(filter(str.isalnum, value))
    return text.replace(f"${{{identifier}}}", value).replace(f"&{{{identifier}}}", letters)


def _bound(node: Node, identifier: str, value: str, budget: Budget) -> Node:
    """A copy of the node in which the loop's variable has a value."""
    budget.copied += 1
    if budget.copied > MAX_COPIED:
        raise ValueError("`Fn::ForEach` makes too much to be read")
    inner = node.value
    if isinstance(inner, str):
        if node.tag == "!Ref" and inner == identifier:
            return Node(value, node.origin, node.key, node.used)
        return node.with_value(_put(inner, identifier, value))
    if isinstance(inner, list):
        return node.with_value([_bound(element, identifier, value, budget) for element in inner])
    if isinstance(inner, dict):
        if len(inner) == 1 and "Ref" in inner and inner["Ref"].literal == identifier:
            return Node(value, node.origin, node.key, node.used)
        return node.with_value(
            {_put(name, identifier, value): _bound(member, identifier, value, budget) for name, member in inner.items()}
        )
    return node


def is_include(transform: Node) -> bool:
    """Whether a transform only puts something in; any other macro may rewrite all that stands beside it."""
    name = transform.get("Name")
    return name is not None and name.literal == "AWS::Include"


def include(evaluator: Evaluator, transform: Node) -> Node | None:
    """What `AWS::Include` puts in the place of a transform: a local file; None for other places and other macros."""
    location = transform.get("Parameters", "Location")
    if location is None or not is_include(transform):
        return None
    path = evaluator.text(location)
    if not isinstance(path, str):
        return None
    parsed = local_file(evaluator, path)
    return parsed.nodes[0] if parsed is not None and parsed.nodes else None


def local_path(evaluator: Evaluator, location: str) -> str | None:
    """The path under the scanned root that a location in the template means; None where it is remote."""
    if "://" in location or location.startswith("/"):
        return None
    folder = posixpath.dirname(evaluator.stack.document.path)
    return posixpath.normpath(posixpath.join(folder, location))


def local_file(evaluator: Evaluator, location: str) -> Parsed | None:
    """The file at a location, parsed as JSON or YAML by its content; None where there is none to read."""
    path = local_path(evaluator, location)
    document = evaluator.stack.scope.open(path) if path is not None else None
    return structured(document) if document is not None else None
