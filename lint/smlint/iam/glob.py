"""Wildcard patterns over known texts, in linear time.

A pattern is a sequence of tokens: literal strings, holes and the two wildcards. `*` stands for any characters, `?` for
exactly one. Between two stars the leftmost place that fits is always good enough, so nothing is ever tried twice.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import TypeAlias

from smlint.values import Hole, Text, pieces


class Wild(enum.Enum):
    """The wildcards of IAM patterns."""

    STAR = "*"
    ONE = "?"


STAR, ONE = Wild.STAR, Wild.ONE
Token: TypeAlias = "str | Hole | Wild"
_WILD = {"*": STAR, "?": ONE}


def tokenize(text: Text) -> tuple[Token, ...]:
    """The tokens of a pattern as it is written in a policy: its `*` and `?` are wildcards."""
    found: list[Token] = []
    for piece in pieces(text):
        if isinstance(piece, Hole):
            found.append(piece)
            continue
        start = 0
        for index, character in enumerate(piece):
            if character in _WILD:
                if index > start:
                    found.append(piece[start:index])
                found.append(_WILD[character])
                start = index + 1
        if start < len(piece):
            found.append(piece[start:])
    return normal(found)


def beginning(text: str) -> str:
    """The literal characters of a pattern before its first wildcard."""
    return text.partition("*")[0].partition("?")[0]


def widened(text: Text) -> str:
    """A pattern without holes that matches all that the text can be: `*` in the place of each."""
    return "".join("*" if isinstance(piece, Hole) else piece for piece in pieces(text))


def normal(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """The same pattern with literals joined and each run of wildcards written as its `?`s before at most one `*`."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if isinstance(token, str):
            if isinstance(last, str):
                found[-1] = last + token
            elif token:
                found.append(token)
        elif token is ONE and last is STAR:
            found.insert(len(found) - 1, ONE)
        elif not (token is STAR and last is STAR):
            found.append(token)
    return tuple(found)


class Glob:
    """A pattern without holes, prepared for matching known texts."""

    __slots__ = ("_first", "_last", "_literal", "_middle", "_size")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        runs: list[list[Token]] = [[]]
        for token in tokens:
            if token is STAR:
                runs.append([])
            else:
                runs[-1].append(token)
        segments = [_segment(run) for run in runs]
        self._literal = segments[0] if len(segments) == 1 else None
        self._first, self._last = segments[0], segments[-1]
        self._middle = segments[1:-1]
        self._size = sum(len(segment) for segment in segments)

    def match(self, text: str) -> bool:
        """Whether the whole text matches."""
        literal = self._literal
        if literal is not None:
            return text == literal if isinstance(literal, str) else len(text) == len(literal) and literal.at(text, 0)
        start, end = len(self._first), len(text) - len(self._last)
        if len(text) < self._size or not _at(self._first, text, 0) or not _at(self._last, text, end):
            return False
        for segment in self._middle:
            start = text.find(segment, start, end) if isinstance(segment, str) else segment.find(text, start, end)
            if start < 0:
                return False
            start += len(segment)
        return True


class _Gapped:
    """A run of literals and `?`s, found by a bit for each of its characters (Shift-And)."""

    __slots__ = ("_anything", "_masks", "_parts", "_size")

    def __init__(self, run: list[Token]) -> None:
        self._parts: list[tuple[int, str]] = []
        self._masks: dict[str, int] = {}
        self._anything = 0
        self._size = 0
        for token in run:
            if isinstance(token, str):
                self._parts.append((self._size, token))
                for offset, character in enumerate(token, self._size):
                    self._masks[character] = self._masks.get(character, 0) | 1 << offset
                self._size += len(token)
            else:
                self._anything |= 1 << self._size
                self._size += 1

    def __len__(self) -> int:
        return self._size

    def at(self, text: str, start: int) -> bool:
        return all(text.startswith(part, start + offset) for offset, part in self._parts)

    def find(self, text: str, start: int, end: int) -> int:
        """The leftmost place at or after `start` where the run fits before `end`, -1 where there is none."""
        state, full = 0, 1 << self._size - 1
        masks, anything = self._masks, self._anything
        for index in range(start, end):
            state = (state << 1 | 1) & (masks.get(text[index], 0) | anything)
            if state & full:
                return index - self._size + 1
        return -1


def _segment(run: list[Token]) -> str | _Gapped:
    if not run:
        return ""
    return run[0] if len(run) == 1 and isinstance(run[0], str) else _Gapped(run)


def _at(segment: str | _Gapped, text: str, start: int) -> bool:
    return text.startswith(segment, start) if isinstance(segment, str) else segment.at(text, start)
