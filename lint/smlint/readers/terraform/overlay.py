"""What a plan knows, laid over what the configuration says: the configuration's places, the plan's values."""

from __future__ import annotations

from smlint.readers.terraform.documents import parsed
from smlint.readers.terraform.functions.encoding import relocated
from smlint.readers.terraform.known import JsonText, settled
from smlint.values import Node


def overlaid(node: Node, planned: Node | None) -> Node:
    """The node, with what it leaves open taken from the plan's value where the plan has one."""
    if planned is None or planned.value is None or planned.unknown:
        return node
    if isinstance(node, JsonText):
        trees = parsed(planned).nodes
        return JsonText(_blend(node.tree, trees[0]), node.origin, node.used) if trees else node
    return _blend(node, planned)


def _blend(node: Node, planned: Node) -> Node:
    """Alike in structure: member by member; else the plan's value at the node's place."""
    if settled(node):
        return node
    ours, theirs = node.value, planned.value
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() <= theirs.keys():
        members = {name: _blend(ours[name], value) if name in ours else value for name, value in theirs.items()}
        return _kept(node, Node(members, node.origin))
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return _kept(node, Node([_blend(a, b) for a, b in zip(ours, theirs, strict=True)], node.origin))
    return _kept(node, relocated(planned, node.origin))


def _kept(node: Node, made: Node) -> Node:
    return Node(made.value, node.origin, node.key, node.used, node.tag)
