"""The resources of the needs files: texts with {words}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from smlint.values import Hole, Text, join, pieces

_WORD = re.compile(r"\{([A-Za-z_ /-]+)\}")


@lru_cache(maxsize=512)
def _split(resource: str) -> tuple[str, ...]:
    """Literals and names of words, in turn."""
    return tuple(_WORD.split(resource))


def fill(resource: str, words: Mapping[str, Text | None]) -> Text | None:
    """The resource with its words put in; None where one of them stands for nothing."""
    parts: list[str | Hole] = []
    for index, part in enumerate(_split(resource)):
        if index % 2 == 0:
            parts.append(part)
            continue
        word = words.get(part)
        if word is None:
            return None
        parts += pieces(word)
    return join(parts)


def log_group(name: str) -> Text:
    """A log group's name; a {word} in it is something that the request does not tell, {one or other}: which of them."""
    return join(part if index % 2 == 0 else _told_by_nobody(part) for index, part in enumerate(_split(name)))


def _told_by_nobody(words: str) -> Hole:
    named = tuple(words.split(" or "))
    return Hole(words, label=words, oneof=named if len(named) > 1 else ())
