"""Facts and findings ⇄ bytes: what passes between processes and what a cache keeps.

Plain JSON, so that reading it runs no code. Every object is a row `[what it is, member, …]`, after the rows of its
members: in a row an integer is the number of another row, so what was shared stays shared. Members at the end that have
their default are left out. Documents of the scanned tree are written as their path: both sides have the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from smlint import facts
from smlint.document import Document, JsonPlace, Origin, Runs, Span
from smlint.finding import Finding, Level, Related
from smlint.iam import policy
from smlint.readers.reading import Reading
from smlint.syntax.embedded import Aligned, Widened
from smlint.syntax.json import locate
from smlint.syntax.python import Lines
from smlint.values import Hole, Node, Template, Unknown

Opener = Callable[[str], Document | None]

# Their numbers are what they are written as; the order matters only to what an older version has written.
_RECORDS: tuple[type, ...] = (
    *(Hole, Template, Unknown, Runs, Aligned, Widened, Lines, Finding, Related, Reading),
    *(policy.Policy, policy.Statement, policy.Element, policy.PrincipalElement, policy.Condition, policy.Violation),
    *facts.Fact.__args__,
)
_ENUMS = {"kind": policy.Kind, "level": Level}
_NODE, _SPAN, _JSON, _FILE, _EMBEDDED, _NUMBER, _TUPLE, _LIST, _MAPPING, _ENUM, _FIRST = range(11)
_ABSENT = object()


class CodecError(ValueError):
    """Something that cannot be written, or bytes that were not written here."""


def encode(value: object, open: Opener) -> bytes:
    """The value as bytes. open: the document that the other side will have at a path. Raises CodecError."""
    encoder = _Encoder(open)
    try:
        encoder.reference([value])
        return json.dumps(encoder.rows, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError) as problem:
        raise CodecError(str(problem)) from problem


def decode(data: bytes, open: Opener) -> Any:
    """The value that was encoded. Raises CodecError."""
    try:
        return _decoded(json.loads(data), open)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise CodecError(f"{type(problem).__name__}: {problem}") from problem


class _Encoder:
    """Writes rows; an object that is met again is referred to."""

    def __init__(self, open: Opener) -> None:
        self.open = open
        self.rows: list[list[Any]] = []
        self._numbers: dict[object, int] = {}
        self._kept: list[object] = []  # an id names an object only as long as there is one

    def reference(self, value: Any) -> Any:
        """The value itself where JSON has it and no number of a row could be meant, else the number of its row."""
        kind = value.__class__
        if kind is str or value is None or kind is bool:
            return value
        key: object = (kind, value) if kind is int else id(value)
        known = self._numbers.get(key)
        if known is None:
            row = self._row(kind, value)
            known = self._numbers[key] = len(self.rows)
            self.rows.append(row)
            self._kept.append(value)
        return known

    def _row(self, kind: type, value: Any) -> list[Any]:
        if kind is Span:
            return [_SPAN, self.reference(value.document), value.start, value.end]
        if kind is JsonPlace:
            parent = self.reference(value.parent)
            return [_JSON, self.reference(value.document), parent, value.step, value.key]
        if kind in _tags():
            number, members = _tags()[kind]
            return self._trimmed([number, *map(self.reference, members(value))], kind)
        if kind in (tuple, list):
            return [_TUPLE if kind is tuple else _LIST, *map(self.reference, value)]
        if kind is dict:
            return [_MAPPING, list(map(self.reference, value)), *map(self.reference, value.values())]
        if kind in (int, float):
            return [_NUMBER, value]
        return self._other(value)

    def _other(self, value: Any) -> list[Any]:
        if isinstance(value, Node):
            # The places first: those of the members are found by way of them, which keeps the recursion flat.
            places = [self.reference(value.origin), self.reference(value.key), self.reference(value.used)]
            return [_NODE, self.reference(value.value), *places, value.tag, value.open]
        if isinstance(value, Document):
            return self._document(value)
        if isinstance(value, Origin):
            return [_SPAN, self.reference(value.document), *value.offsets()]
        if isinstance(value, Unknown):
            return [_tags()[Unknown][0], value.why]
        for name, kind in _ENUMS.items():
            if isinstance(value, kind):
                return [_ENUM, name, value.name]
        raise CodecError(f"a {type(value).__name__} cannot be written")

    def _document(self, document: Document) -> list[Any]:
        located = document.locate is not None
        if document.host is not None:
            return [_EMBEDDED, document.path, located, document.text, *map(self.reference, document.host)]
        other = self.open(document.path)
        if other is None or (other is not document and other.text != document.text):
            raise CodecError(f"{document.path} is no file of the tree")
        return [_FILE, document.path, located]

    @staticmethod
    def _trimmed(row: list[Any], kind: type) -> list[Any]:
        defaults = _defaults(kind)
        last = len(row) - 1
        while last and row[last] is defaults[last - 1]:
            last -= 1
        return row[: last + 1]


@cache
def _tags() -> dict[type, tuple[int, Callable[[Any], tuple[Any, ...]]]]:
    """The number of each record and what takes its members out of it."""
    return {kind: (_FIRST + at, _members(kind)) for at, kind in enumerate(_RECORDS)}


def _members(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    names = kind.__match_args__
    return attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)


@cache
def _defaults(kind: Any) -> list[Any]:
    """What may be left out of a row: defaults that are written as themselves."""
    fields = [kind.__record__[name] for name in kind.__match_args__]
    plain = (str, bool, type(None))
    return [one.default if isinstance(one.default, plain) else _ABSENT for one in fields]


def _decoded(rows: list[list[Any]], open: Opener) -> Any:
    made: list[Any] = []
    makers: list[Callable[..., Any]] = [*_MAKERS, *_RECORDS]
    makers[_FILE] = lambda path, located: _file(open(path), located)
    add = made.append
    for row in rows:
        kind = row[0]
        if kind == _SPAN:
            add(Span(made[row[1]], row[2], row[3]))
        elif kind == _JSON:
            parent = row[2]
            add(JsonPlace(made[row[1]], None if parent is None else made[parent], row[3], row[4]))
        elif kind == _NUMBER:
            add(row[1])
        elif kind == _MAPPING:
            names = [made[one] if one.__class__ is int else one for one in row[1]]
            add(dict(zip(names, [made[one] if one.__class__ is int else one for one in row[2:]], strict=True)))
        else:
            add(makers[kind](*[made[one] if one.__class__ is int else one for one in row[1:]]))
    (value,) = made[-1]
    return value


def _file(document: Document | None, located: bool) -> Document:
    if document is None:
        raise CodecError("a file is gone")
    if located:
        document.locate = locate
    return document


def _embedded(path: str, located: bool, text: str, outer: Document, outward: Callable[[int], int]) -> Document:
    return _file(Document(path, text, (outer, outward)), located)


def _tuple(*members: Any) -> tuple[Any, ...]:
    return members


def _list(*members: Any) -> list[Any]:
    return [*members]


def _enum(name: str, member: str) -> Any:
    return _ENUMS[name][member]


_MAKERS: tuple[Any, ...] = (Node, None, None, None, _embedded, None, _tuple, _list, None, _enum)
