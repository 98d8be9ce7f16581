"""Values in YAML, with the short forms of a template's functions."""

from __future__ import annotations

import re
from typing import Any

from smlint.document import Document
from smlint.fixes.references import reference, references, substituted, with_texts
from smlint.values import Template, Text

_TEXT = "tag:yaml.org,2002:str"
_QUOTED_NAME = re.compile(r"(!GetAtt |!Ref )'([\w.:]+)'")


class _Tagged(str):
    """A text that goes below a tag: `!Sub`, `!GetAtt`, `!Ref`."""

    tag = "!Sub"


def _tagged(text: Text) -> object:
    if not isinstance(text, Template):
        return text
    named = reference(text)
    if named is None:
        return _Tagged(substituted(text))
    tagged = _Tagged(".".join(filter(None, named)))
    tagged.tag = "!GetAtt" if named[1] else "!Ref"
    return tagged


def written(value: object, document: Document, flow: bool = False) -> str:
    """The value; flow: within brackets, as JSON is written."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    Dumper.add_representer(_Tagged, lambda dumper, text: dumper.represent_scalar(text.tag, str(text)))
    Dumper.add_representer(str, _plain_or_quoted)
    data = with_texts(value, references(document, _tagged))
    if isinstance(data, dict) and not flow:
        data = [data] if "Effect" in data else data
    text: str = yaml.dump(
        data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=flow
    )
    return _QUOTED_NAME.sub(r"\1\2", text).removesuffix("\n...\n").rstrip("\n")


def _plain_or_quoted(dumper: Any, text: str) -> Any:
    """Plain where that is safe; with double quotes, as people write them, where it is not."""
    import yaml

    plain = text and text[0] not in "*&!%@`{}[],#?-:|>'\"0123456789" and ": " not in text and " #" not in text
    plain = plain and dumper.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT
    return dumper.represent_scalar(_TEXT, text, style=None if plain else '"')
