"""S3 URI literals that name variables of their scope instead of using them, where they reach the SDK as they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from string import Formatter

from smlint.document import Document
from smlint.facts import UriLiteral
from smlint.readers.python.frames import Frame
from smlint.readers.python.statements import assigned, named_parameters
from smlint.readers.python.things import OBJECTS, Function, Instance, LocalModule, Reference
from smlint.syntax.python import Place
from smlint.values import Node

DEEPEST = 12
MOST = 50_000
_TELLING = ("prefix", "bucket")


def uri_literals(document: Document, consumed: Iterable[Node], module: Frame, tree: ast.Module) -> Iterator[UriLiteral]:
    """Those among the values given to the SDK, each once."""
    scopes = _Scopes(module, tree)
    seen: set[int] = set()
    for node in consumed:
        for literal in _literals(node, seen, 0):
            own = literal.origin.document is document  # not of a module that is imported
            found = _judged(literal, scopes) if own and len(seen) < MOST else None
            if found is not None:
                yield found


def _literals(node: Node, seen: set[int], depth: int) -> Iterator[Node]:
    """The literals in a value; none twice."""
    key = id(node.origin.node) if isinstance(node.origin, Place) and node.literal is not None else id(node)
    if depth > DEEPEST or key in seen:
        return
    seen.add(key)
    if node.literal is not None and node.literal.startswith("s3://") and _is_literal(node):
        yield node
    inner = node.mapping.values() if node.mapping is not None else node.sequence or ()
    for member in node.arguments.values() if isinstance(node, Instance) else inner:
        yield from _literals(member, seen, depth + 1)


def _is_literal(node: Node) -> bool:
    """Whether the text is written as it stands: a string, or an f-string whose braces were forgotten."""
    place = node.origin.node if isinstance(node.origin, Place) else None
    parts = place.values if isinstance(place, ast.JoinedStr) else [place]
    return all(isinstance(part, ast.Constant) for part in parts)


class _Scopes:
    """The names that a place of the program can see and that can hold a text."""

    def __init__(self, module: Frame, tree: ast.Module) -> None:
        self.module = {name: value for name, value in module.names.items() if _may_be_text(value)}
        self.imported = frozenset(
            name for name, value in module.names.items() if isinstance(value, (Reference, LocalModule))
        )
        self._names: dict[int, frozenset[str]] = {}
        self._tree = tree

    def sees(self, literal: Node, name: str) -> bool:
        """Whether the name is a variable there, of which the literal is not itself the value."""
        known = self.module.get(name)
        if known is not None and known.origin is not literal.origin:
            return True
        return name in self._local(_line(literal))

    def _local(self, line: int) -> frozenset[str]:
        if line not in self._names:
            around = (one for one in self._functions if one.lineno <= line <= (one.end_lineno or one.lineno))
            self._names[line] = frozenset().union(*map(_local_names, around))
        return self._names[line]

    @cached_property
    def _functions(self) -> list[Function]:
        every = ast.walk(self._tree)
        return [node for node in every if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _line(literal: Node) -> int:
    return getattr(literal.origin.node, "lineno", 0) if isinstance(literal.origin, Place) else 0


def _judged(literal: Node, scopes: _Scopes) -> UriLiteral | None:
    text = literal.literal or ""
    first, *others = text.removeprefix("s3://").split("/")
    fields = _fields(text)
    if fields:
        names = tuple(name for name in fields if name.isidentifier())
        meant = all(scopes.sees(literal, name) or name in scopes.imported for name in names)
        return UriLiteral(literal.origin, text, names, True) if meant else None
    telling = [name for name in others if name.endswith(_TELLING) and scopes.sees(literal, name)]
    if scopes.sees(literal, first):
        telling = [first, *(name for name in others if scopes.sees(literal, name))]
    return UriLiteral(literal.origin, text, tuple(dict.fromkeys(telling))) if telling else None


def _may_be_text(value: Node) -> bool:
    plain = not isinstance(value, OBJECTS)
    return plain and (value.text is not None or value.unknown)


def _fields(text: str) -> list[str]:
    """The names in braces, numbers and "" too; empty where the text is no format or a template of another kind."""
    if "${" in text:
        return []
    try:
        fields = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return []
    roots = [name.partition(".")[0].partition("[")[0] for name in fields]
    return roots if all(not root or root.isdigit() or root.isidentifier() for root in roots) else []


def _local_names(function: Function) -> set[str]:
    return assigned([function]) | {parameter.arg for parameter in named_parameters(function)}
