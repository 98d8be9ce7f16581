"""What evaluation yields: nodes, unknowns that would be a hole in a text, objects read attribute by attribute."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from smlint.document import Origin, Span
from smlint.record import dataclass
from smlint.values import Hole, Node, Template, Text, Unknown, Value, join, members

NO_HOLE = Hole("")
MAX_NODES = 50_000


class Invalid(Exception):  # noqa: N818 - it is no error of ours
    """The expression cannot be evaluated: Terraform would refuse it. `try` and `can` catch it."""


class Exhausted(Exception):  # noqa: N818 - it is no error of ours
    """The budget is spent: the folder asks for more than any real configuration does."""


@dataclass(frozen=True, slots=True)
class Unsettled(Unknown):
    """An unknown that, put into a text, is this hole."""

    hole: Hole = NO_HOLE


@dataclass(slots=True)
class Budget:
    """What evaluating one root module may cost."""

    steps: int = 250_000
    characters: int = 40_000_000
    instances: int = 3_000

    def step(self, count: int = 1) -> None:
        self.steps -= count
        if self.steps < 0:
            raise Exhausted("its expressions take too many steps")

    def produce(self, text: Text) -> None:
        """A text is made; no single one may be longer than a file can be, nor have more holes than anyone writes."""
        length, parts = _size(text)
        self.step(parts)
        self.characters -= length + 100 * parts
        if _too_long(text) or self.characters < 0:
            raise Exhausted("its expressions produce too much text")

    def instance(self) -> None:
        self.instances -= 1
        if self.instances < 0:
            raise Exhausted("it makes too many instances")


def _size(text: Text) -> tuple[int, int]:
    """How many characters and how many pieces."""
    return (len(text), 1) if isinstance(text, str) else (0, len(text.parts))


def _too_long(text: Text) -> bool:
    length, parts = _size(text)
    return length > 10_000_000 or parts > 10_000


class LazyObject(Unknown):
    """An object whose attributes are evaluated when asked for: a resource, a module, `var`, `local`.

    To whatever wants a whole value it is unknown.
    """

    __hash__ = object.__hash__
    __setattr__ = object.__setattr__

    def __eq__(self, other: object) -> bool:
        return self is other

    def attribute(self, name: str) -> Node:
        """The attribute's value; unsettled where nothing says it."""
        raise NotImplementedError


class JsonText(Node):
    """A text that is JSON and was made from values: they and their origins stay at hand in `tree`."""

    __slots__ = ("_text", "tree")

    def __init__(self, tree: Node, origin: Origin, used: Origin | None = None) -> None:
        self.tree = tree
        self._text: Value = None
        self.origin = origin
        self.key = None
        self.used = used
        self.tag = ""
        self.open = False

    @property
    def value(self) -> Value:  # type: ignore[override]
        if self._text is None:
            from smlint.readers.terraform.functions.encoding import json_text

            if not small(self.tree):
                raise Exhausted("its values are too large")
            self._text = text = json_text(self.tree)
            if _too_long(text):
                raise Exhausted("its expressions produce too much text")
        return self._text

    def used_at(self, origin: Origin) -> Node:
        return JsonText(self.tree, self.origin, origin)


def settled(node: Node) -> bool:
    """Whether the node and everything in it is known. What is too large to look through counts as unknown."""
    waiting = [node]
    for _ in range(MAX_NODES):
        if not waiting:
            return True
        inner = waiting.pop()
        if isinstance(inner, JsonText):
            waiting.append(inner.tree)
        elif isinstance(inner.value, (Template, Unknown)) or inner.open:
            return False
        else:
            waiting += members(inner)
    return False


def small(node: Node) -> bool:
    """Whether everything in the node can be looked through: values that hold one another twice grow fast."""
    waiting = [node]
    for _ in range(MAX_NODES):
        if not waiting:
            return True
        inner = waiting.pop()
        if not isinstance(inner, JsonText):
            waiting += members(inner)
    return False


def bounded(node: Node) -> Node:
    """The node; an unknown where it is too large to be looked through."""
    return node if small(node) else Node(Unknown("it is too large"), node.origin)


def unwrap(node: Node) -> Any:
    """A settled node as plain data."""
    value = node.value
    if isinstance(value, dict):
        return {name: unwrap(member) for name, member in value.items()}
    return [unwrap(element) for element in value] if isinstance(value, list) else value


def wrap(data: Any, origin: Origin) -> Node:
    """Plain data as a node whose every part stands at one place."""
    if isinstance(data, Node):
        return data
    if isinstance(data, dict):
        return Node({str(name): wrap(value, origin) for name, value in data.items()}, origin)
    if isinstance(data, (list, tuple)):
        return Node([wrap(value, origin) for value in data], origin)
    if isinstance(data, set):
        return Node([wrap(value, origin) for value in sorted(data)], origin, tag="set")
    return Node(data, origin)


def text_of(node: Node) -> Text:
    """The node where a text is wanted: numbers and booleans are converted, unknowns become holes."""
    value = node.value
    if isinstance(value, (str, Template)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, Unsettled):
        return join([value.hole])
    if isinstance(value, Unknown) and not isinstance(value, LazyObject):
        return join([Hole(f"tf:{value.why}:{node.origin.document.path}:{node.origin.offsets()[0]}", label=value.why)])
    raise Invalid("a text is wanted here")


def number_text(value: int | float) -> str:
    """A number as Terraform writes it: never with an exponent."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def number_of(node: Node) -> int | float:
    """The node where a number is wanted; texts of digits are converted."""
    value = node.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value) if len(value) < 400 else int("x")
        except ValueError:
            pass
        try:
            number = float(Decimal(value))
        except (ArithmeticError, ValueError):
            raise Invalid(f"`{value[:40]}` is no number") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise Invalid("no finite number")
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    raise Invalid("a number is wanted here")


def bool_of(node: Node) -> bool:
    """The node where a boolean is wanted."""
    value = node.value
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise Invalid("a boolean is wanted here")


def unsettled(name: str, label: str, origin: Origin, **known: Any) -> Node:
    """An unknown value of unknown kind, with the hole that it is in a text."""
    return Node(Unsettled(label, Hole(name, label=label, **known)), origin)


def hole(name: str, label: str, origin: Origin, **known: Any) -> Node:
    """An unknown text."""
    return Node(join([Hole(name, label=label, **known)]), origin)


def is_null(node: Node) -> bool:
    """Whether the value is null; a text of JSON is not written out to see."""
    return not isinstance(node, JsonText) and node.value is None


def is_unknown(node: Node) -> bool:
    """Whether not even the kind is known, or a text is partly unknown."""
    if isinstance(node, JsonText):
        return not settled(node.tree)
    return isinstance(node.value, (Unknown, Template))


def source(span: Span, limit: int = 60) -> str:
    """The expression as the user wrote it, on one line."""
    text = " ".join(span.document.text[span.start : span.end].split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
