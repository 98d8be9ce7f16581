"""What to paste, in the syntax of the file at hand: JSON, YAML or HCL.

    snippet({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn}, statement.origin)

Values are plain data whose texts may have holes; a hole is written as the file would refer to it: `${DataBucket}` below
`!Sub`, `${AWS::Region}`, `${var.bucket}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from smlint.document import Document, Origin
from smlint.fixes.flow import in_flow, statements_in_flow
from smlint.fixes.references import in_terraform, is_terraform, reference, references, substituted, wildcards
from smlint.values import Template, Text

_BLOCK_NAMES = {
    "Sid": "sid",
    "Effect": "effect",
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
_WIDTH = 80
_NEAR = 100
_LISTS = {"Policies:", '"Policies": ['}
_TEXT = "tag:yaml.org,2002:str"
_QUOTED_NAME = re.compile(r"(!GetAtt |!Ref )'([\w.:]+)'")
_SUBSTITUTED = re.compile(r"(?:!Sub|Fn::Sub[\"']?\s*:)[\s|>\"'\[-]*$")
_REFERENCE = re.compile(r"\$\{([\w.\[\]-]+)\}")


def snippet(value: object, origin: Origin) -> str:
    """A statement, a list or a text as the file of `origin` would write it at that place."""
    syntax = syntax_of(origin)
    statement = isinstance(value, Mapping) and "Effect" in value
    if syntax == "hcl" and isinstance(value, Mapping) and statement and _in_block(origin):
        return _statement_block(value, _outermost(origin.document))
    if origin.document.host is not None:
        return _json_lines(_plain(value, _in_text(origin)), "")
    if syntax == "yaml" and (statements_in_flow(origin) if statement else in_flow(origin)):
        syntax = "flow"
    return _WRITERS[syntax](value, _outermost(origin.document))


def snippets(statements: Sequence[Mapping[str, object]], origin: Origin) -> str:
    """Several statements, as they stand beside each other in the file of `origin`."""
    return beside([snippet(statement, origin) for statement in statements])


def members(values: Mapping[str, object], origin: Origin) -> str:
    """Members of a mapping, as the file of `origin` would write them among the others."""
    if syntax_of(origin) == "hcl" and _in_block(origin):
        block = _statement_block(values, _outermost(origin.document)).splitlines()
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


def _outermost(document: Document) -> Document:
    while document.host is not None:
        document = document.host[0]
    return document


def _in_block(origin: Origin) -> bool:
    """Whether the place belongs to an aws_iam_policy_document, whose statements are blocks."""
    text = origin.document.text
    start, _ = origin.offsets()
    before = text.rfind('data "aws_iam_policy_document"', 0, start + 1)
    return before >= 0 and "\nresource " not in text[before:start]


def _json(value: object, document: Document) -> str:
    return _json_lines(_plain(value, references(document, _sub_object)), "")


def _in_text(origin: Origin) -> Callable[[Text], object]:
    """How a text that stands in a string of another file refers to what that makes: by `Fn::Sub` around it, if any."""
    outer = _outermost(origin.document)
    host = origin.document.host
    start = host[1](0) if host is not None and host[0] is outer else 0
    before = outer.text[max(start - _NEAR, 0) : start]
    return references(outer, substituted) if is_terraform(outer) or _SUBSTITUTED.search(before) else wildcards


def _sub_object(text: Text) -> object:
    named = reference(text)
    if named is not None:
        return {"Fn::GetAtt": [*named]} if named[1] else {"Ref": named[0]}
    return {"Fn::Sub": substituted(text)} if isinstance(text, Template) else text


def _json_lines(value: object, indent: str) -> str:
    """JSON with short lists and short nested objects on one line, as people write policies."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    if len(indent) + len(flat) <= _WIDTH and (isinstance(value, list) or indent or len(value) == 1):
        return flat
    deeper = indent + "  "
    if isinstance(value, list):
        members = [_json_lines(element, deeper) for element in value]
        return "[\n" + ",\n".join(deeper + member for member in members) + f"\n{indent}]"
    members = [f"{json.dumps(name)}: {_json_lines(member, deeper)}" for name, member in value.items()]
    return "{\n" + ",\n".join(deeper + member for member in members) + f"\n{indent}}}"


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


def _yaml(value: object, document: Document, flow: bool = False) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    Dumper.add_representer(_Tagged, lambda dumper, text: dumper.represent_scalar(text.tag, str(text)))
    Dumper.add_representer(str, _yaml_text)
    data = _plain(value, references(document, _tagged))
    if isinstance(data, dict) and not flow:
        data = [data] if "Effect" in data else data
    written: str = yaml.dump(
        data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=flow
    )
    return _QUOTED_NAME.sub(r"\1\2", written).removesuffix("\n...\n").rstrip("\n")


def _flow(value: object, document: Document) -> str:
    return _yaml(value, document, flow=True)


def _yaml_text(dumper: Any, text: str) -> Any:
    """Plain where that is safe; with double quotes, as people write them, where it is not."""
    import yaml

    plain = text and text[0] not in "*&!%@`{}[],#?-:|>'\"0123456789" and ": " not in text and " #" not in text
    plain = plain and dumper.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT
    return dumper.represent_scalar(_TEXT, text, style=None if plain else '"')


def _hcl(value: object, document: Document) -> str:
    return _hcl_lines(_plain(value, lambda text: in_terraform(text, document)), "")


def _hcl_lines(value: object, indent: str) -> str:
    deeper = indent + "  "
    if isinstance(value, dict):
        width = max((len(_hcl_name(name)) for name in value), default=0)
        members = (
            f"{deeper}{_hcl_name(name):<{width}} = {_hcl_lines(member, deeper)}" for name, member in value.items()
        )
        return "{\n" + "\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list):
        members_ = [_hcl_lines(element, deeper) for element in value]
        flat = f"[{', '.join(members_)}]"
        if len(indent) + len(flat) <= _WIDTH and "\n" not in flat:
            return flat
        return "[\n" + "".join(f"{deeper}{member},\n" for member in members_) + f"{indent}]"
    alone = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return alone[1] if alone else json.dumps(value, ensure_ascii=False)


def _hcl_name(name: str) -> str:
    return name if name.replace("_", "a").replace("-", "a").isalnum() else json.dumps(name)


def _statement_block(value: Mapping[str, object], document: Document) -> str:
    """A statement as the block of an aws_iam_policy_document. `Allow` is its default."""
    arguments: dict[str, object] = {}
    blocks: list[str] = []
    for name, member in value.items():
        if name == "Condition" and isinstance(member, Mapping):
            blocks += _conditions(member, document)
        elif name in ("Principal", "NotPrincipal"):
            blocks += _principals(name, member, document)
        elif name in _BLOCK_NAMES and (name, member) != ("Effect", "Allow"):
            arguments[_BLOCK_NAMES[name]] = member if name in ("Sid", "Effect") else _list(member)
    body = _hcl(arguments, document)[2:-2]
    return "statement {\n" + "\n\n".join(part for part in (body, *blocks) if part) + "\n}"


def _principals(name: str, member: object, document: Document) -> list[str]:
    kinds: Mapping[str, object] = member if isinstance(member, Mapping) else {"*": member}
    block = "principals" if name == "Principal" else "not_principals"
    return [_nested(block, {"type": kind, "identifiers": _list(names)}, document) for kind, names in kinds.items()]


def _conditions(member: Mapping[str, object], document: Document) -> list[str]:
    return [
        _nested("condition", {"test": test, "variable": key, "values": _list(values)}, document)
        for test, keys in member.items()
        if isinstance(keys, Mapping)
        for key, values in keys.items()
    ]


def _nested(block: str, arguments: Mapping[str, object], document: Document) -> str:
    return f"  {block} " + _hcl(arguments, document).replace("\n", "\n  ")


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _plain(value: object, written: Callable[[Text], object]) -> object:
    """The value as dict, list and scalars, its texts in the file's form."""
    if isinstance(value, (str, Template)):
        return written(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(member, written) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element, written) for element in value]
    return value


_WRITERS: dict[str, Callable[[object, Document], str]] = {
    "json": _json,
    "yaml": _yaml,
    "flow": _flow,
    "hcl": _hcl,
}
