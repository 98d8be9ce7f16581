"""Arguments and nested blocks of a resource, `dynamic` ones among them."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Origin
from smlint.readers.terraform.evaluate import Frame, entries, evaluate
from smlint.readers.terraform.known import Invalid, bool_of, bounded, is_null, is_unknown, settled, source, text_of
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.tree import Block, Body
from smlint.values import Node, Text


class Arguments:
    """The arguments and nested blocks of a resource or block, wherever they were read."""

    origin: Origin

    def get(self, name: str) -> Node | None:
        """An argument's value; None where it is not given (or null). What is invalid or too large is unknown."""
        raise NotImplementedError

    def given(self) -> Iterator[tuple[str, Origin | None, Node]]:
        """The arguments that are given: name, where the name stands, value."""
        raise NotImplementedError

    def all_blocks(self) -> Iterator[tuple[str, Arguments, str]]:
        """Every nested block: its type, what is in it, and the doubt whether it is there."""
        raise NotImplementedError

    def text(self, name: str) -> Text | None:
        """An argument that is a text."""
        node = self.get(name)
        try:
            return None if node is None else text_of(node)
        except Invalid:
            return None

    def flag(self, name: str) -> bool | None:
        """An argument that is a boolean; None where it is absent or unknown."""
        node = self.get(name)
        try:
            return None if node is None or is_unknown(node) else bool_of(node)
        except Invalid:
            return None

    def blocks(self, name: str) -> list[Arguments]:
        """The nested blocks of a type, dynamic ones among them."""
        return [block for type, block, _ in self.all_blocks() if type == name]


class Configured(Arguments):
    """Arguments and blocks, as a configuration states them; `plan`: what a plan says of them."""

    def __init__(self, body: Body, frame: Frame, origin: Origin, plan: Node | None = None) -> None:
        self.body = body
        self.frame = frame
        self.origin = origin
        self.plan = plan

    def get(self, name: str) -> Node | None:
        attribute = self.body.attributes.get(name)
        if attribute is None:
            return None
        try:
            node = bounded(evaluate(attribute.expression, self.frame))
        except Invalid:
            node = self.frame.unsettled(attribute.expression.span)
        if self.plan is not None and not settled(node):
            from smlint.readers.terraform.overlay import overlaid

            node = overlaid(node, self.plan.get(name))
        return None if is_null(node) else node

    def given(self) -> Iterator[tuple[str, Origin | None, Node]]:
        for name, attribute in self.body.attributes.items():
            node = None if name in META else self.get(name)
            if node is not None:
                yield name, attribute.name_span, node

    def all_blocks(self) -> Iterator[tuple[str, Arguments, str]]:
        seen: dict[str, int] = {}
        for block in self.body.blocks:
            if block.type == "dynamic" and block.labels:
                made = self._dynamic(block)
            elif block.type in _META_BLOCKS:
                continue
            else:
                made = iter([(block.type, block.body, self.frame, block.span, "")])
            for type, body, frame, origin, doubt in made:
                at = seen[type] = seen.get(type, -1) + 1
                yield type, Configured(body, frame, origin, self._planned(type, at)), doubt

    def _planned(self, type: str, at: int) -> Node | None:
        listed = None if self.plan is None else self.plan.get(type)
        items = [] if listed is None or listed.sequence is None else listed.sequence
        return items[at] if at < len(items) else None

    def _dynamic(self, block: Block) -> Iterator[tuple[str, Body, Frame, Origin, str]]:
        name = block.labels[0]
        content = next(block.body.of("content"), None)
        for_each = block.body.attributes.get("for_each")
        if content is None or for_each is None:
            return
        iterator = block.body.attributes.get("iterator")
        label = name
        if iterator is not None and isinstance(iterator.expression, tree.Name):
            label = iterator.expression.name
        try:
            node = evaluate(for_each.expression, self.frame)
            pairs = entries(node)
        except Invalid:
            node, pairs = self.frame.unsettled(for_each.expression.span), None
        doubt = "" if pairs is not None and not node.open else f"for_each = {source(for_each.expression.span)}"
        if pairs is None:
            unknown = self.frame.unsettled(for_each.expression.span)
            pairs = [(unknown, unknown)]
        for key, value in pairs:
            self.frame.budget.step(5)
            inner = self.frame.with_names({label: Node({"key": key, "value": value}, for_each.span)})
            yield name, content.body, inner, content.span, doubt


META = frozenset(["count", "for_each", "provider", "depends_on"])
_META_BLOCKS = frozenset(["lifecycle", "timeouts", "provisioner", "connection"])


def block_node(block: Arguments) -> Node:
    """A nested block as an object."""
    members = {name: node for name, _, node in block.given()}
    for type, inner, _ in block.all_blocks():
        group = members.setdefault(type, Node([], inner.origin))
        if group.sequence is not None:
            group.sequence.append(block_node(inner))
    return Node(members, block.origin)
