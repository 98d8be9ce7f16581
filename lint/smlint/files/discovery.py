"""From the PATHs of the command line to the files to lint, and the root that bounds all reading."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from smlint.document import Document
from smlint.errors import UsageError, cannot_be_read
from smlint.files.decoding import UndecodableError, decode, encoding
from smlint.files.ignoring import SKIPPED_FOLDERS, Patterns, gitignore, left_out
from smlint.files.probe import readable, relevant
from smlint.files.store import OversizeError, Store
from smlint.files.tree import Tree
from smlint.record import dataclass

_HEAD = 1_000_000
_BY_GIT = "is ignored by git"
MARK = b"smlint"
CDK_OUT = "cdk.out"  # where CDK writes its templates, and what it has git ignore


@dataclass(slots=True)
class Candidate:
    """A file that was looked at.

    passed:  why it is passed over, "" where it is to be read.
    problem: why a file that should be read cannot be, "" otherwise; `offset` is where in its text.
    marked:  whether its bytes name smlint, so that it may hold ignores.
    taken:   called once, when it has been read.
    """

    path: str
    text: str = ""
    passed: str = ""
    problem: str = ""
    offset: int = 0
    marked: bool = False
    taken: Callable[[], None] | None = None
    _document: Document | None = None

    def document(self) -> Document:
        """The document, the same one whenever it is asked for."""
        if self._document is None:
            self._document = Document(self.path, self.text)
        return self._document

    def done(self) -> None:
        """Tell that it has been read."""
        if self.taken is not None:
            self.taken()
            self.taken = None

    @property
    def to_read(self) -> bool:
        """Whether it is text that readers should see."""
        return not self.passed and not self.problem


def find_root(paths: Sequence[str], config: str | None = None) -> str:
    """The folder that paths are reported from and nothing outside of which is read.

    The working tree of git that holds all PATHs; without one, the folder that holds them and the configuration.
    """
    folders = [_folder(os.path.realpath(path)) for path in paths]
    common = _common(folders)
    above = common
    while True:
        if os.path.lexists(os.path.join(above, ".git")):
            return above
        above, previous = os.path.dirname(above), above
        if above == previous:
            return _common([common, _folder(os.path.realpath(config))]) if config else common


def _folder(path: str) -> str:
    return path if os.path.isdir(path) else os.path.dirname(path)


def _common(folders: Sequence[str]) -> str:
    try:
        return os.path.commonpath(folders)
    except ValueError:
        raise UsageError("the paths have no folder in common") from None


def discover(tree: Tree, paths: Iterable[str], exclude: Sequence[Patterns] = ()) -> Iterator[Candidate]:
    """The files at and below the paths (relative to the tree's root), each once, in the order of their names."""
    seen: set[str] = set()
    for path in paths:
        for candidate in _below(tree, path, exclude):
            if candidate.path in seen:
                continue
            seen.add(candidate.path)
            if candidate.to_read:
                tree.add(candidate.document())
            yield candidate


def _below(tree: Tree, path: str, exclude: Sequence[Patterns]) -> Iterator[Candidate]:
    kind = tree.store.kind(path)
    if kind == "file":
        yield look(tree.store, path, named=True)
    elif kind == "folder":
        layers = _above(tree.store, path)
        # A folder that is named on the command line is linted although git ignores it.
        if path and left_out(path + "/", layers):
            layers = []
        yield from _walk(tree.store, path, layers, exclude)
    else:
        yield Candidate(path, passed="is neither a file nor a folder")


def _above(store: Store, folder: str) -> list[Patterns]:
    """The ignore files that hold in a folder's parents, the deepest first."""
    found = []
    while folder:
        folder = folder.rpartition("/")[0]
        patterns = gitignore(store, folder)
        if patterns:
            found.append(patterns)
    return found


def _walk(store: Store, folder: str, layers: list[Patterns], exclude: Sequence[Patterns]) -> Iterator[Candidate]:
    try:
        entries = store.entries(folder)
    except OSError as problem:
        yield Candidate((folder or ".") + "/", problem=cannot_be_read(problem))
        return
    if (".gitignore", "file") in entries:
        own = gitignore(store, folder)
        layers = [own, *layers] if own else layers
    start = folder + "/" if folder else ""
    for name, kind in entries:
        path = start + name
        if kind == "folder":
            why = name in SKIPPED_FOLDERS or _excluded(path + "/", layers, exclude)
            if not why:
                yield from _walk(store, path, layers, exclude)
            elif name == CDK_OUT and why == _BY_GIT:
                yield Candidate(path + "/", passed=f"{_BY_GIT}; name it too, to lint what CDK wrote there")
        elif readable(name):
            why = "is a link" if kind == "link" else "is no regular file" if kind == "other" else ""
            why = why or _excluded(path, layers, exclude)
            yield Candidate(path, passed=why) if why else look(store, path)


def _excluded(path: str, layers: Iterable[Patterns], exclude: Iterable[Patterns]) -> str:
    if left_out(path, exclude):
        return "is excluded by the configuration"
    return _BY_GIT if left_out(path, layers) else ""


def look(store: Store, path: str, named: bool = False) -> Candidate:
    """Read a file and tell whether it is to be linted; `named` on the command line, it need not look relevant."""
    try:
        data = store.read(path)
    except OversizeError as problem:
        if named or relevant(path, _utf8(store.head(path, _HEAD))):
            return Candidate(path, problem=str(problem))
        return Candidate(path, passed="is large and shows nothing that smlint reads")
    except (OSError, ValueError) as problem:
        return Candidate(path, problem=cannot_be_read(problem))
    return examine(path, data, named)


def examine(path: str, data: bytes, named: bool = False) -> Candidate:
    """Tell from its bytes whether a file is to be linted."""
    probed = _utf8(data)
    if not named and not relevant(path, probed):
        return Candidate(path, passed="shows nothing that smlint reads")
    if not data.strip():
        return Candidate(path, passed="is empty")
    try:
        return Candidate(path, decode(data), marked=MARK in probed)
    except UndecodableError as fault:
        if b"\0" in data[:8192] and encoding(data)[0] == "utf-8":
            return Candidate(path, passed="is binary")
        return Candidate(path, fault.text, problem=str(fault), offset=fault.offset)


def _utf8(data: bytes) -> bytes:
    """The bytes as UTF-8, so that one probe serves all encodings."""
    name, skip = encoding(data)
    return data if name == "utf-8" else data[skip:].decode(name, "replace").encode("utf-8", "replace")
