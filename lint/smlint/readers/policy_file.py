"""Policy documents that stand in files of their own; the estate decides to whom they belong."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from smlint.document import Document
from smlint.facts import Fact, LoosePolicy
from smlint.iam.policy import Kind
from smlint.readers.scope import Scope
from smlint.values import Node


def recognises(root: Node, path: str) -> bool:
    """Whether the file is a policy document, a list of them, or one in the member that the command line takes it in."""
    return bool(_documents(root))


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The documents, each with the kind that its statements show."""
    from smlint.iam import grammar

    for found in _documents(root):
        kind = grammar.classify(found) or Kind.IDENTITY
        yield LoosePolicy(found.origin, grammar.parse(found, kind, basename(document.path)))


def _documents(root: Node) -> list[Node]:
    if root.sequence is not None:
        return list(root.sequence) if root.sequence and all(map(is_policy, root.sequence)) else []
    wrapped = root.get("PolicyDocument")
    if wrapped is not None and root.get("RoleName") is None and is_policy(wrapped):
        return [wrapped]
    return [root] if is_policy(root) else []


def is_policy(node: Node) -> bool:
    """Whether the mapping has statements of which at least one says Allow or Deny."""
    statements = node.get("Statement")
    return statements is not None and any(element.get("Effect") is not None for element in statements.elements())
