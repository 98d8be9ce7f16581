"""Files of the repository: only those under the scanned root are ever opened."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

from smlint.document import Document, Span
from smlint.iam.glob import Glob, tokenize
from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.known import Invalid, text_of
from smlint.readers.terraform.rendered import Rendered, Writer
from smlint.syntax.hcl.tree import Call
from smlint.values import Node, join, split

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction

_TEMPLATE_DEPTH = 8
_SPECIAL = frozenset("{}[]\\")  # of alternatives and classes in a glob, which are not followed


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
    if not _SPECIAL.isdisjoint(pattern):
        return None
    base = resolve(folder, frame)
    if base.startswith(".."):
        return None
    wanted = [None if step == "**" else Glob(tokenize(step)) for step in posixpath.normpath(pattern).split("/")]
    found = [name for name in _below(base, "", frame, 0) if _fits(wanted, name.split("/"))]
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


def _fits(wanted: Sequence[Glob | None], path: list[str]) -> bool:
    """Whether the steps of a path fit those of a glob; None stands for `**`: as many as there are."""
    reached = _past_none(wanted, {0})
    for step in path:
        fitting = {at: wanted[at] for at in reached if at < len(wanted)}
        further = {at if glob is None else at + 1 for at, glob in fitting.items() if glob is None or glob.match(step)}
        reached = _past_none(wanted, further)
    return len(wanted) in reached


def _past_none(wanted: Sequence[Glob | None], reached: set[int]) -> set[int]:
    """A `**` may stand for nothing."""
    for at, glob in enumerate(wanted):
        if glob is None and at in reached:
            reached.add(at + 1)
    return reached


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
