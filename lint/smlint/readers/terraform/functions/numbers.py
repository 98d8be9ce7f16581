"""Functions over numbers: exact, or not known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from smlint.readers.terraform.known import Invalid

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import Plain

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _pow(base: int | float, exponent: int | float) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and 0 <= exponent <= 64 and abs(base) < 2**64:
        result = base**exponent
        return result if abs(result) < 2**53 else NotImplemented
    return NotImplemented


def _log(number: int | float, base: int | float) -> Any:
    if number <= 0 or base <= 0 or base == 1:
        return NotImplemented
    power = round(math.log(number, base))
    return power if isinstance(base, int) and abs(power) < 64 and base**power == number else NotImplemented


def _parseint(text: Any, base: int) -> int:
    if not 2 <= base <= 62 or len(str(text)) > 200:
        raise Invalid("parseint() of an unknown base")
    if base > 36:
        return NotImplemented  # type: ignore[no-any-return]
    digits = str(text)
    if not digits.lstrip("+-").isalnum():
        raise Invalid("parseint() of no number")
    return int(digits, base)


def _most(pick: Any) -> Any:
    def run(*numbers: int | float) -> int | float:
        if not numbers:
            raise Invalid("min() or max() of nothing")
        return pick(numbers)  # type: ignore[no-any-return]

    return run


PLAIN: dict[str, Plain] = {
    "abs": ("n", abs),
    "ceil": ("n", math.ceil),
    "floor": ("n", math.floor),
    "log": ("nn", _log),
    "max": ("n*", _most(max)),
    "min": ("n*", _most(min)),
    "parseint": ("ai", _parseint),
    "pow": ("nn", _pow),
    "signum": ("n", lambda number: (number > 0) - (number < 0)),
}
