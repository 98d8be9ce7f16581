"""The fingerprint by which GitHub's code scanning knows a line again: `primaryLocationLineHash`.

For each line, the polynomial (base 37, modulo 2**64) of the hundred UTF-16 units that follow its start. Spaces and tabs
do not count, every line end counts as one line feed, the end of the text as 65535 and what would lie behind it as zero.
After the hash stands how often it has occurred up to this line.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_TOP = pow(_BASE, _WINDOW - 1, 1 << 64)
_INVERSE = pow(_BASE, -1, 1 << 64)
_LINE_FEED = 10
_END = 65535


def line_hashes(text: str) -> list[str]:
    """The fingerprint of every line of a text; a text that ends in a line end has an empty last line."""
    hashes = _backwards(_units(text))
    seen: Counter[int] = Counter()
    prints = []
    for value in reversed(hashes):
        seen[value] += 1
        prints.append(f"{value:x}:{seen[value]}")
    return prints


def _units(text: str) -> array[int]:
    lean = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    units = array("H", lean.encode("utf-16-le", "surrogatepass"))
    if sys.byteorder == "big":
        units.byteswap()
    units.append(_END)
    return units


def _backwards(units: array[int]) -> list[int]:
    """The hashes of the lines from the last to the first: one step moves the window one unit to the left."""
    hashes = []
    value = 0
    padded = units + array("H", bytes(2 * _WINDOW))
    for at in range(len(units) - 1, -1, -1):
        behind = at + _WINDOW
        value = ((value - padded[behind]) * _INVERSE + padded[at] * _TOP) & _MASK
        if at == 0 or padded[at - 1] == _LINE_FEED:
            hashes.append(value)
    return hashes
