"""Values in Terraform's language: expressions, and statements as the blocks of an aws_iam_policy_document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from smlint.document import Document, Origin
from smlint.fixes.references import in_terraform, interpolated, unescaped, with_texts
from smlint.values import Hole, Template, Text, pieces

_WIDTH = 80
_BLOCK_NAMES = {
    "Sid": "sid",
    "Effect": "effect",
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
# Where a block begins that stands in no other, after the end of a line.
_BLOCK = re.compile(r"\n(?:resource|data|module|locals|output|variable)\b[^\n{}=]*\{")


def in_block(origin: Origin) -> bool:
    """Whether the place belongs to an aws_iam_policy_document, whose statements are blocks."""
    text = origin.document.text
    start, _ = origin.offsets()
    before = text.rfind('data "aws_iam_policy_document"', 0, start + 1)
    return before >= 0 and _BLOCK.search(text, before, start) is None


def written(value: object, document: Document) -> str:
    """The value as an expression."""
    return _lines(with_texts(value, lambda text: in_terraform(text, document)), "")


def _lines(value: object, indent: str) -> str:
    deeper = indent + "  "
    if isinstance(value, dict):
        width = max((len(_name(name)) for name in value), default=0)
        members = (f"{deeper}{_name(name):<{width}} = {_lines(member, deeper)}" for name, member in value.items())
        return "{\n" + "\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list):
        elements = [_lines(element, deeper) for element in value]
        flat = f"[{', '.join(elements)}]"
        if len(indent) + len(flat) <= _WIDTH and "\n" not in flat:
            return flat
        return "[\n" + "".join(f"{deeper}{member},\n" for member in elements) + f"{indent}]"
    return _text(value) if isinstance(value, (str, Template)) else json.dumps(value)


def _text(text: Text) -> str:
    """In quotes, unless it is nothing but a reference."""
    parts = pieces(text)
    if len(parts) == 1 and isinstance(parts[0], Hole):
        return parts[0].name
    return unescaped(json.dumps(interpolated(text), ensure_ascii=False))


def _name(name: str) -> str:
    return name if name.replace("_", "a").replace("-", "a").isalnum() else json.dumps(name)


def statement_block(value: Mapping[str, object], document: Document) -> str:
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
    body = written(arguments, document)[2:-2]
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
    return f"  {block} " + written(arguments, document).replace("\n", "\n  ")


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
