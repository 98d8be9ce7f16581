"""Policy documents and other JSON that stands in texts: values with the origins of the file they stand in."""

from __future__ import annotations

from smlint.facts import Problem
from smlint.readers.terraform.known import JsonText, Unsettled
from smlint.readers.terraform.rendered import Rendered
from smlint.syntax.parsed import Parsed
from smlint.values import Node, Unknown


def parsed(node: Node) -> Parsed:
    """The JSON in a text node."""
    if isinstance(node, JsonText):
        return Parsed([node.tree])
    from smlint.syntax import embedded

    if isinstance(node, Rendered) and node.runs:
        return embedded.parse_json(node)
    return embedded.parse_json(node)


def document_of(node: Node, problems: list[Problem] | None = None) -> Node:
    """The document that an argument such as `policy` means; unknown where it cannot be told."""
    if isinstance(node, JsonText):
        return node.tree
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
