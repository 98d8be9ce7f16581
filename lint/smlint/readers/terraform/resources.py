"""Resources and data sources: their instances (`count`, `for_each`), arguments, blocks and attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from smlint.document import Origin, Span
from smlint.facts import Problem, Settings
from smlint.readers.scope import Scope
from smlint.readers.terraform.evaluate import Frame, entries, evaluate
from smlint.readers.terraform.known import (
    Exhausted,
    Invalid,
    LazyObject,
    bool_of,
    hole,
    is_null,
    is_unknown,
    number_of,
    settled,
    source,
    text_of,
    unsettled,
)
from smlint.record import dataclass, replace
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.tree import Block, Body
from smlint.values import Node, Text, Unknown

if TYPE_CHECKING:
    from smlint.readers.terraform.module import Module

MAX_INSTANCES = 1_000


@dataclass(frozen=True, slots=True)
class Instances:
    """What `count` or `for_each` makes: the frame of each; `doubt` says why it is not known which there are."""

    kind: str
    frames: list[tuple[str | int | None, Frame]]
    doubt: str = ""


def expand(body: Body, frame: Frame, at: Span) -> Instances:
    """The instances of a resource or module call."""
    count, for_each = body.attributes.get("count"), body.attributes.get("for_each")
    if count is not None:
        return _counted(count.expression, frame)
    if for_each is not None:
        return _for_each(for_each.expression, frame)
    return Instances("one", [(None, frame)])


def _counted(expression: tree.Expression, frame: Frame) -> Instances:
    try:
        node = evaluate(expression, frame)
    except Invalid:
        node = frame.unsettled(expression.span)
    if is_unknown(node):
        number = frame.unsettled(expression.span)
        inner = frame.with_names({"count": Node({"index": number}, expression.span)})
        inner.instance += "[?]"
        return Instances("count", [(0, inner)], f"count = {source(expression.span)}")
    number_ = int(number_of(node)) if not isinstance(node.value, bool) and node.value is not None else 0
    if number_ > MAX_INSTANCES:
        raise Exhausted(f"count is {number_}")
    made: list[tuple[str | int | None, Frame]] = []
    for index in range(number_):
        frame.budget.instance()
        inner = frame.with_names({"count": Node({"index": Node(index, expression.span)}, expression.span)})
        inner.instance += f"[{index}]"
        made.append((index, inner))
    return Instances("count", made)


def _for_each(expression: tree.Expression, frame: Frame) -> Instances:
    try:
        node = evaluate(expression, frame)
        pairs = entries(node)
    except Invalid:
        node, pairs = frame.unsettled(expression.span), None
    doubt = f"for_each = {source(expression.span)}" if pairs is None or node.open else ""
    made: list[tuple[str | int | None, Frame]] = []
    for key, value in pairs or []:
        frame.budget.instance()
        name = key.value if node.mapping is not None else value.value
        key = key if node.mapping is not None else value
        if isinstance(name, Unknown):
            doubt = doubt or f"for_each = {source(expression.span)}"
            continue
        made.append(_each(str(text_of(key)), key, value, frame, expression.span))
    if not made and doubt:
        name = f"{frame.module.prefix}{expression.span.document.path}:{expression.span.start}.each"
        key = hole(f"{name}.key", "each.key", expression.span)
        value = unsettled(f"{name}.value", "each.value", expression.span)
        return Instances("for_each", [_each("?", key, value, frame, expression.span)], doubt)
    return Instances("for_each", made, doubt)


def _each(name: str, key: Node, value: Node, frame: Frame, span: Span) -> tuple[str, Frame]:
    inner = frame.with_names({"each": Node({"key": key, "value": value}, span)})
    inner.instance += f'["{name}"]'
    return name, inner


class Arguments:
    """The arguments and nested blocks of a resource or block, wherever they were read."""

    origin: Origin

    def get(self, name: str) -> Node | None:
        """An argument's value; None where it is not given (or null). What cannot be evaluated is unknown."""
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
            node = evaluate(attribute.expression, self.frame)
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


class Instance(LazyObject):
    """One instance of a resource or data source, wherever it was read."""

    def __init__(self, place: Place, mode: str, type: str, label: str, arguments: Arguments, doubt: str = "") -> None:
        super().__init__()
        self.where = place
        self.mode = mode
        self.type = type
        self.label = label
        self.doubt = doubt
        self.arguments = arguments
        self.origin = arguments.origin
        self._memo: dict[str, Node] = {}
        self._active: set[str] = set()

    @property
    def settings(self) -> Settings:
        """Account, region and partition."""
        return self.where.scope.settings

    @property
    def scope(self) -> Scope:
        return self.where.scope

    @property
    def problems(self) -> list[Problem]:
        """Where what does not parse is put."""
        return self.where.problems

    def get(self, name: str) -> Node | None:
        """An argument, None where it is not given."""
        return self.arguments.get(name)

    def text(self, name: str) -> Text | None:
        """An argument that is a text."""
        return self.arguments.text(name)

    def flag(self, name: str) -> bool | None:
        """An argument that is a boolean."""
        return self.arguments.flag(name)

    def blocks(self, name: str) -> list[Arguments]:
        """The nested blocks of a type."""
        return self.arguments.blocks(name)

    def find(self, type: str, attribute: str, value: Text) -> Instance | None:
        """The resource beside this one that has the value in an attribute."""
        return None

    def hole_name(self, attribute: str) -> str:
        """The name of the hole for a generated attribute."""
        return f"tf:{self.where.folder}{self.where.tag}:{self.label}.{attribute}"

    def attribute(self, name: str) -> Node:
        found = self._memo.get(name)
        if found is None:
            if name in self._active:
                raise Invalid(f"`{self.label}.{name}` refers to itself")
            self._active.add(name)
            try:
                found = self._memo[name] = self._attribute(name)
            finally:
                self._active.discard(name)
        return found

    def _attribute(self, name: str) -> Node:
        from smlint.readers.terraform.attributes import generated

        given = self.get(name)
        if given is not None:
            return given
        made = generated(self, name)
        if made is not None:
            return Node(made, self.origin)
        nested = self.arguments.blocks(name)
        if nested:
            return Node([block_node(block) for block in nested], self.origin)
        return self.unknown(name)

    def unknown(self, name: str) -> Node:
        """An attribute that the provider makes."""
        label = f"{self.label}.{name}"
        if name in _TEXTS or name.endswith(("_id", "_arn", "_name")):
            return hole(self.hole_name(name), label, self.origin)
        return unsettled(self.hole_name(name), label, self.origin)


class Place(Protocol):
    """Where an instance was read: a root module or a plan."""

    folder: str
    tag: str
    scope: Scope
    problems: list[Problem]


class Resource(Instance):
    """One instance of a resource or data source of a configuration."""

    def __init__(self, module: Module, mode: str, type: str, name: str, block: Block, frame: Frame, doubt: str) -> None:
        label = f"{module.address}{'data.' if mode == 'data' else ''}{type}.{name}{frame.instance}"
        plan = module.root.plan.get(label) if module.root.plan else None
        self.configured = Configured(block.body, frame, block.span, plan)
        super().__init__(module.root, mode, type, label, self.configured, doubt)
        self.module = module
        self._span = block.span
        self._settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """Account, region and partition, as its provider says."""
        if self._settings is None:
            self._settings = self._provider_settings()
        return self._settings

    def find(self, type: str, attribute: str, value: Text) -> Instance | None:
        for mode, kind, name in self.module.resources():
            if (mode, kind) != ("resource", type):
                continue
            try:
                for found in objects_in(self.module.resource(mode, kind, name, self._span)):
                    if isinstance(found, Resource) and found.attribute(attribute).value == value:
                        return found
            except Invalid:
                continue
        return None

    def _provider_settings(self) -> Settings:
        reference = self.type.split("_")[0]
        meta = self.configured.body.attributes.get("provider")
        if meta is not None:
            span = meta.expression.span
            reference = span.document.text[span.start : span.end].strip('" ')
        settings = self.module.provider(reference).settings(self.module.root.settings)
        if self.mode == "resource" and "region" in self.configured.body.attributes:
            return replace(settings, region=self.text("region") or settings.region)
        return settings

    def _attribute(self, name: str) -> Node:
        from smlint.readers.terraform.data_sources import data_attribute

        if self.mode == "data":
            read = data_attribute(self, name)
            if read is not None and settled(read):
                return read
            planned = self.configured.plan.get(name) if self.configured.plan is not None else None
            if planned is not None and planned.value is not None:
                return planned
            if read is not None:
                return read
        return super()._attribute(name)


_TEXTS = frozenset(["id", "arn", "name", "bucket", "key_id", "policy", "json", "url", "endpoint", "hex", "result"])


def block_node(block: Arguments) -> Node:
    """A nested block as an object."""
    members = {name: node for name, _, node in block.given()}
    for type, inner, _ in block.all_blocks():
        group = members.setdefault(type, Node([], inner.origin))
        if group.sequence is not None:
            group.sequence.append(block_node(inner))
    return Node(members, block.origin)


def resource_node(module: Module, mode: str, type: str, name: str, span: Span) -> Node:
    """`TYPE.NAME` as expressions see it."""
    block = module.definition.resources.get((mode, type, name))
    if block is None:
        prefix = "data." if mode == "data" else ""
        return module.unknown(f"{prefix}{type}.{name}", span)
    return instances_node(block.body, module.frame, block.span, _maker(module, mode, type, name, block))


def _maker(module: Module, mode: str, type: str, name: str, block: Block) -> Callable[[Frame, str], LazyObject]:
    return lambda frame, doubt: Resource(module, mode, type, name, block, frame, doubt)


def instances_node(body: Body, frame: Frame, span: Span, make: Callable[[Frame, str], LazyObject]) -> Node:
    """What `count` and `for_each` make of a resource or module: an object, a list or a map of them."""
    made = expand(body, frame, span)
    nodes = [(key, Node(make(inner, made.doubt), span)) for key, inner in made.frames]
    if made.kind == "one":
        return nodes[0][1]
    if made.kind == "count":
        return Node([node for _, node in nodes], span, open=bool(made.doubt), tag="count")
    return Node({str(key): node for key, node in nodes}, span, open=bool(made.doubt))


def objects_in(node: Node) -> Iterator[LazyObject]:
    """The instances that `instances_node` made."""
    value = node.value
    if isinstance(value, LazyObject):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from objects_in(member)
    elif isinstance(value, list):
        for element in value:
            yield from objects_in(element)
