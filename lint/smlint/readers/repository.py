"""The files of the repository in which a reader looks for what its own file refers to, and what all readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from smlint.document import Document
from smlint.facts import Settings
from smlint.readers.scope import Scope, Watch

T = TypeVar("T")

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


_Made = dict[object, tuple[list[Any], Watch]]
_made: WeakKeyDictionary[Scope, tuple[Settings, _Made]] = WeakKeyDictionary()


def once(scope: Scope, key: object, make: Callable[[Scope], Iterable[T]]) -> list[T]:
    """What all readers of a tree share, made for the first who asks; nothing for what takes part in making it."""
    tree = scope.scope if isinstance(scope, Watch) else scope
    made = _made_by(tree)
    if key not in made:
        watch = Watch(tree)
        made[key] = [], watch
        made[key] = [*make(watch)], watch
    found, watch = made[key]
    if isinstance(scope, Watch):
        scope.note(watch)
    return found


def _made_by(tree: Scope) -> _Made:
    """What was made with the settings that the tree has now: a run may find out the account and read all once more."""
    settings, made = _made.get(tree, (None, {}))
    if settings is not tree.settings:
        made = {}
        _made[tree] = tree.settings, made
    return made
