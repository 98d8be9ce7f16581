"""From a stack to its facts, and to its facts in each way in which undetermined conditions can fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smlint.facts import Alternative, Fact, Role, Workload
from smlint.readers.cloudformation import compute, iam, keys, lambdas, nested, network, sagemaker, storage
from smlint.readers.cloudformation.evaluate import Evaluator
from smlint.readers.cloudformation.resource import Resource
from smlint.readers.cloudformation.stack import Stack
from smlint.readers.cloudformation.worlds import described, worlds
from smlint.values import NO, UNKNOWN, Node

Reader = Callable[[Resource], Iterator[Fact]]

READERS: dict[str, Reader] = {
    **iam.READERS,
    **storage.READERS,
    **keys.READERS,
    **network.READERS,
    **compute.READERS,
    **lambdas.READERS,
}
# What can only refuse is left out where it is not known whether it exists.
_ONLY_REFUSE = (storage.bucket_policy, network.endpoint, network.guardrail)


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
        if superseded is not None:
            yield superseded
        yield from facts_of(child)


def _of_resource(evaluator: Evaluator, logical: str, node: Node, reader: Reader) -> Iterator[Fact]:
    evaluator.forget()
    exists = evaluator.exists(node)
    if exists is NO or (exists is UNKNOWN and reader in _ONLY_REFUSE):
        return
    for fact in reader(Resource(evaluator, logical, node)):
        if isinstance(fact, (Role, Workload)):
            fact.under = described(evaluator.touched)
        yield fact


def alternatives(base: Stack) -> Iterator[Fact]:
    """What the template says in each of the cases that its parameters leave open, once `base` has been read."""
    for under, world in worlds(base.world):
        stack = Stack(base.root, base.document, base.scope, world=world)
        stack.parsed = base.parsed
        yield Alternative(base.root.origin, under, tuple(facts_of(stack)))
        stack.close()
