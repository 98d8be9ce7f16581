"""The ways in which undetermined conditions can fall together: each is a world of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

from smlint.readers.cloudformation.conditions import Conditions, World
from smlint.values import UNKNOWN, YES, Hole, Text, Truth

MAX_TRIED = 256
MAX_WORLDS = 16
_OTHER = "\x00another value"  # equal to no literal of a template


def worlds(base: World) -> Iterator[tuple[str, World]]:
    """The distinct worlds, each described by the conditions that hold in it; none where there is but one.

    Where they are too many, the first that were found: what holds in one of them is true there whatever the others are.
    """
    found: dict[tuple[Truth, ...], World] = {}
    for settled in islice(_assignments(base), MAX_TRIED):
        found.setdefault(_outcome(base, World(settled)), World(settled))
        if len(found) == MAX_WORLDS:
            break
    if len(found) > 1:
        names = [name for _, name in base.undetermined]
        for outcome, world in found.items():
            yield described(dict(zip(names, outcome, strict=True))), world


def _outcome(base: World, world: World) -> tuple[Truth, ...]:
    return tuple(Conditions(stack.evaluator, world).named(name) for (_, name), stack in base.undetermined.items())


def _assignments(base: World) -> Iterator[dict[str, Text]]:
    """Values for the compared holes: first with one at a time changed, then every combination."""
    for (_, name), stack in base.undetermined.items():
        Conditions(stack.evaluator, base).named(name)
    choices = {name: _candidates(hole, values) for name, (hole, values) in sorted(base.compared.items())}
    first: dict[str, Text] = {name: values[0] for name, values in choices.items()}
    yield first
    for name, values in choices.items():
        for value in values[1:]:
            yield {**first, name: value}
    for combination in product(*choices.values()):
        yield dict(zip(choices, combination, strict=True))


def _candidates(hole: Hole, values: set[str]) -> list[str]:
    """The values worth trying: those that it is compared with, and one that it is not."""
    if not hole.oneof:
        return [*sorted(values), _OTHER]
    others = [value for value in hole.oneof if value not in values]
    return [value for value in hole.oneof if value in values] + others[:1]


def described(truths: Mapping[str, Truth]) -> str:
    """A world in words: "when IsProd and not HasKey"."""
    known = [name if truth is YES else f"not {name}" for name, truth in truths.items() if truth is not UNKNOWN]
    return "when " + " and ".join(known) if known else ""
