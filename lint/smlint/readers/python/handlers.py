"""What the Python code of a function starts, with the function's role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smlint.document import Document, Origin
from smlint.facts import Fact, Superseded, Workload
from smlint.readers.scope import Scope
from smlint.record import replace
from smlint.values import Node, Template, Text, fill


def module_of(handler: Text | None) -> str | None:
    """The file that a handler (`app.main`) is in, without its folder."""
    return f"{handler.rpartition('.')[0].replace('.', '/')}.py" if isinstance(handler, str) else None


def is_python(runtime: Text | None) -> bool:
    """Whether the code may be Python: the runtime says so, or nothing does."""
    return str(runtime or "python").startswith("python")


# What gives the program an environment that its function does not have.
_CHANGED = re.compile(
    r"environ(?:\[[^]\n]{0,200}\]\s*=[^=]|\s*\|?=[^=]|\.(?:update|setdefault|pop|clear))|putenv|load_dotenv"
)


def started(
    document: Document, role: Text, origin: Origin, scope: Scope, environment: Mapping[str, Node] | None = None
) -> Iterator[Fact]:
    """The facts of the code, run with the function's environment; its own file is then read no more on its own."""
    if "sagemaker" not in document.text:
        return
    if document.host is None:
        yield Superseded(origin, document.path)
    if environment and _CHANGED.search(document.text):
        environment = None
    for fact in _facts(document, scope, environment):
        yield _run_with(role, origin, fact) if isinstance(fact, Workload) else fact


def _run_with(role: Text, origin: Origin, job: Workload) -> Workload:
    """The job as the function starts it: what get_execution_role() returns there is the function's own role."""
    from smlint.readers.python.sessions import EXECUTION_ROLE

    own = {EXECUTION_ROLE: role}
    request = _filled(job.request, own)
    if job.caller is None:
        return replace(job, request=request, caller=role, caller_origin=origin)
    return replace(job, request=request, caller=fill(job.caller, own))


def _filled(node: Node, values: Mapping[str, Text]) -> Node:
    value = node.value
    if isinstance(value, Template):
        return node.with_value(fill(value, values))
    if isinstance(value, list):
        return node.with_value([_filled(element, values) for element in value])
    if isinstance(value, dict):
        return node.with_value({name: _filled(member, values) for name, member in value.items()})
    return node


def _facts(document: Document, scope: Scope, environment: Mapping[str, Node] | None) -> Iterator[Fact]:
    from smlint.readers.python.program import facts_of
    from smlint.syntax import python

    program = python.parse(document)
    yield from program.problems
    if program.tree is not None:
        beside = scope if document.host is None else None
        yield from facts_of(program.document, program.tree, scope.settings, beside, environment)
