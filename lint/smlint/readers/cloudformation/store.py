"""The parameter store of Systems Manager: what the templates of the repository put into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.document import Document
from smlint.readers.repository import holding, once
from smlint.readers.scope import Scope
from smlint.syntax import structured
from smlint.values import Hole, Text, join, split

if TYPE_CHECKING:
    from smlint.readers.cloudformation.stack import Stack

PARAMETER = "AWS::SSM::Parameter"


def stored(scope: Scope, name: Text) -> Text | None:
    """The value of the parameter of that name; None where no template of the repository says, or they differ."""
    entries = once(scope, PARAMETER, _all)  # what a parameter's value itself takes from the store is not followed
    found = {value for known, value in entries if known == name}
    return found.pop() if len(found) == 1 else None


def _all(scope: Scope) -> list[tuple[Text, Text]]:
    from smlint.readers.cloudformation.exports import SUFFIXES

    templates = holding(scope, SUFFIXES, PARAMETER, "Resources")
    return [entry for document in templates for entry in _entries(document, scope)]


def resolved(stack: Stack, text: Text) -> Text:
    """A text with each `{{resolve:service:name}}` in it replaced: what is stored, else the same unknown everywhere."""
    before, *references = split(text, "{{resolve:")
    parts = [before]
    for reference in references:
        name, *after = split(reference, "}}", 1)
        parts += [_value(stack, name), *after] if after else ["{{resolve:", name]
    return join(parts)


def _value(stack: Stack, reference: Text) -> Text:
    service, *name = split(reference, ":")
    found = stored(stack.scope, name[0]) if service == "ssm" and len(name) == 1 else None  # two: a version of it
    if found is not None:
        return found
    if isinstance(reference, str):
        return join([Hole(f"resolve:{reference}", label=reference)])
    return stack.unsettled(f"resolve:{reference}")


def _entries(document: Document, scope: Scope) -> Iterator[tuple[Text, Text]]:
    from smlint.readers.cloudformation.references import type_of
    from smlint.readers.cloudformation.stack import Stack

    for root in structured(document).nodes[:1]:
        stack = Stack(root, document, scope)
        evaluator = stack.evaluator
        for logical in stack.resources:
            if type_of(evaluator, logical) == PARAMETER:
                name, value = evaluator.property(logical, "Name"), evaluator.property(logical, "Value")
                if name is not None and value is not None and name.text is not None and value.text is not None:
                    yield name.text, value.text
