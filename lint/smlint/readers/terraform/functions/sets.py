"""Functions over sets."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.functions.collections import concat, sequence, to_set, unified, vague
from smlint.readers.terraform.known import settled, unwrap
from smlint.readers.terraform.operators import equal
from smlint.syntax.hcl.tree import Call
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction


def _setproduct(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if any(vague(argument) or argument.open for argument in arguments):
        return None
    size = 1
    for argument in arguments:
        size *= max(1, len(sequence(argument)))
    frame.budget.step(size)
    tuples = [Node(list(items), at.span) for items in product(*(sequence(argument) for argument in arguments))]
    return Node(tuples, at.span, tag="set" if all(argument.tag == "set" for argument in arguments) else "")


def _union(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    joined = concat(arguments, frame, at)
    return None if joined is None else to_set(Node(unified(sequence(joined)), at.span, open=joined.open), joined)


def _intersection(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if not all(settled(argument) for argument in arguments):
        return None
    first, *others = arguments
    kept = [item for item in sequence(first) if all(any(equal(item, o) for o in sequence(s)) for s in others)]
    return to_set(Node(list(kept), at.span), Node(None, at.span))


def _subtract(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if not all(settled(argument) for argument in arguments):
        return None
    first, second = arguments
    kept = [item for item in sequence(first) if not any(equal(item, other) for other in sequence(second))]
    return to_set(Node(list(kept), at.span), Node(None, at.span))


def _setlike(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if not all(settled(argument) for argument in arguments):
        return None
    made = _symmetric(unwrap(arguments[0]), unwrap(arguments[1]))
    return to_set(Node([Node(value, at.span) for value in made], at.span), Node(None, at.span))


def _symmetric(first: list[Any], second: list[Any]) -> Any:
    return set(first) ^ set(second)


NODES: dict[str, NodeFunction] = {
    "setintersection": _intersection,
    "setproduct": _setproduct,
    "setsubtract": _subtract,
    "setsymmetricdifference": _setlike,
    "setunion": _union,
}
