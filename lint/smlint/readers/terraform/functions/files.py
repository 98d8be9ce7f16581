"""Files of the repository: only those under the scanned root are ever opened."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from smlint.document import Document, Span
from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.known import Invalid, text_of
from smlint.readers.terraform.rendered import Rendered, Writer
from smlint.syntax.hcl.tree import Call
from smlint.values import Node, join, split

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction

_TEMPLATE_DEPTH = 8


def resolve(path: str, frame: Frame) -> str:
    """A path of the configuration, relative to the scanned root; Terraform runs in the root module's folder."""
    root = frame.module.root.folder
    return posixpath.normpath(posixpath.join(root, path)) if not path.startswith("/") else path


def opened(node: Node, frame: Frame) -> Document | None:
    """The document that the argument names; None where the name or the file is not known."""
    name = node.value
    if not isinstance(name, str) or name.startswith("/"):
        return None
    path = resolve(name, frame)
    return None if path.startswith("..") else frame.module.root.scope.open(path)


def _file(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    document = opened(arguments[0], frame)
    if document is None:
        return None
    text = document.text
    frame.budget.produce(text)
    return Rendered(text, Span(document, 0, len(text)), [(0, 0, True)], used=at.span)


def _fileexists(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    return Node(True, at.span) if opened(arguments[0], frame) is not None else None


def _templatefile(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    from smlint.syntax.hcl.templates import parse_template

    document = opened(arguments[0], frame)
    if document is None or len(arguments) < 2:
        return None
    variables = arguments[1]
    if not isinstance(variables.value, dict):
        return None
    root = frame.module.root
    if root.templates >= _TEMPLATE_DEPTH:
        raise Invalid("templatefile() within itself")
    template = parse_template(document)
    if template is None:
        return None
    root.templates += 1
    try:
        inner = Frame(frame.module.template_scope(), dict(variables.value), f"{frame.instance}@{at.span.start}")
        writer = Writer(inner, document)
        writer.parts(template.parts, inner)
    finally:
        root.templates -= 1
    return Rendered(join(writer.texts), Span(document, 0, len(document.text)), writer.runs, used=at.span)


def _fileset(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    folder, pattern = (argument.value for argument in arguments)
    if not isinstance(folder, str) or not isinstance(pattern, str) or folder.startswith("/"):
        return None
    base = resolve(folder, frame)
    if base.startswith(".."):
        return None
    wanted = _glob(pattern)
    found = [name for name in _below(base, "", frame, 0) if wanted.fullmatch(name)]
    return Node([Node(name, at.span) for name in sorted(found)], at.span, tag="set")


def _below(folder: str, prefix: str, frame: Frame, depth: int) -> list[str]:
    made: list[str] = []
    for path in frame.module.root.scope.names("" if folder == "." else folder):
        frame.budget.step()
        name = prefix + posixpath.basename(path.rstrip("/"))
        if not path.endswith("/"):
            made.append(name)
        elif depth < 12:
            made += _below(path.rstrip("/"), name + "/", frame, depth + 1)
    return made


def _glob(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression without nested repetition."""
    alternatives = re.split(r"[{},]", pattern) if "{" in pattern else None
    if alternatives is not None:
        raise Invalid("fileset() with alternatives")
    made = ""
    for token in re.split(r"(\*\*/|\*+|\?)", pattern):
        made += {"**/": "(?:.*/)?", "*": "[^/]*", "**": ".*", "?": "[^/]"}.get(token, re.escape(token))
    return re.compile(made)


def _path(change: str) -> NodeFunction:
    def run(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
        text = text_of(arguments[0])
        if not isinstance(text, str):
            last = split(text, "/")[-1]  # of an ARN whose account is not known
            return Node(last, at.span) if change == "basename" and isinstance(last, str) and last else None
        if change == "dirname":
            return Node(posixpath.dirname(text) or ".", at.span)
        return Node(posixpath.basename(text.rstrip("/")) or ".", at.span)

    return run


NODES: dict[str, NodeFunction] = {
    "basename": _path("basename"),
    "dirname": _path("dirname"),
    "file": _file,
    "fileexists": _fileexists,
    "fileset": _fileset,
    "templatefile": _templatefile,
}
