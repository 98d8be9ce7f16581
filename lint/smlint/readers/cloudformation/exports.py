"""`Fn::ImportValue`: what the other templates of the repository export."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Document
from smlint.readers.cloudformation.stack import Stack
from smlint.readers.repository import holding, once
from smlint.readers.scope import Scope
from smlint.syntax import structured
from smlint.values import NO, Hole, Node, Text, pieces

SUFFIXES = (".yaml", ".yml", ".json", ".template", ".cfn")

Export = tuple[Text, Text]


def imported(scope: Scope, name: Text) -> Text | None:
    """What is exported under a name; None where no template of the repository says, or more than one could be meant."""
    known = once(scope, "exports", _all)  # what an export itself imports is not followed
    found = {value for export, value in known if export == name}
    if not found:
        found = {value for export, value in known if _may_be(export, name)}
    return found.pop() if len(found) == 1 else None


def _all(scope: Scope) -> list[Export]:
    templates = holding(scope, SUFFIXES, "Export", "Outputs")
    return [export for document in templates for export in _exports(document, scope)]


def _may_be(export: Text, name: Text) -> bool:
    """Whether a name that begins with an unknown stack's name may be this one: they end alike."""
    if isinstance(export, str) and isinstance(name, str):
        return False
    ends = []
    for text in (export, name):
        first, *rest = pieces(text)
        if not isinstance(text, str) and (not isinstance(first, Hole) or any(isinstance(p, Hole) for p in rest)):
            return False
        ends.append(str(first) if isinstance(text, str) else "".join(map(str, rest)))
    known = [end for end, text in zip(ends, (export, name), strict=True) if not isinstance(text, str)]
    return all(len(suffix) > 2 and end.endswith(suffix) for suffix in known for end in ends)


def _exports(document: Document, scope: Scope) -> Iterator[Export]:
    for root in structured(document).nodes[:1]:
        stack = Stack(root, document, scope)
        evaluator = stack.evaluator  # it expands the outputs
        for output in stack.outputs.values():
            resolved = evaluator.resolve(output) if evaluator.exists(output) is not NO else None
            name, value = _text(resolved, "Export", "Name"), _text(resolved, "Value")
            if name is not None and value is not None:
                yield name, value


def _text(output: Node | None, *path: str) -> Text | None:
    found = output.get(*path) if output is not None else None
    return found.text if found is not None else None
