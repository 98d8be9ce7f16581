"""What the expressions of a program stand for."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Protocol

from smlint.document import Document
from smlint.readers.python import containers
from smlint.readers.python.choices import chosen
from smlint.readers.python.comprehensions import made_by
from smlint.readers.python.data_files import own_path
from smlint.readers.python.frames import MAX_DEPTH, Frame, Walk
from smlint.readers.python.texts import is_plain
from smlint.readers.python.things import (
    MAX_ELEMENTS,
    OBJECTS,
    Arguments,
    Instance,
    LibraryObject,
    LocalClass,
    LocalModule,
    Reference,
    doubt,
    text_or_hole,
    text_with,
    unknown,
)
from smlint.syntax.python import Place
from smlint.values import Hole, Node, Text

_BUILTINS = frozenset(
    {"str", "dict", "list", "tuple", "int", "float", "print", "len", "super", "display", "object", "open"}
)
_ENVIRONMENT = frozenset({"os.environ", "os.environ.get", "os.getenv"})
_QUOTING = (ord("r"), ord("a"))  # conversions of an f-string that write a text with quotes
_OPERATORS: dict[type[ast.operator], str] = {ast.Mod: "%", ast.Div: "joinpath"}


class Calls(Protocol):
    """What calls, attributes and operators of things other than plain data mean."""

    def call(self, function: Node, arguments: Arguments, node: ast.Call) -> Node: ...

    def method(self, receiver: Node, name: str, arguments: Arguments, node: ast.Call) -> Node: ...

    def attribute(self, receiver: Instance, name: str, node: ast.Attribute) -> Node: ...


class Expressions:
    """Evaluates expressions as far as the file settles them. `calls` is told of every call, in order.

    A budget of steps and of depth bounds the work; past it everything is unknown.
    """

    def __init__(self, document: Document, calls: Calls, walk: Walk) -> None:
        self.document = document
        self.calls = calls
        self.walk = walk

    def assign(self, target: ast.expr, value: Node, frame: Frame) -> None:
        """Assignment is a matter of statements, but `:=` and comprehensions assign too."""
        raise NotImplementedError

    def of_module(self, module: LocalModule, name: str) -> Node | None:
        """A name of a module of the repository, or a module below it."""
        raise NotImplementedError

    def place(self, node: ast.AST) -> Place:
        return Place(self.document, node)

    def unknown(self, node: ast.AST, why: str = "not settled by the file") -> Node:
        return unknown(why, self.place(node))

    def value(self, node: ast.expr, frame: Frame) -> Node:
        """What an expression stands for."""
        walk = self.walk
        walk.left -= 1
        if walk.left < 0 or walk.depth > MAX_DEPTH:
            return self.unknown(node, "the file is too large or nested too deeply")
        walk.depth += 1
        try:
            found = self._value(node, frame)
        finally:
            walk.depth -= 1
        if isinstance(found, Instance) or isinstance(found.value, (dict, list)):
            walk.made(found)
        return found

    def _value(self, node: ast.expr, frame: Frame) -> Node:
        match node:
            case ast.Constant(value=str() | int() | float() | bool() | None as constant):
                return Node(constant, self.place(node))
            case ast.Name():
                return self._name(node, frame)
            case ast.JoinedStr():
                return text_with([self._formatted(part, frame) for part in node.values], self.place(node))
            case ast.Dict():
                return self._dict(node, frame)
            case ast.List() | ast.Tuple() | ast.Set():
                elements, open_ = self._elements(node.elts, frame)
                return Node(elements, self.place(node), open=open_)
            case ast.Call():
                return self._call(node, frame)
            case ast.Attribute():
                return self._attribute(node, frame)
            case ast.Subscript():
                return self._item(node, frame)
            case ast.BinOp():
                return self._operation(node, frame)
            case _:
                return self._choice(node, frame)

    def _choice(self, node: ast.expr, frame: Frame) -> Node:
        match node:
            case ast.IfExp() | ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return chosen(node, frame, self)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return Node(-number, self.place(node))
            case ast.NamedExpr():
                found = self.value(node.value, frame)
                self.assign(node.target, found, frame)
                return found
            case ast.Await():
                return self.value(node.value, frame)
            case ast.Lambda():
                return self.unknown(node)
            case ast.Yield() | ast.YieldFrom():
                self.walk.cut = True  # a call of a generator gives something else than what it returns
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return made_by(node, frame, self)
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                self.value(part, frame)
        return self.unknown(node)

    def _name(self, node: ast.Name, frame: Frame) -> Node:
        found = frame.find(node.id)
        if found is not None:
            plain = found.mapping is None and found.sequence is None
            shared = not plain or isinstance(found, OBJECTS)  # what may yet be changed
            return found if shared else found.used_at(self.place(node))
        if node.id == "__file__":
            return own_path(self.document, self.place(node))
        if node.id in _BUILTINS:
            return Reference(f"builtins.{node.id}", self.place(node))
        if frame.stars and node.id[:1].isalpha():
            return Reference(f"{frame.stars[-1]}.{node.id}", self.place(node))
        return self.unknown(node, f"{node.id} is not defined in the file")

    def _formatted(self, part: ast.expr, frame: Frame) -> Text | Hole:
        if isinstance(part, ast.FormattedValue):
            found = self.value(part.value, frame)
            if part.conversion in _QUOTING or not is_plain(_spec(part), found):
                found = self.unknown(part.value)
            return text_or_hole(found, label(part.value))
        return text_or_hole(self.value(part, frame))

    def _dict(self, node: ast.Dict, frame: Frame) -> Node:
        members: dict[str, Node] = {}
        open_ = False
        for name, given in zip(node.keys, node.values, strict=True):
            value = self.value(given, frame)
            key = self.value(name, frame) if name is not None else None
            if key is None:
                open_ = containers.put_all(members, value) or open_
            elif key.literal is not None:
                members[key.literal] = member(value, key)
            else:
                doubt(members)
                open_ = True
        return Node(members, self.place(node), open=open_)

    def _elements(self, written: Sequence[ast.expr], frame: Frame) -> tuple[list[Node], bool]:
        """The elements of a list or the arguments of a call, and whether there may be more."""
        elements: list[Node] = []
        open_ = False
        for element in written:
            if isinstance(element, ast.Starred):
                more = self.value(element.value, frame)
                elements.extend(more.sequence or [])
                open_ = open_ or more.sequence is None or more.open
            else:
                elements.append(self.value(element, frame))
        return elements, open_

    def _item(self, node: ast.Subscript, frame: Frame) -> Node:
        holder, key = self.value(node.value, frame), self.value(node.slice, frame)
        if holder.mapping is not None and key.literal in holder.mapping:
            return holder.mapping[key.literal]
        elements = holder.sequence
        if elements and isinstance(key.value, int) and -len(elements) <= key.value < len(elements) and not holder.open:
            return elements[key.value]
        return self._variable(holder, [key], node) or self.unknown(node)

    def _variable(self, asked: Node, arguments: Sequence[Node], node: ast.expr) -> Node | None:
        """The environment variable that is asked for; None where it is not known, or something else is asked."""
        if not self.walk.environment or not isinstance(asked, Reference) or asked.dotted not in _ENVIRONMENT:
            return None
        found = self.walk.environment.get(arguments[0].literal or "") if arguments else None
        return found.used_at(self.place(node)) if found is not None else None

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Node:
        owner = self.value(node.value, frame)
        if isinstance(owner, Reference):
            return Reference(f"{owner.dotted}.{node.attr}", self.place(node))
        if isinstance(owner, Instance):
            return self.calls.attribute(owner, node.attr, node)
        if isinstance(owner, LocalClass) and node.attr in owner.attributes:
            return owner.attributes[node.attr]
        if isinstance(owner, LocalModule):
            return self.of_module(owner, node.attr) or self.unknown(node)
        return self.unknown(node)

    def _call(self, node: ast.Call, frame: Frame) -> Node:
        receiver = self.value(node.func.value, frame) if isinstance(node.func, ast.Attribute) else None
        function = self.value(node.func, frame) if receiver is None else receiver
        arguments = self._arguments(node, frame)
        if receiver is None or not isinstance(node.func, ast.Attribute):
            return self._variable(function, arguments.positional, node) or self.calls.call(function, arguments, node)
        if isinstance(receiver, LocalModule):
            return self.calls.call(self.of_module(receiver, node.func.attr) or self.unknown(node), arguments, node)
        if isinstance(receiver, Reference):
            dotted = Reference(f"{receiver.dotted}.{node.func.attr}", self.place(node.func))
            return self._variable(dotted, arguments.positional, node) or self.calls.call(dotted, arguments, node)
        plain = receiver.mapping is not None or receiver.sequence is not None
        if plain and node.func.attr in containers.CHANGES and self.walk.perhaps(receiver):
            containers.changed_perhaps(receiver, node.func.attr, arguments)
            return self.unknown(node)
        return self.calls.method(receiver, node.func.attr, arguments, node)

    def _arguments(self, node: ast.Call, frame: Frame) -> Arguments:
        positional, open_ = self._elements(node.args, frame)
        found = Arguments(positional, open=open_)
        for keyword in node.keywords:
            value = self.value(keyword.value, frame)
            if keyword.arg is not None:
                found.keywords[keyword.arg] = member(value, Node(None, self.place(keyword)))
            else:
                found.keywords.update(value.mapping or {})
                found.open = found.open or value.mapping is None or value.open
                if len(node.keywords) == 1 and value.origin.document is not self.document:
                    found.loaded = value.origin
        return found

    def _operation(self, node: ast.BinOp, frame: Frame) -> Node:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        if isinstance(node.op, ast.Add):
            if left.text is not None or right.text is not None:
                parts = [text_or_hole(left, label(node.left)), text_or_hole(right, label(node.right))]
                return text_with(parts, self.place(node))
            sizes = len(left.sequence or ()) + len(right.sequence or ())
            if left.sequence is not None and right.sequence is not None and sizes < MAX_ELEMENTS:
                return Node([*left.sequence, *right.sequence], self.place(node), open=left.open or right.open)
        if isinstance(node.op, ast.BitOr) and left.mapping is not None and right.mapping is not None:
            members = dict(left.mapping)
            return Node(members, self.place(node), open=containers.put_all(members, right) or left.open)
        operator = _OPERATORS.get(type(node.op))
        if operator is not None and (left.literal is not None or isinstance(left, LibraryObject)):
            as_call = ast.copy_location(ast.Call(node.left, [], []), node)
            return self.calls.method(left, operator, Arguments([right]), as_call)
        return self.unknown(node)


def _spec(part: ast.FormattedValue) -> str:
    """The format of a value in an f-string; `{}` for one that holds values itself."""
    match part.format_spec:
        case None:
            return ""
        case ast.JoinedStr(values=[ast.Constant(value=str() as spec)]):
            return spec
    return "{}"


def label(node: ast.expr) -> str:
    """What a message calls the value of an expression: its variable's name."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else "…"


def member(value: Node, key: Node) -> Node:
    """The value as a member that is named at the key's place; objects stay themselves."""
    if isinstance(value, OBJECTS):
        return value
    return Node(value.value, value.origin, key.origin, value.used, value.tag, value.open)
