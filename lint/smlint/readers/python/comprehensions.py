"""What a comprehension makes where the program settles what it goes over: `[f"s3://b/{name}" for name in CHANNELS]`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from smlint.readers.python.choices import holds
from smlint.readers.python.containers import CHANGES
from smlint.readers.python.frames import Frame
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.python.expressions import Expressions

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_MOST_ROUNDS = 64


def made_by(node: Comprehension, frame: Frame, program: Expressions) -> Node:
    """Its parts are walked once for the calls in them, then aside for what each round makes."""
    over = _walked_once(node, frame, program)
    names = [Node(name, over.origin) for name in over.mapping] if over.mapping is not None else over.sequence
    found = None
    if names is not None and not over.open and len(names) <= _MOST_ROUNDS and _is_plain(node):
        with program.walk.uncounted():
            found = _gathered(node, [_round(node, name, Frame(frame), program) for name in names], program)
    return found or program.unknown(node, "made in a loop")


def _is_plain(node: Comprehension) -> bool:
    """Whether it has one `for` and changes nothing that is made elsewhere."""
    changes = any(isinstance(part, ast.Attribute) and part.attr in CHANGES for part in ast.walk(node))
    return len(node.generators) == 1 and not changes


def _parts(node: Comprehension) -> tuple[ast.expr, ...]:
    """What is evaluated in every round."""
    return (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)


def _walked_once(node: Comprehension, frame: Frame, program: Expressions) -> Node:
    """What the first `for` goes over."""
    inner, over = Frame(frame), []
    for generator in node.generators:
        over.append(program.value(generator.iter, inner))
        program.assign(generator.target, program.unknown(generator.target, "the variable of a loop"), inner)
    for part in _parts(node):
        program.value(part, inner)
    return over[0]


def _round(node: Comprehension, element: Node, inner: Frame, program: Expressions) -> list[Node] | None:
    """What one round makes; nothing where a condition leaves it out, None where that is not known."""
    generator = node.generators[0]
    program.assign(generator.target, element, inner)
    tests = [holds(test, inner, program) for test in generator.ifs]
    if False in tests:
        return []
    return None if None in tests else [program.value(part, inner) for part in _parts(node)]


def _gathered(node: Comprehension, rounds: list[list[Node] | None], program: Expressions) -> Node | None:
    """The list or dictionary of what the rounds have made; None where a round or a key is not known."""
    made = [values for values in rounds if values]
    if None in rounds:
        return None
    if not isinstance(node, ast.DictComp):
        return Node([element for (element,) in made], program.place(node))
    members = {key.literal: value for key, value in made if key.literal is not None}
    return Node(members, program.place(node)) if all(key.literal is not None for key, _ in made) else None
