"""CloudFormation, SAM and CDK templates: every resource that bears on a SageMaker workload becomes facts."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Document
from smlint.facts import Fact
from smlint.readers.scope import Scope
from smlint.values import Node


def recognises(root: Node, path: str) -> bool:
    """Whether the document is a template: `Resources` whose members have a `Type` with two colons."""
    resources = root.get("Resources")
    if resources is None or resources.mapping is None:
        return False
    if root.get("AWSTemplateFormatVersion") is not None or root.get("Transform") is not None:
        return True
    if any(name.startswith("Fn::") for name in resources.mapping):
        return True
    types = (member.get("Type") for member in resources.mapping.values())
    return any(kind is not None and "::" in (kind.literal or "") for kind in types)


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The facts of a template, those of each case that its parameters leave open, and what in it cannot be."""
    from smlint.readers.cloudformation import cycles, misplaced
    from smlint.readers.cloudformation.reading import alternatives, facts_of
    from smlint.readers.cloudformation.stack import Stack

    stack = Stack(root, document, scope)
    cycles.report(stack)
    misplaced.report(stack)
    yield from facts_of(stack)
    yield from alternatives(stack)
    yield from stack.problems
    stack.close()
