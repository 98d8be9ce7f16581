"""Python files and notebooks → syntax trees; nothing is imported or run.

A notebook's code cells, in order, are one program. It is a document hosted by the notebook: a place in it leads to the
line of the .ipynb file in which that line of source stands. Magics and shell lines become `0`, a cell in another
language becomes empty, a cell that does not parse is passed over.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from bisect import bisect_right
from collections.abc import Iterator

from smlint.document import Document, Origin, Span
from smlint.facts import Problem
from smlint.record import dataclass, field
from smlint.syntax import fstrings, json
from smlint.values import Node

_BETWEEN = "\n\n"
_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "local"})
_MAGIC = re.compile(
    r"[ \t]*(?:[%!?]|[A-Za-z_][\w.]*[ \t]*=[ \t]*[%!]|print[ \t]+[^\s(=]|pip3?[ \t]+install|[\w.]+\?{1,2}[ \t]*$)"
)


@dataclass(slots=True)
class Program:
    """A syntax tree, the document that its lines and columns count in, and what did not parse."""

    document: Document
    tree: ast.Module | None = None
    problems: list[Problem] = field(default_factory=list)


class Place(Origin):
    """Where a piece of a syntax tree stands; its offsets are counted only when a finding needs them."""

    __slots__ = ("document", "node")

    def __init__(self, document: Document, node: ast.AST) -> None:
        self.document = document
        self.node = node

    def offsets(self) -> tuple[int, int]:
        line, column = getattr(self.node, "lineno", 1), getattr(self.node, "col_offset", 0)
        end = getattr(self.node, "end_lineno", None) or line, getattr(self.node, "end_col_offset", None) or column
        return _offset(self.document, line, column), _offset(self.document, *end)


def _offset(document: Document, line: int, column: int) -> int:
    """The character offset of a column that Python counts in bytes."""
    text = document.line(line)
    if not text.isascii():
        column = len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
    return document.line_starts[min(line, len(document.line_starts)) - 1] + column


def parse(document: Document) -> Program:
    """Read a Python file or a notebook (.ipynb)."""
    if document.path.endswith(".ipynb"):
        return _notebook(document)
    tree, error = _tree(document.text)
    problems = [] if tree is not None else [_problem(document, error)]
    return Program(document, tree, problems)


def _tree(text: str) -> tuple[ast.Module | None, Exception | None]:
    tree, error = _parsed(text)
    if isinstance(error, SyntaxError) and sys.version_info < (3, 12):
        older = fstrings.without_news(text)
        tree = _parsed(older)[0] if older != text else None
    return tree, error if tree is None else None


def _parsed(text: str) -> tuple[ast.Module | None, Exception | None]:
    if text.count("{") > fstrings.MOST_FIELDS and fstrings.crowded(text):
        return None, ValueError("too many fields in an f-string")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escape sequences are the author's affair
            return ast.parse(text), None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return None, error


def _problem(document: Document, error: Exception | None) -> Problem:
    line, column = 1, 0
    if isinstance(error, SyntaxError):
        line, column = error.lineno or 1, max((error.offset or 1) - 1, 0)
    starts = document.line_starts
    start = min(starts[min(line, len(starts)) - 1] + column, max(len(document.text) - 1, 0))
    reason = error.msg if isinstance(error, SyntaxError) else "it is nested too deeply, or holds what no person writes"
    version = "{}.{}".format(*sys.version_info)
    return Problem(Span(document, start, start + 1), f"not valid Python {version}: {reason}")


def _notebook(document: Document) -> Program:
    parsed = json.parse(document)
    broken = parsed.problems if parsed.problems and not _opens(document.text) else []
    if not parsed.nodes:
        return Program(document, None, broken)
    cells: list[str] = []
    pieces: list[tuple[int, Origin]] = []
    length = 0
    for cell in _code_cells(parsed.nodes[0]):
        for line in cell:
            pieces.append((length, line.origin))
            length += len(line.literal or "")
        cells.append("".join(line.literal or "" for line in cell))
        length += len(_BETWEEN)
    hosted = (document, Lines(document, tuple(pieces)))
    program = Document(document.path, _BETWEEN.join(_without_magics(cell) for cell in cells), hosted)
    tree, error = _tree(program.text)
    if tree is None:
        program = Document(document.path, _BETWEEN.join(map(_readable, cells)), hosted)
        tree, error = _tree(program.text)
    wrong = [] if tree is not None else [_problem(program, error)]
    return Program(program, tree, [*broken, *wrong])


def _opens(text: str) -> bool:
    """Whether Jupyter opens the notebook: it writes and reads NaN, which JSON does not have."""
    from json import loads

    try:
        loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _code_cells(root: Node) -> Iterator[list[Node]]:
    """The source of each code cell: its lines, or the one text that it is."""
    sheets = root.get("worksheets")
    holders = [root] if sheets is None else sheets.elements()
    for holder in holders:
        cells = holder.get("cells")
        for cell in cells.elements() if cells is not None else ():
            kind, source = cell.get("cell_type"), cell.get("source") or cell.get("input")
            if kind is not None and kind.value == "code" and source is not None:
                yield source.elements()


@dataclass(frozen=True, slots=True)
class Lines:
    """From an offset in the joined source to the place in the notebook's JSON.

    pieces: where each line begins in the source, and where it stands in the notebook.
    """

    document: Document
    pieces: tuple[tuple[int, Origin], ...]

    def __call__(self, offset: int) -> int:
        at = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        if at < 0:
            return 0
        start, line = self.pieces[at]
        begin, end = line.offsets()
        return min(_escaped(self.document.text, begin + 1, offset - start), max(end - 1, begin))


def _escaped(text: str, position: int, count: int) -> int:
    """The position in a JSON string of the character that comes `count` characters after `position`."""
    for _ in range(count):
        if position >= len(text):
            break
        if text[position] == "\\":
            position += 6 if text[position + 1 : position + 2] == "u" else 2
        else:
            position += 1
    return position


def _readable(cell: str) -> str:
    """The cell as Python, of the same length; empty where it is none.

    A line that begins with `%` need not be a magic, it may go on with an expression: the cell is tried as it is first.
    """
    for readable in (cell, _without_magics(cell)):
        if _tree(readable)[0] is not None:
            return readable
    return _blank(cell)


def _without_magics(cell: str) -> str:
    """The cell without its magics and shell lines; empty where it is in another language."""
    first = cell.lstrip().split("\n", 1)[0].split()
    if first and first[0].startswith("%%") and first[0][2:] not in _PYTHON_MAGICS:
        return _blank(cell)
    lines = cell.splitlines(keepends=True)
    continued = False
    for at, line in enumerate(lines):
        continuation, magic = continued, continued or _MAGIC.match(line) is not None
        continued = magic and line.rstrip().endswith("\\")
        if continuation:
            lines[at] = _blank(line)
        elif magic:
            body = line.rstrip("\r\n")
            indent = body[: len(body) - len(body.lstrip())] if body.strip() else body
            lines[at] = (indent + "0").ljust(len(body))[: len(body)] + line[len(body) :]
    return "".join(lines)


def _blank(cell: str) -> str:
    return re.sub(r"[^\r\n]", " ", cell)
