"""Walks the statements of a program in order and keeps what its names stand for; nothing is run.

Branches that disagree, loops and calls of the program's own functions leave unknowns. Every function's body is walked
once, with parameters unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from smlint.document import Document
from smlint.readers.python.expressions import MAX_DEPTH, MAX_STEPS, Calls, Expressions, member, same
from smlint.readers.python.sessions import is_execution_role
from smlint.readers.python.things import Frame, Instance, LocalClass, Reference, unknown
from smlint.values import Node


class Interpreter(Expressions):
    """Walks one program."""

    def __init__(self, document: Document, calls: Calls, environment: Mapping[str, Node] | None = None) -> None:
        super().__init__(document, calls, environment)
        self.classes: list[LocalClass] = []
        self._branched = 0
        self._later: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, Frame, Instance | None]] = []

    def run(self, tree: ast.Module) -> Frame:
        """Walk a module, then the functions it defines."""
        frame = Frame()
        frame.shared = _globals(tree)
        self.block(tree.body, frame)
        while self._later:
            function, outer, owner = self._later.pop(0)
            self._function(function, outer, owner)
        return frame

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
                for decorator in node.decorator_list:
                    self.value(decorator, frame)
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
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                self.block(node.body, frame)
            case ast.If():
                self._if(node, frame)
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
                self._branches([[*node.body, *node.orelse], *handlers], frame, tried=True)
                self.block(node.finalbody, frame)
            case ast.Match():
                self.value(node.subject, frame)
                self._branches([case.body for case in node.cases], frame)
            case ast.Delete():
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        frame.names.pop(target.id, None)

    def _if(self, node: ast.If, frame: Frame) -> None:
        """Walk both ways; of a condition that the file settles, only the way that is gone leaves values."""
        holds = self.holds(node.test, frame)
        if holds is None:
            self._branches([node.body, node.orelse], frame)
            return
        frame.enter()
        self._branched += 1
        outer, self.branch = self.branch, self._branched
        self.block(node.orelse if holds else node.body, frame)
        frame.leave()
        self.branch = outer
        self.block(node.body if holds else node.orelse, frame)

    def _branches(self, bodies: Iterable[Sequence[ast.stmt]], frame: Frame, tried: bool = False) -> None:
        """Walk alternatives; a name that they leave with different values is unknown. tried: the first one can fail."""
        ends, outer = [], self.branch
        for body in bodies:
            frame.enter()
            self._branched += 1
            self.branch = self._branched
            self.block(body, frame)
            end = frame.leave()
            if not _leaves(body):
                ends.append(end)
        self.branch = outer
        for name in dict.fromkeys(name for end in ends for name in end):
            values = [value for end in ends if (value := end.get(name) or frame.own(name)) is not None]
            agreed = _stand_in(values) if tried and is_execution_role(values[0]) else _one(values)
            frame.names[name] = agreed or unknown(f"{name} differs between branches", values[0].origin)

    def _loop(self, body: Sequence[ast.stmt], target: ast.expr | None, frame: Frame) -> None:
        """Walk a loop's body once; what it assigns may come from the round before."""
        for name in _assigned(body):
            before = frame.own(name)
            if before is not None:
                frame.names[name] = unknown(f"{name} changes in a loop", before.origin)
        if target is not None:
            self.assign(target, self.unknown(target, "the variable of a loop"), frame)
        self._branches([body, []], frame)

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
                    unsure = self.perhaps(owner) and not owner.dotted.startswith("<")
                    owner.arguments[target.attr] = self.unknown(target, "set in a branch only") if unsure else value
            case ast.Subscript():
                self._assign_item(target, value, frame)

    def _assign_item(self, target: ast.Subscript, value: Node, frame: Frame) -> None:
        holder, key = self.value(target.value, frame), self.value(target.slice, frame)
        if holder.mapping is None:
            return
        if key.literal is None:
            holder.open = True
        else:
            unsure = self.perhaps(holder)
            given = self.unknown(target, "it is set in a branch only") if unsure else value
            holder.mapping[key.literal] = member(given, key)

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
        methods: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods.append(statement)
            else:
                self.statement(statement, inner)
        if not node.bases:
            cls.attributes = inner.names
        owner = Instance(f"<{node.name}>", dict(cls.attributes), self.place(node), open=True)
        self._later.extend((method, frame, owner) for method in methods)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, outer: Frame, owner: Instance | None) -> None:
        frame = Frame(outer)
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        for parameter in filter(None, every):
            frame.names[parameter.arg] = self.unknown(parameter, f"parameter {parameter.arg}")
        if owner is not None and node.args.args:
            frame.names[node.args.args[0].arg] = owner
        self._branched += 1
        self.branch = self._branched
        self.block(node.body, frame)
        self.branch = 0


def _one(values: Sequence[Node]) -> Node | None:
    """The value that all of them are."""
    return values[0] if all(same(values[0], value) for value in values) else None


def _stand_in(roles: Sequence[Node]) -> Node:
    """The role that a program names for where there is no execution role; without one it is the execution role."""
    named = [role for role in roles if role.text is not None and not is_execution_role(role)]
    return (_one(named) if named else None) or roles[0]


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as an expression of its old value."""
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


def _globals(tree: ast.Module) -> frozenset[str]:
    """The module's names that functions set."""
    return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)


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
