"""What the expressions of a program stand for, found by walking its statements in order; nothing is run.

Branches that disagree, loops and calls of the program's own functions leave unknowns. Every function's body is walked once,
with parameters unknown. Calls are handed to `Calls`, which knows the SDK.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Protocol

from smlint.document import Document
from smlint.readers.python.things import Arguments, Frame, Instance, LocalClass, Reference, text_or_hole, unknown
from smlint.syntax.python import Place
from smlint.values import Hole, Node, Text, join

MAX_STEPS = 400_000
MAX_DEPTH = 90
_BUILTINS = frozenset({"str", "dict", "list", "tuple", "int", "float", "print", "len", "super", "display"})


class Calls(Protocol):
    """What calls, attributes and operators of things other than plain data mean."""

    def call(self, function: Node, arguments: Arguments, node: ast.Call) -> Node: ...

    def method(self, receiver: Node, name: str, arguments: Arguments, node: ast.Call) -> Node: ...

    def attribute(self, receiver: Instance, name: str, node: ast.Attribute) -> Node: ...


class Interpreter:
    """Walks one program. `calls` is told of every call, in the order in which they would be made."""

    def __init__(self, document: Document, calls: Calls) -> None:
        self.document = document
        self.calls = calls
        self.steps = 0
        self.depth = 0
        self.classes: list[LocalClass] = []
        self._later: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, Frame, Instance | None]] = []

    def run(self, tree: ast.Module) -> Frame:
        """Walk a module, then the functions it defines."""
        frame = Frame()
        self.block(tree.body, frame)
        while self._later:
            function, outer, owner = self._later.pop(0)
            self._function(function, outer, owner)
        return frame

    def place(self, node: ast.AST) -> Place:
        return Place(self.document, node)

    def unknown(self, node: ast.AST, why: str = "not settled by the file") -> Node:
        return unknown(why, self.place(node))

    # Statements

    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> None:
        for statement in statements:
            if self.steps > MAX_STEPS or self.depth > MAX_DEPTH:
                return
            self.depth += 1
            self.statement(statement, frame)
            self.depth -= 1

    def statement(self, node: ast.stmt, frame: Frame) -> None:
        match node:
            case ast.Assign():
                value = self.value(node.value, frame)
                for target in node.targets:
                    self.assign(target, value, frame)
            case ast.AnnAssign(value=ast.expr() as given):
                self.assign(node.target, self.value(given, frame), frame)
            case ast.AugAssign():
                self._augment(node, frame)
            case ast.Expr():
                self.value(node.value, frame)
            case ast.Import() | ast.ImportFrom():
                self._import(node, frame)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                frame.names[node.name] = self.unknown(node, f"function {node.name}")
                self._later.append((node, frame, None))
            case ast.ClassDef():
                self._class(node, frame)
            case ast.Return(value=ast.expr() as given):
                self.value(given, frame)
            case _:
                self._compound(node, frame)

    def _compound(self, node: ast.stmt, frame: Frame) -> None:
        match node:
            case ast.If():
                self.value(node.test, frame)
                self._branches([node.body, node.orelse], frame)
            case ast.For() | ast.AsyncFor():
                self.value(node.iter, frame)
                self._loop(node.body, node.target, frame)
                self.block(node.orelse, frame)
            case ast.While():
                self.value(node.test, frame)
                self._loop(node.body, None, frame)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    entered = self.value(item.context_expr, frame)
                    if item.optional_vars is not None:
                        self.assign(item.optional_vars, entered, frame)
                self.block(node.body, frame)
            case ast.Try() | ast.TryStar():
                handlers = [handler.body for handler in node.handlers]
                self._branches([[*node.body, *node.orelse], *handlers], frame)
                self.block(node.finalbody, frame)
            case ast.Match():
                self.value(node.subject, frame)
                self._branches([case.body for case in node.cases], frame)
            case ast.Delete():
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        frame.names.pop(target.id, None)

    def _branches(self, bodies: Iterable[Sequence[ast.stmt]], frame: Frame) -> None:
        """Walk alternatives; a name that they leave with different values is unknown."""
        before, ends = frame.names, []
        for body in bodies:
            frame.names = dict(before)
            self.block(body, frame)
            if not _leaves(body):
                ends.append(frame.names)
        frame.names = dict(before)
        for names in ends:
            for name, value in names.items():
                others = [end[name] for end in ends if name in end]
                agreed = all(_same(value, other) for other in others)
                frame.names[name] = value if agreed else unknown(f"{name} differs between branches", value.origin)

    def _loop(self, body: Sequence[ast.stmt], target: ast.expr | None, frame: Frame) -> None:
        """Walk a loop's body once; what it assigns may come from the round before."""
        for name in _assigned(body):
            if name in frame.names:
                frame.names[name] = unknown(f"{name} changes in a loop", frame.names[name].origin)
        if target is not None:
            self.assign(target, self.unknown(target, "the variable of a loop"), frame)
        self._branches([body, []], frame)

    def assign(self, target: ast.expr, value: Node, frame: Frame) -> None:
        match target:
            case ast.Name():
                if isinstance(value, Instance) and not value.name:
                    value.name = target.id
                frame.names[target.id] = value
            case ast.Tuple() | ast.List():
                elements = value.sequence
                for at, element in enumerate(target.elts):
                    fits = elements is not None and len(elements) == len(target.elts)
                    self.assign(element, elements[at] if fits and elements else self.unknown(element), frame)
            case ast.Attribute():
                owner = self.value(target.value, frame)
                if isinstance(owner, Instance):
                    owner.arguments[target.attr] = value
            case ast.Subscript():
                self._assign_item(target, value, frame)

    def _assign_item(self, target: ast.Subscript, value: Node, frame: Frame) -> None:
        holder, key = self.value(target.value, frame), self.value(target.slice, frame)
        if holder.mapping is None:
            return
        if key.literal is None:
            holder.open = True
        else:
            holder.mapping[key.literal] = _member(value, key)

    def _augment(self, node: ast.AugAssign, frame: Frame) -> None:
        operation = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
        self.assign(node.target, self.value(operation, frame), frame)

    def _import(self, node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                dotted = alias.name if alias.asname else alias.name.partition(".")[0]
                frame.names[alias.asname or dotted] = Reference(dotted, self.place(node))
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                frame.stars.append(module)
            else:
                dotted = f"{module}.{alias.name}" if node.module else module + alias.name
                frame.names[alias.asname or alias.name] = Reference(dotted, self.place(node))

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        bases = [self.value(base, frame) for base in node.bases]
        cls = LocalClass(node, bases, frame, self.place(node))
        frame.names[node.name] = cls
        self.classes.append(cls)
        inner = Frame(frame)
        owner = Instance(f"<{node.name}>", {}, self.place(node), open=True)
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._later.append((statement, frame, owner))
            else:
                self.statement(statement, inner)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, outer: Frame, owner: Instance | None
    ) -> None:
        frame = Frame(outer)
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        for parameter in filter(None, every):
            frame.names[parameter.arg] = self.unknown(parameter, f"parameter {parameter.arg}")
        if owner is not None and node.args.args:
            frame.names[node.args.args[0].arg] = owner
        self.block(node.body, frame)

    # Expressions

    def value(self, node: ast.expr, frame: Frame) -> Node:
        """What an expression stands for."""
        self.steps += 1
        if self.steps > MAX_STEPS or self.depth > MAX_DEPTH:
            return self.unknown(node, "the file is too large or nested too deeply")
        self.depth += 1
        try:
            return self._value(node, frame)
        finally:
            self.depth -= 1

    def _value(self, node: ast.expr, frame: Frame) -> Node:
        match node:
            case ast.Constant(value=str() | int() | float() | bool() | None as constant):
                return Node(constant, self.place(node))
            case ast.Name():
                return self._name(node, frame)
            case ast.JoinedStr():
                return Node(join(self._formatted(part, frame) for part in node.values), self.place(node))
            case ast.Dict():
                return self._dict(node, frame)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._list(node, frame)
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
            case ast.IfExp():
                self.value(node.test, frame)
                one, other = self.value(node.body, frame), self.value(node.orelse, frame)
                return one if _same(one, other) else self.unknown(node, "it depends on a condition")
            case ast.BoolOp(op=ast.Or()):
                return self._first_true([self.value(part, frame) for part in node.values], node)
            case ast.NamedExpr():
                found = self.value(node.value, frame)
                self.assign(node.target, found, frame)
                return found
            case ast.Await():
                return self.value(node.value, frame)
            case ast.Lambda():
                return self.unknown(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, frame)
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                self.value(part, frame)
        return self.unknown(node)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame) -> Node:
        inner = Frame(frame)
        for generator in node.generators:
            self.value(generator.iter, inner)
            self.assign(generator.target, self.unknown(generator.target, "the variable of a loop"), inner)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.value(part, inner)
        return self.unknown(node, "made in a loop")

    def _first_true(self, values: list[Node], node: ast.expr) -> Node:
        for value in values:
            if isinstance(value, (Reference, Instance)) or value.unknown:
                return self.unknown(node, "it depends on a value that is not known")
            if value.value:
                return value
        return values[-1]

    def _name(self, node: ast.Name, frame: Frame) -> Node:
        found = frame.find(node.id)
        if found is not None:
            return found if isinstance(found, (Reference, Instance, LocalClass)) else found.used_at(self.place(node))
        if node.id in _BUILTINS:
            return Reference(f"builtins.{node.id}", self.place(node))
        if frame.stars and node.id[:1].isalpha():
            return Reference(f"{frame.stars[-1]}.{node.id}", self.place(node))
        return self.unknown(node, f"{node.id} is not defined in the file")

    def _formatted(self, part: ast.expr, frame: Frame) -> Text | Hole:
        if isinstance(part, ast.FormattedValue):
            found = self.value(part.value, frame)
            if part.format_spec is not None and found.text is None:
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
                members.update(value.mapping or {})
                open_ = open_ or value.mapping is None or value.open
            elif key.literal is not None:
                members[key.literal] = _member(value, key)
            else:
                open_ = True
        return Node(members, self.place(node), open=open_)

    def _list(self, node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> Node:
        elements: list[Node] = []
        open_ = False
        for element in node.elts:
            if isinstance(element, ast.Starred):
                more = self.value(element.value, frame)
                elements.extend(more.sequence or [])
                open_ = open_ or more.sequence is None or more.open
            else:
                elements.append(self.value(element, frame))
        return Node(elements, self.place(node), open=open_)

    def _item(self, node: ast.Subscript, frame: Frame) -> Node:
        holder, key = self.value(node.value, frame), self.value(node.slice, frame)
        if holder.mapping is not None and key.literal in holder.mapping:
            return holder.mapping[key.literal]
        elements = holder.sequence
        if elements and isinstance(key.value, int) and -len(elements) <= key.value < len(elements) and not holder.open:
            return elements[key.value]
        return self.unknown(node)

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Node:
        owner = self.value(node.value, frame)
        if isinstance(owner, Reference):
            return Reference(f"{owner.dotted}.{node.attr}", self.place(node))
        if isinstance(owner, Instance):
            return self.calls.attribute(owner, node.attr, node)
        return self.unknown(node)

    def _call(self, node: ast.Call, frame: Frame) -> Node:
        receiver = self.value(node.func.value, frame) if isinstance(node.func, ast.Attribute) else None
        function = self.value(node.func, frame) if receiver is None else receiver
        arguments = self._arguments(node, frame)
        if receiver is None or not isinstance(node.func, ast.Attribute):
            return self.calls.call(function, arguments, node)
        if isinstance(receiver, Reference):
            dotted = Reference(f"{receiver.dotted}.{node.func.attr}", self.place(node.func))
            return self.calls.call(dotted, arguments, node)
        return self.calls.method(receiver, node.func.attr, arguments, node)

    def _arguments(self, node: ast.Call, frame: Frame) -> Arguments:
        found = Arguments()
        for given in node.args:
            if isinstance(given, ast.Starred):
                more = self.value(given.value, frame)
                found.positional.extend(more.sequence or [])
                found.open = found.open or more.sequence is None or more.open
            else:
                found.positional.append(self.value(given, frame))
        for keyword in node.keywords:
            value = self.value(keyword.value, frame)
            if keyword.arg is not None:
                found.keywords[keyword.arg] = _member(value, Node(None, self.place(keyword)))
            else:
                found.keywords.update(value.mapping or {})
                found.open = found.open or value.mapping is None or value.open
        return found

    def _operation(self, node: ast.BinOp, frame: Frame) -> Node:
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        if isinstance(node.op, ast.Add):
            if left.text is not None or right.text is not None:
                parts = [text_or_hole(left, label(node.left)), text_or_hole(right, label(node.right))]
                return Node(join(parts), self.place(node))
            if left.sequence is not None and right.sequence is not None:
                return Node([*left.sequence, *right.sequence], self.place(node), open=left.open or right.open)
        if isinstance(node.op, ast.Mod) and left.literal is not None:
            return self.calls.method(left, "%", Arguments([right]), ast.copy_location(ast.Call(node.left, [], []), node))
        return self.unknown(node)


def label(node: ast.expr) -> str:
    """What a message calls the value of an expression: its variable's name."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else "…"


def _member(value: Node, key: Node) -> Node:
    """The value as a member that is named at the key's place; objects stay themselves."""
    if isinstance(value, (Reference, Instance, LocalClass)):
        return value
    return Node(value.value, value.origin, key.origin, value.used, value.tag, value.open)


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as an expression of its old value."""
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


def _same(one: Node, other: Node) -> bool:
    if one is other:
        return True
    plain = isinstance(one.value, (str, int, float, bool, type(None))) or one.text is not None
    return plain and type(one.value) is type(other.value) and one.value == other.value


def _leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing after the body is reached through it."""
    return bool(body) and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def _assigned(body: Sequence[ast.stmt]) -> set[str]:
    """The names that statements assign, at whatever depth."""
    found = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return found
