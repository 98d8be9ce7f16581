"""One program, read: the interpreter, the SDK, the classes and the modules that it imports put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from smlint.document import Document
from smlint.facts import Fact, Settings
from smlint.readers.python import may_start
from smlint.readers.python.calling import MOST_CALLS, Calling
from smlint.readers.python.classes import Classes, estimator_classes
from smlint.readers.python.data_files import DataFiles
from smlint.readers.python.frames import Frame, Walk
from smlint.readers.python.interpreter import Interpreter
from smlint.readers.python.literals import uri_literals
from smlint.readers.python.modules import Modules
from smlint.readers.python.sdk import Sdk
from smlint.readers.python.sessions import Deployment
from smlint.readers.scope import Scope
from smlint.syntax import python as syntax
from smlint.values import Node


def facts_of(
    document: Document,
    tree: ast.Module,
    settings: Settings,
    scope: Scope | None,
    environment: Mapping[str, Node] | None = None,
) -> Iterator[Fact]:
    """Everything that the program tells. scope: where the modules that it imports are; None where there are none.

    environment: the variables with which it is known to run. Calls and imports are followed in a program that may start
    something: what only mentions SageMaker, as the script of a training job does, starts nothing.
    """
    followed = may_start(document)
    program = _Program(document, settings, scope if followed else None, followed)
    program.walk.environment = environment or {}
    sdk, interpreter = program.module(document)
    try:
        module = interpreter.run(tree)
    except RecursionError:  # as deep as no person writes: what was found until there counts
        module = Frame()
    yield from sdk.finish()
    yield from estimator_classes(interpreter.classes, sdk)
    yield from uri_literals(document, sdk.consumed, module, tree)


class _Program:
    """What walks the program and the modules that it imports."""

    def __init__(self, document: Document, settings: Settings, scope: Scope | None, followed: bool) -> None:
        self.deployment = Deployment(settings)
        self.walk = Walk()
        self.calling = Calling(self.walk, MOST_CALLS if followed else 0, document.path)
        self.modules = Modules(scope, document.path)
        self.modules.load = self.load

    def module(self, document: Document) -> tuple[Sdk, Interpreter]:
        """What walks one module."""
        sdk = Sdk(document, self.deployment, self.walk, self.calling, DataFiles(self.modules, document))
        sdk.construct = Classes(sdk, self.calling).construct
        return sdk, Interpreter(document, sdk, self.walk, self.calling, self.modules)

    def load(self, document: Document) -> Frame:
        """The names of a module that is imported; what it starts counts where the module itself is read."""
        tree = syntax.parse(document).tree
        if tree is None:
            return Frame()
        branch, self.walk.branch = self.walk.branch, 0
        self.walk.aside(1)
        frame = self.module(document)[1].load(tree)
        self.walk.aside(-1)
        self.walk.branch = branch
        return frame
