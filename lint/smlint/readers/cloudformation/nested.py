"""Nested stacks whose template is a local file: read as part of the parent, with the parent's values."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.document import Document
from smlint.facts import Fact, Superseded
from smlint.readers.cloudformation.loops import local_path
from smlint.readers.cloudformation.stack import Stack
from smlint.syntax import embedded, structured
from smlint.values import Node, Unknown

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator

MAX_DEPTH = 8
MAX_STACKS = 200

_LOCATIONS = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::CloudFormation::StackSet": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}


def stacks(evaluator: Evaluator) -> Iterator[tuple[Stack, Fact | None]]:
    """The nested stacks of a stack, each with the fact that its file, if it has one, is read as part of this one."""
    for logical, node in evaluator.stack.resources.items():
        kind = node.get("Type")
        if kind is not None and kind.literal in _LOCATIONS:
            child = child_of(evaluator, logical)
            if child is not None:
                yield child, Superseded(node.origin, child.document.path) if child.document.host is None else None


def child_of(evaluator: Evaluator, logical: str) -> Stack | None:
    """The stack that a resource nests; None where its template is not a local file."""
    stack = evaluator.stack
    if logical not in stack.children:
        stack.children[logical] = None  # while its parameters are evaluated it is not known: a stack that needs itself
        stack.children[logical] = _read(evaluator, logical)
    return stack.children[logical]


def _read(evaluator: Evaluator, logical: str) -> Stack | None:
    stack = evaluator.stack
    document = _template(evaluator, logical)
    deep = document is not None and document.host is None and document.path in stack.lineage
    if document is None or deep or len(stack.lineage) > MAX_DEPTH or stack.budget.stacks >= MAX_STACKS:
        return None
    if document.path not in stack.parsed or document.host is not None:
        stack.parsed[document.path] = structured(document)
    parsed = stack.parsed[document.path]
    if not parsed.nodes or parsed.nodes[0].get("Resources") is None:
        return None
    stack.budget.stacks += 1
    arguments = _arguments(evaluator.property(logical, "Parameters"), parsed.nodes[0].get("Parameters"))
    return Stack(parsed.nodes[0], document, stack.scope, f"{stack.identity}/{logical}", arguments, stack)


def _arguments(given: Node | None, parameters: Node | None) -> dict[str, Node]:
    """What a stack gives to the parameters of one that it nests; unknown for the others where it may give them, too."""
    if given is None:
        return {}
    pairs = list(given.items()) if given.sequence is None else [*map(_pair, given.sequence)]
    known = {name: value for name, value in pairs if name is not None and value is not None}
    if parameters is None or not (given.unknown or given.open or len(known) < len(pairs)):
        return known
    unknown = given.with_value(Unknown("what the nested stack is given"))
    return {**{name: unknown for name, _ in parameters.items()}, **known}


def _pair(given: Node) -> tuple[str | None, Node | None]:
    """A parameter as a stack set has it."""
    name = given.get("ParameterKey")
    return name.literal if name is not None else None, given.get("ParameterValue")


def _template(evaluator: Evaluator, logical: str) -> Document | None:
    """The nested template: a local file, or the text that a stack set holds."""
    path = _path(evaluator, logical)
    if path is not None:
        return evaluator.stack.scope.open(path)
    body = evaluator.property(logical, "TemplateBody")
    return embedded.hosted(body, body.literal) if body is not None and body.literal is not None else None


def _path(evaluator: Evaluator, logical: str) -> str | None:
    """Where the nested template lies: by TemplateURL or Location, or as the CDK notes it in the metadata."""
    node = evaluator.stack.resources[logical]
    asset = node.get("Metadata", "aws:asset:path")
    kind = node.get("Type")
    name = _LOCATIONS.get(kind.literal or "") if kind is not None else None
    location = evaluator.property(logical, name) if name is not None else None
    if asset is not None and asset.literal is not None:
        return posixpath.normpath(posixpath.join(posixpath.dirname(evaluator.stack.document.path), asset.literal))
    if location is None or location.literal is None:
        return None
    return local_path(evaluator, location.literal)


def output(evaluator: Evaluator, logical: str, name: str) -> Node | None:
    """The value of a nested stack's output; None where it is not known."""
    child = child_of(evaluator, logical)
    if child is None:
        return None
    within = child.evaluator  # it expands the outputs
    value = child.outputs[name].get("Value") if name in child.outputs else None
    return within.resolve(value) if value is not None else None
