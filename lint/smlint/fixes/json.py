"""Values in JSON."""

from __future__ import annotations

import json

from smlint.document import Document
from smlint.fixes.references import reference, references, substituted, with_texts
from smlint.values import Template, Text

_WIDTH = 80


def written(value: object, document: Document) -> str:
    """The value, with a template's functions as JSON writes them."""
    return lines(with_texts(value, references(document, _function)))


def _function(text: Text) -> object:
    named = reference(text)
    if named is not None:
        return {"Fn::GetAtt": [*named]} if named[1] else {"Ref": named[0]}
    return {"Fn::Sub": substituted(text)} if isinstance(text, Template) else text


def lines(value: object, indent: str = "") -> str:
    """JSON with short lists and short nested objects on one line, as people write policies."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    if len(indent) + len(flat) <= _WIDTH and (isinstance(value, list) or indent or len(value) == 1):
        return flat
    deeper = indent + "  "
    if isinstance(value, list):
        members = [lines(element, deeper) for element in value]
        return "[\n" + ",\n".join(deeper + member for member in members) + f"\n{indent}]"
    members = [f"{json.dumps(name)}: {lines(member, deeper)}" for name, member in value.items()]
    return "{\n" + ",\n".join(deeper + member for member in members) + f"\n{indent}}}"
