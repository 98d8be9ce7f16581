"""Terraform: the configuration of a folder → facts, without terraform, credentials or initialisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smlint.document import Document
from smlint.facts import Fact
from smlint.readers.scope import Scope


def roots(folders: Mapping[str, Sequence[Document]], scope: Scope) -> list[str]:
    """The folders that are root modules: they have configuration, and no other folder calls them as a module."""
    from smlint.readers.terraform.root_modules import root_folders

    return root_folders(folders)


def read(folder: str, documents: Sequence[Document], scope: Scope) -> Iterator[Fact]:
    """The facts of a root module and of all the modules that it calls."""
    from smlint.readers.terraform.root_modules import read_root

    return read_root(folder, documents, scope)
