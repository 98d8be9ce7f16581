"""Functions over texts. Holes pass through where the result does not depend on what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from smlint.readers.terraform.evaluate import Frame, joined
from smlint.readers.terraform.functions.collections import sequence
from smlint.readers.terraform.known import (
    Invalid,
    JsonText,
    small,
    text_of,
)
from smlint.syntax.hcl.tree import Call
from smlint.values import LOWER, Hole, Node, Template, Text, Unknown, join, pieces

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction, Plain

_WORD = re.compile(r"(?!true|false|null)[A-Za-z_][\w-]{3,}")


def _join(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    separator = text_of(arguments[0])
    texts: list[Text] = []
    for argument in arguments[1:]:
        if isinstance(argument.value, Unknown) or argument.open:
            return None
        texts += [text_of(item) for item in sequence(argument)]
    parts = [part for text in texts for part in (separator, text)][1:]
    return Node(joined(parts, frame), at.span)


def _split(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    separator, text = text_of(arguments[0]), text_of(arguments[1])
    if not isinstance(separator, str):
        return None
    if isinstance(text, str):
        parts = text.split(separator) if separator else list(text)
        frame.budget.step(len(parts))
        return Node([Node(part, arguments[1].origin) for part in parts], at.span)
    if any(hole.only is None or set(separator) & set(hole.only) for hole in text.holes) or not separator:
        return None
    from smlint.values import split

    return Node([Node(part, arguments[1].origin) for part in split(text, separator)], at.span)


def _cased(change: Callable[[str], str], name: str, keeps: str) -> NodeFunction:
    def run(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
        text = text_of(arguments[0])
        if isinstance(text, Template) and name not in ("lower", "upper"):
            return None
        parts: list[Text] = []
        for piece in pieces(text):
            if isinstance(piece, str):
                parts.append(change(piece))
            elif piece.only is not None and not set(piece.only) & set(keeps):
                parts.append(Template((piece,)))
            else:
                known = tuple(change(value) for value in piece.oneof)
                like = change(piece.like)
                label = f"{name}({piece.label or piece.name})"
                parts.append(Template((Hole(f"{name}({piece.name})", like=like, oneof=known, label=label),)))
        return Node(join(parts), at.span)

    return run


def _trimmed(prefix: bool) -> NodeFunction:
    def run(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
        text, end = text_of(arguments[0]), text_of(arguments[1])
        if not isinstance(end, str):
            return None
        if isinstance(text, str):
            return Node(text.removeprefix(end) if prefix else text.removesuffix(end), at.span)
        edge = text.parts[0 if prefix else -1]
        if not isinstance(edge, str) or len(edge) < len(end):
            return None
        changed = edge.removeprefix(end) if prefix else edge.removesuffix(end)
        others = text.parts[1:] if prefix else text.parts[:-1]
        return Node(join([changed, *others] if prefix else [*others, changed]), at.span)

    return run


def _bounded(prefix: bool) -> NodeFunction:
    def run(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
        text, end = text_of(arguments[0]), text_of(arguments[1])
        if not isinstance(end, str):
            return None
        if isinstance(text, str):
            return Node(text.startswith(end) if prefix else text.endswith(end), at.span)
        edge = text.parts[0 if prefix else -1]
        if not isinstance(edge, str):
            return None
        if len(edge) >= len(end):
            return Node(edge.startswith(end) if prefix else edge.endswith(end), at.span)
        return None if (end.startswith(edge) if prefix else end.endswith(edge)) else Node(False, at.span)

    return run


def _replace(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if isinstance(arguments[0], JsonText):
        return _replace_within(arguments[0], arguments[1], arguments[2], at)
    text, old, new = (text_of(argument) for argument in arguments)
    if not isinstance(old, str):
        return None
    if len(old) > 1 and old[0] == old[-1] == "/":
        return None
    replaced = substituted(text, old, new)
    return None if replaced is None else Node(joined([replaced], frame), at.span)


def _replace_within(json: JsonText, old: Node, new: Node, at: Call) -> Node | None:
    """In a text of JSON, a word is replaced in its texts, so that these keep their places."""
    word, by = old.literal, text_of(new)
    if not small(json.tree) or word is None or not _WORD.fullmatch(word) or '"' in str(by) or "\\" in str(by):
        return None
    return JsonText(_in_texts(json.tree, word, by), json.origin, at.span)


def _in_texts(node: Node, word: str, by: Text) -> Node:
    value = node.value
    if isinstance(value, dict):
        return node.with_value({name: _in_texts(member, word, by) for name, member in value.items()})
    if isinstance(value, list):
        return node.with_value([_in_texts(element, word, by) for element in value])
    text = node.text
    if text is None or (not isinstance(text, str) and word not in str(text)):
        return node
    replaced = substituted(text, word, by)
    return node.with_value(Unknown(f"{word} is replaced in it") if replaced is None else replaced)


def substituted(text: Text, old: str, new: Text) -> Text | None:
    """The text with one part put for another; None where a hole may hold the old part."""
    if isinstance(text, Template) and (not old or any(_may_hold(hole, old) for hole in text.holes)):
        return None
    if isinstance(text, str) and isinstance(new, str):
        return text.replace(old, new)
    if not old:
        return None
    parts: list[Text] = []
    for piece in pieces(text):
        if isinstance(piece, str):
            kept = piece.split(old)
            parts += [part for word in kept for part in (new, word)][1:]
        else:
            parts.append(Template((piece,)))
    return join(parts)


def _may_hold(hole: Hole, part: str) -> bool:
    """Whether a hole, or a hole and what stands beside it, may hold the part."""
    return hole.only is None or bool(set(part) & set(hole.only))


def simple(text: str) -> bool:
    """Whether every character of the text stands for itself: no combining marks, no joined emoji."""
    return text.isascii() or max(map(ord, text)) < 0x300


def _substr(text: str, offset: int, length: int) -> Any:
    if not simple(text):
        return NotImplemented
    start = offset if offset >= 0 else len(text) + offset
    if start < 0:
        raise Invalid("substr() before the beginning")
    return text[start:] if length < 0 else text[start : start + length]


def _indent(spaces: int, text: str) -> str:
    if spaces > 10_000 or spaces < 0:
        raise Invalid("indent() too wide")
    return text.replace("\n", "\n" + " " * spaces)


def _title(text: str) -> str:
    return re.sub(r"(^|\s)(\w)", lambda found: found[1] + found[2].upper(), text)


def _strrev(text: str) -> Any:
    return text[::-1] if simple(text) else NotImplemented


def _strcontains(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    text, part = text_of(arguments[0]), text_of(arguments[1])
    if not isinstance(part, str):
        return None
    if any(part in piece for piece in pieces(text) if isinstance(piece, str)):
        return Node(True, at.span)
    return Node(False, at.span) if isinstance(text, str) else None


def _title_node(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    text = text_of(arguments[0])
    return Node(_title(text), at.span) if isinstance(text, str) else None


UPPER = LOWER.upper()
NODES: dict[str, NodeFunction] = {
    "endswith": _bounded(False),
    "join": _join,
    "lower": _cased(str.lower, "lower", UPPER),
    "replace": _replace,
    "split": _split,
    "startswith": _bounded(True),
    "strcontains": _strcontains,
    "title": _title_node,
    "trimprefix": _trimmed(True),
    "trimsuffix": _trimmed(False),
    "upper": _cased(str.upper, "upper", LOWER),
}
PLAIN: dict[str, Plain] = {
    "chomp": ("s", lambda text: text.rstrip("\r\n")),
    "indent": ("is", _indent),
    "strrev": ("s", _strrev),
    "substr": ("sii", _substr),
    "trim": ("ss", lambda text, cut: text.strip(cut) if cut else text),
    "trimspace": ("s", str.strip),
}
