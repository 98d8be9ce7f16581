"""Module calls: local modules are read and evaluated; of others only the arguments are known."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from smlint.document import Origin, Span
from smlint.facts import Problem
from smlint.readers.terraform.arguments import Configured
from smlint.readers.terraform.evaluate import Frame, evaluate
from smlint.readers.terraform.expansion import instances_node
from smlint.readers.terraform.known import Invalid, LazyObject, unsettled, wrap
from smlint.readers.terraform.providers import Provider
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.tree import Block
from smlint.values import Node, Unknown

if TYPE_CHECKING:
    from smlint.readers.terraform.module import Module

_META = frozenset(["source", "version", "count", "for_each", "providers", "depends_on"])


def local_source(block: Block, folder: str) -> str | None:
    """The folder that a call's `source` names; None for a registry, a URL, or a folder outside the scanned root."""
    attribute = block.body.attributes.get("source")
    if attribute is None or not isinstance(attribute.expression, tree.Literal):
        return None
    source = attribute.expression.value
    if not isinstance(source, str) or not source.startswith(("./", "../", ".\\")):
        return None
    path = posixpath.normpath(posixpath.join(folder or ".", source))
    return None if path == ".." or path.startswith("../") else ("" if path == "." else path)


class Called(LazyObject):
    """One instance of a local module: its outputs."""

    def __init__(self, module: Module, span: Span, doubt: str) -> None:
        super().__init__()
        self.module = module
        self.span = span
        self.doubt = doubt

    def attribute(self, name: str) -> Node:
        return self.module.output(name, self.span)


class Foreign(LazyObject):
    """One instance of a module whose code is not here."""

    def __init__(self, caller: Module, name: str, block: Block, frame: Frame, doubt: str) -> None:
        super().__init__()
        self.caller = caller
        self.name = name
        self.block = block
        self.doubt = doubt
        self.label = f"{caller.address}module.{name}{frame.instance}"
        self.origin: Origin = block.span
        self.arguments = Configured(block.body, frame, block.span)

    def attribute(self, name: str) -> Node:
        root = self.caller.root
        return unsettled(f"tf:{root.folder}{root.tag}:{self.label}.{name}", f"{self.label}.{name}", self.origin)


def module_node(caller: Module, name: str, span: Span) -> Node:
    """`module.NAME` as expressions see it."""
    block = caller.definition.calls.get(name)
    if block is None:
        return caller.unknown(f"module.{name}", span)
    folder = local_source(block, caller.definition.folder)

    def make(frame: Frame, doubt: str) -> LazyObject:
        from smlint.readers.terraform.module import MAX_MODULE_DEPTH, Module
        from smlint.readers.terraform.wellknown import model, unread

        definition = model(block) if folder is None else caller.root.definition(folder)
        if definition is None:
            return Foreign(caller, name, block, frame, doubt)
        if caller.depth >= MAX_MODULE_DEPTH:
            _too_deep(caller, block)
            return Foreign(caller, name, block, frame, doubt)
        caller.root.budget.instance()
        given = block.body.attributes
        inputs: dict[str, Node] = {n: Deferred(a.expression, frame) for n, a in given.items() if n not in _META}
        if folder is None:
            inputs["unread"] = wrap(unread(block, definition), block.span)
        address = f"{caller.address}module.{name}{frame.instance}."
        providers = _providers(caller, block)
        module = Module(caller.root, definition, address, inputs, providers, caller.depth + 1)
        return Called(module, block.span, doubt)

    return instances_node(block.body, caller.frame, block.span, make)


def _too_deep(caller: Module, block: Block) -> None:
    message = "modules call each other too deeply, or in a circle"
    if not any(problem.message == message for problem in caller.root.problems):
        caller.root.problems.append(Problem(block.header, message))


class Deferred(Node):
    """A module's argument, evaluated when first asked for: two modules may feed each other."""

    __slots__ = ("_expression", "_frame", "_made")

    def __init__(self, expression: tree.Expression, frame: Frame) -> None:
        super().__init__(Unknown("not yet evaluated"), expression.span)
        self._expression = expression
        self._frame = frame
        self._made: Node | None = None

    def made(self) -> Node:
        """The argument's value."""
        if self._made is None:
            try:
                self._made = evaluate(self._expression, self._frame)
            except Invalid:
                self._made = self._frame.unsettled(self._expression.span)
        return self._made


def _providers(caller: Module, block: Block) -> dict[str, Provider]:
    """What the called module's provider names mean: as passed, else the caller's default ones."""
    passed = block.body.attributes.get("providers")
    made = dict(caller.given)
    made["aws"] = caller.provider("aws")
    if passed is not None and isinstance(passed.expression, tree.Object):
        for key, value in passed.expression.items:
            texts = [e.span.document.text[e.span.start : e.span.end].strip('" ') for e in (key, value)]
            made[texts[0]] = caller.provider(texts[1])
    return made
