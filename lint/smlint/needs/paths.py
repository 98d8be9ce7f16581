"""Paths into a request: `InputDataConfig[].DataSource.S3DataSource.S3Uri`.

`[]` stands for every element of a list, `{}` for every value of a mapping, `{json}` for what a text of JSON says. A
place is where one walk along a path ended: its node and its trail, which has the number of the element or the name of
the member instead of `[]` and `{}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from smlint.record import dataclass
from smlint.values import Node

ELEMENTS, MEMBERS, JSON = "[]", "{}", "{json}"
MOST_PLACES = 2_000


class Place(NamedTuple):
    node: Node
    trail: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """What a path leads to. more: there may be further places, because a part of the request is not known."""

    found: list[Place]
    more: bool = False


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[str, ...]:
    """The path's steps: "A[].B" → ("A", "[]", "B")."""
    spread = path.replace(ELEMENTS, "." + ELEMENTS).replace(MEMBERS, "." + MEMBERS).replace(JSON, "." + JSON)
    return tuple(step for step in spread.split(".") if step)


def spelled(trail: Sequence[str | int]) -> str:
    """The trail as a user writes it: "InputDataConfig[0].DataSource"."""
    text = ""
    for step in (step for step in trail if step != JSON):
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def bound(path: Sequence[str], to_path: Sequence[str], to_trail: Sequence[str | int]) -> tuple[str | int, ...]:
    """The path with its `[]` replaced by the trail's numbers for as long as both paths agree: the same list element."""
    result: list[str | int] = list(path)
    for index, (own, other, taken) in enumerate(zip(path, to_path, to_trail, strict=False)):
        if own != other:
            break
        result[index] = taken
    return tuple(result)


def walk(root: Node, path: Sequence[str | int]) -> Places:
    """Every place that the path leads to. A null counts as absent; a value of an unexpected kind ends the path."""
    places, more = [Place(root, ())], False
    for step in path:
        reached: list[Place] = []
        for node, trail in places:
            members = _members(node, step)
            more = more or node.unknown or (node.open and _may_lack(step, members))
            for taken, member in members:
                reached.append(Place(member, (*trail, taken)))
        if not reached:
            return Places([], more)
        more = more or len(reached) > MOST_PLACES
        places = reached[:MOST_PLACES]
    return Places([place for place in places if place.node.value is not None], more)


def _may_lack(step: str | int, members: Sequence[object]) -> bool:
    """Whether an open node may have other members than these at the step."""
    return not members or not isinstance(step, str) or step in (ELEMENTS, MEMBERS, JSON)


def _members(node: Node, step: str | int) -> Sequence[tuple[str | int, Node]]:
    value = node.value
    if step == JSON:
        return [(JSON, inner) for inner in _inside(node)]
    if isinstance(value, dict):
        if step == MEMBERS:
            return [*value.items()]
        return [(step, value[step])] if isinstance(step, str) and step in value else ()
    if isinstance(value, list):
        if step == ELEMENTS:
            return [*enumerate(value)]
        return [(step, value[step])] if isinstance(step, int) and step < len(value) else ()
    return ()


@lru_cache(maxsize=8)
def _inside(node: Node) -> list[Node]:
    """What a text of JSON says; a mapping has been read already. Kept, because many paths lead into the same text."""
    from smlint.syntax.embedded import parse_json

    if node.mapping is not None:
        return [node]
    return parse_json(node).nodes if node.text is not None else []
