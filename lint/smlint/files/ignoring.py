"""What is left out: .gitignore files as git reads them, and the configuration's `exclude`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from smlint.files.decoding import decode
from smlint.files.store import Store

# Never the user's own sources, and often huge.
_CACHES = ("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".smlint_cache")
SKIPPED_FOLDERS = frozenset(
    (".git", ".hg", ".svn", ".terraform", ".venv", ".tox", ".nox", "node_modules", "site-packages", *_CACHES)
)


class Patterns:
    """Lines in the form of .gitignore that hold below a folder (`base`, "" for the root)."""

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._start = base + "/" if base else ""
        self._spec: Any = GitIgnoreSpec.from_lines(lines)

    def verdict(self, path: str) -> bool | None:
        """True: left out; False: taken in again by a `!` line; None: no line speaks of it."""
        if not path.startswith(self._start):
            return None
        found: bool | None = self._spec.check_file(path[len(self._start) :]).include
        return found


def gitignore(store: Store, folder: str) -> Patterns | None:
    """The .gitignore of a folder; None where there is none (and an unreadable one is none)."""
    path = f"{folder}/.gitignore" if folder else ".gitignore"
    if store.kind(path) != "file":
        return None
    try:
        text = decode(store.read(path, limit=1_000_000))
        return Patterns(folder, text.splitlines())
    except (OSError, ValueError):
        return None


def left_out(path: str, layers: Iterable[Patterns]) -> bool:
    """Whether a path (folders end in "/") is left out; the deepest file that speaks of it decides."""
    for patterns in layers:
        verdict = patterns.verdict(path)
        if verdict is not None:
            return verdict
    return False
