"""Reads templates in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from smlint.facts import Fact, Problem, Settings
from smlint.files import Tree
from smlint.readers import cloudformation
from smlint.syntax import structured
from smlint.values import Node, Text, plain

T = TypeVar("T")
HEAD = 'AWSTemplateFormatVersion: "2010-09-09"\n'


def read(template: str, others: Mapping[str, str] | None = None, **settings: Any) -> list[Fact]:
    """The facts of a template `template.yaml` that stands beside the other files."""
    return read_file("template.yaml", {"template.yaml": template, **(others or {})}, **settings)


def read_file(path: str, files: Mapping[str, str], **settings: Any) -> list[Fact]:
    tree = Tree.of(files, Settings(**settings))
    document = tree.open(path)
    assert document is not None
    parsed = structured(document)
    found: list[Fact] = list(parsed.problems)
    for root in parsed.nodes:
        assert cloudformation.recognises(root, path)
        found.extend(cloudformation.read(root, document, tree))
    return found


def of(kind: type[T], facts: list[Fact]) -> list[T]:
    return [fact for fact in facts if isinstance(fact, kind)]


def only(kind: type[T], facts: list[Fact]) -> T:
    (found,) = of(kind, facts)
    return found


def problems(facts: list[Fact]) -> list[tuple[int, str]]:
    """Line and message of every problem."""
    return [(problem.origin.place().first.line, problem.message) for problem in of(Problem, facts)]


def shown(value: Text | Node | None) -> Any:
    return plain(value) if isinstance(value, Node) else None if value is None else str(value)
