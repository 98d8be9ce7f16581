"""What the statements of a program show before they are walked."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from smlint.readers.python.things import Function


def named_parameters(function: Function) -> list[ast.arg]:
    """The parameters of a function besides `*args` and `**kwargs`."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def set_by(methods: Sequence[Function]) -> frozenset[str]:
    """The attributes that methods set."""
    attributes = (node for method in methods for node in ast.walk(method) if isinstance(node, ast.Attribute))
    return frozenset(node.attr for node in attributes if isinstance(node.ctx, ast.Store))


def set_severally(methods: Sequence[Function], names: set[str]) -> frozenset[str]:
    """The attributes that more than one method sets, or a method and the class; __init__ and the class count as one."""
    seen, several = set(names), set[str]()
    for method in sorted(methods, key=lambda method: method.name != "__init__"):
        found = set_by([method])
        several |= found & seen if method.name != "__init__" else set()
        seen |= found
    return frozenset(several)


def set_from_outside(tree: ast.Module) -> frozenset[str]:
    """The attributes that are set of other objects than `self`; "*" where any attribute may be."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), ctx=ast.Store()):
                pass
            case ast.Attribute(attr=name, ctx=ast.Store()):
                found.add(name)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str() as name), _]):
                found.add(name)
            case ast.Call(func=ast.Name(id="setattr")):
                found.add("*")
            case ast.Call(func=ast.Attribute(attr="update", value=ast.Attribute(attr="__dict__"))):
                found.add("*")
    return frozenset(found)


def globals_of(tree: ast.Module) -> frozenset[str]:
    """The module's names that functions set."""
    return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)


def nonlocals_of(tree: ast.Module) -> frozenset[str]:
    """The names of functions that functions inside them set."""
    return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Nonlocal) for name in node.names)


def leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing after the body is reached through it."""
    return bool(body) and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def assigned(body: Sequence[ast.stmt]) -> set[str]:
    """The names that statements assign, at whatever depth."""
    found = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return found


def captured(match: ast.Match) -> set[str]:
    """The names that the patterns of a match bind."""
    patterns = (node for case in match.cases for node in ast.walk(case.pattern))
    bound = (node.rest if isinstance(node, ast.MatchMapping) else getattr(node, "name", None) for node in patterns)
    return {name for name in bound if name is not None}


def matches_always(case: ast.match_case) -> bool:
    """Whether nothing gets past the case: `case _:`, or a mere name."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
