"""Facts and findings ⇄ bytes: what passes between processes and what a cache keeps.

Plain JSON, so that reading it runs no code. Every object is a row `[what it is, member, …]`, after the rows of its
members: in a row an integer is the number of another row, so what was shared stays shared. Members at the end that have
their default are left out. Documents of the scanned tree are written as their path: both sides have the text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any

from smlint import facts
from smlint.document import Document, JsonPlace, Origin, Runs, Span
from smlint.finding import Finding, Level, Related
from smlint.iam import policy
from smlint.iam.decision import Decision
from smlint.needs.access import Access, By, Need
from smlint.readers.reading import Reading
from smlint.syntax.embedded import Aligned, Widened
from smlint.syntax.json import locate
from smlint.syntax.python import Lines
from smlint.values import Hole, Node, Template, Unknown
from smlint.verdicts.refusal import Cause, Refused

Opener = Callable[[str], Document | None]
_Shape = tuple[int, Callable[[Any], tuple[Any, ...]], list[Any]]

# Their numbers are what they are written as; the order matters only to what an older version has written.
_RECORDS: tuple[type, ...] = (
    *(Hole, Template, Unknown, Runs, Aligned, Widened, Lines, Finding, Related, Reading, Access, Refused),
    *(policy.Policy, policy.Statement, policy.Element, policy.PrincipalElement, policy.Condition, policy.Violation),
    *facts.Fact.__args__,
)
_ENUMS = {"kind": policy.Kind, "level": Level, "need": Need, "by": By, "cause": Cause, "decision": Decision}
_NODE, _SPAN, _JSON, _FILE, _EMBEDDED, _NUMBER, _TUPLE, _LIST, _MAPPING, _ENUM, _FIRST = range(11)
_ABSENT = object()


class CodecError(ValueError):
    """Something that cannot be written, or bytes that were not written here."""


class Common:
    """Objects that both sides have, in the same order: they are referred to, not written."""

    def __init__(self, objects: Iterable[object] = ()) -> None:
        self.objects = [*objects]
        self.numbers: dict[object, int] = {id(one): number for number, one in enumerate(self.objects)}


_NOTHING = Common()


def encode(value: object, open: Opener, common: Common = _NOTHING) -> bytes:
    """The value as bytes. open: the document that the other side will have at a path. Raises CodecError."""
    encoder = _Encoder(open, common)
    try:
        return encoder.written(value)
    except (ValueError, RecursionError) as problem:
        raise CodecError(str(problem)) from problem


def decode(data: bytes, open: Opener, common: Common = _NOTHING) -> Any:
    """The value that was encoded. Raises CodecError."""
    try:
        return _decoded(json.loads(data), open, [*common.objects])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise CodecError(f"{type(problem).__name__}: {problem}") from problem


class _Encoder:
    """Writes rows; an object that is met again is referred to."""

    def __init__(self, open: Opener, common: Common) -> None:
        self.rows: list[list[Any]] = []
        self._open = open
        self._common = common.numbers
        self._first = len(common.objects)
        self._numbers: dict[object, int] = {}

    def written(self, value: object) -> bytes:
        self.reference([value])
        return json.dumps(self.rows, separators=(",", ":"), check_circular=False).encode("ascii")

    def reference(self, value: Any) -> Any:
        """The value itself where JSON has it and no number of a row could be meant, else the number of its row."""
        kind = value.__class__
        if kind is str or value is None or kind is bool:
            return value
        key: object = (kind, value) if kind is int else id(value)
        known = self._numbers.get(key)
        if known is None:
            known = self._common.get(key)
        if known is None:
            shape = _shapes().get(kind)
            row = self._record(shape, value) if shape is not None else _WRITERS.get(kind, _Encoder._other)(self, value)
            known = self._numbers[key] = self._first + len(self.rows)
            self.rows.append(row)
        return known

    def _record(self, shape: _Shape, value: Any) -> list[Any]:
        number, members, defaults = shape
        given = members(value)
        last = len(given)
        while last and given[last - 1] is defaults[last - 1]:
            last -= 1
        return [number, *map(self.reference, given[:last])]

    def _node(self, node: Node) -> list[Any]:
        # The places first: those of the members are found by way of them, which keeps the recursion flat.
        reference = self.reference
        origin, key = reference(node.origin), None if node.key is None else reference(node.key)
        if node.used is not None or node.tag or node.open:
            used = reference(node.used)
            return [_NODE, reference(node.value), origin, key, used, node.tag, node.open]
        return [_NODE, reference(node.value), origin] if key is None else [_NODE, reference(node.value), origin, key]

    def _json_place(self, place: JsonPlace) -> list[Any]:
        parent = self.reference(place.parent)
        return [_JSON, self.reference(place.document), parent, place.step, place.key]

    def _document(self, document: Document) -> list[Any]:
        located = document.locate is not None
        if document.host is not None:
            return [_EMBEDDED, document.path, located, document.text, *map(self.reference, document.host)]
        other = self._open(document.path)
        if other is None or (other is not document and other.text != document.text):
            raise CodecError(f"{document.path} is no file of the tree")
        return [_FILE, document.path, located]

    def _other(self, value: Any) -> list[Any]:
        """What is a kind of something that can be written, and for whoever reads it no more than that."""
        if isinstance(value, Node):
            return self._node(value)
        if isinstance(value, Origin):
            return [_SPAN, self.reference(value.document), *value.offsets()]
        if isinstance(value, Unknown):
            return [_shapes()[Unknown][0], value.why]
        for name, kind in _ENUMS.items():
            if isinstance(value, kind):
                return [_ENUM, name, value.name]
        raise CodecError(f"a {type(value).__name__} cannot be written")


# Not of each encoder: one that held its own methods would live, with all its rows, until garbage is looked for.
_WRITERS: dict[type, Callable[[_Encoder, Any], list[Any]]] = {
    Node: _Encoder._node,
    Span: lambda writer, span: [_SPAN, writer.reference(span.document), span.start, span.end],
    JsonPlace: _Encoder._json_place,
    Document: _Encoder._document,
    tuple: lambda writer, value: [_TUPLE, *map(writer.reference, value)],
    list: lambda writer, value: [_LIST, *map(writer.reference, value)],
    dict: lambda writer, value: [_MAPPING, [*map(writer.reference, value)], *map(writer.reference, value.values())],
    int: lambda writer, value: [_NUMBER, value],
    float: lambda writer, value: [_NUMBER, value],
}


@cache
def _shapes() -> dict[type, _Shape]:
    """Of each record its number, what takes its members out of it, and which of them may be left out."""
    return {kind: (_FIRST + at, _members(kind), _defaults(kind)) for at, kind in enumerate(_RECORDS)}


def _members(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    names = kind.__match_args__
    return attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)


def _defaults(kind: Any) -> list[Any]:
    """The defaults that are written as themselves."""
    fields = [kind.__record__[name] for name in kind.__match_args__]
    plain = (str, bool, type(None))
    return [one.default if isinstance(one.default, plain) else _ABSENT for one in fields]


def _decoded(rows: list[list[Any]], open: Opener, made: list[Any]) -> Any:
    """made: the objects with the first numbers."""
    makers: list[Callable[..., Any]] = [*_MAKERS, *_RECORDS]
    makers[_FILE] = lambda path, located: _file(open(path), located)
    add = made.append
    share = sys.intern  # files repeat the same few words
    for row in rows:
        kind = row[0]
        if kind == _SPAN:
            add(Span(made[row[1]], row[2], row[3]))
        elif kind == _JSON:
            parent = row[2]
            add(JsonPlace(made[row[1]], None if parent is None else made[parent], row[3], row[4]))
        elif kind == _NUMBER:
            add(row[1])
        elif kind == _NODE and row[1].__class__ is str:
            add(Node(share(row[1]), *[made[one] if one.__class__ is int else one for one in row[2:]]))
        elif kind == _MAPPING:
            names = [made[one] if one.__class__ is int else share(one) for one in row[1]]
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
