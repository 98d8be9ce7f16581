"""Where bytes come from: a folder on disk, or files in memory (tests, standard input, an older revision)."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator, Mapping
from typing import Protocol

MAX_BYTES = 20_000_000


class OversizeError(OSError):
    """The file is larger than smlint reads."""


def inside(path: str) -> str | None:
    """The path in normal form, None where it leads out of the root or is absolute."""
    normal = posixpath.normpath(path) if path else "."
    if normal.startswith(("/", "../")) or normal == ".." or "\0" in path or "\\" in path[:2]:
        return None
    return "" if normal == "." else normal


class Store(Protocol):
    """Files by their path below a root. Paths are POSIX and in normal form, the root is ""."""

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a file. Raises OSError (OversizeError above the limit; never follows a link out of the root)."""
        data = self.head(path, limit + 1)
        if len(data) > limit:
            raise OversizeError(f"is larger than {limit // 1_000_000} MB")
        return data

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file of any size."""
        ...

    def entries(self, folder: str) -> list[tuple[str, str]]:
        """(name, "file" | "folder" | "link" | "other") of what a folder holds, sorted. Raises OSError."""
        ...

    def kind(self, path: str) -> str:
        """What a path is once links inside the root are followed: "file", "folder", "other", or "" for nothing."""
        ...


class Folder(Store):
    """A folder on disk."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)

    def _real(self, path: str) -> str:
        real = os.path.realpath(os.path.join(self.root, path))
        if real != self.root and not real.startswith(self.root.rstrip("/" + os.sep) + os.sep):
            raise PermissionError(f"{path} leads out of the root")
        return real

    def head(self, path: str, size: int) -> bytes:
        # A named pipe would block for ever: look before opening.
        real = self._real(path)
        status = os.stat(real)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        with open(real, "rb") as file:
            return file.read(min(size, status.st_size))  # memory for `size` is dear where the file has less

    def entries(self, folder: str) -> list[tuple[str, str]]:
        with os.scandir(self._real(folder)) as found:
            return sorted((entry.name, _kind(entry)) for entry in found)

    def kind(self, path: str) -> str:
        try:
            mode = os.stat(self._real(path)).st_mode
        except (OSError, ValueError):
            return ""
        return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


class Memory(Store):
    """Files held in memory."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = {
            posixpath.normpath(path): text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
            for path, text in files.items()
        }

    def head(self, path: str, size: int) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path][:size]

    def entries(self, folder: str) -> list[tuple[str, str]]:
        return sorted(set(self._below(folder)))

    def _below(self, folder: str) -> Iterator[tuple[str, str]]:
        start = folder + "/" if folder else ""
        for path in self.files:
            if path.startswith(start):
                name, deeper, _ = path[len(start) :].partition("/")
                yield name, "folder" if deeper else "file"

    def kind(self, path: str) -> str:
        if path in self.files:
            return "file"
        return "folder" if not path or any(name.startswith(path + "/") for name in self.files) else ""
