"""Registry modules that everybody uses: what their arguments say of policies and attachments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.facts import Fact
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.terraform.calls import Foreign


def output(module: Foreign, name: str) -> Node | None:
    """An output that the arguments settle."""
    return None


def facts(module: Foreign) -> Iterator[Fact]:
    """The facts that the arguments of a well-known module say."""
    return iter(())
