"""YAML from the C parser's events, composed here so that every value keeps its place and its short tag.

Plain scalars are read as CloudFormation and Kubernetes users mean them: true/false, null, integers and plain decimals;
a date, `yes`/`no`/`on`/`off` and a number with leading zeros (an account id) stay texts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from smlint.document import Document, Span
from smlint.facts import Problem
from smlint.syntax.parsed import Parsed
from smlint.values import Node, Scalar, Unknown

MAX_DEPTH = 200
MAX_NODES = 2_000_000  # aliases counted as often as they are used: stops alias bombs

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SHORT = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader


def parse(document: Document) -> Parsed:
    """Read all documents of a YAML stream; those before a syntax error are kept."""
    result = Parsed()
    try:
        composer = _Composer(document, _LOADER(document.text), result.problems)
        result.nodes.extend(composer.documents())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index if mark else 0, len(document.text))
        what = " ".join(part for part in (error.problem, error.context) if part)
        result.problems.append(Problem(Span(document, at, at + 1), f"this is not YAML: {what}"))
    except yaml.reader.ReaderError as error:
        at = min(error.position, len(document.text))
        message = "this is not YAML: the character at this place is not allowed"
        result.problems.append(Problem(Span(document, at, at + 1), message))
    except (_TooMuchError, UnicodeEncodeError) as error:
        result.problems.append(Problem(Span(document, 0, 1), f"this is not read: {error}"))
    return result


class _TooMuchError(Exception):
    pass


class _Composer:
    """Composes nodes from parser events. What is done for every node is written out: calls would cost the most."""

    def __init__(self, document: Document, parser: Any, problems: list[Problem]) -> None:
        self.document = document
        self.read: Callable[[], Any] = parser.get_event
        self.problems = problems
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.count = 0

    def documents(self) -> Iterator[Node]:
        while type(event := self.read()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                self.anchors.clear()
                yield self.compose(self.read(), None, 0)

    def compose(self, event: Any, key: Span | None, depth: int) -> Node:
        self.count = before = self.count + 1
        if before > MAX_NODES:
            raise _TooMuchError("its aliases expand to too much")
        kind = type(event)
        if kind is ScalarEvent:
            text = event.value
            value = _plain(text) if event.implicit[0] and not event.style else _quoted(text)
            node = Node(value, Span(self.document, event.start_mark.index, event.end_mark.index), key)
        elif kind is AliasEvent:
            return self._alias(event, key)
        elif depth > MAX_DEPTH:
            raise _TooMuchError("it is nested too deeply")
        else:
            compose = self._mapping if kind is MappingStartEvent else self._sequence
            node = compose(event.start_mark.index, key, depth + 1)
        tag = event.tag
        if tag and tag[0] == "!" and tag != "!":
            node.tag = tag
        if event.anchor:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _alias(self, event: Any, key: Span | None) -> Node:
        span = Span(self.document, event.start_mark.index, event.end_mark.index)
        if event.anchor not in self.anchors:
            self.problems.append(Problem(span, f"the alias `*{event.anchor}` has no anchor before it"))
            return Node(Unknown("an alias without anchor"), span, key)
        node, size = self.anchors[event.anchor]
        self.count += size
        return Node(node.value, node.origin, key, span, node.tag, node.open)

    def _sequence(self, start: int, key: Span | None, depth: int) -> Node:
        elements: list[Node] = []
        read, compose = self.read, self.compose
        while type(event := read()) is not SequenceEndEvent:
            elements.append(compose(event, None, depth))
        return Node(elements, Span(self.document, start, _end(event, elements[-1] if elements else None)), key)

    def _mapping(self, start: int, key: Span | None, depth: int) -> Node:
        members: dict[str, Node] = {}
        merged: list[Node] = []
        value = None
        read, compose, document = self.read, self.compose, self.document
        while type(event := read()) is not MappingEndEvent:
            name = Span(document, event.start_mark.index, event.end_mark.index)
            simple = type(event) is ScalarEvent and event.anchor is None
            text = sys.intern(event.value) if simple else self._name(event, depth)
            value = compose(read(), name, depth)
            if text in members:
                self.problems.append(Problem(name, f"the key `{text}` stands twice in this mapping"))
            elif text == "<<" and not getattr(event, "style", None):
                merged.extend(value.elements())
            else:
                members[text] = value
        self.count += len(members)
        for other in merged:
            for text, given in other.items():
                members.setdefault(text, given)
        return Node(members, Span(document, start, _end(event, value)), key)

    def _name(self, event: Any, depth: int) -> str:
        """The text of a key that is no plain scalar: composed, for its anchor and to get past it."""
        name = self.compose(event, None, depth)
        return str(event.value if type(event) is ScalarEvent else name.value)


def _end(event: Any, last: Node | None) -> int:
    """Where a collection ends. A block collection's end event stands at the next token: take the last member's end."""
    end: int = event.end_mark.index
    if last is None or event.start_mark.index != end:
        return end
    value, name = last.use.offsets(), last.key.offsets() if last.key is not None else (0, 0)
    return max(value[1], name[1])


def _quoted(text: str) -> str:
    return sys.intern(text) if len(text) < _SHORT else text  # files repeat the same few words


@lru_cache(maxsize=1024)
def _plain(text: str) -> Scalar:
    """What a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text) and str(float(text)) == text:
        return float(text)
    return text
