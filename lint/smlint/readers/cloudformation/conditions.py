"""Conditions: what the parameters settle, and in which ways the rest can fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import TYPE_CHECKING

from smlint.values import NO, UNKNOWN, YES, Hole, Node, Template, Text, Truth, fill, pieces

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator

MAX_TRIED = 256
MAX_BRANCHES = 16
_OTHER = "\x00another value"  # equal to no literal of a template


class Conditions:
    """The named conditions of a stack, as far as the parameters settle them.

    settled: values tried for holes, by the hole's name.
    """

    def __init__(self, evaluator: Evaluator, settled: Mapping[str, Text] | None = None) -> None:
        self.evaluator = evaluator
        self.settled = settled or {}
        self.compared: dict[str, tuple[Hole, set[str]]] = {}
        self._known: dict[str, Truth] = {}
        self._open: set[str] = set()

    def named(self, name: str, node: Node) -> Truth:
        """Whether the condition of that name holds; `node` is where it is asked for."""
        if name in self._known:
            return self._known[name]
        definition = self.evaluator.stack.conditions.get(name)
        if definition is None:
            if not self.evaluator.stack.opaque:
                self.evaluator.stack.report(node.origin, f"there is no condition `{name}` in this template")
            return UNKNOWN
        if name in self._open:
            self.evaluator.stack.report(definition.origin, f"the condition `{name}` depends on itself")
            return UNKNOWN
        self._open.add(name)
        try:
            self._known[name] = self.truth(definition)
        finally:
            self._open.discard(name)
        return self._known[name]

    def truth(self, node: Node, depth: int = 0) -> Truth:
        """Whether a condition function holds."""
        name, argument = _condition_call(node)
        if argument is None or depth > 50:
            return self._plain(node)
        elements = argument.elements()
        if name == "Condition":
            return self.named(str(argument.value), argument)
        if name == "Not" and len(elements) == 1:
            return ~self.truth(elements[0], depth + 1)
        if name in ("And", "Or") and elements:
            return self._combined(name, elements, depth)
        if name == "Equals" and len(elements) == 2:
            return self._equal(elements[0], elements[1])
        if name in ("Not", "And", "Or", "Equals"):
            self.evaluator.stack.report(node.origin, f"`Fn::{name}` has the wrong number of arguments")
        return UNKNOWN

    def _combined(self, name: str, elements: list[Node], depth: int) -> Truth:
        result = YES if name == "And" else NO
        for element in elements:
            truth = self.truth(element, depth + 1)
            result = result & truth if name == "And" else result | truth
        return result

    def _plain(self, node: Node) -> Truth:
        text = self.evaluator.text(node)
        return {"true": YES, "false": NO}.get(text, UNKNOWN) if isinstance(text, str) else UNKNOWN

    def _equal(self, left: Node, right: Node) -> Truth:
        first, second = self.evaluator.text(left), self.evaluator.text(right)
        if first is None or second is None:
            return UNKNOWN
        self._note(first, second)
        self._note(second, first)
        return _same(fill(first, self.settled), fill(second, self.settled))

    def _note(self, text: Text, other: Text) -> None:
        """Remember what a hole is compared with: the values worth trying for it."""
        if isinstance(text, Template) and len(text.parts) == 1:
            hole = text.holes[0]
            values = self.compared.setdefault(hole.name, (hole, set()))[1]
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


def branches(evaluator: Evaluator, names: set[str]) -> list[dict[str, bool]]:
    """The consistent ways in which undetermined conditions can fall together; none where they are too many."""
    trial = Conditions(evaluator)
    for name in names:
        trial.named(name, evaluator.stack.root)
    choices = {hole_name: _candidates(hole, values) for hole_name, (hole, values) in trial.compared.items()}
    found: dict[tuple[bool, ...], dict[str, bool]] = {}
    ordered = sorted(names)
    tried = islice(product(*choices.values()), MAX_TRIED + 1)
    for count, values in enumerate(tried):
        settled = Conditions(evaluator, dict(zip(choices, values, strict=True)))
        truths = [settled.named(name, evaluator.stack.root) for name in ordered]
        for outcome in islice(_outcomes(truths), MAX_BRANCHES + 1):
            found.setdefault(outcome, dict(zip(ordered, outcome, strict=True)))
        if len(found) > MAX_BRANCHES or count >= MAX_TRIED:
            return []
    return [found[outcome] for outcome in sorted(found, reverse=True)]


def _candidates(hole: Hole, values: set[str]) -> list[str]:
    if not hole.oneof:
        return [*sorted(values), _OTHER]
    others = [value for value in hole.oneof if value not in values]
    return [value for value in hole.oneof if value in values] + others[:1]


def _outcomes(truths: list[Truth]) -> Iterator[tuple[bool, ...]]:
    return product(*[(True, False) if truth is UNKNOWN else (truth is YES,) for truth in truths])


def described(branch: Mapping[str, bool]) -> str:
    """The branch in words: "when IsProd and not HasKey"."""
    if not branch:
        return ""
    return "when " + " and ".join(name if holds else f"not {name}" for name, holds in branch.items())
