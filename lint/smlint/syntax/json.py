"""JSON at C speed: values first, positions only for findings.

Strict JSON. Where comments or trailing commas are all that is wrong, they are reported at their place and the rest is
read all the same.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any, cast

from smlint.document import Document, JsonPlace, Span
from smlint.facts import Problem
from smlint.syntax.parsed import Parsed
from smlint.values import Node, Unknown

MAX_DEPTH = 200

# What opens counts as closed where nothing closes it: a search then never goes over the same text twice.
_STRING = r'"(?:[^"\\\n\r]|\\.)*"?'
_TOKEN = re.compile(_STRING + r"|[{}\[\]:,]|[^\s{}\[\]:,\"]+")
_LENIENT = re.compile(
    _STRING + r"|(?P<comment>//[^\n\r]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?)|(?P<comma>,(?=\s*[}\]]))", re.DOTALL
)

Spans = dict[tuple[str | int, ...], tuple[int, int]]


def parse(document: Document) -> Parsed:
    """Read a JSON document; `nodes` is empty where nothing could be read."""
    problems: list[Problem] = []
    try:
        data = _load(document.text)
    except (ValueError, RecursionError) as error:
        text, problems = _lenient(document)
        try:
            if not problems:
                raise error
            data = _load(text)
            document.index = _index(text)
        except (ValueError, RecursionError) as still:
            return Parsed([], [*problems, _problem(document, still)])
    document.locate = locate
    return Parsed([_wrap(data, JsonPlace(document), None, 0)], problems)


def locate(place: JsonPlace) -> tuple[int, int]:
    """Where a value or a member's name stands in its document's text."""
    document = place.document
    if document.index is None:
        document.index = _index(document.text)
    values, keys = cast("tuple[Spans, Spans]", document.index)
    return (keys if place.key else values).get(place.path(), (0, 0))


def _load(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(f"`{name}` is no JSON value")


def _problem(document: Document, error: Exception) -> Problem:
    if isinstance(error, json.JSONDecodeError):
        at = min(error.pos, max(0, len(document.text) - 1))
        return Problem(Span(document, at, at + 1), f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}")
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return Problem(Span(document, 0, 1), f"this is not JSON: {reason}")


def _lenient(document: Document) -> tuple[str, list[Problem]]:
    """The text with comments and trailing commas blanked out, and a problem for the first of each kind."""
    problems: dict[str, Problem] = {}

    def blank(found: re.Match[str]) -> str:
        if found.lastgroup is None:
            return found[0]
        what = "a comment" if found.lastgroup == "comment" else "a comma before the closing bracket"
        message = f"this is not JSON: {what} is not allowed"
        problems.setdefault(
            found.lastgroup, Problem(Span(document, *found.span()), message, fix=f"remove the {what[2:]}")
        )
        return re.sub(r"[^\r\n]", " ", found[0])

    return _LENIENT.sub(blank, document.text), list(problems.values())


def _wrap(data: Any, place: JsonPlace, key: JsonPlace | None, depth: int) -> Node:
    if depth > MAX_DEPTH:
        return Node(Unknown("nested too deeply"), place, key)
    document = place.document
    if isinstance(data, dict):
        members: dict[str, Node] = {}
        for name, value in data.items():
            name = sys.intern(name)  # files repeat the same few names
            at, named = JsonPlace(document, place, name), JsonPlace(document, place, name, True)
            members[name] = _wrap(value, at, named, depth + 1)
        return Node(members, place, key)
    if isinstance(data, list):
        return Node([_wrap(v, JsonPlace(document, place, i), None, depth + 1) for i, v in enumerate(data)], place, key)
    return Node(data, place, key)


def _index(text: str) -> tuple[Spans, Spans]:
    """The offsets of every value and of every member's name, by path; one pass over the tokens."""
    values: Spans = {}
    keys: Spans = {}
    path: list[str | int] = []
    opened: list[int] = []
    name: tuple[str, int, int] | None = None
    for token in _TOKEN.finditer(text):
        first, (start, end) = token[0][0], token.span()
        if first in "{[":
            opened.append(start)
            path.append("" if first == "{" else 0)
            name = None
        elif first in "}]":
            if opened:
                path.pop()
                values[tuple(path)] = (opened.pop(), end)
        elif first == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
            name = None
        elif first == ":":
            if name is not None and path:
                path[-1] = name[0]
                keys[tuple(path)] = name[1:]
        elif first == '"' and path and isinstance(path[-1], str) and name is None:
            name = (_unquote(token[0]), start, end)
        else:
            values[tuple(path)] = (start, end)
    return values, keys


def _unquote(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]
