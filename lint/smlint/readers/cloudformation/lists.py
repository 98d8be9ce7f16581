"""Functions on lists and texts that need nothing but their arguments."""

from __future__ import annotations

import ipaddress
from itertools import islice

from smlint.values import Hole, Node, Text, Unknown, pieces
from smlint.values import split as split_text

MAX_SUBNETS = 256


def split(node: Node, delimiter: str, text: Text) -> Node:
    """The parts between delimiters; unknown where a hole might hold one."""
    if any(isinstance(piece, Hole) and _may_hold(piece, delimiter) for piece in pieces(text)):
        return node.with_value(Unknown(f"the parts of {text}"))
    return node.with_value([Node(part, node.origin) for part in split_text(text, delimiter)])


def _may_hold(hole: Hole, delimiter: str) -> bool:
    if hole.oneof:
        return any(delimiter in value for value in hole.oneof)
    return hole.only is None or all(character in hole.only for character in delimiter)


def select(values: list[Node], index: int) -> Node | None:
    """The element at an index, None where there is none."""
    return values[index] if index < len(values) else None


def cidr(node: Node, block: Text | None, count: Text | None, bits: Text | None) -> Node:
    """The first `count` blocks with `bits` host bits each inside a block; unknown where they cannot be told."""
    try:
        network = ipaddress.ip_network(block if isinstance(block, str) else "", strict=False)
        host_bits = int(bits) if isinstance(bits, str) and bits else network.max_prefixlen - network.prefixlen
        wanted = min(int(count if isinstance(count, str) else ""), MAX_SUBNETS)
        subnets = list(islice(network.subnets(new_prefix=network.max_prefixlen - host_bits), wanted))
    except ValueError:
        return node.with_value(Unknown(f"Cidr {block} {count} {bits}"))
    return node.with_value([Node(str(subnet), node.origin) for subnet in subnets])
