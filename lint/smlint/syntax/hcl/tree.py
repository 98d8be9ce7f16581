"""The syntax tree of HCL: bodies, blocks, attributes, expressions. Every piece knows its place to the character.

Expressions are made when they are first asked for: most attributes of most resources never are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from smlint.document import Span
from smlint.facts import Problem
from smlint.record import dataclass, field


@dataclass(slots=True, eq=False)
class Expression:
    """Base of all expressions."""

    span: Span


@dataclass(slots=True, eq=False)
class Literal(Expression):
    """A number, boolean, null or a text without interpolation."""

    value: str | int | float | bool | None


@dataclass(slots=True, eq=False)
class Chars:
    """A run of literal text; `start` is where its first character stands, `plain` that they run alike from there."""

    text: str
    start: int
    plain: bool = True


@dataclass(slots=True, eq=False)
class Interpolation:
    """`${ … }` in a template."""

    expression: Expression


@dataclass(slots=True, eq=False)
class IfDirective:
    """`%{ if … }`, with both branches."""

    condition: Expression
    yes: list[Part]
    no: list[Part]


@dataclass(slots=True, eq=False)
class ForDirective:
    """`%{ for k, v in … }`; key is None where only the value is named."""

    key: str | None
    value: str
    collection: Expression
    body: list[Part]


Part: TypeAlias = "Chars | Interpolation | IfDirective | ForDirective"


@dataclass(slots=True, eq=False)
class TemplateText(Expression):
    """A template: quoted, heredoc, or a file given to templatefile."""

    parts: list[Part]


@dataclass(slots=True, eq=False)
class Name(Expression):
    """The root of a reference: `var`, `local`, a resource type, an iteration variable."""

    name: str


@dataclass(slots=True, eq=False)
class Attr(Expression):
    """`target.name`"""

    target: Expression
    name: str


@dataclass(slots=True, eq=False)
class Index(Expression):
    """`target[key]`, also the old `target.0`."""

    target: Expression
    key: Expression


@dataclass(slots=True, eq=False)
class Splat(Expression):
    """`target[*].each`: `each` is written in terms of `item`."""

    target: Expression
    item: Name
    each: Expression


@dataclass(slots=True, eq=False)
class Call(Expression):
    """`name(arguments)`; expand: the last argument is followed by `...`."""

    name: str
    arguments: list[Expression]
    expand: bool = False


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    """`condition ? yes : no`"""

    condition: Expression
    yes: Expression
    no: Expression


@dataclass(slots=True, eq=False)
class Binary(Expression):
    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Unary(Expression):
    operator: str
    operand: Expression


@dataclass(slots=True, eq=False)
class Tuple(Expression):
    items: list[Expression]


@dataclass(slots=True, eq=False)
class Object(Expression):
    """`{ key = value }`; a key that is a bare name is a Literal."""

    items: list[tuple[Expression, Expression]]


@dataclass(slots=True, eq=False)
class For(Expression):
    """`[for …]` (new_key is None) or `{for …}`; grouped: the value is followed by `...`."""

    key: str | None
    value: str
    collection: Expression
    new_key: Expression | None
    new_value: Expression
    condition: Expression | None
    grouped: bool = False


class Attribute:
    """`name = expression` in a body."""

    __slots__ = ("_made", "_make", "name", "name_span", "span")

    def __init__(self, name: str, name_span: Span, span: Span, make: Callable[[], Expression]) -> None:
        self.name = name
        self.name_span = name_span
        self.span = span
        self._make = make
        self._made: Expression | None = None

    @property
    def expression(self) -> Expression:
        if self._made is None:
            self._made = self._make()
        return self._made


class Block:
    """`type "label" { … }`"""

    __slots__ = ("_made", "_make", "header", "labels", "span", "type")

    def __init__(self, type: str, labels: tuple[str, ...], span: Span, header: Span, make: Callable[[], Body]) -> None:
        self.type = type
        self.labels = labels
        self.span = span
        self.header = header
        self._make = make
        self._made: Body | None = None

    @property
    def body(self) -> Body:
        if self._made is None:
            self._made = self._make()
        return self._made


@dataclass(slots=True, eq=False)
class Body:
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def of(self, type: str) -> Iterator[Block]:
        """The blocks of one type."""
        return (block for block in self.blocks if block.type == type)


@dataclass(slots=True, eq=False)
class File:
    """What stands in a file, and what did not parse."""

    body: Body
    problems: list[Problem] = field(default_factory=list)
