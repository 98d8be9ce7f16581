"""What to paste, in the syntax of the file at hand: JSON, YAML or HCL.

    snippet({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn}, statement.origin)

Values are plain data whose texts may have holes; a hole is written as the file would refer to it: `${DataBucket}` below
`!Sub`, `${AWS::Region}`, `${var.bucket}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from smlint.document import Document, Origin
from smlint.facts import ACCOUNT, PARTITION, REGION
from smlint.values import Hole, Template, Text, join, pieces

_PSEUDO = {ACCOUNT.name: "AWS::AccountId", REGION.name: "AWS::Region", PARTITION.name: "AWS::Partition"}
_TERRAFORM = {
    ACCOUNT.name: "data.aws_caller_identity.current.account_id",
    REGION.name: "data.aws_region.current.name",
    PARTITION.name: "data.aws_partition.current.partition",
}
_ANY = {PARTITION.name: "aws"}
_BLOCK_NAMES = {
    "Sid": "sid",
    "Effect": "effect",
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
_WIDTH = 80
_STARS = re.compile(r"\*{2,}")


def snippet(value: object, origin: Origin) -> str:
    """A statement, a list or a text as the file of `origin` would write it at that place."""
    syntax = syntax_of(origin)
    if syntax == "hcl" and isinstance(value, Mapping) and "Effect" in value and _in_block(origin):
        return _statement_block(value)
    return _WRITERS[syntax](value, _outermost(origin.document))


def snippets(statements: Sequence[Mapping[str, object]], origin: Origin) -> str:
    """Several statements, as they stand beside each other in the file of `origin`."""
    syntax = syntax_of(origin)
    blocks = syntax == "yaml" or (syntax == "hcl" and _in_block(origin))
    return ("\n" if blocks else ",\n").join(snippet(statement, origin) for statement in statements)


def syntax_of(origin: Origin) -> str:
    """ "json", "yaml" or "hcl": how values are written at the place. A text that stands in another file is JSON."""
    if origin.document.host is not None:
        return "json"
    path = origin.document.path.lower()
    if path.endswith((".tf", ".tofu", ".hcl", ".tfvars")):
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
    return _json_lines(_plain(value, _written(document, _sub_object)), "")


def _written(document: Document, sub: Callable[[Text], object]) -> Callable[[Text], object]:
    """How the file writes what is not settled; where it cannot refer to anything, a wildcard stands for it."""
    if document.path.lower().endswith((".tf", ".tofu", ".hcl")):
        return _hcl_text
    return (lambda text: sub(_known(text, document))) if "AWS::" in document.text else _wildcards


def _known(text: Text, document: Document) -> Text:
    """With a wildcard for what is no parameter or resource of the template, such as the name that a job will get."""
    return _one_star(piece if isinstance(piece, str) or _names(piece, document) else "*" for piece in pieces(text))


def _one_star(written: Iterable[str | Hole]) -> Text:
    """Joined; a wildcard that stands for a hole is none of its own beside one that was there."""
    joined = pieces(join(written))
    return join(_STARS.sub("*", piece) if isinstance(piece, str) else piece for piece in joined)


def _names(hole: Hole, document: Document) -> bool:
    first = (hole.label or hole.name).partition(".")[0]
    if hole.name in _PSEUDO or first.startswith("AWS::"):
        return True
    return first.isalnum() and re.search(rf"[\s{{,\"']{first}[\"']?\s*:", document.text) is not None


def _wildcards(text: Text) -> str:
    return str(_one_star(_ANY.get(piece.name, "*") if isinstance(piece, Hole) else piece for piece in pieces(text)))


def _sub_object(text: Text) -> object:
    return {"Fn::Sub": _sub(text)} if isinstance(text, Template) else text


def _sub(text: Text) -> str:
    return _interpolated(text, _PSEUDO, "${!")


def _hcl_text(text: Text) -> str:
    """References have dots; what has none is known to nobody before the job runs."""
    known = (piece if isinstance(piece, str) else _reference(piece) for piece in pieces(text))
    return _interpolated(_one_star(known), _TERRAFORM, "$${")


def _reference(hole: Hole) -> Hole | str:
    """The hole as a reference: to the first resource where it is not known how many there are."""
    label = hole.label or hole.name
    if hole.name in _TERRAFORM:
        return hole
    return Hole(label.replace("[?]", "[0]")) if "." in label and '["?"]' not in label else "*"


def _interpolated(text: Text, names: Mapping[str, str], literal: str) -> str:
    """Holes as `${reference}`, and policy variables so that they stay what they are."""
    return "".join(
        f"${{{names.get(piece.name) or piece.label or piece.name}}}"
        if isinstance(piece, Hole)
        else piece.replace("${", literal)
        for piece in pieces(text)
    )


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


class _Sub(str):
    """A text that goes below `!Sub`."""


def _yaml(value: object, document: Document) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    Dumper.add_representer(_Sub, lambda dumper, text: dumper.represent_scalar("!Sub", str(text)))
    Dumper.add_representer(str, _yaml_text)
    data = _plain(value, _written(document, lambda text: _Sub(_sub(text)) if isinstance(text, Template) else text))
    if isinstance(data, dict):
        data = [data] if "Effect" in data else data
    written: str = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return written.removesuffix("\n...\n").rstrip("\n")


def _yaml_text(dumper: Any, text: str) -> Any:
    """Plain where that is safe; with double quotes, as people write them, where it is not."""
    plain = text and text[0] not in "*&!%@`{}[],#?-:|>'\"0123456789" and ": " not in text and " #" not in text
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


def _hcl(value: object, document: Document | None = None) -> str:
    return _hcl_lines(_plain(value, _hcl_text), "")


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
    return json.dumps(value, ensure_ascii=False)


def _hcl_name(name: str) -> str:
    return name if name.replace("_", "a").replace("-", "a").isalnum() else json.dumps(name)


def _statement_block(value: Mapping[str, object]) -> str:
    """A statement as the block of an aws_iam_policy_document. `Allow` is its default."""
    arguments: dict[str, object] = {}
    blocks: list[str] = []
    for name, member in value.items():
        if name == "Condition" and isinstance(member, Mapping):
            blocks += _conditions(member)
        elif name in ("Principal", "NotPrincipal"):
            blocks += _principals(name, member)
        elif name in _BLOCK_NAMES and (name, member) != ("Effect", "Allow"):
            arguments[_BLOCK_NAMES[name]] = member if name in ("Sid", "Effect") else _list(member)
    body = _hcl(arguments)[2:-2]
    return "statement {\n" + "\n\n".join(part for part in (body, *blocks) if part) + "\n}"


def _principals(name: str, member: object) -> list[str]:
    kinds: Mapping[str, object] = member if isinstance(member, Mapping) else {"*": member}
    block = "principals" if name == "Principal" else "not_principals"
    return [_nested(block, {"type": kind, "identifiers": _list(names)}) for kind, names in kinds.items()]


def _conditions(member: Mapping[str, object]) -> list[str]:
    return [
        _nested("condition", {"test": test, "variable": key, "values": _list(values)})
        for test, keys in member.items()
        if isinstance(keys, Mapping)
        for key, values in keys.items()
    ]


def _nested(block: str, arguments: Mapping[str, object]) -> str:
    return f"  {block} " + _hcl(arguments).replace("\n", "\n  ")


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


_WRITERS: dict[str, Callable[[object, Document], str]] = {"json": _json, "yaml": _yaml, "hcl": _hcl}
