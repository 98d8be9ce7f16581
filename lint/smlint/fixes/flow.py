"""Whether a place of a YAML file lies within brackets, where values are written as JSON writes them."""

from __future__ import annotations

import re

from smlint.document import Origin

# What brackets do not count in: quoted texts and comments.
# A text in double quotes that does not end on its line goes on to the end of that: so each character is read once.
_APART = re.compile(r"'[^'\n]*'|\"(?:[^\"\\\n]|\\.)*\"?|(?<!\S)#[^\n]*")
_STATEMENTS = re.compile(r"\bStatement[\"']?\s*:\s*")
_FAR = 50_000  # characters: no resource that a person writes is longer
_HARDLY_INDENTED = re.compile(r" {0,2}[^\s#]")


def in_flow(origin: Origin) -> bool:
    """Whether what stands at the place is within brackets."""
    return _is_open(origin.document.text, origin.offsets()[0])


def statements_in_flow(origin: Origin) -> bool:
    """Whether the list of statements at the place is one in brackets; its statements alone may be."""
    text, place = origin.document.text, origin.offsets()[0]
    begun = [found.end() for found in _STATEMENTS.finditer(text, _outermost(text, place), place)]
    return bool(begun) and _is_open(text, begun[-1] + text.startswith("[", begun[-1]))


def _is_open(text: str, place: int) -> bool:
    """Whether a bracket is open; one is closed at the latest where a resource of a template ends."""
    before = _APART.sub("", text[_outermost(text, place) : place])
    return before.count("[") + before.count("{") > before.count("]") + before.count("}")


def _outermost(text: str, place: int) -> int:
    """Where the nearest line begins that is hardly indented."""
    farthest = max(place - _FAR, 0)
    start = text.rfind("\n", farthest, place) + 1
    while start and not _HARDLY_INDENTED.match(text, start):
        start = text.rfind("\n", farthest, start - 1) + 1
    return start or farthest
