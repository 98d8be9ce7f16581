"""Python files and notebooks: calls of the SageMaker SDK (versions 2 and 3) and of boto3, by static analysis alone.

Nothing is imported or run. A program's statements are walked in order; what its expressions stand for is worked out as
far as the file settles it, and the rest is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smlint.document import Document
from smlint.facts import Fact
from smlint.readers.scope import Scope

MAX_SIZE = 8_000_000
_IMPORT = re.compile(r"\b(?:import|from)\s+(?:sagemaker|boto3)\b")
_CALL = re.compile(r"\.(?:create|start)_[a-z_]+\(")
_TEMPLATE = re.compile(r"\{\{\s*\w|\{%|^[ \t]*print[ \t]+[\"'\w]", re.MULTILINE)  # Python 2 was fine in its day


def recognises(document: Document) -> bool:
    """Whether the file has to do with SageMaker."""
    return "sagemaker" in document.text and document.path.endswith((".py", ".ipynb"))


def imports_sdk(document: Document) -> bool:
    """Whether the program imports the SDK itself."""
    return _IMPORT.search(document.text) is not None


def may_start(document: Document) -> bool:
    """Whether the program may start something: it imports the SDK, or calls a client that another module makes."""
    return imports_sdk(document) or _CALL.search(document.text) is not None


def _should_parse(document: Document) -> bool:
    """Whether a syntax error is a fault: not in a template of a program, nor in what only mentions SageMaker."""
    return imports_sdk(document) and not _TEMPLATE.search(document.text)


def read(document: Document, scope: Scope) -> Iterator[Fact]:
    """The workloads that the program starts, its estimator classes and its suspicious URI literals."""
    if not recognises(document) or len(document.text) > MAX_SIZE:
        return
    from smlint.syntax import python as syntax

    program = syntax.parse(document)
    if program.problems and _should_parse(document):
        yield from program.problems
    if program.tree is not None:
        from smlint.readers.python.program import facts_of

        yield from facts_of(program.document, program.tree, scope.settings, scope)
