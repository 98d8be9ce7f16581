"""Resources and data sources: their instances, and the attributes that expressions ask of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from smlint.document import Span
from smlint.facts import Problem, Settings
from smlint.readers.scope import Scope
from smlint.readers.terraform.arguments import Arguments, Configured, block_node
from smlint.readers.terraform.evaluate import Frame
from smlint.readers.terraform.expansion import instances_node, objects_in
from smlint.readers.terraform.known import Invalid, LazyObject, hole, settled, unsettled
from smlint.record import replace
from smlint.syntax.hcl.tree import Block
from smlint.values import Node, Text

if TYPE_CHECKING:
    from smlint.readers.terraform.module import Module


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

    def find(self, type: str, attribute: str, value: Text, mode: str = "resource") -> Instance | None:
        """The resource (or data source) beside this one that has the value in an attribute."""
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

    def find(self, type: str, attribute: str, value: Text, mode: str = "resource") -> Instance | None:
        for how, kind, name in self.module.resources():
            if (how, kind) != (mode, type):
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


def resource_node(module: Module, mode: str, type: str, name: str, span: Span) -> Node:
    """`TYPE.NAME` as expressions see it."""
    block = module.definition.resources.get((mode, type, name))
    if block is None:
        prefix = "data." if mode == "data" else ""
        return module.unknown(f"{prefix}{type}.{name}", span)
    return instances_node(block.body, module.frame, block.span, _maker(module, mode, type, name, block))


def _maker(module: Module, mode: str, type: str, name: str, block: Block) -> Callable[[Frame, str], LazyObject]:
    return lambda frame, doubt: Resource(module, mode, type, name, block, frame, doubt)
