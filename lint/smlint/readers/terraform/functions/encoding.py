"""JSON, YAML, base64, hashes, CSV. What is encoded from values keeps them, so that a policy keeps its origins."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

from smlint.document import Document, Origin
from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.known import (
    Exhausted,
    Invalid,
    JsonText,
    Unsettled,
    number_text,
    settled,
    small,
    text_of,
    wrap,
)
from smlint.syntax.hcl.tree import Call
from smlint.values import Hole, Node, Template, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction, Plain

# Plain scalars about which YAML's versions differ.
_YAML_WORDS = re.compile(
    r"(?i)(?<![\w'\"./-])(?:y|n|yes|no|on|off|0\d+|0[xo]\w+|[-+]?[\d.]+e\d+|\d+_\d+|\.inf|\.nan)(?![\w'\"./-])"
)
_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_text(node: Node) -> Text:
    """The node as jsonencode() writes it: compact, names sorted; what is unknown becomes a hole."""
    parts: list[str | Hole | Template] = []
    _write(node, parts)
    return join(parts)


def _write(node: Node, parts: list[str | Hole | Template]) -> None:
    value = node.value
    if isinstance(node, JsonText) or isinstance(value, (str, Template)):
        _write_text(text_of(node), parts)
    elif isinstance(value, Unknown):
        parts.append(value.hole if isinstance(value, Unsettled) else Hole(f"tf:{value}", label="unknown"))
    elif isinstance(value, dict):
        for at, (name, member) in enumerate(sorted(value.items())):
            parts.append(("," if at else "{") + _quoted(name) + ":")
            _write(member, parts)
        parts.append("}" if value else "{}")
    elif isinstance(value, list):
        for at, element in enumerate(value):
            parts.append("," if at else "[")
            _write(element, parts)
        parts.append("]" if value else "[]")
    elif value is None or isinstance(value, bool):
        parts.append(json.dumps(value))
    else:
        parts.append(number_text(value))


def _write_text(text: Text, parts: list[str | Hole | Template]) -> None:
    if isinstance(text, str):
        parts.append(_quoted(text))
        return
    parts.append('"')
    parts.extend(_quoted(part)[1:-1] if isinstance(part, str) else part for part in text.parts)
    parts.append('"')


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_HTML)


def _jsonencode(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if isinstance(node.value, Unknown):
        return None
    if not small(node):
        raise Exhausted("its values are too large")
    return JsonText(node, node.origin, used=at.span)


def tree_of(node: Node) -> Node | None:
    """The values in a text of JSON; None where it is not known or is no JSON."""
    if isinstance(node, JsonText):
        return node.tree
    if node.text is None:
        return None
    from smlint.readers.terraform.documents import parsed

    nodes = parsed(node).nodes
    return nodes[0] if nodes else None


def _jsondecode(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if node.text is None and not isinstance(node, JsonText):
        return None
    decoded = tree_of(node)
    if decoded is None and isinstance(node.value, str):
        raise Invalid("this is not JSON")
    return decoded


def _yamldecode(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if not isinstance(node.value, str):
        return None
    if isinstance(node, JsonText):
        return node.tree
    from smlint.syntax import yaml

    if _YAML_WORDS.search(node.value):
        return None
    parsed = yaml.parse(Document(node.origin.document.path, node.value))
    if parsed.problems or len(parsed.nodes) != 1:
        raise Invalid("this is not YAML")
    return relocated(parsed.nodes[0], node.origin)


def relocated(node: Node, origin: Origin) -> Node:
    """The same values, all standing at one place."""
    value = node.value
    if isinstance(value, dict):
        return Node({name: relocated(member, origin) for name, member in value.items()}, origin)
    if isinstance(value, list):
        return Node([relocated(element, origin) for element in value], origin)
    return Node(value, origin)


def _known(function: Callable[[str], Any]) -> Callable[[str], Any]:
    def run(text: str) -> Any:
        try:
            return function(text)
        except (UnicodeError, binascii.Error):
            raise Invalid("it cannot be decoded") from None

    return run


def _csv(text: str) -> list[dict[str, str]]:
    import csv
    import io

    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if not rows:
        raise Invalid("csvdecode() of nothing")
    if any(len(row) != len(rows[0]) for row in rows):
        raise Invalid("csvdecode() of rows of unequal length")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _hash(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _hash64(name: str) -> Callable[[str], str]:
    return lambda text: base64.b64encode(hashlib.new(name, text.encode()).digest()).decode()


def _urlencode(text: str) -> str:
    return quote(text, safe="-_.~").replace("%20", "+")


def _uuid5(space: str, name: str) -> str:
    import uuid

    known = {
        "dns": uuid.NAMESPACE_DNS,
        "url": uuid.NAMESPACE_URL,
        "oid": uuid.NAMESPACE_OID,
        "x500": uuid.NAMESPACE_X500,
    }
    return str(uuid.uuid5(known[space] if space in known else uuid.UUID(space), name))


def _decode64(text: str) -> str:
    if re.search(r"[^A-Za-z0-9+/=]", text):
        raise Invalid("this is not base64")
    return base64.b64decode(text, validate=True).decode()


def _encode64(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    text = text_of(arguments[0]) if settled(arguments[0]) else None
    return wrap(base64.b64encode(text.encode()).decode(), at.span) if isinstance(text, str) else None


NODES: dict[str, NodeFunction] = {
    "base64encode": _encode64,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "yamldecode": _yamldecode,
}
PLAIN: dict[str, Plain] = {
    "base64decode": ("s", _known(_decode64)),
    "base64sha256": ("s", _hash64("sha256")),
    "base64sha512": ("s", _hash64("sha512")),
    "csvdecode": ("s", _csv),
    "md5": ("s", _hash("md5")),
    "sha1": ("s", _hash("sha1")),
    "sha256": ("s", _hash("sha256")),
    "sha512": ("s", _hash("sha512")),
    "urlencode": ("s", _urlencode),
    "urldecode": ("s", unquote_plus),
    "uuidv5": ("ss", _uuid5),
}
