"""What the facts of all resource types need: policies from arguments, texts, doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from smlint.document import Origin
from smlint.facts import Fact
from smlint.iam.policy import Kind, Policy
from smlint.readers.terraform.documents import document_of
from smlint.readers.terraform.known import Invalid, settled, text_of
from smlint.values import Hole, Node, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.terraform.resources import Instance

Maker: TypeAlias = "Callable[[Instance], Iterator[Fact]]"


def policy(resource: Instance, argument: str, kind: Kind) -> Policy | None:
    """The policy in an argument; None where it is not given."""
    node = resource.get(argument)
    return None if node is None else policy_in(resource, node, kind)


def policy_in(resource: Instance, node: Node, kind: Kind) -> Policy:
    """The policy that a value is. Where it is not known whether the resource exists, no statement has an effect."""
    from smlint.iam import grammar

    document = document_of(node, resource.problems)
    return grammar.parse(doubtful(document) if resource.doubt else document, kind, resource.label)


def doubtful(document: Node) -> Node:
    """The document, with every statement's effect unknown."""
    statements = document.get("Statement")
    if document.mapping is None or statements is None:
        return Node(Unknown("it may not exist"), document.origin)
    made = [
        statement.with_value({**statement.mapping, "Effect": Node(Unknown("it may not exist"), statement.origin)})
        if statement.mapping is not None
        else statement
        for statement in statements.elements()
    ]
    return document.with_value(
        {**(document.mapping or {}), "Statement": Node(list(made), statements.origin, open=statements.open)}
    )


def attribute(resource: Instance, name: str) -> Text:
    """An attribute as a text: given, generated or a hole."""
    try:
        return text_of(resource.attribute(name))
    except Invalid:
        return join([Hole(resource.hole_name(name), label=f"{resource.label}.{name}")])


def listed(node: Node | None) -> tuple[list[Node], bool]:
    """The elements of a list argument, and whether these are all."""
    if node is None:
        return [], True
    if node.sequence is None:
        return [], False
    return node.sequence, not node.open


def texts(node: Node | None) -> list[Text]:
    """The elements of a list argument as texts."""
    made: list[Text] = []
    for item in listed(node)[0]:
        try:
            made.append(text_of(item))
        except Invalid:
            continue
    return made


def place(node: Node | None, resource: Instance) -> Origin:
    """Where a user edits the argument; the resource where it is made of more than a literal."""
    return resource.origin if node is None or not settled(node) else node.origin
