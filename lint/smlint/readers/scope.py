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
