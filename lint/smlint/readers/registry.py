"""Which reader a JSON or YAML document is for, told by its shape; readers are imported when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from smlint.document import Document
from smlint.facts import Fact
from smlint.readers.scope import Scope
from smlint.values import Node


class Reader(Protocol):
    """A module that reads one kind of document."""

    def recognises(self, root: Node, path: str) -> bool: ...

    def read(self, root: Node, document: Document, scope: Scope) -> Iterator[Fact]: ...


# A member of the root that only one kind of document is likely to have: its reader is asked first.
_TELLTALE = {
    "Statement": "policy_file",
    "Resources": "cloudformation",
    "planned_values": "terraform.plan",
    "terraform_version": "terraform.plan",
    "States": "state_machine",
    "Steps": "pipeline",
    "apiVersion": "kubernetes",
}
_ORDER = (
    "cloudformation",
    "terraform.plan",
    "state_machine",
    "pipeline",
    "kubernetes",
    "cli_output",
    "request",
    "policy_file",
)


def reader_for(root: Node, path: str) -> tuple[str, Reader] | None:
    """The reader that recognises the document, with its name; None where no reader does."""
    members = root.mapping or {}
    likely = [name for member, name in _TELLTALE.items() if member in members]
    for name in dict.fromkeys((*likely, *_ORDER)):
        reader = cast(Reader, import_module(f"smlint.readers.{name}"))
        if reader.recognises(root, path):
            return name, reader
    return None
