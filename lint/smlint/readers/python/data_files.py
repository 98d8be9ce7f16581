"""Data that a program loads from files of the repository: JSON, YAML, TOML."""

from __future__ import annotations

from posixpath import basename, dirname, join, normpath
from typing import Any

from smlint.document import Document, Origin, Span
from smlint.readers.python.copies import copied
from smlint.readers.python.modules import Modules, above
from smlint.readers.python.texts import path_joined
from smlint.readers.python.things import Arguments, Instance, LibraryObject, text_or_hole, unknown
from smlint.syntax import json
from smlint.values import Hole, Node, Template, Text, pieces
from smlint.values import join as joined

MAX_SIZE = 1_000_000
MOST = 40
_FILE, _FOLDER = "python-file:", "python-folder:"  # holes for what `__file__` is, and for the folder it is in
_OPEN, _PATH, _CONTENT = "builtins.open", "pathlib.Path", "a file's text"
_FORMATS = {"json": "json", "yaml": "yaml", "tomllib": "toml", "tomli": "toml", "toml": "toml"}
_LOADS = frozenset({"load", "loads", "safe_load", "full_load"})
_SAME = frozenset({"os.path.abspath", "os.path.realpath", "os.path.normpath"})
_WRITES = ('"w', "'w", '"a"', "'a'", "write_text", "dump")


def own_path(document: Document, origin: Origin) -> Node:
    """What `__file__` stands for."""
    return Node(Template((Hole(_FILE + document.path, label="__file__"),)), origin)


class DataFiles:
    """The files that one module of a program opens, and the folders in which it has modules looked for."""

    def __init__(self, modules: Modules, document: Document) -> None:
        self.modules = modules
        self.scope = modules.scope
        self.document = document
        self._loads = 0

    def called(self, dotted: str, arguments: Arguments, origin: Origin) -> Node | None:
        """What a function of the standard library that has to do with files gives; None for any other."""
        given = arguments.positional[0] if arguments.positional else None
        module, _, name = dotted.rpartition(".")
        if dotted == _OPEN and given is not None:
            return LibraryObject(_OPEN, {"path": given}, origin)
        if dotted == _PATH and given is not None:
            return _path(arguments, origin)
        if dotted == "os.path.dirname" and given is not None:
            return _parent(given, origin)
        if dotted in _SAME and given is not None and _anchor(given.text) is not None:
            return given
        if module in _FORMATS and name in _LOADS and given is not None:
            return self._load(_FORMATS[module], given)
        return None

    def method(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        """What a method of a path or of an open file gives."""
        path = receiver.argument("path")
        if path is None:
            return None
        if receiver.dotted == _OPEN:
            return LibraryObject(_CONTENT, {"path": path}, origin) if name == "read" else None
        if receiver.dotted != _PATH:
            return None
        match name:
            case "resolve" | "absolute":
                return receiver
            case "joinpath":
                return _path(Arguments([path, *arguments.positional], open=arguments.open), origin)
            case "with_name" if (folder := _parent(path, origin)) is not None:
                return _path(Arguments([folder, *arguments.positional], open=arguments.open), origin)
            case "open":
                return LibraryObject(_OPEN, {"path": path}, origin)
            case "read_text" | "read_bytes":
                return LibraryObject(_CONTENT, {"path": path}, origin)
        return None

    def attribute(self, receiver: Instance, name: str, origin: Origin) -> Node | None:
        """What an attribute of a path gives."""
        path = receiver.argument("path")
        if receiver.dotted != _PATH or name != "parent" or path is None:
            return None
        above = _parent(path, origin)
        return LibraryObject(_PATH, {"path": above}, origin) if above is not None else None

    def _load(self, format: str, given: Node) -> Node | None:
        """The data of a file that was opened or read, or that is named by its path."""
        if isinstance(given, Instance):
            path = given.argument("path") if given.dotted in (_OPEN, _CONTENT) else None
        else:
            path = given if format == "toml" else None
        self._loads += 1
        document = self._document(path_text(path)) if path is not None and self._loads <= MOST else None
        if document is None or len(document.text) > MAX_SIZE or self._writes(basename(document.path)):
            return None
        return _parsed(document, format)

    def look_into(self, given: Node) -> None:
        """A folder that is added to where modules are looked for, taken from the program's folder."""
        path = path_text(given)
        anchor = _anchor(path)
        if anchor is None and isinstance(path, str) and not path.startswith("/"):
            anchor = join(dirname(self.document.path), path)
        folder = normpath(anchor) if anchor is not None else ".."
        if not folder.startswith(".."):
            self.modules.add("" if folder == "." else folder)

    def _document(self, path: Text) -> Document | None:
        """The file at a path; None where more than one may be meant: where the program is started is not known."""
        if self.scope is None:
            return None
        anchor = _anchor(path)
        if anchor is not None:
            return self.scope.open(normpath(anchor))
        if not isinstance(path, str) or path.startswith("/"):
            return None
        every = [self.scope.open(normpath(join(folder, path))) for folder in above(dirname(self.document.path))]
        found = {document.path: document for document in every if document is not None}
        return next(iter(found.values())) if len(found) == 1 else None

    def _writes(self, name: str) -> bool:
        """Whether the program seems to write the file itself: what it holds then is not what it holds now."""
        lines = (line for line in self.document.text.splitlines() if name in line)
        return any(mark in line for line in lines for mark in _WRITES)


def _path(parts: Arguments, origin: Origin) -> Node | None:
    """The path of pathlib that the parts make; None where there may be more of them."""
    if parts.open:
        return None
    path = path_joined([Node(path_text(part), part.origin) for part in parts.positional], origin)
    return LibraryObject(_PATH, {"path": path}, origin)


def path_text(node: Node) -> Text:
    """A value as text, and so a path of pathlib."""
    path = node.argument("path") if isinstance(node, Instance) and node.dotted == _PATH else node
    return joined([text_or_hole(path if path is not None else node)])


def _anchor(path: Text | None) -> str | None:
    """The file that a path means which begins at the program's own file or folder."""
    first, *others = pieces(path) if path else ("",)
    if not isinstance(first, Hole) or not first.name.startswith((_FILE, _FOLDER)):
        return None
    if any(isinstance(other, Hole) for other in others):
        return None
    base, rest = first.name.partition(":")[2], "".join(str(other) for other in others)
    return base + rest if base else rest.lstrip("/")  # the root is the empty path


def _parent(path: Node, origin: Origin) -> Node | None:
    """The folder of a path that begins at the program's own file."""
    anchor = _anchor(path_text(path))
    if anchor is None:
        return None
    return Node(Template((Hole(_FOLDER + dirname(normpath(anchor)), label="folder"),)), origin)


def _parsed(document: Document, format: str) -> Node | None:
    if format == "toml":
        return _toml(document)
    if format == "json":
        parsed = json.parse(document)
    else:
        from smlint.syntax import yaml

        parsed = yaml.parse(document)
    return copied(parsed.nodes[0]) if parsed.nodes and not parsed.problems else None


def _toml(document: Document) -> Node | None:
    import tomllib

    from smlint.config.positions import key_lines

    try:
        data = tomllib.loads(document.text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    lines = key_lines(document.text)

    def made(value: Any, path: tuple[str | int, ...]) -> Node:
        line = lines.get(path, lines.get(path[:-1], 1))
        start = document.line_starts[line - 1]
        origin = Span(document, start, start + max(1, len(document.line(line))))
        if isinstance(value, dict):
            return Node({name: made(member, (*path, name)) for name, member in value.items()}, origin)
        if isinstance(value, list):
            return Node([made(member, (*path, at)) for at, member in enumerate(value)], origin)
        return Node(value, origin) if isinstance(value, (str, int, float)) else unknown("a time", origin)

    return made(data, ())
