"""Policy documents and other JSON that stands in texts: values with the origins of the file they stand in."""

from __future__ import annotations

from smlint.document import Runs
from smlint.facts import Problem
from smlint.readers.terraform.known import JsonText, Unsettled, bounded
from smlint.readers.terraform.rendered import Rendered
from smlint.syntax.parsed import Parsed
from smlint.values import Node, Unknown


def parsed(node: Node) -> Parsed:
    """The JSON in a text node."""
    if isinstance(node, JsonText):
        return Parsed([node.tree])
    from smlint.syntax import embedded

    return embedded.parse_json(node, Runs(tuple(node.runs)) if isinstance(node, Rendered) and node.runs else None)


def document_of(node: Node, problems: list[Problem] | None = None) -> Node:
    """The document that an argument such as `policy` means; unknown where it cannot be told."""
    if isinstance(node, JsonText):
        return without_nulls(bounded(node.tree))
    if node.mapping is not None:
        return node
    if node.text is not None:
        read = parsed(node)
        if problems is not None and isinstance(node.value, str):
            problems += read.problems
        if read.nodes:
            return read.nodes[0]
    why = node.value.why if isinstance(node.value, Unsettled) else "the document is not known"
    return Node(Unknown(why), node.origin, used=node.used)


def without_nulls(node: Node) -> Node:
    """The document with unknowns for nulls: a variable that nobody has set yet, which will not stay null."""
    value = node.value
    if value is None:
        return Node(Unknown("it is null as long as nothing sets it"), node.origin, node.key, node.used)
    if isinstance(value, dict):
        members = {name: without_nulls(member) for name, member in value.items()}
        return node if all(members[name] is value[name] for name in value) else node.with_value(members)
    if isinstance(value, list):
        items = [without_nulls(item) for item in value]
        return node if all(a is b for a, b in zip(items, value, strict=True)) else node.with_value(items)
    return node
