"""The files that readers may see: everything below one root and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from smlint.document import Document
from smlint.facts import Settings
from smlint.files.decoding import decode
from smlint.files.store import Memory, Store, inside


class Tree:
    """Implements `smlint.readers.scope.Scope`; every document is read once."""

    def __init__(self, store: Store, settings: Settings | None = None) -> None:
        self.store = store
        self.settings = settings or Settings()
        self._documents: dict[str, Document | None] = {}

    @classmethod
    def of(cls, files: Mapping[str, str | bytes], settings: Settings | None = None) -> Tree:
        """A tree of files in memory: `Tree.of({"iam/role.json": "{…}"})`."""
        return cls(Memory(files), settings)

    def add(self, document: Document) -> None:
        """Let a document that is already decoded stand at its path."""
        self._documents[document.path] = document

    def open(self, path: str) -> Document | None:
        normal = inside(path)
        if not normal:
            return None
        if normal not in self._documents:
            self._documents[normal] = self._read(normal)
        return self._documents[normal]

    def _read(self, path: str) -> Document | None:
        try:
            return Document(path, decode(self.store.read(path)))
        except (OSError, ValueError):
            return None

    def names(self, folder: str) -> list[str]:
        normal = inside(folder)
        if normal is None:
            return []
        start = normal + "/" if normal else ""
        try:
            entries = self.store.entries(normal)
        except (OSError, ValueError):
            return []
        found = []
        for name, kind in entries:
            path = start + name
            kind = self.store.kind(path) if kind == "link" else kind
            if kind in ("file", "folder"):
                found.append(path + "/" if kind == "folder" else path)
        return found
