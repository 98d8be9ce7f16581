"""`smlint.record` means what `dataclasses` means."""

# ruff: noqa: N806

import dataclasses
from typing import Any

import pytest

from smlint import record

BOTH = [dataclasses, record]


@pytest.fixture(params=BOTH, ids=["dataclasses", "record"])
def made(request):
    m: Any = request.param

    @m.dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        names: list[str] = m.field(default_factory=list, compare=False)

    @m.dataclass(slots=True)
    class Child:
        a: int = 1
        b: str = m.field(default="b", repr=False)
        hidden: object = m.field(default=None, init=False, repr=False)

        def doubled(self):
            return 2 * self.a

    @m.dataclass(slots=True, eq=False)
    class Plain:
        a: int = 1

    return m, Point, Child, Plain


def test_made_compared_and_shown(made):
    _, Point, Child, _ = made
    assert Point(1) == Point(1, 2) == Point(x=1, y=2, names=["other"])
    assert Point(1) != Point(2) and Point(1) != Child(1)
    assert hash(Point(1)) == hash(Point(1, names=["x"]))
    assert repr(Point(1)).endswith("Point(x=1, y=2, names=[])")
    assert repr(Child()).endswith("Child(a=1)") and Child(3).doubled() == 6 and Child().hidden is None


def test_defaults_are_made_anew(made):
    _, Point, _, _ = made
    first = Point(1)
    first.names.append("x")
    assert Point(1).names == []


def test_slots(made):
    _, _, Child, _ = made
    child = Child()
    child.a = 5
    assert child.a == 5 and not hasattr(child, "__dict__")


def test_identity_where_eq_is_false(made):
    _, _, Child, Plain = made
    one = Plain()
    assert one == one and one != Plain() and hash(one)
    with pytest.raises(TypeError):
        hash(Child())


def test_wrong_arguments(made):
    _, Point, _, _ = made
    for wrong in (lambda: Point(), lambda: Point(1, 2, [], 4), lambda: Point(1, z=3)):
        with pytest.raises(TypeError):
            wrong()


def test_replace(made):
    m, Point, Child, _ = made
    assert m.replace(Point(1), y=5) == Point(1, 5)
    assert m.replace(Child(1, "x"), a=2) == Child(2, "x")


def test_inheritance(made):
    m, *_ = made

    @m.dataclass(slots=True)
    class Base:
        a: int
        b: int = 2

    @m.dataclass(slots=True)
    class Derived(Base):
        b: int = 3
        c: int = 4

    assert Derived(1) == Derived(1, 3, 4) and Derived(1).b == 3 and Base(1).b == 2
    assert repr(Derived(1)).endswith("Derived(a=1, b=3, c=4)")


def test_first_and_second_instance_are_made_alike():
    @record.dataclass
    class Bare:
        a: int

    assert Bare(1).a == Bare(a=1).a == 1
    assert match(Bare(7)) == 7


def match(thing):
    match thing:
        case object(a=found):
            return found


def test_a_hash_of_its_own_is_kept() -> None:
    @record.dataclass(frozen=True)
    class Alike:
        name: str

        def __hash__(self) -> int:
            return 7

    assert hash(Alike("a")) == 7 and Alike("a") == Alike("a")
