"""The condition operators of IAM. What differs between them is data: how values compare, and whether it is negated."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from smlint.iam.glob import Token
from smlint.iam.match import ArnPattern, Pattern, equal
from smlint.record import dataclass
from smlint.values import NO, UNKNOWN, Text, Truth, join

if TYPE_CHECKING:
    from decimal import Decimal
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_EPOCH = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")

_MILLISECONDS = 1e11


class Matcher(Protocol):
    """A value of a policy, prepared for comparing with a request's."""

    def match(self, text: Text) -> Truth: ...


@dataclass(frozen=True, slots=True)
class Operator:
    """prepare: from a value's tokens to its matcher; wild: `*` and `?` are wildcards in values."""

    prepare: Callable[[tuple[Token, ...]], Matcher]
    negated: bool = False
    wild: bool = False


class _Exactly:
    """The same text; wildcards stand for themselves."""

    __slots__ = ("_text",)

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._text = _text(tokens)

    def match(self, text: Text) -> Truth:
        return equal(self._text, text)


class _Compared:
    """Values that mean more than their spelling: numbers, dates, addresses. What cannot be read matches nothing."""

    __slots__ = ("_read", "_relation", "_text", "_value")

    def __init__(self, tokens: tuple[Token, ...], kind: _Kind, relation: Callable[[Any, Any], bool]) -> None:
        self._text, self._read, self._relation = _text(tokens), kind.read, relation
        self._value = kind.read_policy(self._text) if isinstance(self._text, str) else None

    def match(self, text: Text) -> Truth:
        if not isinstance(text, str) or not isinstance(self._text, str):
            return UNKNOWN
        value = self._read(text)
        if value is None or self._value is None:
            return NO
        return Truth.of(self._relation(value, self._value))


def _text(tokens: tuple[Token, ...]) -> Text:
    return join(token if not hasattr(token, "value") else str(token.value) for token in tokens)


@lru_cache(1024)
def _number(text: str) -> Decimal | None:
    from decimal import Decimal

    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(1024)
def _date(text: str) -> float | None:
    """Seconds since the epoch, from those, from milliseconds (told by their size) or from ISO 8601 (no zone: UTC)."""
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


@lru_cache(1024)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    from ipaddress import ip_address

    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(1024)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    from ipaddress import ip_network

    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _bytes(text: str) -> bytes | None:
    import binascii

    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None


def _within(address: Any, network: Any) -> bool:
    return address in network


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the values of a kind are read; read_policy where a policy's values have another form than a request's."""

    read: Callable[[str], Any]
    read_policy: Callable[[str], Any]


_NUMERIC, _DATE = _Kind(_number, _number), _Kind(_date, _date)
_BOOL, _BINARY, _IP = _Kind(_boolean, _boolean), _Kind(_bytes, _bytes), _Kind(_address, _network)


def _compared(kind: _Kind, relation: Callable[[Any, Any], bool], negated: bool = False) -> Operator:
    return Operator(lambda tokens: _Compared(tokens, kind, relation), negated)


def _ignoring_case(tokens: tuple[Token, ...]) -> Matcher:
    return Pattern(tokens, ignore_case=True)


OPERATORS: dict[str, Operator] = {
    "StringEquals": Operator(_Exactly),
    "StringNotEquals": Operator(_Exactly, negated=True),
    "StringEqualsIgnoreCase": Operator(_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(_ignoring_case, negated=True),
    "StringLike": Operator(Pattern, wild=True),
    "StringNotLike": Operator(Pattern, wild=True, negated=True),
    "NumericEquals": _compared(_NUMERIC, operator.eq),
    "NumericNotEquals": _compared(_NUMERIC, operator.eq, negated=True),
    "NumericLessThan": _compared(_NUMERIC, operator.lt),
    "NumericLessThanEquals": _compared(_NUMERIC, operator.le),
    "NumericGreaterThan": _compared(_NUMERIC, operator.gt),
    "NumericGreaterThanEquals": _compared(_NUMERIC, operator.ge),
    "DateEquals": _compared(_DATE, operator.eq),
    "DateNotEquals": _compared(_DATE, operator.eq, negated=True),
    "DateLessThan": _compared(_DATE, operator.lt),
    "DateLessThanEquals": _compared(_DATE, operator.le),
    "DateGreaterThan": _compared(_DATE, operator.gt),
    "DateGreaterThanEquals": _compared(_DATE, operator.ge),
    "Bool": _compared(_BOOL, operator.eq),
    "BinaryEquals": _compared(_BINARY, operator.eq),
    "IpAddress": _compared(_IP, _within),
    "NotIpAddress": _compared(_IP, _within, negated=True),
    "ArnEquals": Operator(ArnPattern, wild=True),
    "ArnLike": Operator(ArnPattern, wild=True),
    "ArnNotEquals": Operator(ArnPattern, wild=True, negated=True),
    "ArnNotLike": Operator(ArnPattern, wild=True, negated=True),
    "Null": _compared(_BOOL, operator.eq),
}
_BY_LOWER_NAME = {name.lower(): (name, found) for name, found in OPERATORS.items()}
_QUALIFIERS = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}


@dataclass(frozen=True, slots=True)
class Usage:
    """An operator as a policy writes it. qualifier: "", "ForAllValues" or "ForAnyValue"."""

    name: str
    operator: Operator
    qualifier: str = ""
    if_exists: bool = False


@lru_cache(256)
def read(written: str) -> Usage | None:
    """The operator that is meant, whatever its case; None where there is no such operator."""
    qualifier, colon, rest = written.lower().rpartition(":")
    if colon and qualifier not in _QUALIFIERS:
        return None
    if_exists = rest.endswith("ifexists")
    found = _BY_LOWER_NAME.get(rest.removesuffix("ifexists"))
    if found is None or (found[0] == "Null" and if_exists):
        return None
    return Usage(found[0], found[1], _QUALIFIERS.get(qualifier, ""), if_exists)
