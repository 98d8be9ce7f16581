"""Conditions: what the parameters settle, and what rests on values that nothing settles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smlint.record import dataclass, field
from smlint.values import NO, UNKNOWN, YES, Hole, Node, Template, Text, Truth, fill, pieces

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator
    from smlint.readers.cloudformation.stack import Stack

MAX_NESTED = 50
FUNCTIONS = frozenset({"And", "Condition", "Equals", "Not", "Or"})
_MOST = 10  # arguments of And and Or


@dataclass(slots=True)
class World:
    """What is taken for granted of values that the repository does not settle, for a stack and those nested in it.

    settled: texts for holes, by name; none where nothing is taken for granted. compared: the holes that conditions
    compare, and with what. undetermined: the conditions that values rested on and that nothing settles.
    """

    settled: dict[str, Text] = field(default_factory=dict)
    compared: dict[str, tuple[Hole, set[str]]] = field(default_factory=dict)
    undetermined: dict[tuple[str, str], Stack] = field(default_factory=dict)


class Conditions:
    """The named conditions of a stack in a world.

    resting: those that rest on what the world takes for granted, or on nothing at all.
    """

    def __init__(self, evaluator: Evaluator, world: World) -> None:
        self.evaluator = evaluator
        self.world = world
        self.resting: set[str] = set()
        self._known: dict[str, Truth] = {}
        self._open: set[str] = set()
        self._rests = 0
        self._depth = 0

    def named(self, name: str, node: Node | None = None) -> Truth:
        """Whether the condition of that name holds; `node` is where it is asked for."""
        if name in self._known:
            self._rests += name in self.resting
            return self._known[name]
        definition = self.evaluator.stack.conditions.get(name)
        if definition is None:
            if node is not None and not self.evaluator.stack.opaque:
                self.evaluator.stack.report(node.origin, f"there is no condition `{name}` in this template")
            return UNKNOWN
        if name in self._open:
            self.evaluator.stack.report(definition.origin, f"the condition `{name}` depends on itself")
            return UNKNOWN
        before = self._rests
        self._open.add(name)
        try:
            self._known[name] = self.truth(definition)
        finally:
            self._open.discard(name)
        if self._rests > before:
            self.resting.add(name)
        return self._known[name]

    def truth(self, node: Node) -> Truth:
        """Whether a condition function holds; one that is nested too deeply is unknown."""
        name, argument = _condition_call(node)
        if self._depth > MAX_NESTED:
            return UNKNOWN
        self._depth += 1
        try:
            return self._called(node, name, argument) if argument is not None else self._plain(node)
        finally:
            self._depth -= 1

    def _called(self, node: Node, name: str, argument: Node) -> Truth:
        elements = argument.elements()
        if name == "Condition":
            return self.named(str(argument.value), argument)
        if name == "Not" and len(elements) == 1:
            return ~self.truth(elements[0])
        if name in ("And", "Or") and 2 <= len(elements) <= _MOST:
            return self._combined(name, elements)
        if name == "Equals" and len(elements) == 2:
            return self._equal(elements[0], elements[1])
        if name in FUNCTIONS:
            self.evaluator.stack.report(node.origin, f"`Fn::{name}` has the wrong number of arguments")
        return UNKNOWN

    def _combined(self, name: str, elements: list[Node]) -> Truth:
        result = YES if name == "And" else NO
        for element in elements:
            truth = self.truth(element)
            result = result & truth if name == "And" else result | truth
        return result

    def _plain(self, node: Node) -> Truth:
        text = self.evaluator.text(node)
        return {"true": YES, "false": NO}.get(text, UNKNOWN) if isinstance(text, str) else UNKNOWN

    def _compared(self, node: Node) -> Text | None:
        """An operand of a comparison as a text; None for a collection, and where a condition in it is not settled."""
        if _condition_call(node)[0] not in FUNCTIONS:
            return self.evaluator.text(node)
        truth = self.truth(node)
        return None if truth is UNKNOWN else "true" if truth is YES else "false"

    def _equal(self, left: Node, right: Node) -> Truth:
        first, second = self._compared(left), self._compared(right)
        if first is None or second is None:
            return UNKNOWN
        truth = _same(first, second)
        if truth is UNKNOWN:
            self._rests += 1
            self._note(first, second)
            self._note(second, first)
            settled = self.world.settled
            truth = _same(fill(first, settled), fill(second, settled))
        return truth

    def _note(self, text: Text, other: Text) -> None:
        """Remember what a hole is compared with: the values worth trying for it."""
        if isinstance(text, Template) and len(text.parts) == 1:
            hole = text.holes[0]
            values = self.world.compared.setdefault(hole.name, (hole, set()))[1]
            if isinstance(other, str):
                values.add(other)


def _condition_call(node: Node) -> tuple[str, Node | None]:
    if node.tag:
        return node.tag[1:], Node(node.value, node.origin)
    if node.mapping is not None and len(node.mapping) == 1:
        ((name, argument),) = node.mapping.items()
        return name.removeprefix("Fn::"), argument
    return "", None


def _same(first: Text, second: Text) -> Truth:
    if isinstance(first, str) and isinstance(second, str):
        return Truth.of(first == second)
    if first == second:
        return YES
    for text, other in ((first, second), (second, first)):
        if isinstance(text, Template) and isinstance(other, str) and _excluded(text, other):
            return NO
    return UNKNOWN


def _excluded(text: Template, other: str) -> bool:
    if len(text.parts) == 1:
        hole = text.holes[0]
        return bool(hole.oneof) and other not in hole.oneof
    first, last = pieces(text)[0], pieces(text)[-1]
    ends = not isinstance(last, str) or other.endswith(last)
    return not (ends and (not isinstance(first, str) or other.startswith(first)))
