"""Modules and facts from texts, for the tests of the Terraform reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from posixpath import dirname
from typing import Any

from smlint.document import Document, Span
from smlint.facts import Fact, Settings
from smlint.readers import terraform
from smlint.readers.terraform.evaluate import evaluate
from smlint.readers.terraform.module import Module, Root, define
from smlint.syntax.hcl.native import parse_native
from smlint.values import Node


class Files:
    """A scope of texts."""

    def __init__(self, files: Mapping[str, str], **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.documents = {path: Document(path, text) for path, text in files.items()}
        self.opened: list[str] = []

    def open(self, path: str) -> Document | None:
        self.opened.append(path)
        return self.documents.get(path)

    def names(self, folder: str) -> list[str]:
        before = f"{folder}/" if folder else ""
        below = [path.removeprefix(before) for path in self.documents if path.startswith(before)]
        return sorted({before + name.split("/")[0] + ("/" if "/" in name else "") for name in below})


def module_of(files: Mapping[str, str]) -> Module:
    """The root module of texts."""
    scope = Files(files)
    root = Root("", scope)
    definition = define("", [d for path, d in scope.documents.items() if "/" not in path])
    root.put(definition)
    return Module(root, definition)


def value_of(text: str, module: Module) -> Node:
    """An expression's value in a module; Invalid where it is refused."""
    read = parse_native(Document("expression.tf", f"x = {text}\n"))
    assert not read.problems, text
    return evaluate(read.body.attributes["x"].expression, module.frame)


def facts_of(files: Mapping[str, str], **settings: Any) -> list[Fact]:
    """The facts of all root modules among the files."""
    scope = Files(files, **settings)
    folders: dict[str, list[Document]] = defaultdict(list)
    for path, document in scope.documents.items():
        if path.endswith((".tf", ".tf.json", ".tfvars", ".tfvars.json")):
            folders[dirname(path)].append(document)
    return [
        fact for folder in terraform.roots(folders, scope) for fact in terraform.read(folder, folders[folder], scope)
    ]


def one(facts: list[Fact], kind: type[Any]) -> Any:
    """The only fact of a kind."""
    found = [fact for fact in facts if isinstance(fact, kind)]
    assert len(found) == 1, found
    return found[0]


def lines(fact: Any) -> tuple[str, int, int]:
    """Path, first and last line of a fact, a statement, a node."""
    place = fact.origin.place()
    return place.path, place.first.line, place.last.line


def at(files: Mapping[str, str], path: str, text: str) -> Span:
    """Where a text stands in a file."""
    document = Document(path, files[path])
    start = files[path].index(text)
    return Span(document, start, start + len(text))
