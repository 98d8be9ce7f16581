"""Functions over lists that must be wholly known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.functions.collections import sequence, vague
from smlint.readers.terraform.known import Invalid, bool_of, is_unknown
from smlint.syntax.hcl.tree import Call
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction, Plain


def _transpose(data: dict[str, list[str]]) -> dict[str, list[str]]:
    made: dict[str, set[str]] = {}
    for name, values in data.items():
        for value in values:
            made.setdefault(value, set()).add(name)
    return {name: sorted(values) for name, values in sorted(made.items())}


def _matchkeys(values: list[Any], keys: list[Any], wanted: list[Any]) -> list[Any]:
    if len(values) != len(keys):
        raise Invalid("matchkeys() of lists of unequal length")
    return [value for value, key in zip(values, keys, strict=True) if key in wanted]


def _index(items: list[Any], wanted: Any) -> int:
    for at, item in enumerate(items):
        if item == wanted and isinstance(item, bool) is isinstance(wanted, bool):
            return at
    raise Invalid("index() finds nothing")


def _range(*numbers: int | float) -> list[int | float]:
    start, limit, step = 0, numbers[0], 1
    if len(numbers) > 1:
        start, limit = numbers[0], numbers[1]  # type: ignore[assignment]
    step = numbers[2] if len(numbers) > 2 else (1 if limit >= start else -1)  # type: ignore[assignment]
    if step == 0 or ((limit > start) is (step < 0) and limit != start):
        raise Invalid("range() that never ends")
    if abs(limit - start) / abs(step) > 1024:
        raise Invalid("range() of more than 1024 numbers")
    made: list[int | float] = []
    at: int | float = start
    while (at < limit) if step > 0 else (at > limit):
        made.append(at)
        at += step
    return made


def _sum(items: list[Any]) -> Any:
    from decimal import Decimal

    from smlint.readers.terraform.operators import exact

    if not items:
        raise Invalid("sum() of nothing")
    total = exact(sum((Decimal(repr(item)) for item in items), Decimal(0)))
    return NotImplemented if total is None else total


def _all_true(items: Iterable[Any]) -> bool:
    return all(item in (True, "true") for item in items)


def _any_true(items: Iterable[Any]) -> bool:
    return any(item in (True, "true") for item in items)


def _bools(function: Any) -> Any:
    def run(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
        node = arguments[0]
        if vague(node) or node.open:
            return None
        if any(is_unknown(item) for item in sequence(node)):
            return None
        return Node(function([item.value is not None and bool_of(item) for item in sequence(node)]), at.span)

    return run


NODES: dict[str, NodeFunction] = {
    "alltrue": _bools(_all_true),
    "anytrue": _bools(_any_true),
}
PLAIN: dict[str, Plain] = {
    "index": ("la", _index),
    "matchkeys": ("lll", _matchkeys),
    "range": ("nn?n?", _range),
    "sum": ("l", _sum),
    "transpose": ("m", _transpose),
}
