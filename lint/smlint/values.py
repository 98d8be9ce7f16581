"""The values everything is made of: three-valued truth, texts with holes, nodes with an origin.

A fully known text is a plain `str`. A text that is partly unknown is a `Template`: literals and named holes. Two holes
with the same name are the same value. `Unknown` is a value of which not even the kind is known.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from smlint.document import Origin
from smlint.record import dataclass, field

DIGITS = "0123456789"
LOWER = "abcdefghijklmnopqrstuvwxyz"


class Truth(enum.Enum):
    """Kleene's three values. Asking for a plain boolean is an error, not a guess: compare with `is`."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __bool__(self) -> bool:
        raise TypeError("a Truth is not a boolean: compare it with `is`")

    def __invert__(self) -> Truth:
        return NO if self is YES else YES if self is NO else UNKNOWN

    def __and__(self, other: Truth) -> Truth:
        return NO if self is NO or other is NO else YES if self is YES and other is YES else UNKNOWN

    def __or__(self, other: Truth) -> Truth:
        return YES if self is YES or other is YES else NO if self is NO and other is NO else UNKNOWN

    @staticmethod
    def of(known: bool) -> Truth:
        return YES if known else NO


YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


def any_of(answers: Iterable[Truth]) -> Truth:
    """Whether one of them is yes; none are asked for after that one."""
    answer = NO
    for one in answers:
        if one is YES:
            return YES
        answer |= one
    return answer


def all_of(answers: Iterable[Truth]) -> Truth:
    """Whether all of them are yes; none are asked for after a no."""
    answer = YES
    for one in answers:
        if one is NO:
            return NO
        answer &= one
    return answer


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that the repository does not settle.

    name:  its identity ("account", "cfn:stack.yaml:DataBucket"); holes with one name have one value.
    like:  an IAM wildcard pattern (`*`, `?`) that every possible value matches ("????????????" for an account id).
    only:  the characters that can occur in it; None: any.
    oneof: the possible values, where they are known and few (a parameter's AllowedValues); empty: not known.
    label: what a person should read in a message, e.g. "DataBucket"; the name where it is empty.
    fresh: AWS makes the value for one resource: another fresh hole never has the same.
    Only name takes part in equality.
    """

    name: str
    like: str = field(default="*", compare=False)
    only: str | None = field(default=None, compare=False)
    oneof: tuple[str, ...] = field(default=(), compare=False)
    label: str = field(default="", compare=False)
    fresh: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"⟨{self.label or self.name}⟩"


@dataclass(frozen=True, slots=True)
class Template:
    """A text with at least one hole; neighbouring literals are joined. Build with `join`."""

    parts: tuple[str | Hole, ...]
    arn: object = field(default=None, compare=False, init=False, repr=False)  # its parts as an ARN, taken apart once
    hash: int | None = field(default=None, compare=False, init=False, repr=False)  # as of a `str`, worked out once

    def __hash__(self) -> int:
        if self.hash is None:
            object.__setattr__(self, "hash", hash(self.parts))
        return self.hash  # type: ignore[return-value]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)

    @property
    def holes(self) -> tuple[Hole, ...]:
        return tuple(part for part in self.parts if isinstance(part, Hole))


Text: TypeAlias = "str | Template"


def join(parts: Iterable[str | Hole | Template]) -> Text:
    """The text made of the parts one after another: a `str` where nothing is unknown, else a `Template`."""
    flat: list[str | Hole] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Template) else (part,):
            if isinstance(piece, Hole):
                flat.append(piece)
            elif flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece:
                flat.append(piece)
    return _made(flat)


def pieces(text: Text) -> tuple[str | Hole, ...]:
    """The literals and holes of a text, whichever form it has."""
    return (text,) if isinstance(text, str) else text.parts


def head(text: Text) -> str:
    """The literal characters that a text begins with: "" before a hole."""
    first = pieces(text)[0]
    return first if isinstance(first, str) else ""


def fill(text: Text, values: Mapping[str, Text]) -> Text:
    """The text with the holes named in `values` replaced."""
    if isinstance(text, str):
        return text
    return join(values.get(part.name, part) if isinstance(part, Hole) else part for part in text.parts)


def split(text: Text, separator: str, limit: int = -1) -> list[Text]:
    """Split at the separators in the literal parts. A hole is taken not to hold the separator."""
    if isinstance(text, str):
        return [*text.split(separator, limit)]
    found: list[list[str | Hole]] = [[]]
    for part in text.parts:
        if isinstance(part, Hole):
            found[-1].append(part)
            continue
        first, *others = part.split(separator, limit - len(found) + 1 if limit >= 0 else -1) if limit != 0 else [part]
        if first:
            found[-1].append(first)
        found.extend([other] if other else [] for other in others)
    return [_made(parts) for parts in found]


def _made(parts: list[str | Hole]) -> Text:
    """The text of parts of which no two neighbours are literals and none is empty."""
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else Template(tuple(parts))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value of which nothing is known but why: "parameter Env has no default"."""

    why: str = ""

    def __str__(self) -> str:
        return "⟨unknown⟩"


Scalar: TypeAlias = "str | Template | int | float | bool | None"
Value: TypeAlias = "str | Template | int | float | bool | Unknown | dict[str, Node] | list[Node] | None"


class Node:
    """A value and where it stands. Immutable by convention.

    value:  str, Template, int, float, bool, None, Unknown, dict[str, Node] or list[Node].
    origin: where a user edits the value (a variable's default rather than its use).
    key:    where the member's name stands, when the node is a member of a mapping.
    used:   where a value that is defined elsewhere is used.
    tag:    a YAML tag such as "!Sub", "" where there is none.
    open:   True for a mapping or sequence that may have further, unknown members.
    """

    __slots__ = ("key", "open", "origin", "tag", "used", "value")

    def __init__(
        self,
        value: Value,
        origin: Origin,
        key: Origin | None = None,
        used: Origin | None = None,
        tag: str = "",
        open: bool = False,
    ) -> None:
        self.value = value
        self.origin = origin
        self.key = key
        self.used = used
        self.tag = tag
        self.open = open

    def __repr__(self) -> str:
        return f"Node({plain(self)!r})"

    # The kind of value. Each returns None (or empty) rather than raising when the node is of another kind.
    @property
    def mapping(self) -> dict[str, Node] | None:
        return self.value if isinstance(self.value, dict) else None

    @property
    def sequence(self) -> list[Node] | None:
        return self.value if isinstance(self.value, list) else None

    @property
    def text(self) -> Text | None:
        """The text, known or with holes; numbers and booleans are no texts."""
        return self.value if isinstance(self.value, (str, Template)) else None

    @property
    def literal(self) -> str | None:
        """The text where it is wholly known."""
        return self.value if isinstance(self.value, str) else None

    @property
    def scalar(self) -> Text | None:
        """The text, also that of a number or a boolean, as JSON writes it."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return str(self.value) if isinstance(self.value, (int, float)) else self.text

    @property
    def use(self) -> Origin:
        """Where the value is used; where it stands, unless something else refers to it."""
        return self.used or self.origin

    @property
    def unknown(self) -> bool:
        return isinstance(self.value, Unknown)

    def get(self, *path: str) -> Node | None:
        """The member at the path of names, None where there is none or a step is not a mapping."""
        node: Node = self
        for name in path:
            value = node.value
            found = value.get(name) if type(value) is dict else None
            if found is None:
                return None
            node = found
        return node

    def items(self) -> Iterator[tuple[str, Node]]:
        """The members of a mapping; nothing for another kind."""
        return iter(self.value.items()) if isinstance(self.value, dict) else iter(())

    def elements(self) -> list[Node]:
        """The elements of a sequence; a single value counts as a sequence of one, as in IAM policies. None: empty."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]

    def with_value(self, value: Value) -> Node:
        """The same place, another value."""
        return Node(value, self.origin, self.key, self.used, self.tag, self.open)

    def used_at(self, origin: Origin) -> Node:
        """The same value and origin, used at another place."""
        return Node(self.value, self.origin, self.key, origin, self.tag, self.open)


def members(node: Node) -> Iterator[Node]:
    """What a mapping or a sequence holds; nothing for another kind."""
    return iter(node.sequence if node.sequence is not None else (node.mapping or {}).values())


def below(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(members(node))))


def plain(node: Node) -> Any:
    """The node as plain Python data; templates and unknowns become their printed form."""
    value = node.value
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return str(value) if isinstance(value, (Template, Unknown)) else value
