"""Methods and operators of texts that programs build URIs with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from smlint.document import Origin
from smlint.readers.python import containers
from smlint.readers.python.things import Arguments, hole, text_or_hole, text_with, unknown
from smlint.values import Hole, Node, Text, join, pieces

_PERCENT = re.compile(r"%(?:\((\w+)\))?([#0 +.\-\d*]*)([a-zA-Z%])")
_CASES = {"lower": str.lower, "upper": str.upper}
_TRIMS = {"strip": str.strip, "rstrip": str.rstrip, "lstrip": str.lstrip}


def method(receiver: Node, name: str, arguments: Arguments, origin: Origin) -> Node:
    """The result of a method of a text, list or dictionary; unknown where it cannot be told."""
    result: Node | None = None
    if receiver.literal is not None:
        result = _text_method(receiver.literal, name, arguments, origin)
    elif receiver.text is not None and name in _TRIMS:
        result = _stripped(receiver.text, name, arguments, origin)
    else:
        result = containers.method(receiver, name, arguments)
    return result if result is not None else unknown(f"the result of .{name}()", origin)


def _text_method(text: str, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    given = [argument.literal for argument in arguments.positional]
    if name == "format":
        return _format(text, arguments, origin)
    if name == "%":
        return _percent(text, arguments.positional[0], origin)
    if name == "join" and arguments.positional:
        return joined(text, arguments.positional[0].sequence, arguments.positional[0].open, origin)
    if name in _CASES:
        return Node(_CASES[name](text), origin)
    if name in _TRIMS and len(given) <= 1 and (not given or given[0] is not None):
        return Node(_TRIMS[name](text, *given), origin)
    if name == "replace" and len(given) == 2 and None not in given and given[0]:
        return text_with([str(given[1]).join(text.split(given[0]))], origin)
    return None


def joined(separator: Text, elements: Sequence[Node] | None, open_: bool, origin: Origin) -> Node:
    """The elements with the separator between them; unknown where some element may be missing."""
    if elements is None or open_:
        return unknown("a join of what is unknown", origin)
    parts: list[Text | Hole] = []
    for position, element in enumerate(elements):
        parts.extend([separator] if position else [])
        parts.append(text_or_hole(element))
    return text_with(parts, origin)


def path_joined(elements: Sequence[Node], origin: Origin) -> Node:
    """os.path.join, for parts of which none begins with a slash."""
    parts: list[Text | Hole] = []
    for element in elements:
        text = join([text_or_hole(element)])
        if parts and str(text).startswith("/"):
            parts.clear()
        if parts and not str(parts[-1]).endswith("/"):
            parts.append("/")
        parts.append(text)
    return text_with(parts, origin)


def uri_joined(elements: Sequence[Node], origin: Origin) -> Node:
    """The SDK's s3_path_join: one slash between the parts; those that are empty or None count for nothing."""
    parts: list[Text | Hole] = []
    for position, element in enumerate(element for element in elements if element.value not in (None, "")):
        text = text_or_hole(element)
        if isinstance(text, str):
            text = text.strip("/") if position else text.rstrip("/")
        parts.extend(["/", text] if position else [text])
    return text_with(parts, origin)


def _stripped(text: Text, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    """A text with holes, without the slashes at its ends: `uri.rstrip("/")`; None where a hole may begin or end so."""
    parts = list(pieces(text))
    if len(arguments.positional) != 1 or arguments.positional[0].value != "/":
        return None
    for end, trim in ((0, "lstrip"), (-1, "rstrip")):
        if name in (trim, "strip"):
            part = parts[end]
            if not isinstance(part, str):
                return None
            parts[end] = _TRIMS[trim](part, "/")
    return text_with(parts, origin)


def is_plain(spec: str, value: Node) -> bool:
    """Whether a format leaves a value as `str()` writes it; None and objects stay holes."""
    return spec in ("", "s") or (spec in ("d", "i") and type(value.value) is int)


def _format(text: str, arguments: Arguments, origin: Origin) -> Node:
    parts: list[Text | Hole] = []
    automatic = 0
    try:
        fields = list(Formatter().parse(text))
    except ValueError:
        return unknown("no valid format", origin)
    for literal, name, spec, conversion in fields:
        parts.append(literal)
        if name is None:
            continue
        if name == "":
            name, automatic = str(automatic), automatic + 1
        value = arguments.get(name, int(name) if name.isdigit() and len(name) < 4 else -1)
        plain = value is not None and not conversion and is_plain(spec or "", value)
        parts.append(
            text_or_hole(value, name) if value is not None and plain else hole(value or Node(None, origin), name)
        )
    return text_with(parts, origin)


def _percent(text: str, values: Node, origin: Origin) -> Node:
    named: Mapping[str, Node] = values.mapping or {}
    left = iter(values.sequence if values.sequence is not None else [values])
    nothing = Node(None, origin)
    parts: list[Text | Hole] = []
    end = 0
    for found in _PERCENT.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        if found[3] == "%":
            parts.append("%")
            continue
        value = named.get(found[1]) if found[1] else next(left, None)
        plain = value is not None and is_plain(found[2] + found[3], value)
        parts.append(text_or_hole(value, found[1] or "") if value is not None and plain else hole(value or nothing))
    return text_with([*parts, text[end:]], origin)
