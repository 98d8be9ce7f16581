"""Conditions of a program, and the values that rest on them: `a if b else c`, `a or b`, `a == b`, `not a`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from smlint.readers.python.frames import Frame
from smlint.readers.python.truths import compared, same, truth
from smlint.values import Node, Template

if TYPE_CHECKING:
    from smlint.readers.python.expressions import Expressions

Choice = ast.IfExp | ast.BoolOp | ast.Compare | ast.UnaryOp


def chosen(node: Choice, frame: Frame, program: Expressions) -> Node:
    """What the expression gives."""
    match node:
        case ast.IfExp():
            known = holds(node.test, frame, program)
            one, other = program.value(node.body, frame), program.value(node.orelse, frame)
            if known is not None:
                return one if known else other
            return one if same(one, other) else program.unknown(node, "it depends on a condition")
        case ast.BoolOp():
            return _first(node, [program.value(part, frame) for part in node.values], program)
        case ast.Compare():
            found = _compared(node, frame, program)
        case _:
            found = holds(node, frame, program)
    return program.unknown(node) if found is None else Node(found, program.place(node))


def _first(node: ast.BoolOp, values: list[Node], program: Expressions) -> Node:
    """The first operand of `or` that is true, of `and` that is false; else the last one."""
    for value in values[:-1]:
        known = True if isinstance(value.value, Template) else truth(value)
        if known is None:
            return program.unknown(node, "it depends on a value that is not known")
        if known is isinstance(node.op, ast.Or):
            return value
    return values[-1]


def holds(node: ast.expr, frame: Frame, program: Expressions) -> bool | None:
    """Whether a condition holds; None where the program does not settle it."""
    match node:
        case ast.BoolOp():
            wanted, parts = isinstance(node.op, ast.Or), [holds(part, frame, program) for part in node.values]
            return wanted if wanted in parts else None if None in parts else not wanted
        case ast.UnaryOp(op=ast.Not()):
            inner = holds(node.operand, frame, program)
            return None if inner is None else not inner
    return truth(program.value(node, frame))


def _compared(node: ast.Compare, frame: Frame, program: Expressions) -> bool | None:
    values = [program.value(part, frame) for part in (node.left, *node.comparators)]
    parts = [compared(one, how, other) for one, how, other in zip(values, node.ops, values[1:], strict=False)]
    return False if False in parts else None if None in parts else True
