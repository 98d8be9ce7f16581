"""S3 URI literals that name variables of their scope instead of using them, where they reach the SDK as they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from string import Formatter

from smlint.facts import UriLiteral
from smlint.readers.python.things import Frame, Instance, LocalClass, Reference
from smlint.syntax.python import Place
from smlint.values import Node

DEEPEST = 12
_TELLING = ("prefix", "bucket")


def uri_literals(consumed: Iterable[Node], module: Frame, tree: ast.Module) -> Iterator[UriLiteral]:
    """Those among the values given to the SDK, each once."""
    scopes = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    seen: set[int] = set()
    for node in consumed:
        for literal in _literals(node, 0):
            constant = literal.origin.node if isinstance(literal.origin, Place) else None
            if isinstance(constant, ast.Constant) and id(constant) not in seen:
                seen.add(id(constant))
                found = _judged(str(constant.value), literal, module, [s for s in scopes if _around(s, constant)])
                if found is not None:
                    yield found


def _literals(node: Node, depth: int) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    if node.literal is not None and node.literal.startswith("s3://"):
        yield node
    inner = node.mapping.values() if node.mapping is not None else node.sequence or ()
    for member in node.arguments.values() if isinstance(node, Instance) else inner:
        yield from _literals(member, depth + 1)


def _judged(
    text: str, literal: Node, module: Frame, functions: list[ast.FunctionDef | ast.AsyncFunctionDef]
) -> UriLiteral | None:
    names = {name for name, value in module.names.items() if _may_be_text(value, literal)}
    for function in functions:
        names |= _local_names(function)
    fields = _fields(text)
    if fields:
        return UriLiteral(literal.origin, text, tuple(fields), True) if names.issuperset(fields) else None
    segments = [segment for segment in text.removeprefix("s3://").split("/") if segment in names]
    first = bool(segments) and text.startswith(f"s3://{segments[0]}")
    telling = segments if first else [segment for segment in segments if segment.endswith(_TELLING)]
    return UriLiteral(literal.origin, text, tuple(dict.fromkeys(telling))) if telling else None


def _may_be_text(value: Node, literal: Node) -> bool:
    """Whether a variable can hold a text that is not made of the literal itself."""
    if isinstance(value, (Reference, Instance, LocalClass)) or value.origin is literal.origin:
        return False
    return value.text is not None or value.unknown


def _fields(text: str) -> list[str]:
    """The names in braces; empty where the text is no format or a template of another kind."""
    if "${" in text:
        return []
    try:
        fields = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return []
    roots = [name.partition(".")[0].partition("[")[0] for name in fields]
    return roots if all(root.isidentifier() for root in roots) else []


def _around(function: ast.FunctionDef | ast.AsyncFunctionDef, node: ast.AST) -> bool:
    line = getattr(node, "lineno", 0)
    return function.lineno <= line <= (function.end_lineno or function.lineno)


def _local_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    assigned = {
        node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return assigned | {parameter.arg for parameter in every}
