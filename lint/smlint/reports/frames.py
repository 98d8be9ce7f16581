"""A code frame: the lines of a document that hold labelled regions, with the marks below them."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Document
from smlint.record import dataclass
from smlint.reports.clean import clean
from smlint.reports.run import Region

_TAB = "    "
_CONTEXT = 1


@dataclass(frozen=True, slots=True)
class Label:
    """A region and what to say below it."""

    region: Region
    message: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line: of code (with its number in the gutter, "..." for lines left out) or of marks."""

    gutter: str
    code: str = ""
    marks: str = ""
    primary: bool = False


def frame(document: Document, labels: list[Label], width: int) -> Iterator[Row]:
    """The rows of the frame, lines in their order, with a line of context around what is to be changed."""
    by_line: dict[int, list[Label]] = {}
    for label in labels:
        by_line.setdefault(label.region.line, []).append(label)
    previous = 0
    for number in _shown(document, by_line):
        if previous and number > previous + 1:
            yield Row("...")
        previous = number
        window = _Window(document.line(number), by_line.get(number, []), width)
        yield Row(str(number), window.code)
        yield from window.marks()


def _shown(document: Document, by_line: dict[int, list[Label]]) -> list[int]:
    last = len(document.line_starts)
    around = {
        near
        for line, labels in by_line.items()
        for near in (range(line - _CONTEXT, line + _CONTEXT + 1) if any(label.primary for label in labels) else (line,))
        if near == line or (1 <= near <= last and document.line(near).strip())
    }
    # One line left out takes as much room as "...".
    return sorted(around | {line + 1 for line in around if line + 2 in around})


class _Window:
    """The part of a line that fits, long (minified) lines being cut around the first label."""

    def __init__(self, line: str, labels: list[Label], width: int) -> None:
        self.labels = sorted(labels, key=lambda label: (label.region.column, label.region.end))
        self.width = max(30, width)
        cells = _cells(line)
        start, stop = 0, len(cells)
        if sum(map(_wide, cells)) > self.width:
            at = self.labels[0].region.column - 1 if labels else 0
            start = max(0, min(at - self.width // 4, len(cells) - self.width + 6)) if at > self.width * 2 // 3 else 0
            stop = start
            room = self.width - 6
            while stop < len(cells) and room >= _wide(cells[stop]):
                room -= _wide(cells[stop])
                stop += 1
        self.cells, self.start, self.stop = cells, start, stop
        self.lead = "..." if start else ""
        self.code = self.lead + "".join(cells[start:stop]) + ("..." if stop < len(cells) else "")

    def _column(self, column: int) -> int:
        """The printed column of a character (from 1) of the line."""
        upto = max(self.start, min(column - 1, self.stop))
        return len(self.lead) + sum(map(_wide, self.cells[self.start : upto])) + max(0, column - 1 - len(self.cells))

    def marks(self) -> Iterator[Row]:
        marked = None
        for label in self.labels:
            first = self._column(label.region.column)
            last = max(first + 1, self._column(label.region.end))
            # What is said of the same region again stands below, without another mark.
            mark = "" if label.region == marked else ("^" if label.primary else "-") * (last - first)
            marked = label.region
            if mark and first + len(mark) + 1 + len(label.message) <= self.width:
                yield Row("", " " * first, f"{mark} {label.message}".rstrip(), label.primary)
                continue
            if mark:
                yield Row("", " " * first, mark, label.primary)
            start = min(first, max(0, self.width - max(40, len(label.message))))
            for line in wrapped(label.message, self.width - start):
                yield Row("", " " * start, line, label.primary)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters, where its words allow."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _cells(line: str) -> list[str]:
    """What is printed for each character of a line."""
    cells = [_TAB if character == "\t" else clean(character) for character in line]
    at = line.find("##[")
    while at >= 0:
        cells[at : at + 3] = ["#", "#", "\\["]
        at = line.find("##[", at + 1)
    return cells


def _wide(cell: str) -> int:
    """How many columns a printed cell takes on a terminal."""
    if cell.isascii():
        return len(cell)
    import unicodedata

    if len(cell) == 1 and unicodedata.combining(cell):
        return 0
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)
