"""Functions where CloudFormation takes none: it refuses the whole template."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Origin
from smlint.readers.cloudformation.conditions import FUNCTIONS as CONDITION_FUNCTIONS
from smlint.readers.cloudformation.conditions import Conditions, World
from smlint.readers.cloudformation.cycles import calls, named
from smlint.readers.cloudformation.functions import FUNCTIONS, function_name, spelt
from smlint.readers.cloudformation.stack import Stack
from smlint.values import Node, below

_KNOWN = (FUNCTIONS.keys() | CONDITION_FUNCTIONS) - {"Transform"}  # what an include puts in may stand anywhere
_LITERAL = ("Type", "Condition", "DependsOn")


def report(stack: Stack) -> None:
    """One problem for each parameter, mapping, attribute and condition that calls what it cannot."""
    if stack.macros:
        return  # what a macro makes of them is not known
    evaluator = stack.evaluator  # it expands the loops
    for title, members in (("parameters", stack.parameters), ("mappings", stack.mappings)):
        for node in members.values():
            _refuse(stack, node, f"{title} take no functions")
    for resource in stack.written.values():
        if function_name(resource) in _KNOWN:
            _refuse(stack, resource, "no function makes a resource")
        for name in _LITERAL:
            attribute = resource.get(name)
            if attribute is not None and (attribute.tag or type(attribute.value) is not str):  # hardly ever
                _refuse(stack, attribute, f"`{name}` takes no functions")
    alone = Conditions(evaluator, World())  # a condition that nothing uses opens no cases
    for name, condition in stack.conditions.items():
        alone.named(name)
        for resource_name, origin in _resources(stack, condition):
            stack.report(origin, f"the condition `{name}` cannot refer to the resource `{resource_name}`")


def _refuse(stack: Stack, node: Node, why: str) -> None:
    """Report the first call in a node."""
    called = next((inner for inner in below(node) if function_name(inner) in _KNOWN), None)
    if called is not None:
        stack.report(called.origin, f"`{spelt(function_name(called) or '')}` is not allowed here: {why}")


def _resources(stack: Stack, condition: Node) -> Iterator[tuple[str, Origin]]:
    """The resources that a condition refers to, and where."""
    for function, argument, origin in calls(condition, None):
        for name in named(function, argument):
            if name in stack.written and name not in stack.parameters:
                yield name, origin
