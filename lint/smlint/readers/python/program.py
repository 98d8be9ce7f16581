"""One program, read: the interpreter, the SDK and the classes put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from smlint.document import Document
from smlint.facts import Fact, Settings
from smlint.readers.python.classes import Classes, estimator_classes
from smlint.readers.python.interpreter import Interpreter
from smlint.readers.python.literals import uri_literals
from smlint.readers.python.sdk import Sdk
from smlint.readers.python.sessions import Deployment
from smlint.readers.python.things import Frame
from smlint.values import Node


def facts_of(
    document: Document, tree: ast.Module, settings: Settings, environment: Mapping[str, Node] | None = None
) -> Iterator[Fact]:
    """Everything that the program tells, run with the variables of an environment."""
    sdk = Sdk(document, Deployment(settings))
    interpreter = Interpreter(document, sdk, environment)
    sdk.construct = Classes(interpreter, sdk).construct
    try:
        module = interpreter.run(tree)
    except RecursionError:  # as deep as no person writes: what was found until there counts
        module = Frame()
    yield from sdk.finish()
    yield from estimator_classes(interpreter.classes, sdk)
    yield from uri_literals(sdk.consumed, module, tree)
