"""The files of the repository in which a reader looks for what its own file refers to."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Document
from smlint.readers.scope import Scope

MAX_FILES = 2_000
MAX_FOLDERS = 2_000
_UNREAD = {".git", ".terraform", ".venv", "__pycache__", "node_modules", "venv"}


def holding(scope: Scope, suffixes: tuple[str, ...], *words: str) -> Iterator[Document]:
    """The documents with one of the suffixes in which all the words stand."""
    folders = [""]
    opened = 0
    for count, folder in enumerate(folders):
        if count >= MAX_FOLDERS:
            return
        for path in scope.names(folder):
            if path.endswith("/"):
                if path.rstrip("/").rpartition("/")[2] not in _UNREAD:
                    folders.append(path.rstrip("/"))
            elif path.endswith(suffixes) and opened < MAX_FILES:
                opened += 1
                document = scope.open(path)
                if document is not None and all(word in document.text for word in words):
                    yield document
