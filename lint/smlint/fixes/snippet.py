"""What to paste, in the syntax of the file at hand: JSON, YAML or HCL.

    snippet({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn}, statement.origin)

Values are plain data whose texts may have holes; a hole is written as the file would refer to it: `${DataBucket}` below
`!Sub`, `${AWS::Region}`, `${var.bucket}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from smlint.document import Document, Origin
from smlint.fixes import hcl, json, yaml
from smlint.fixes.flow import in_flow, statements_in_flow
from smlint.fixes.references import is_terraform, references, substituted, unescaped, wildcards, with_texts

_NEAR = 100
_LISTS = {"Policies:", '"Policies": ['}
_SUBSTITUTED = re.compile(r"(?:!Sub|Fn::Sub[\"']?\s*:)[\s|>\"'\[-]*$")


def snippet(value: object, origin: Origin) -> str:
    """A statement, a list or a text as the file of `origin` would write it at that place."""
    syntax = syntax_of(origin)
    statement = isinstance(value, Mapping) and "Effect" in value
    if syntax == "hcl" and isinstance(value, Mapping) and statement and hcl.in_block(origin):
        return hcl.statement_block(value, origin.document)
    if origin.document.host is not None:
        return _in_text(value, origin)
    if syntax == "yaml":
        return yaml.written(value, origin.document, statements_in_flow(origin) if statement else in_flow(origin))
    return hcl.written(value, origin.document) if syntax == "hcl" else json.written(value, origin.document)


def snippets(statements: Sequence[Mapping[str, object]], origin: Origin) -> str:
    """Several statements, as they stand beside each other in the file of `origin`."""
    return beside([snippet(statement, origin) for statement in statements])


def members(values: Mapping[str, object], origin: Origin) -> str:
    """Members of a mapping, as the file of `origin` would write them among the others."""
    if syntax_of(origin) == "hcl" and hcl.in_block(origin):
        block = hcl.statement_block(values, origin.document).splitlines()
        return "\n".join(line.removeprefix("  ") for line in block[1:-1])
    written = snippet(values, origin)
    if not written.startswith("{"):
        return written
    return "\n".join(line.removeprefix("  ") for line in written[1:-1].strip("\n").splitlines())


def beside(texts: Sequence[str]) -> str:
    """Snippets for one place, one after another: blocks and items as lines, members of a list with commas.

    Whole policies of one role become the members of its one list of policies.
    """
    once = list(dict.fromkeys(texts))
    heads = {text.partition("\n")[0] for text in once}
    if len(once) > 1 and len(heads) == 1 and heads <= _LISTS:
        first, *_, last = once[0].splitlines()
        inner = [text.splitlines()[1:] if first.endswith(":") else text.splitlines()[1:-1] for text in once]
        bodies = ["\n".join(lines) for lines in inner]
        return "\n".join([first, *bodies]) if first.endswith(":") else "\n".join([first, ",\n".join(bodies), last])
    lines = all(text.startswith(("- ", "statement {", 'resource "')) or text.endswith(",") for text in once)
    return ("\n" if lines else ",\n").join(once)


def syntax_of(origin: Origin) -> str:
    """ "json", "yaml" or "hcl": how values are written at the place. A text that stands in another file is JSON."""
    if origin.document.host is not None:
        return "json"
    path = origin.document.path.lower()
    if is_terraform(origin.document):
        return "hcl"
    if path.endswith((".yaml", ".yml")) or (path.endswith(".template") and not _looks_like_json(origin.document)):
        return "yaml"
    return "json"


def _looks_like_json(document: Document) -> bool:
    return document.text.lstrip()[:1] in ("{", "[")


def _in_text(value: object, origin: Origin) -> str:
    """JSON within a string of another file: it refers to what that makes by `Fn::Sub` around it, if any."""
    outer = origin.place().document
    host = origin.document.host
    start = host[1](0) if host is not None and host[0] is outer else 0
    before = outer.text[max(start - _NEAR, 0) : start]
    if is_terraform(outer):
        return unescaped(json.lines(with_texts(value, references(outer, substituted))))
    return json.lines(with_texts(value, references(outer, substituted) if _SUBSTITUTED.search(before) else wildcards))
