"""What assignments of a program do: to names, to attributes of objects, classes and modules, to members."""

from __future__ import annotations

import ast

from smlint.readers.python import containers
from smlint.readers.python.expressions import Expressions, member
from smlint.readers.python.frames import Frame
from smlint.readers.python.things import (
    Arguments,
    Instance,
    LocalClass,
    LocalModule,
    LocalObject,
    forget,
    names_of,
    unknown,
)
from smlint.values import Node


class Assignments(Expressions):
    """Carries assignments out."""

    def assign(self, target: ast.expr, value: Node, frame: Frame) -> None:
        match target:
            case ast.Name():
                if isinstance(value, Instance) and not value.name:
                    value.name = target.id
                if target.id in frame.shared:
                    value = unknown(f"{target.id} is set by functions", value.origin)
                frame.names[target.id] = value
            case ast.Tuple() | ast.List():
                elements = value.sequence
                for at, element in enumerate(target.elts):
                    fits = elements is not None and len(elements) == len(target.elts)
                    self.assign(element, elements[at] if fits and elements else self.unknown(element), frame)
            case ast.Attribute():
                owner = self.value(target.value, frame)
                if isinstance(owner, Instance):
                    several = isinstance(owner, LocalObject) and target.attr in owner.several
                    unsure = several or self.walk.perhaps(owner)
                    owner.arguments[target.attr] = self.unknown(target, "it is set elsewhere too") if unsure else value
                elif isinstance(owner, (LocalClass, LocalModule)):
                    unsure = self.walk.branch != 0
                    names_of(owner)[target.attr] = (
                        self.unknown(target, "it is set in a branch only") if unsure else value
                    )
            case ast.Subscript():
                self._assign_item(target, value, frame)
            case ast.Starred():
                self.assign(target.value, self.unknown(target), frame)

    def delete(self, target: ast.expr, frame: Frame) -> None:
        """`del` of a name, a member or an element."""
        match target:
            case ast.Name():
                frame.names.pop(target.id, None)
            case ast.Subscript():
                holder, key = self.value(target.value, frame), self.value(target.slice, frame)
                remove = containers.changed_perhaps if self.walk.perhaps(holder) else containers.method
                remove(holder, "pop", Arguments([key]))
            case ast.Tuple() | ast.List():
                for element in target.elts:
                    self.delete(element, frame)

    def _set_attribute(self, holder: ast.expr, name: ast.expr, given: ast.expr, frame: Frame) -> None:
        """`setattr()`: as an assignment where the name is known, else nothing of the object is known any more."""
        value, attribute = self.value(given, frame), self.value(name, frame).literal
        if attribute is not None:
            self.assign(ast.copy_location(ast.Attribute(holder, attribute, ast.Store()), holder), value, frame)
        else:
            forget(self.value(holder, frame))

    def _assign_item(self, target: ast.Subscript, value: Node, frame: Frame) -> None:
        holder, key = self.value(target.value, frame), self.value(target.slice, frame)
        unsure = self.walk.perhaps(holder)
        given = self.unknown(target, "it is set in a branch only") if unsure else value
        containers.put(holder, key, member(given, key))

    def _augment(self, node: ast.AugAssign, frame: Frame) -> None:
        operation = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
        self.assign(node.target, self.value(operation, frame), frame)


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as an expression of its old value."""
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target
