"""YAML from the C parser's events, composed here so that every value keeps its place and its short tag.

Plain scalars are read as CloudFormation and Kubernetes users mean them: true/false, null, integers and plain decimals;
a date, `yes`/`no`/`on`/`off` and a number with leading zeros (an account id) stay texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from smlint.document import Document, Span
from smlint.facts import Problem
from smlint.syntax.parsed import Parsed
from smlint.values import Node, Scalar, Unknown

MAX_DEPTH = 200
MAX_NODES = 2_000_000  # aliases counted as often as they are used: stops alias bombs

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def parse(document: Document) -> Parsed:
    """Read all documents of a YAML stream; those before a syntax error are kept."""
    import yaml

    result = Parsed()
    loader: Any = getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader
    try:
        composer = _Composer(document, loader(document.text), result.problems)
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
    """Composes nodes from parser events."""

    def __init__(self, document: Document, parser: Any, problems: list[Problem]) -> None:
        from yaml import events

        self.document = document
        self.events = events
        self.parser = parser
        self.problems = problems
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.count = 0

    def documents(self) -> Iterator[Node]:
        while not isinstance(event := self.parser.get_event(), self.events.StreamEndEvent):
            if isinstance(event, self.events.DocumentStartEvent):
                self.anchors.clear()
                yield self.compose(self.parser.get_event(), None, 0)

    def compose(self, event: Any, key: Span | None, depth: int) -> Node:
        self._spend(1)
        start = event.start_mark.index
        if isinstance(event, self.events.AliasEvent):
            return self._alias(event, key)
        if depth > MAX_DEPTH:
            raise _TooMuchError("it is nested too deeply")
        before = self.count
        if isinstance(event, self.events.MappingStartEvent):
            node = self._mapping(start, key, depth)
        elif isinstance(event, self.events.SequenceStartEvent):
            node = self._sequence(start, key, depth)
        else:
            span = Span(self.document, start, event.end_mark.index)
            node = Node(_scalar(event.value, event.implicit[0] and not event.style), span, key)
        node.tag = event.tag if event.tag and event.tag.startswith("!") and event.tag != "!" else ""
        if event.anchor:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _spend(self, nodes: int) -> None:
        self.count += nodes
        if self.count > MAX_NODES:
            raise _TooMuchError("its aliases expand to too much")

    def _alias(self, event: Any, key: Span | None) -> Node:
        span = Span(self.document, event.start_mark.index, event.end_mark.index)
        if event.anchor not in self.anchors:
            self.problems.append(Problem(span, f"the alias `*{event.anchor}` has no anchor before it"))
            return Node(Unknown("an alias without anchor"), span, key)
        node, size = self.anchors[event.anchor]
        self._spend(size)
        return Node(node.value, node.origin, key, span, node.tag, node.open)

    def _sequence(self, start: int, key: Span | None, depth: int) -> Node:
        elements: list[Node] = []
        while not isinstance(event := self.parser.get_event(), self.events.SequenceEndEvent):
            elements.append(self.compose(event, None, depth + 1))
        return Node(elements, Span(self.document, start, self._end(event, elements)), key)

    def _mapping(self, start: int, key: Span | None, depth: int) -> Node:
        members: dict[str, Node] = {}
        merged: list[Node] = []
        while not isinstance(event := self.parser.get_event(), self.events.MappingEndEvent):
            name_span = Span(self.document, event.start_mark.index, event.end_mark.index)
            text = self._name(event, depth)
            value = self.compose(self.parser.get_event(), name_span, depth + 1)
            if text == "<<" and not getattr(event, "style", None):
                merged.extend(value.elements())
            elif text in members:
                self.problems.append(Problem(name_span, f"the key `{text}` stands twice in this mapping"))
            else:
                members[text] = value
        for other in merged:
            for text, value in other.items():
                members.setdefault(text, value)
        end = self._end(event, list(members.values()))
        return Node(members, Span(self.document, start, end), key)

    def _name(self, event: Any, depth: int) -> str:
        """The text of a key; one that is no plain scalar is composed, for its anchor and to get past it."""
        if isinstance(event, self.events.ScalarEvent) and not event.anchor:
            self._spend(1)
            return str(event.value)
        name = self.compose(event, None, depth + 1)
        return event.value if isinstance(event, self.events.ScalarEvent) else str(name.value)

    def _end(self, event: Any, members: list[Node]) -> int:
        """Where a collection ends. A block collection's end event stands at the next token: take the last member's."""
        end: int = event.end_mark.index
        if event.start_mark.index != end:
            return end
        ends = [member.origin.end for member in members if isinstance(member.origin, Span) and member.used is None]
        return max([*ends, *(m.key.end for m in members if isinstance(m.key, Span))], default=end)


def _scalar(text: str, plain: bool) -> Scalar:
    if not plain:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text) and str(float(text)) == text:
        return float(text)
    return text
