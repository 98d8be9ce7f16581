"""JSONPath over nodes: parsed by jsonpath-ng, walked here, so that places are kept and the work is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from smlint.record import dataclass
from smlint.values import Node, below, members

MAX_LENGTH = 300
MAX_NODES = 100_000

Step = Callable[[Node], Iterator[Node]]


class PathError(ValueError):
    """The text is no path that rules may use."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a path finds. complete: False where a value that nothing settles may hide more."""

    nodes: list[Node]
    complete: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A JSONPath of names, indices, slices, `*` and `..`."""

    text: str
    steps: tuple[Step, ...]

    def select(self, root: Node) -> Selection:
        """The nodes that the path leads to, each once, in the order of the document."""
        nodes, complete, budget = [root], True, MAX_NODES
        for step in self.steps:
            found: dict[int, Node] = {}
            for node in nodes:
                complete = complete and not (node.unknown or node.open)
                for member in step(node):
                    budget -= 1
                    if budget < 0:
                        return Selection([], False)
                    complete = complete and not (step is below and (member.unknown or member.open))
                    found[id(member)] = member
            nodes = list(found.values())
        return Selection(nodes, complete)


def compile_path(text: str) -> Path:
    """The path that a text means. Raises PathError with what is wrong in words."""
    from jsonpath_ng.exceptions import JSONPathError
    from jsonpath_ng.parser import parse

    if len(text) > MAX_LENGTH:
        raise PathError(f"a path has at most {MAX_LENGTH} characters")
    try:
        tree = parse(text)
    except (JSONPathError, ValueError, RecursionError) as error:
        raise PathError(f"`{text}` is no JSONPath: {str(error).splitlines()[0]}") from None
    return Path(text, tuple(_steps(tree)))


def _steps(tree: Any) -> Iterator[Step]:
    kind = type(tree).__name__
    if kind in ("Child", "Descendants"):
        yield from _steps(tree.left)
        if kind == "Descendants":
            yield below
        yield from _steps(tree.right)
    elif kind in ("Wildcard", "Fields", "Index", "Slice"):
        yield _step(kind, tree)
    elif kind not in ("Root", "This"):
        raise PathError(f"`{tree}`: paths have names, indices, slices, `*` and `..`, nothing else")


def _step(kind: str, tree: Any) -> Step:
    if kind == "Wildcard" or (kind == "Fields" and "*" in tree.fields):
        return members
    if kind == "Fields":
        return lambda node: _named(node, tree.fields)
    if kind == "Index":
        return lambda node: _at(node, tree.indices)
    return lambda node: iter((node.sequence or [])[tree.start : tree.end : tree.step])


def _named(node: Node, names: Iterable[str]) -> Iterator[Node]:
    mapping = node.mapping or {}
    return (mapping[name] for name in names if name in mapping)


def _at(node: Node, indices: Iterable[int]) -> Iterator[Node]:
    sequence = node.sequence or []
    return (sequence[index] for index in indices if -len(sequence) <= index < len(sequence))
