"""Texts → values that know their origin. Knows nothing of AWS."""

from __future__ import annotations

from smlint.document import Document
from smlint.syntax.parsed import Parsed


def structured(document: Document) -> Parsed:
    """Read a JSON or YAML document, told apart by its first character (a YAML flow mapping is read as YAML)."""
    start = document.text.lstrip()[:1]
    is_json = start in ("{", "[") and not document.path.endswith((".yaml", ".yml"))
    # A text that stands in a .json file may be YAML: a stack set's TemplateBody.
    is_json |= document.host is None and document.path.endswith(".json")
    if is_json:
        from smlint.syntax import json

        return json.parse(document)
    from smlint.syntax import yaml

    return yaml.parse(document)
