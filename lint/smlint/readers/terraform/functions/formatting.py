"""format() and formatlist(): Go's verbs, as far as Terraform knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smlint.readers.terraform.evaluate import Frame, joined
from smlint.readers.terraform.known import Invalid, bool_of, is_unknown, number_of, number_text, text_of
from smlint.syntax.hcl.tree import Call
from smlint.values import Node, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction

_VERB = re.compile(r"%(?:%|(\[\d+\])?([-+ #0]*)(\*|\d+)?(?:\.(\d+))?(\[\d+\])?([a-zA-Z]))")
_PLAIN = 1e6  # from here on Go writes an exponent


def _format(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    pattern = text_of(arguments[0])
    if not isinstance(pattern, str):
        return None
    made = formatted(pattern, arguments[1:])
    return None if made is None else Node(joined([made], frame), at.span)


def formatted(pattern: str, values: list[Node]) -> Text | None:
    """Go's fmt for the verbs that Terraform knows; None where an unknown decides the form."""
    parts: list[Text] = []
    at = 0
    taken = 0
    for found in _VERB.finditer(pattern):
        if "%" in pattern[at : found.start()]:
            raise Invalid("format() with an unknown verb")
        parts.append(pattern[at : found.start()])
        at = found.end()
        if found[0] == "%%":
            parts.append("%")
            continue
        if found[3] == "*":
            return None
        index = found[1] or found[5]
        number = int(index[1:-1]) - 1 if index else taken
        taken = number + 1
        if not 0 <= number < len(values):
            raise Invalid("format() with too few arguments")
        part = _verb(found, values[number])
        if part is None:
            return None
        parts.append(part)
    if "%" in pattern[at:]:
        raise Invalid("format() with an unknown verb")
    if taken < len(values) and "[" not in pattern:
        raise Invalid("format() with too many arguments")
    return join([*parts, pattern[at:]])


def _verb(found: re.Match[str], value: Node) -> Text | None:
    flags, width, precision, verb = found[2], int(found[3] or 0), found[4], found[6]
    if width > 100_000 or int(precision or 0) > 1000:
        raise Invalid("format() that is too wide")
    if is_unknown(value):
        return text_of(value) if verb in "sv" and not width and precision is None else None
    text: Text
    if value.value is None:
        raise Invalid("format() of null")
    if verb == "v":
        from smlint.readers.terraform.functions.encoding import json_text

        if flags.strip("0-") or (isinstance(value.value, (int, float)) and not -_PLAIN < value.value < _PLAIN):
            return None
        text = text_of(value) if not isinstance(value.value, (list, dict, type(None))) else json_text(value)
    elif verb == "s":
        text = text_of(value)
    elif verb == "q":
        text = '"' + str(text_of(value)).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    elif verb == "t":
        text = "true" if bool_of(value) else "false"
    elif verb in "dbxXofeEgG":
        return _number_verb(flags, width, precision, verb, number_of(value))
    else:
        raise Invalid("format() with an unknown verb")
    if not isinstance(text, str):
        return text if not width else None
    if precision is not None and verb in "sq":
        text = text[: int(precision)]
    return _padded(text, flags.replace("0", "") if verb != "v" else flags, width)


def _number_verb(flags: str, width: int, precision: str | None, verb: str, number: int | float) -> str | None:
    sign = "+" if "+" in flags else (" " if " " in flags else "")
    if verb in "dbxXo":
        if not isinstance(number, int):
            raise Invalid("format() of a fraction as a whole number")
        if "#" in flags or precision is not None:
            return None
        text = format(int(number), sign + verb)
    elif verb in "fF":
        text = format(number, f"{sign}.{precision or 6}f")
    elif precision is not None and verb in "eE":
        text = format(number, f"{sign}.{precision}{verb}")
    elif verb in "gG" and precision is None and abs(number) < _PLAIN:
        text = sign + number_text(number) if number >= 0 else number_text(number)
        if number and abs(number) < 1e-4:
            return None
    else:
        return None
    return _padded(text, flags, width)


def _padded(text: str, flags: str, width: int) -> str:
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags:
        return text.zfill(width)
    return text.rjust(width)


def _formatlist(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    pattern = arguments[0].value
    if not isinstance(pattern, str):
        return None
    columns = arguments[1:]
    if any(isinstance(column.value, Unknown) or column.open for column in columns):
        return None
    lengths = {len(column.value) for column in columns if isinstance(column.value, list)}
    if len(lengths) > 1:
        raise Invalid("formatlist() of lists of unequal length")
    rows = lengths.pop() if lengths else 1
    made: list[Node] = []
    for row in range(rows):
        frame.budget.step()
        cells = [column.value[row] if isinstance(column.value, list) else column for column in columns]
        text = formatted(pattern, cells)
        if text is None:
            return None
        made.append(Node(text, at.span))
    return Node(made, at.span)


NODES: dict[str, NodeFunction] = {"format": _format, "formatlist": _formatlist}
