"""On which line each key of a TOML text stands; tomllib reads values but gives no positions."""

from __future__ import annotations

import re

KeyPath = tuple["str | int", ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"\n]*"|'[^'\n]*'""")
_OPAQUE = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#.*|[\[{]|[\]}]')


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every table header and key, by its path; elements of arrays of tables are numbered."""
    found: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    value = _Value()
    for number, line in enumerate(text.splitlines(), 1):
        if value.open:
            value.feed(line)
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _numbered(_parts(header[2]), header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, *_parts(key[1])), number)
            value.feed(line[key.end() :])
    return found


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _numbered(name: KeyPath, element: bool, counts: dict[KeyPath, int]) -> KeyPath:
    """The path of a table header; `[[x]]` is the next x, and a table below an array belongs to its last element."""
    path: KeyPath = ()
    for part in name:
        path = (*path, part)
        if path in counts and not (element and part is name[-1] and len(path) >= len(name)):
            path = (*path, counts[path])
    if element:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


class _Value:
    """Follows brackets and multi-line strings, to tell where a value ends."""

    def __init__(self) -> None:
        self._depth = 0
        self._quotes = ""

    @property
    def open(self) -> bool:
        return self._depth > 0 or bool(self._quotes)

    def feed(self, line: str) -> None:
        at = 0
        while at < len(line):
            if self._quotes:
                end = line.find(self._quotes, at)
                if end < 0:
                    return
                at, self._quotes = end + 3, ""
                continue
            token = _OPAQUE.search(line, at)
            if not token:
                return
            at = token.end()
            if token[0] in ('"""', "'''"):
                self._quotes = token[0]
            elif token[0] in ("[", "{"):
                self._depth += 1
            elif token[0] in ("]", "}"):
                self._depth -= 1
