"""Gives nodes of a template their values: intrinsic functions, parameters, references, conditions.

Whatever the repository does not settle becomes a hole or an unknown. `AWS::NoValue` is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from weakref import proxy

from smlint.readers.cloudformation.conditions import FUNCTIONS as CONDITION_FUNCTIONS
from smlint.readers.cloudformation.conditions import Conditions
from smlint.readers.cloudformation.functions import (
    FUNCTIONS,
    MEMBER_FUNCTIONS,
    IntrinsicError,
    JsonText,
    expand_member,
    function_name,
    spelt,
    told,
)
from smlint.readers.cloudformation.loops import include, is_include
from smlint.readers.cloudformation.stack import Stack
from smlint.values import Node, Text, Truth, Unknown, join, pieces

T = TypeVar("T")

MAX_DEPTH = 120
NAMING = 3  # how much deeper the name of a resource goes than a value that is written out
MAX_TEXT = 1_000_000  # characters of one text: the limit of a whole template
MAX_PIECES = 10_000  # literals and holes of one text
DYNAMIC = "{{resolve:"
TRANSFORM = "Fn::Transform"


class Evaluator:
    """Evaluates nodes of one stack in the stack's world."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._rests: dict[str, Truth] | None = None  # what is rested on by the value that is being made
        self.conditions = Conditions(proxy(self), stack.world)
        self._memo: dict[int, tuple[Node, Node | None, dict[str, Truth] | None]] = {}
        self._once: dict[tuple[object, str], tuple[Any, dict[str, Truth] | None]] = {}
        self._naming: set[tuple[str, str]] = set()

    def resolve(self, node: Node) -> Node | None:
        """The node with every intrinsic inside replaced by its value; None where it is AWS::NoValue."""
        value = node.value
        if not node.tag and not isinstance(value, (dict, list)):
            return self._dynamic(node, value) if type(value) is str and DYNAMIC in value else node
        known = self._memo.get(id(node))
        if known is not None:
            if known[2]:
                self._rest(known[2])
            return known[1]
        budget = self.stack.budget
        if budget.depth >= MAX_DEPTH:
            self.stack.report(node.origin, "the values are nested too deeply here to be read")
            return node.with_value(Unknown("nested too deeply"))
        outer, self._rests = self._rests, None
        budget.depth += 1
        try:
            result = self._evaluate(node)
        finally:
            budget.depth -= 1
            rests, self._rests = self._rests, outer
        if rests:
            self._rest(rests)
        self._memo[id(node)] = (node, result, rests)
        return result

    @property
    def touched(self) -> Mapping[str, Truth]:
        """The conditions that values rested on since `forget()`: those that hold in this world, or are unknown."""
        return self._rests or {}

    def forget(self) -> None:
        """Begin with a value that rests on nothing yet."""
        self._rests = None

    def _rest(self, on: Mapping[str, Truth]) -> None:
        self._rests = {**(self._rests or {}), **on}

    def _evaluate(self, node: Node) -> Node | None:
        name = function_name(node)
        if name is not None:
            return self._apply(node, name, argument_of(node)) if name in FUNCTIONS else self._foreign(node, name)
        if isinstance(node.value, list):
            return self._list(node, node.value)
        return self._mapping(node, node.value) if isinstance(node.value, dict) else node

    def _foreign(self, node: Node, name: str) -> Node:
        """What stands for a call of a function of conditions, which is none here, or of one that is not known."""
        if name in CONDITION_FUNCTIONS and not self.stack.macros:
            self.stack.report(node.origin, f"`{spelt(name)}` is a function of conditions and gives no value here")
        return Node(Unknown(f"`{name}` is not known"), node.origin, node.key)

    def _apply(self, node: Node, name: str, argument: Node) -> Node | None:
        try:
            result = FUNCTIONS[name](self, node, argument)
        except IntrinsicError as error:
            self.stack.report(error.origin, str(error))
            return node.with_value(Unknown(str(error)))
        if result is None:
            return None
        if result.tag or result.key is not node.key:
            result = Node(result.value, result.origin, node.key, result.used, "", result.open)
        return result

    def _list(self, node: Node, elements: list[Node]) -> Node:
        resolved = [self.resolve(element) for element in elements]
        if all(new is old for new, old in zip(resolved, elements, strict=True)):
            return node
        return node.with_value([element for element in resolved if element is not None])

    def _mapping(self, node: Node, members: dict[str, Node]) -> Node:
        resolved: dict[str, Node] = {}
        changed = False
        opened = node.open
        for name, member in members.items():
            if name[:4] == "Fn::":
                if name == TRANSFORM and not is_include(member):
                    return Node(Unknown("a macro makes it"), node.origin, node.key)
                more = self._member_function(name, member)
                changed, opened = True, opened or more is None
                resolved.update(more or {})
                continue
            inner = member.value
            if type(inner) is str and not member.tag and DYNAMIC not in inner:  # most are so: no call for these
                resolved[name] = member
                continue
            value = self.resolve(member)
            changed = changed or value is not member
            if value is not None:
                resolved[name] = value
        return Node(resolved, node.origin, node.key, node.used, "", opened) if changed else node

    def _member_function(self, name: str, member: Node) -> dict[str, Node] | None:
        """The members that a loop or an include stands for; None where they are not known."""
        if name.startswith(MEMBER_FUNCTIONS):
            return expand_member(self, name, member)
        if not self.stack.macros:
            self.stack.report(member.key or member.origin, f"`{name}` cannot stand beside other members")
        return None

    def members(self, section: Mapping[str, Node]) -> dict[str, Node]:
        """A section's raw members with its loops and includes expanded, values not yet resolved."""
        expanded: dict[str, Node] = {}
        for name, member in section.items():
            if name.startswith(MEMBER_FUNCTIONS):
                more = expand_member(self, name, member, resolve=False)
                self.stack.opaque = self.stack.opaque or more is None
                expanded.update(self.members(more or {}))
            elif member.mapping is not None and TRANSFORM in member.mapping:
                expanded[name] = self._with_included(member, member.mapping)
            else:
                expanded[name] = member
        return expanded

    def _with_included(self, node: Node, members: dict[str, Node]) -> Node:
        """A member of a section, itself unresolved, with what it includes; of what a macro makes, its type is known."""
        macro = not is_include(members[TRANSFORM])
        more = self.included(members[TRANSFORM])
        every = {name: member for one in (*more, node) for name, member in one.items() if name != TRANSFORM}
        kept = {name: member for name, member in every.items() if name in ("Type", "Condition") or not macro}
        return Node(kept, node.origin, node.key, open=not more)

    def included(self, transform: Node) -> list[Node]:
        """What `AWS::Include` puts in; nothing for other macros and for what is not in the repository."""
        if not is_include(transform):
            return []
        found = include(self, transform)
        self.stack.opaque = self.stack.opaque or found is None
        return [found] if found is not None else []

    def text(self, node: Node | None) -> Text | None:
        """The value as a text, as CloudFormation writes it into strings; None for collections and AWS::NoValue."""
        resolved = self.resolve(node) if node is not None else None
        return self.written(resolved) if resolved is not None else None

    def written(self, node: Node) -> Text | None:
        """A resolved value as a text."""
        value = node.value
        if isinstance(node, JsonText):
            return self.stack.unsettled(f"JSON of {told(node)}")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, Unknown):
            return self.stack.unsettled(value.why or "a value")
        return node.text

    def concatenated(self, node: Node, parts: list[Text]) -> Node:
        """The text of the parts, standing where `node` stands; refused where it would be absurdly long."""
        every = [piece for part in parts for piece in pieces(part)]
        known = "".join([piece for piece in every if isinstance(piece, str)])
        if len(known) > MAX_TEXT or len(every) > MAX_PIECES:
            raise IntrinsicError("the text that this makes is too long to be read", node.origin)
        text = join(parts)
        return self._dynamic(node, text) if DYNAMIC in known else node.with_value(text)

    def _dynamic(self, node: Node, text: Text) -> Node:
        """The text at the node with its dynamic references resolved."""
        from smlint.readers.cloudformation.store import resolved

        return node.with_value(resolved(self.stack, text))

    def property(self, logical: str, *path: str) -> Node | None:
        """A property of a resource, resolved alone so that resources may refer to each other."""
        resource = self.stack.resources.get(logical)
        if resource is None:
            return None
        properties = resource.get("Properties") or Node({}, resource.origin, open=resource.open)
        if (logical, path[0]) in self._naming:
            if logical not in self.stack.circular:
                self.stack.report(properties.origin, f"the name of `{logical}` depends on itself")
            return None
        self._naming.add((logical, path[0]))
        self.stack.budget.depth += NAMING
        try:
            if function_name(properties) is not None or any(map(_is_member_function, properties.mapping or ())):
                properties = self.resolve(properties) or Node({}, properties.origin)
            first = properties.get(path[0])
            if first is None and (properties.unknown or properties.open):
                return Node(Unknown(f"{logical}.{path[0]}"), properties.origin)
            found = self.resolve(first) if first is not None else None
            return found.get(*path[1:]) if found is not None else None
        finally:
            self.stack.budget.depth -= NAMING
            self._naming.discard((logical, path[0]))

    def once(self, make: Callable[[Evaluator, str], T], logical: str) -> T:
        """What `make` gives for a name, worked out once."""
        known: tuple[T, dict[str, Truth] | None] | None = self._once.get((make, logical))
        if known is None:
            outer, self._rests = self._rests, None
            try:
                known = self._once[make, logical] = make(self, logical), self._rests
            finally:
                self._rests = outer
        if known[1]:
            self._rest(known[1])
        return known[0]

    def condition(self, name: str, node: Node) -> Truth:
        """Whether a named condition holds; one that the parameters do not settle is remembered."""
        truth = self.conditions.named(name, node)
        if truth is Truth.UNKNOWN or name in self.conditions.resting:
            self._rest({name: truth})
            self.stack.world.undetermined[self.stack.identity, name] = self.stack
        return truth

    def exists(self, node: Node) -> Truth:
        """Whether the condition that a resource or an output names holds."""
        condition = node.get("Condition")
        if condition is None:
            return Truth.YES
        if condition.literal is None or condition.tag:
            return Truth.UNKNOWN
        return self.condition(condition.literal, condition)


def _is_member_function(name: str) -> bool:
    return name.startswith(MEMBER_FUNCTIONS)


def call_of(node: Node) -> tuple[str, Node] | None:
    """The function that a node calls and its argument, whichever way it is spelt; None where it calls none."""
    name = function_name(node)
    return (name, argument_of(node)) if name in FUNCTIONS else None


def argument_of(call: Node) -> Node:
    """The argument of a call."""
    value = call.value
    return next(iter(value.values())) if isinstance(value, dict) and not call.tag else Node(value, call.origin)
