"""Operators. None means: not known."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext

from smlint.readers.terraform.known import Invalid, LazyObject, Unsettled, bool_of, is_unknown, number_of, small
from smlint.values import Node, Template, Unknown

Number = int | float
Result = bool | int | float | None


def binary(operator: str, left: Node, right: Node) -> Result:
    """The value of `left operator right`."""
    if operator in ("==", "!="):
        same = equal(left, right)
        return same if same is None or operator == "==" else not same
    if operator in ("&&", "||"):
        return _logical(operator, left, right)
    if is_unknown(left) or is_unknown(right):
        return None
    a, b = number_of(left), number_of(right)
    if operator in _COMPARE:
        return _COMPARE[operator](a, b)
    return _arithmetic(operator, a, b)


def unary(operator: str, operand: Node) -> Result:
    """The value of `operator operand`."""
    if is_unknown(operand):
        return None
    return not bool_of(operand) if operator == "!" else -number_of(operand)


def equal(left: Node, right: Node) -> bool | None:
    """Whether two values are equal; kinds count, as in Terraform: 1 is not "1"."""
    if left.sequence is not None or left.mapping is not None:
        if left is right:
            return True
        if not small(left) or not small(right):
            return None
    return _equal(left, right)


def _equal(left: Node, right: Node) -> bool | None:
    a, b = left.value, right.value
    if isinstance(a, Template) and isinstance(b, Template):
        return True if a == b else None
    if isinstance(a, Unsettled) and isinstance(b, Unsettled) and a.hole == b.hole:
        return True
    if isinstance(a, LazyObject) or isinstance(b, LazyObject):
        return True if a is b else (False if a is None or b is None else None)
    if isinstance(a, (Template, Unknown)) or isinstance(b, (Template, Unknown)):
        return _apart(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            return None if left.open or right.open else False
        return _all([_equal(a[name], b[name]) for name in a], left.open or right.open)
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return None if left.open or right.open else False
        return _all([_equal(x, y) for x, y in zip(a, b, strict=True)], left.open or right.open)
    if isinstance(a, bool) is not isinstance(b, bool):
        return False
    return (type(a) is type(b) and a == b) or (_is_number(a) and _is_number(b) and a == b)


def _apart(a: object, b: object) -> bool | None:
    """A text with holes is never null, and literal ends that differ tell it from a known text."""
    known, other = (a, b) if not isinstance(a, (Template, Unknown)) else (b, a)
    if isinstance(other, Template):
        if known is None or isinstance(known, (bool, int, float, list, dict)):
            return False
        if isinstance(known, str):
            first, last = other.parts[0], other.parts[-1]
            if isinstance(first, str) and not known.startswith(first):
                return False
            if isinstance(last, str) and not known.endswith(last):
                return False
    return None


def _all(results: list[bool | None], is_open: bool) -> bool | None:
    if False in results:
        return False
    return None if None in results or is_open else True


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _logical(operator: str, left: Node, right: Node) -> bool | None:
    decides = operator == "||"
    known = [bool_of(node) for node in (left, right) if not is_unknown(node)]
    if decides in known:
        return decides
    return None if len(known) < 2 else not decides


_COMPARE: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _arithmetic(operator: str, a: Number, b: Number) -> Result:
    """Exact, or not known: Terraform reckons with more digits than a float has."""
    if operator in "/%" and b == 0:
        raise Invalid("division by zero")
    with localcontext() as context:
        context.prec = 150
        x, y = Decimal(repr(a)), Decimal(repr(b))
        if max(abs(x), abs(y)) > Decimal(10) ** 120:
            return None
        result = {"+": x + y, "-": x - y, "*": x * y}.get(operator)
        if result is None:
            result = x / y if operator == "/" else x % y
    return exact(result)


def exact(result: Decimal) -> Number | None:
    """The number, where an int or a float holds it exactly as Terraform would print it."""
    if not result.is_finite():
        return None
    if result == result.to_integral_value():
        return int(result)
    number = float(result)
    return number if Decimal(repr(number)) == result else None
