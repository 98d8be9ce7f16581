"""The conditions of the needs files: a closed vocabulary, evaluated in three values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from smlint.needs import paths
from smlint.needs.instances import nvme
from smlint.needs.table import Condition
from smlint.values import UNKNOWN, YES, Node, Scalar, Template, Truth, Unknown, Value, any_of

_Test = Callable[[Value, Any], Truth]


def holds(condition: Condition, request: Node, path: Sequence[str], place: paths.Place) -> Truth:
    """Whether the condition holds for a field found at `place`; without a field of its own it is about that place."""
    if not condition.field:
        return TESTS[condition.test](place.node.value, condition.value)
    places = paths.walk(request, paths.bound(paths.steps(condition.field), path, place.trail))
    if not places.found:
        if places.more:
            return UNKNOWN
        return TESTS[condition.test](condition.default, condition.value)
    return any_of(TESTS[condition.test](found.node.value, condition.value) for found in places.found)


def _equals(value: Value, wanted: Scalar) -> Truth:
    if isinstance(value, (Unknown, Template)):
        return UNKNOWN
    return Truth.of(_word(value) == _word(wanted))


def _one_of(value: Value, wanted: Sequence[Scalar]) -> Truth:
    return any_of(_equals(value, word) for word in wanted)


def _contains(value: Value, wanted: Sequence[str]) -> Truth:
    """Whether one of the words stands in the text, or in one of the texts of a mapping or list."""
    if isinstance(value, (dict, list)):
        members = value.values() if isinstance(value, dict) else value
        return any_of(_contains(member.value, wanted) for member in members)
    if isinstance(value, Template):
        literal = "\0".join(part for part in value.parts if isinstance(part, str))
        return YES if any(word in literal for word in wanted) else UNKNOWN
    if isinstance(value, Unknown):
        return UNKNOWN
    return Truth.of(isinstance(value, str) and any(word in value for word in wanted))


def _present(value: Value, wanted: bool) -> Truth:
    if isinstance(value, Unknown):
        return UNKNOWN
    return Truth.of((value is not None) is wanted)


def _stores_on_nvme(value: Value, wanted: bool) -> Truth:
    """An instance type that is not known to have local NVMe storage counts as one without."""
    known = isinstance(value, str) and nvme(value) is YES
    return Truth.of(known is wanted)


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


TESTS: dict[str, _Test] = {
    "equals": _equals,
    "not-equals": lambda value, wanted: ~_equals(value, wanted),
    "one-of": _one_of,
    "not-one-of": lambda value, wanted: ~_one_of(value, wanted),
    "contains": _contains,
    "not-contains": lambda value, wanted: ~_contains(value, wanted),
    "present": _present,
    "nvme": _stores_on_nvme,
}
