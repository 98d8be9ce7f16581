"""Documents and origins: where a value stands.

Origins are cheap to carry and are turned into lines and columns only for findings. Offsets count characters of
`Document.text`; lines and columns count from 1, columns in characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter

from smlint.record import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a document: line and column, both counted from 1."""

    line: int
    column: int


class Document:
    """A decoded file, or a text that stands inside another file (a JSON policy in a string, a notebook cell).

    path:   POSIX path relative to the scanned root; for an embedded text, that of the file it stands in.
    text:   the decoded text, byte order mark removed.
    locate: given a JsonPlace, its (start, end) in `text`; set by the syntax that reads without positions.
    index:  what `locate` prepares, once.
    host:   for an embedded text, the document it stands in and how an offset in `text` becomes one in the host: data
            that can be called, such as `Runs`, so that facts can be written down.
    """

    __slots__ = ("_starts", "host", "index", "locate", "path", "text")

    def __init__(self, path: str, text: str, host: tuple[Document, Callable[[int], int]] | None = None) -> None:
        self.path = path
        self.text = text
        self.host = host
        self.locate: Callable[[JsonPlace], tuple[int, int]] | None = None
        self.index: object = None
        self._starts: Sequence[int] | None = None

    @property
    def line_starts(self) -> Sequence[int]:
        """The offset at which each line begins; computed once, when first asked for."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (counted from 1) without its line end; empty past the end."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def __repr__(self) -> str:
        return f"Document({self.path!r})"


class Origin:
    """Where a value stands. Subclasses: Span (offsets known), JsonPlace (offsets found on demand)."""

    __slots__ = ()
    document: Document

    def offsets(self) -> tuple[int, int]:
        """Start and end offset in `self.document.text`."""
        raise NotImplementedError

    def place(self) -> Place:
        """The place in the file a user opens; an embedded text is followed out to its host."""
        document, (start, end) = self.document, self.offsets()
        while document.host is not None:
            outer, outward = document.host
            start, end = outward(start), max(outward(start) + 1, outward(end))
            document = outer
        return Place(document, start, end)


class Span(Origin):
    """A range of characters of a document; `end` is exclusive. Never changed.

    There are more of them than of anything else: the size is kept because small numbers take no memory.
    """

    __slots__ = ("document", "size", "start")

    def __init__(self, document: Document, start: int, end: int) -> None:
        self.document = document
        self.start = start
        self.size = end - start

    @property
    def end(self) -> int:
        return self.start + self.size

    def offsets(self) -> tuple[int, int]:
        return self.start, self.start + self.size

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        return (self.start, self.size, self.document) == (other.start, other.size, other.document)

    def __hash__(self) -> int:
        return hash((self.document, self.start, self.size))

    def __repr__(self) -> str:
        return f"Span({self.document!r}, {self.start}, {self.end})"


@dataclass(frozen=True, slots=True, eq=False)
class JsonPlace(Origin):
    """A value of a JSON document, named by the way to it; its offsets are found only when a finding needs them.

    key: True for the member's name rather than its value.
    """

    document: Document
    parent: JsonPlace | None = None
    step: str | int = ""
    key: bool = False

    def path(self) -> tuple[str | int, ...]:
        """The steps from the document's root to this value."""
        steps: list[str | int] = []
        place = self
        while place.parent is not None:
            steps.append(place.step)
            place = place.parent
        return tuple(reversed(steps))

    def offsets(self) -> tuple[int, int]:
        if self.document.locate is None:
            return 0, len(self.document.text)
        return self.document.locate(self)


@dataclass(frozen=True, slots=True)
class Runs:
    """From offsets in an embedded text to those in its host: pieces of the text and where each stands.

    runs: (start in the text, start in the host, whether both run alike; else the whole piece stands at one place).
    """

    runs: tuple[tuple[int, int, bool], ...]

    def __call__(self, offset: int) -> int:
        start, outer, alike = self.runs[max(0, bisect_right(self.runs, offset, key=_start_of) - 1)]
        return outer + (offset - start if alike else 0)


_start_of: Callable[[tuple[int, int, bool]], int] = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Place:
    """A resolved origin: a range of a document that stands in no other."""

    document: Document
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def first(self) -> Position:
        return self.document.position(self.start)

    @property
    def last(self) -> Position:
        """The position just past the last character."""
        return self.document.position(max(self.start, self.end))
