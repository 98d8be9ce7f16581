"""JSON (and templates of JSON) that stands in a text of another file: a policy in a string, a heredoc, a `!Sub`.

The inner document is hosted by the outer one: its origins are followed outwards by aligning the two texts, so a finding
stands on the right line of the file the user opens.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from smlint.document import Document, Origin
from smlint.record import dataclass, field
from smlint.syntax import json
from smlint.syntax.parsed import Parsed
from smlint.values import Hole, Node, Text, Unknown, join, pieces

# Characters that no real text holds stand for holes while the text is parsed.
_FIRST, _LAST = 0xF0000, 0xFFFFC
FILLER = chr(0xFFFFD)  # stands for nothing: keeps the length of what a stand-in replaces
_STAND_IN = re.compile(f"[{chr(_FIRST)}-{FILLER}]")
_APART = re.compile(f"({_STAND_IN.pattern})")
_BARE = re.compile(rf'("[^"\\]*(?:\\.[^"\\]*)*"?)|({_STAND_IN.pattern})', re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def parse_json(node: Node, outward: Callable[[int], int] | None = None) -> Parsed:
    """Parse the JSON in a text node; a hole inside a string becomes part of the text, a bare hole an unknown value.

    outward: where an offset of the text (each hole one character) stands in the outer document, where that is known
    better than by aligning the two.
    """
    text = node.text
    if text is None:
        return Parsed()
    inner, holes = stand_ins(text)
    bare = [found.start() for found in _BARE.finditer(inner) if found[2]] if holes else []
    inner = _BARE.sub(lambda found: found[1] or f'"{found[2]}{found[2]}"', inner) if bare else inner
    document = hosted(node, inner)
    if outward is not None:
        document.host = (node.origin.document, Widened(outward, tuple(bare)))
    parsed = json.parse(document)
    if holes:
        parsed.nodes = [with_holes(root, holes) for root in parsed.nodes]
    return parsed


@dataclass(frozen=True, slots=True)
class Widened:
    """`outward` for a text in which every bare hole was made three characters longer."""

    outward: Callable[[int], int]
    bare: tuple[int, ...]

    def __call__(self, offset: int) -> int:
        at = bisect_right(range(len(self.bare)), offset, key=lambda at: self.bare[at] + 3 * at)
        return self.outward(max(offset - 3 * at, self.bare[at - 1]) if at else offset)


def hosted(node: Node, inner: str) -> Document:
    """A text that stands in a node, as a document whose places are those of the outer one."""
    return Document(node.origin.document.path, inner, (node.origin.document, Aligned(node.origin, inner)))


def stand_ins(text: Text) -> tuple[str, dict[str, Hole]]:
    """The text with a stand-in character for each hole, and what the characters stand for."""
    holes: dict[str, Hole] = {}
    names: dict[str, str] = {}
    parts: list[str] = []
    for piece in pieces(text):
        if isinstance(piece, Hole):
            character = names.setdefault(piece.name, stand_in(len(names)))
            holes[character] = piece
            parts.append(character)
        else:
            parts.append(_STAND_IN.sub("\ufffd", piece))
    return "".join(parts), holes


def stand_in(number: int) -> str:
    """The stand-in character of a text's hole of that number, counted from 0."""
    return chr(_FIRST + number % (_LAST - _FIRST))


def with_holes(node: Node, holes: Mapping[str, Hole]) -> Node:
    """The node with stand-in characters turned back into holes; one that stood alone outside a string is unknown."""
    value = node.value
    if isinstance(value, str):
        if value.isascii():  # so there is neither a stand-in nor a filler in it
            return node
        value = value.replace(FILLER, "")
        if _bare(value) and value[0] in holes:
            return node.with_value(Unknown(f"{holes[value[0]]} is not settled"))
        return node.with_value(_fill(value, holes))
    if isinstance(value, list):
        return node.with_value([with_holes(element, holes) for element in value])
    if isinstance(value, dict):
        return node.with_value({_name(name, holes): with_holes(member, holes) for name, member in value.items()})
    return node


def _name(name: str, holes: Mapping[str, Hole]) -> str:
    return name if name.isascii() else str(_fill(name.replace(FILLER, ""), holes))


def _fill(text: str, holes: Mapping[str, Hole]) -> Text:
    parts = _APART.split(text)
    return text if len(parts) == 1 else join(holes.get(part, part) for part in parts)


def _bare(text: str) -> bool:
    """Whether a text is a hole that stood outside any string: the stand-in twice (see `parse_json`)."""
    return len(text) == 2 and text[0] == text[1]


@dataclass(slots=True)
class Aligned:
    """From an offset in an inner text to one in the outer document; the alignment is made when first asked for."""

    origin: Origin
    inner: str
    made: tuple[list[int], list[int]] | None = field(default=None, init=False, compare=False)

    def __call__(self, offset: int) -> int:
        if self.made is None:
            self.made = _align(self.inner, self.origin.document.text, *self.origin.offsets())
        inners, outers = self.made
        at = bisect_right(inners, offset) - 1
        return outers[at] + (offset - inners[at]) if at >= 0 else outers[0]


def _align(inner: str, outer: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Pairs of offsets (inner, outer) from which both texts run alike.

    Characters of the outer text that the inner lacks are skipped (quotes, indentation, `|`); escapes count as what they
    mean; `${…}` or `{{…}}` stands for as much of the inner text as comes before what follows it.
    """
    inners, outers = [0], [start]
    i, o = 0, start
    run = False
    while i < len(inner) and o < end:
        a, b = inner[i], outer[o]
        width = 1
        if b == "\\" and o + 1 < end and a != "\\":
            width = 6 if outer[o + 1] == "u" else 2
            b = _ESCAPES.get(outer[o + 1], a if width == 6 else outer[o + 1])
        elif b == "\\" and outer[o + 1 : o + 2] == "\\":
            width = 2
        if outer.startswith(("${", "{{"), o) and not inner.startswith(outer[o : o + 2], i):
            o, i = _interpolation(inner, i, outer, o, end)
            run = False
            continue
        if a == b or (a.isspace() and b.isspace()):
            if not run:
                inners.append(i)
                outers.append(o)
            run = width == 1
            i += 1
            o += width
        elif _STAND_IN.match(a):
            i += 1
            run = False
        else:
            o += 1
            run = False
    return inners, outers


def _interpolation(inner: str, i: int, outer: str, o: int, end: int) -> tuple[int, int]:
    """Past an interpolation of the outer text and past what stands for it in the inner."""
    close = "}}" if outer.startswith("{{", o) else "}"
    after = outer.find(close, o, end)
    after = end if after < 0 else after + len(close)
    tail = re.match(r"[^\\$\n]{0,12}", outer[after:end])
    follows = inner.find(tail[0].rstrip(), i) if tail and tail[0].strip() else -1
    return after, follows if 0 <= follows < i + 400 else i
