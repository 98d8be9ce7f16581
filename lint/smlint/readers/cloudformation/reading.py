"""From a stack to its facts: each resource alone, in each way in which undetermined conditions can fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smlint.facts import Fact
from smlint.readers.cloudformation import compute, iam, keys, nested, network, sagemaker, storage
from smlint.readers.cloudformation.conditions import branches, described
from smlint.readers.cloudformation.evaluate import Evaluator
from smlint.readers.cloudformation.resource import Resource
from smlint.readers.cloudformation.stack import Stack
from smlint.values import NO, YES, Node

Reader = Callable[[Resource], Iterator[Fact]]

READERS: dict[str, Reader] = {
    **iam.READERS,
    **storage.READERS,
    **keys.READERS,
    **network.READERS,
    **compute.READERS,
}


def facts_of(stack: Stack) -> Iterator[Fact]:
    """The facts of every resource of a known type, and of the stacks nested in this one."""
    evaluator = stack.evaluator
    for logical, node in stack.resources.items():
        kind = node.get("Type")
        name = kind.literal if kind is not None else None
        reader = READERS.get(name or "")
        if reader is None and name is not None and name.startswith(sagemaker.PREFIX):
            reader = sagemaker.workload
        if reader is not None:
            yield from _of_resource(evaluator, logical, node, reader)
    for child, superseded in nested.stacks(evaluator):
        yield superseded
        yield from facts_of(child)


def _of_resource(evaluator: Evaluator, logical: str, node: Node, reader: Reader) -> Iterator[Fact]:
    evaluator.touched.clear()
    if _holds(evaluator, node) is NO:
        return
    found = list(reader(Resource(evaluator, logical, node)))
    ways = branches(evaluator, set(evaluator.touched)) if evaluator.touched else []
    if not ways:
        yield from found
        return
    for way in ways:
        settled = Evaluator(evaluator.stack, way)
        if _holds(settled, node) is not NO:
            yield from reader(Resource(settled, logical, node, described(way)))


def _holds(evaluator: Evaluator, node: Node) -> object:
    """Whether the resource exists."""
    condition = node.get("Condition")
    if condition is None or condition.literal is None:
        return YES
    return evaluator.condition(condition.literal, condition)
