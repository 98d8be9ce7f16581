"""In which order a program's functions are walked: who calls a function comes before it."""

from __future__ import annotations

import ast

from smlint.readers.python.things import LocalFunction, LocalObject

MOST = 300


def next_function(waiting: list[LocalFunction], mentioned: dict[int, frozenset[str]]) -> LocalFunction:
    """Take out the first function that none of the others mentions; the first of all where they call in a ring.

    mentioned: the names in each function, by its identity; filled here.
    """
    at = 0
    if len(waiting) <= MOST:
        for function in waiting:
            if id(function.definition) not in mentioned:
                mentioned[id(function.definition)] = _names_in(function.definition)
        at = next((at for at, function in enumerate(waiting) if not _awaited(function, waiting, mentioned)), 0)
    return waiting.pop(at)


def _awaited(function: LocalFunction, waiting: list[LocalFunction], mentioned: dict[int, frozenset[str]]) -> bool:
    """Whether another function may still call this one, or make the object whose method it is."""
    definition = function.definition
    first = definition.name == "__init__" or function.owner is None
    for other in waiting:
        if other.definition is definition:
            continue
        sibling = function.owner is not None and other.owner is function.owner
        if sibling and not first and other.definition.name == "__init__":
            return True
        if not (sibling and first) and _called_by(function) in mentioned[id(other.definition)]:
            return True
    return False


def _called_by(function: LocalFunction) -> str:
    """The name that a call of the function mentions."""
    name, owner = function.definition.name, function.owner
    return owner.made_of.definition.name if name == "__init__" and isinstance(owner, LocalObject) else name


def _names_in(definition: ast.AST) -> frozenset[str]:
    """Every name and attribute in a function."""
    mentioned = (node for node in ast.walk(definition) if isinstance(node, (ast.Name, ast.Attribute)))
    return frozenset(node.id if isinstance(node, ast.Name) else node.attr for node in mentioned)
