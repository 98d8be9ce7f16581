"""Walks the statements of a program in order and keeps what its names stand for; nothing is run.

Branches that disagree, loops and calls of the program's own functions leave unknowns. Every function's body is walked
once, with parameters unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cached_property

from smlint.document import Document
from smlint.readers.python.assignments import Assignments
from smlint.readers.python.calling import Calling
from smlint.readers.python.choices import holds
from smlint.readers.python.expressions import Calls
from smlint.readers.python.frames import Frame, Walk
from smlint.readers.python.modules import ELSEWHERE, Modules, public
from smlint.readers.python.order import next_function
from smlint.readers.python.sessions import is_execution_role
from smlint.readers.python.statements import (
    assigned,
    captured,
    globals_of,
    leaves,
    matches_always,
    nonlocals_of,
    set_by,
    set_from_outside,
    set_severally,
)
from smlint.readers.python.things import (
    Function,
    LocalClass,
    LocalFunction,
    LocalModule,
    LocalObject,
    Reference,
    unknown,
)
from smlint.readers.python.truths import one
from smlint.values import Node

_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC"})


class Interpreter(Assignments):
    """Walks one module of a program. modules: finds the other ones."""

    def __init__(self, document: Document, calls: Calls, walk: Walk, calling: Calling, modules: Modules) -> None:
        super().__init__(document, calls, walk)
        self.calling = calling
        self.modules = modules
        self.classes: list[LocalClass] = []
        self._later: list[LocalFunction] = []
        self._mentioned: dict[int, frozenset[str]] = {}
        self._tree = ast.Module([], [])
        self.nonlocals: frozenset[str] = frozenset()

    def run(self, tree: ast.Module) -> Frame:
        """Walk a module, then the functions it defines, those that call a function before that one."""
        frame = self.load(tree)
        while self._later:
            self._function(next_function(self._later, self._mentioned))
        return frame

    def load(self, tree: ast.Module) -> Frame:
        """Walk a module's own statements."""
        frame = Frame()
        if "global " in self.document.text:
            frame.shared = globals_of(tree)
        if "nonlocal " in self.document.text:
            self.nonlocals = nonlocals_of(tree)
        self._tree = tree
        self.block(tree.body, frame)
        return frame

    @cached_property
    def _from_outside(self) -> frozenset[str]:
        return set_from_outside(self._tree)

    def follow(self, body: Sequence[ast.stmt], frame: Frame) -> None:
        """Walk the body of a function for one call; what it starts does not count."""
        self.walk.aside(1)
        self.block(body, frame)
        self.walk.aside(-1)

    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> None:
        for statement in statements:
            if not self.walk.may_go_on():
                self.walk.cut = True
                return
            self.walk.depth += 1
            self.statement(statement, frame)
            self.walk.depth -= 1
            if frame.done:
                return

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
            case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[holder, name, given], keywords=[])):
                self._set_attribute(holder, name, given, frame)
            case ast.Expr():
                self.value(node.value, frame)
            case ast.Import() | ast.ImportFrom():
                self._import(node, frame)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for decorator in node.decorator_list:
                    self.value(decorator, frame)
                function = LocalFunction(node, frame, self, self.place(node))
                frame.names[node.name] = function
                self._walk_later([function])
            case ast.ClassDef():
                self._class(node, frame)
            case ast.Return():
                found = self.value(node.value, frame) if node.value is not None else Node(None, self.place(node))
                if frame.returned is not None:
                    frame.returned.append(found)
                    frame.done = True
            case ast.Raise():
                frame.done = frame.returned is not None
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
                self.block(node.orelse, frame)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    entered = self.value(item.context_expr, frame)
                    if item.optional_vars is not None:
                        self.assign(item.optional_vars, entered, frame)
                self.block(node.body, frame)
            case ast.Try() | ast.TryStar():
                handlers = [handler.body for handler in node.handlers]
                self._branches([[*node.body, *node.orelse], *handlers], frame, tried=True)
                done, frame.done = frame.done, False
                self.block(node.finalbody, frame)
                frame.done = frame.done or done
            case ast.Match():
                self.value(node.subject, frame)
                for name in captured(node):
                    frame.names[name] = self.unknown(node, f"{name} is a part of what is matched")
                bodies = [case.body for case in node.cases]
                self._branches(bodies if matches_always(node.cases[-1]) else [*bodies, []], frame)
            case ast.Delete():
                for target in node.targets:
                    self.delete(target, frame)

    def _if(self, node: ast.If, frame: Frame) -> None:
        """Walk both ways; of a condition that the file settles, only the way that is gone leaves values."""
        way = holds(node.test, frame, self)
        if way is None:
            self._branches([node.body, node.orelse], frame)
            return
        if not self.walk.quiet:
            self._dead(node.orelse if way else node.body, frame)
        self.block(node.body if way else node.orelse, frame)

    def _dead(self, body: Sequence[ast.stmt], frame: Frame) -> None:
        """Walk a branch that is not gone as things are: the jobs that it starts still count."""
        frame.enter()
        outer = self.walk.enter()
        self.walk.dead += 1
        self.block(body, frame)
        self.walk.dead -= 1
        self.walk.branch = outer
        frame.leave()

    def _branches(self, bodies: Iterable[Sequence[ast.stmt]], frame: Frame, tried: bool = False) -> None:
        """Walk alternatives; a name that they leave with different values is unknown. tried: the first one can fail."""
        ends, dones, outer = [], [], self.walk.branch
        for body in bodies:
            frame.enter()
            self.walk.enter()
            self.block(body, frame)
            end = frame.leave()
            dones.append(frame.done)
            if not (frame.done or leaves(body)):
                ends.append(end)
            frame.done = False
        frame.done = bool(dones) and all(dones)
        self.walk.branch = outer
        for name in dict.fromkeys(name for end in ends for name in end):
            values = [value for end in ends if (value := end.get(name) or frame.own(name)) is not None]
            agreed = _stand_in(values) if tried and is_execution_role(values[0]) else one(values)
            frame.names[name] = agreed or unknown(f"{name} differs between branches", values[0].origin)

    def _loop(self, body: Sequence[ast.stmt], target: ast.expr | None, frame: Frame) -> None:
        """Walk a loop's body once; what it assigns may come from the round before."""
        for name in assigned(body):
            before = frame.own(name)
            if before is not None:
                frame.names[name] = unknown(f"{name} changes in a loop", before.origin)
        if target is not None:
            self.assign(target, self.unknown(target, "the variable of a loop"), frame)
        self._branches([body, []], frame)

    def _import(self, node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                dotted = alias.name if alias.asname else alias.name.partition(".")[0]
                whole = self.modules.find(dotted, self.document.path)
                frame.names[alias.asname or dotted] = whole or Reference(dotted, self.place(node))
            return
        named = "." * node.level + (node.module or "")
        module = self.modules.find(node.module or "", self.document.path, node.level)
        for alias in node.names:
            found = self.of_module(module, alias.name) if module is not None else None
            if alias.name == "*" and module is not None:
                frame.names.update(public(module))
            elif alias.name == "*":
                frame.stars.append(named)
                if named.partition(".")[0] not in ELSEWHERE:
                    frame.doubt(f"it may be set by {named}")
            else:
                dotted = f"{named}.{alias.name}" if node.module else named + alias.name
                frame.names[alias.asname or alias.name] = found or Reference(dotted, self.place(node))

    def of_module(self, module: LocalModule, name: str) -> Node | None:
        """A name of a module of the repository, or a module below it."""
        return module.frame.own(name) or self.modules.below(module, name)

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        bases = [self.value(base, frame) for base in node.bases]
        cls = LocalClass(node, bases, frame, self, self.place(node))
        frame.names[node.name] = cls
        inner = Frame(frame)
        methods: list[Function] = []
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods.append(statement)
            else:
                self.statement(statement, inner)
        cls.attributes_known = all(map(_is_plain, bases))
        if cls.attributes_known:
            inherited = [base.attributes for base in bases if isinstance(base, LocalClass)]
            cls.attributes = {name: value for one in (*reversed(inherited), inner.names) for name, value in one.items()}
        cls.owner = owner = LocalObject(cls, dict(cls.attributes), self.place(node))
        self._doubt(owner, set_severally(methods, set(inner.names)))
        own = frozenset(inner.names) | set_by(methods)
        for base in cls.ancestry():
            if isinstance(base, LocalClass) and base is not cls and base.owner is not None:
                self._doubt(base.owner, own)
        if not self.walk.quiet:
            self._doubt(owner, own if "*" in self._from_outside else own & self._from_outside)
            self.classes.append(cls)
        self._walk_later([cls.bound(method, owner) for method in methods])

    def _doubt(self, owner: LocalObject, names: frozenset[str]) -> None:
        """Forget the attributes that differ between the methods or the classes of an object."""
        owner.several |= names
        for name in names & owner.arguments.keys():
            owner.arguments[name] = unknown(f"{name} is set in several places", owner.origin)

    def _walk_later(self, functions: Sequence[LocalFunction]) -> None:
        if not self.walk.quiet:
            self._later.extend(functions)

    def _function(self, function: LocalFunction) -> None:
        """Walk a function's body once, with what all calls give it."""
        frame = Frame(function.frame)
        frame.shared = self.nonlocals
        frame.names.update(self.calling.parameters(function))
        self.walk.enter()
        if function.owner is not None:  # what the method does to its object is done
            self.walk.born[id(function.owner)] = (function.owner, self.walk.branch)
        self.block(function.definition.body, frame)
        self.walk.branch = 0


def _is_plain(base: Node) -> bool:
    """Whether a base class leaves the attributes as they are written."""
    if isinstance(base, LocalClass):
        return base.attributes_known
    return isinstance(base, Reference) and base.dotted in _PLAIN_BASES


def _stand_in(roles: Sequence[Node]) -> Node:
    """The role that a program names for where there is no execution role; without one it is the execution role."""
    named = [role for role in roles if role.text is not None and not is_execution_role(role)]
    return one(named) or roles[0]
