"""Whether a place of a YAML file lies within brackets, where values are written as JSON writes them."""

from __future__ import annotations

import re

from smlint.document import Origin

# What brackets do not count in: quoted texts and comments.
_APART = re.compile(r"'[^'\n]*'|\"(?:[^\"\\\n]|\\.)*\"|(?<!\S)#[^\n]*")
_STATEMENTS = re.compile(r"\bStatement[\"']?\s*:\s*")
_OUTERMOST = re.compile(r"^ {0,2}[^\s#]", re.MULTILINE)


def in_flow(origin: Origin) -> bool:
    """Whether what stands at the place is within brackets."""
    return _is_open(origin.document.text, origin.offsets()[0])


def statements_in_flow(origin: Origin) -> bool:
    """Whether the list of statements at the place is one in brackets; its statements alone may be."""
    text, place = origin.document.text, origin.offsets()[0]
    lists = [found for found in _STATEMENTS.finditer(text, 0, place + 1) if found.end() <= place]
    return bool(lists) and _is_open(text, lists[-1].end() + (text[lists[-1].end()] == "["))


def _is_open(text: str, place: int) -> bool:
    """Whether a bracket is open; one is closed at the latest where a resource of a template ends."""
    start = max((found.start() for found in _OUTERMOST.finditer(text, 0, place)), default=0)
    before = _APART.sub("", text[start:place])
    return before.count("[") + before.count("{") > before.count("]") + before.count("}")
