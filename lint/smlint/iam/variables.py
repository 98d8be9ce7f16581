"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*}`, `${?}`, `${$}`.

Only Version 2012-10-17 knows them; elsewhere they are literal text. What a variable stands for is literal, wildcard
characters included. A variable that cannot be resolved makes its statement match nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from smlint.iam.glob import Token, Wild, normal, tokenize
from smlint.record import dataclass
from smlint.values import Hole, Text, pieces

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES = ("*", "?", "$")


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference to a condition key (lower case) and what to use where the request has no such key."""

    key: str
    default: str | None = None


Part: TypeAlias = "Token | Variable"


class Unresolved(Exception):  # noqa: N818  (an outcome, not a fault)
    """A variable has no value in this request and no default."""


def parse(text: Text, *, wild: bool) -> tuple[Part, ...]:
    """The parts of a policy's text that may hold variables. wild: its `*` and `?` are wildcards."""
    found: list[Part] = []
    for piece in pieces(text):
        if isinstance(piece, Hole):
            found.append(piece)
            continue
        position = 0
        for reference in _VARIABLE.finditer(piece):
            content = reference.group(1).strip()
            if not content:
                continue
            found += literal(piece[position : reference.start()], wild=wild)
            found.append(content if content in _ESCAPES else _variable(content))
            position = reference.end()
        found += literal(piece[position:], wild=wild)
    return tuple(part for part in found if part != "")


def _variable(content: str) -> Variable:
    key, comma, default = content.partition(",")
    default = default.strip()
    quoted = len(default) >= 2 and default[0] == default[-1] == "'"
    return Variable(key.strip().lower(), default[1:-1] if comma and quoted else None)


def literal(text: Text, *, wild: bool) -> tuple[Token, ...]:
    """The tokens of a text in which `${` means nothing."""
    return tokenize(text) if wild else pieces(text)


def has_variables(text: Text) -> bool:
    """Whether the text would mean something else if variables were literal text."""
    return any(isinstance(piece, str) and _VARIABLE.search(piece) for piece in pieces(text))


def resolve(parts: tuple[Part, ...], lookup: Callable[[Variable], Text]) -> tuple[Token, ...]:
    """The tokens with each variable replaced by the literal text it stands for."""
    found: list[Token] = []
    for part in parts:
        if isinstance(part, Variable):
            found += pieces(lookup(part))
        elif isinstance(part, (str, Hole, Wild)):
            found.append(part)
    return normal(found)
