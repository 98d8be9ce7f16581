"""Dates that stand in the text; never the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from smlint.readers.terraform.known import Invalid

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import Plain

_STAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_DURATION = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([YMDEHhmsAaZ])\2*|[^A-Za-z']+|(.)")
_FORMS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "DD": "%d",
    "EEEE": "%A",
    "EEE": "%a",
    "hh": "%H",
    "HH": "%I",
    "mm": "%M",
    "ss": "%S",
    "AA": "%p",
}
_BARE = {"M": "%m", "D": "%d", "h": "%H", "H": "%I", "m": "%M", "s": "%S"}


def _stamp(text: str) -> datetime:
    if not _STAMP.fullmatch(text):
        raise Invalid("this is no RFC 3339 timestamp")
    return datetime.fromisoformat(text.upper())


def _timeadd(stamp: str, duration: str) -> str:
    if not _DURATION.fullmatch(duration):
        raise Invalid("this is no duration")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(duration))
    moved = _stamp(stamp) + timedelta(seconds=-seconds if duration.startswith("-") else seconds)
    return moved.isoformat(timespec="seconds").replace("+00:00", "Z")


def _timecmp(first: str, second: str) -> int:
    a, b = _stamp(first).astimezone(UTC), _stamp(second).astimezone(UTC)
    return (a > b) - (a < b)


def _formatdate(form: str, stamp: str) -> str:
    moment = _stamp(stamp)
    made = []
    for found in _TOKEN.finditer(form):
        token = found[0]
        if found[3]:
            raise Invalid("formatdate() with an unknown verb")
        if token[0] == "'":
            made.append(token[1:-1].replace("''", "'"))
        elif found[2]:
            made.append(_verb(token, moment))
        else:
            made.append(token)
    return "".join(made)


def _verb(token: str, moment: datetime) -> str:
    if token in _FORMS:
        return moment.strftime(_FORMS[token])
    if token in _BARE:
        return moment.strftime(_BARE[token]).lstrip("0") or "0"
    if token == "aa":
        return moment.strftime("%p").lower()
    offset = moment.strftime("%z")
    if token == "Z":
        return "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
    if token in ("ZZZZ", "ZZZ") and offset == "+0000" and token == "ZZZ":
        return "UTC"
    if token in ("ZZZZ", "ZZZ"):
        return offset
    if token == "ZZZZZ":
        return f"{offset[:3]}:{offset[3:]}"
    raise Invalid("formatdate() with an unknown verb")


PLAIN: dict[str, Plain] = {
    "formatdate": ("ss", _formatdate),
    "timeadd": ("ss", _timeadd),
    "timecmp": ("ss", _timecmp),
}
