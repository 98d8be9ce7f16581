"""Policy documents that stand in files of their own; the estate decides to whom they belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from smlint.document import Document
from smlint.facts import Fact, LoosePolicy
from smlint.iam.policy import Kind
from smlint.readers.scope import Scope
from smlint.values import Hole, Node, Text, Unknown, join

# What a program replaces before it uses the file, as in `arn:aws:s3:::{bucket}/*`; IAM's own variables have a `$`.
_PLACEHOLDER = re.compile(r"(?<!\$)\{\{?\s*([A-Za-z_][\w.-]*)\s*\}?\}")


def recognises(root: Node, path: str) -> bool:
    """Whether the file is a policy document, a list of them, or one in the member that the command line takes it in."""
    return bool(_documents(root))


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The documents, each with the kind that its statements show."""
    from smlint.iam import grammar

    for found in _documents(root):
        found = _opened(found, document.path)
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


def _opened(node: Node, path: str) -> Node:
    """The document, unknown where a template that includes it calls a function and where a program fills it in."""
    value = node.value
    if node.tag or (isinstance(value, dict) and len(value) == 1 and _is_function(*value)):
        return node.with_value(Unknown("a template's function"))
    if isinstance(value, list):
        return node.with_value([_opened(element, path) for element in value])
    if isinstance(value, dict):
        return node.with_value({name: _opened(member, path) for name, member in value.items()})
    return node.with_value(_filled_in(value, path)) if isinstance(value, str) and "{" in value else node


def _is_function(name: str) -> bool:
    return name == "Ref" or name.startswith("Fn::")


def _filled_in(text: str, path: str) -> Text:
    parts: list[str | Hole] = [*_PLACEHOLDER.split(text)]
    parts[1::2] = [Hole(f"placeholder:{path}:{name}", label=str(name)) for name in parts[1::2]]
    return join(parts)
