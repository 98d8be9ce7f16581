"""What a reader may ask of the world beyond its own file: the settings, and files under the scanned root."""

from __future__ import annotations

from typing import Protocol

from smlint.document import Document
from smlint.facts import Settings


class Scope(Protocol):
    """Given to every reader. Paths are POSIX, relative to the scanned root; nothing outside the root is ever read."""

    settings: Settings

    def open(self, path: str) -> Document | None:
        """The document at a path, None where it is missing, not text, too large, or outside the root (by real path)."""
        ...

    def names(self, folder: str) -> list[str]:
        """The paths of the files and folders (with a trailing "/") in a folder, sorted; empty where it is no folder."""
        ...


class Watch:
    """A scope that remembers what was asked of it: what a reader's facts depend on besides its own file."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.settings = scope.settings
        self.opened: dict[str, Document | None] = {}
        self.listed: dict[str, list[str]] = {}

    def open(self, path: str) -> Document | None:
        self.opened[path] = self.scope.open(path)
        return self.opened[path]

    def names(self, folder: str) -> list[str]:
        self.listed[folder] = self.scope.names(folder)
        return self.listed[folder]

    def note(self, other: Watch) -> None:
        """All that was asked of the other was asked of this, too."""
        self.opened |= other.opened
        self.listed |= other.listed
