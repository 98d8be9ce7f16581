"""Walking and binding paths, and the vocabulary of the conditions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.needs.conftest import NOWHERE, node

from smlint.needs.conditions import TESTS, holds
from smlint.needs.paths import Place, bound, spelled, steps, walk
from smlint.needs.table import Condition
from smlint.values import NO, UNKNOWN, YES, Hole, Node, Truth, Unknown, join

CHANNELS = {"Input": [{"Type": "A", "Uri": "x"}, {"Type": "B", "Uri": "y"}, "wrong", {"Uri": None}]}


def test_every_element_is_walked() -> None:
    found = walk(node(CHANNELS), steps("Input[].Uri"))
    assert [(spelled(place.trail), place.node.value) for place in found.found] == [
        ("Input[0].Uri", "x"),
        ("Input[1].Uri", "y"),
    ]
    assert not found.more


def test_members_of_a_mapping() -> None:
    found = walk(node({"Rules": {"a": "1", "b": "2"}}), steps("Rules{}"))
    assert [spelled(place.trail) for place in found.found] == ["Rules.a", "Rules.b"]


def test_binding_keeps_to_the_same_element() -> None:
    path = steps("Input[].Uri")
    second = walk(node(CHANNELS), path).found[1]
    assert bound(steps("Input[].Type"), path, second.trail) == ("Input", 1, "Type")
    assert bound(steps("Other[].Type"), path, second.trail) == ("Other", "[]", "Type")


@pytest.mark.parametrize("request_", [{"Input": Unknown("x")}, Unknown("x"), {"Input": [Unknown("x")]}])
def test_an_unknown_on_the_way_may_hold_more(request_: Any) -> None:
    found = walk(node(request_), steps("Input[].Uri"))
    assert (found.found, found.more) == ([], True)


def test_an_open_mapping_may_hold_more() -> None:
    root = Node({"A": node(1)}, NOWHERE, open=True)
    assert walk(root, steps("B")).more
    assert not walk(root, steps("A")).more


@pytest.mark.parametrize("request_", [{"Input": 3}, {"Input": {"Uri": "x"}}, {"Input": [["x"]]}, [], "text", None])
def test_values_of_the_wrong_kind_end_the_path(request_: Any) -> None:
    found = walk(node(request_), steps("Input[].Uri"))
    assert (found.found, found.more) == ([], False)


@pytest.mark.parametrize(
    ("test", "value", "wanted", "truth"),
    [
        ("equals", "Vpc", "Vpc", YES),
        ("equals", "vpc", "Vpc", NO),
        ("equals", "true", True, YES),
        ("equals", True, True, YES),
        ("equals", None, True, NO),
        ("equals", Unknown(), True, UNKNOWN),
        ("equals", join(["V", Hole("pc")]), "Vpc", UNKNOWN),
        ("not-equals", None, True, YES),
        ("not-equals", True, True, NO),
        ("one-of", "B", ["A", "B"], YES),
        ("one-of", "C", ["A", "B"], NO),
        ("not-one-of", "C", ["A", "B"], YES),
        ("contains", "xAy", ["A"], YES),
        ("contains", "xay", ["A"], NO),
        ("contains", 3, ["A"], NO),
        ("contains", join(["A", Hole("x")]), ["A"], YES),
        ("contains", join(["B", Hole("x")]), ["A"], UNKNOWN),
        ("not-contains", "xAy", ["A"], NO),
        ("present", "x", True, YES),
        ("present", None, True, NO),
        ("present", None, False, YES),
        ("nvme", "ml.g5.xlarge", False, NO),
        ("nvme", "ml.m5.large", False, YES),
        ("nvme", None, False, YES),
        ("nvme", Unknown(), False, YES),
    ],
)
def test_vocabulary(test: str, value: Any, wanted: Any, truth: Truth) -> None:
    assert TESTS[test](value, wanted) is truth


def test_a_default_stands_for_a_missing_field() -> None:
    path = steps("Input[].Uri")
    root = node({"Input": [{"Uri": "x"}]})
    place = walk(root, path).found[0]
    condition = Condition("equals", "S3Prefix", "Input[].Type", "S3Prefix")
    assert holds(condition, root, path, place) is YES
    assert holds(Condition("equals", "S3Prefix", "Input[].Type"), root, path, place) is NO


def test_a_condition_looks_at_its_own_element() -> None:
    path = steps("Input[].Uri")
    root = node(CHANNELS)
    places = walk(root, path).found
    condition = Condition("equals", "B", "Input[].Type")
    assert [holds(condition, root, path, place) for place in places] == [NO, YES]


def test_a_condition_on_the_field_itself() -> None:
    place = Place(node(True), ("Flag",))
    assert holds(Condition("equals", True), node({}), ("Flag",), place) is YES
