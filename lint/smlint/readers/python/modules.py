"""The modules of the repository that a program imports: found by their names and walked, never imported or run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath

from smlint.document import Document, Span
from smlint.readers.python.frames import Frame
from smlint.readers.python.things import LocalModule
from smlint.readers.scope import Scope
from smlint.values import Node

MOST = 60
MAX_SIZE = 300_000
# A folder of the repository that is called like a library is not that library.
ELSEWHERE = frozenset({"sagemaker", "sagemaker_core", "boto3", "botocore", *sys.stdlib_module_names})


class Modules:
    """Finds the modules of one program. scope: None for a program that stands in no file of its own."""

    def __init__(self, scope: Scope | None, program: str) -> None:
        self.scope = scope
        self.program = program
        self.load: Callable[[Document], Frame] | None = None
        self._known: dict[str, LocalModule | None] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._added: list[str] = []

    def add(self, folder: str) -> None:
        """Look into a folder too, as `sys.path.append()` says."""
        if folder not in self._added:
            self._added.append(folder)

    def find(self, dotted: str, importer: str, level: int = 0) -> LocalModule | None:
        """The module of that name; None where it is not of the repository, or where more than one may be meant."""
        if self.scope is None or (not level and dotted.partition(".")[0] in ELSEWHERE):
            return None
        steps = dotted.replace(".", "/")
        if level:
            package = dirname(importer) + "/.." * (level - 1)
            return self._at(normpath(join(package, steps)))
        own = dirname(self.program)
        found = self._in(own, steps)
        if found is not None and self.scope.open(join(own, "__init__.py")) is None:
            return found  # the folder of the program that is started comes first
        folders = dict.fromkeys([*above(own), *above(dirname(importer)), *self._added])
        every = [module for folder in folders if (module := self._in(folder, steps)) is not None]
        return every[0] if len(every) == 1 else None

    def _in(self, folder: str, steps: str) -> LocalModule | None:
        """The module at a path below a folder; most names are those of libraries, which no folder lists."""
        if folder not in self._listed:
            self._listed[folder] = frozenset(self.scope.names(folder)) if self.scope is not None else frozenset()
        first = join(folder, steps.partition("/")[0])
        listed = self._listed[folder]
        return self._at(join(folder, steps)) if f"{first}.py" in listed or f"{first}/" in listed else None

    def below(self, module: LocalModule, name: str) -> LocalModule | None:
        """A module of a package."""
        return self._at(f"{module.path}/{name}") if name.isidentifier() else None

    def _at(self, path: str) -> LocalModule | None:
        if path not in self._known:
            self._known[path] = None  # a module that imports itself in a ring finds nothing
            self._known[path] = self._read(path) if len(self._known) <= MOST * 10 else None
        return self._known[path]

    def _read(self, path: str) -> LocalModule | None:
        scope = self.scope
        if scope is None or self.load is None:
            return None
        document = scope.open(f"{path}/__init__.py") or scope.open(f"{path}.py")
        if document is not None:
            if len(document.text) > MAX_SIZE or sum(known is not None for known in self._known.values()) >= MOST:
                return None
            return LocalModule(path, self.load(document), Span(document, 0, 0))
        if any(name.endswith(".py") for name in scope.names(path)):
            return LocalModule(path, Frame(), Span(Document(path, ""), 0, 0))
        return None


def above(folder: str) -> Iterator[str]:
    """The folder and all above it, up to the root."""
    yield folder
    while folder:
        folder = dirname(folder)
        yield folder


def public(module: LocalModule) -> dict[str, Node]:
    """What `import *` takes from a module."""
    return {name: value for name, value in module.frame.names.items() if not name.startswith("_")}
