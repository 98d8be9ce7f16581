"""HCL, in its native form and as JSON."""

from __future__ import annotations

from smlint.document import Document
from smlint.syntax.hcl.tree import File


def parse(document: Document) -> File:
    """Read a `.tf`, `.tfvars` or `.tf.json` document; what does not parse is listed, the rest is there."""
    if document.path.endswith(".json"):
        from smlint.syntax.hcl.from_json import parse_json

        return parse_json(document)
    from smlint.syntax.hcl.native import parse_native

    return parse_native(document)
