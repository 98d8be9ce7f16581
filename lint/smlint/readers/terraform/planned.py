"""The resources of a plan or state, as instances that the facts are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smlint.document import Origin
from smlint.facts import Settings
from smlint.readers.terraform.arguments import Arguments
from smlint.readers.terraform.known import Invalid, text_of, unsettled
from smlint.readers.terraform.plan import Plan, elements, literal
from smlint.readers.terraform.resources import Instance
from smlint.record import replace
from smlint.values import Node

# Arguments whose value is a reference and nothing else, so that the plan's configuration settles them.
_REFERENCES = re.compile(r"(?:^|_)(?:arn|role|id|bucket|name|repository|user|group|boundary|principal)s?$")
_ATTRIBUTE = re.compile(r"([\w-]+)\.([\w-]+(?:\[[^\]]*\])?)\.([\w-]+)")
MAX_STEPS = 30


class Planned(Arguments):
    """A resource's values, or a nested block's, with what is unknown until the plan is applied."""

    def __init__(self, values: Node, unknown: Node | None, expressions: Node | None, references: Within) -> None:
        self.values = values
        self.origin: Origin = values.origin
        self.unknown_ = unknown
        self.expressions = expressions
        self.references = references

    def get(self, name: str) -> Node | None:
        node = self.values.get(name)
        if node is not None and node.value not in (None, ""):
            return node
        if self.unknown_ is None:
            return None
        marked = self.unknown_.get(name)
        if marked is None or marked.value is not True:
            return None
        expression = self.expressions.get(name) if self.expressions is not None else None
        return None if expression is None else self.references.value(name, expression, self.origin)

    def given(self) -> Iterator[tuple[str, Origin | None, Node]]:
        names = [name for name, node in self.values.items() if not _blocks(node)]
        names += [name for name, node in (self.unknown_.items() if self.unknown_ else ()) if name not in names]
        for name in names:
            node = self.get(name)
            if node is not None:
                yield name, node.key, node

    def all_blocks(self) -> Iterator[tuple[str, Arguments, str]]:
        for name, node in self.values.items():
            for at, inner in enumerate(_blocks(node)):
                unknown, expressions = self._at(self.unknown_, name, at), self._at(self.expressions, name, at)
                yield name, Planned(inner, unknown, expressions, self.references), ""

    def _at(self, of: Node | None, name: str, index: int) -> Node | None:
        listed = of.get(name) if of is not None else None
        items = [] if listed is None or listed.sequence is None else listed.sequence
        return items[index] if index < len(items) else None


def _blocks(node: Node) -> list[Node]:
    """A list of objects is a nested block."""
    items = node.sequence or []
    return items if all(item.mapping is not None for item in items) else []


class PlannedInstance(Instance):
    """A resource of a plan or state."""

    def __init__(self, plan: Plan, address: str, node: Node, arguments: Planned, region: Node | None) -> None:
        mode, type = (literal(node, name) for name in ("mode", "type"))
        super().__init__(plan, mode, type, address, arguments)
        self.origin = node.origin
        self._region = region

    @property
    def settings(self) -> Settings:
        settings = super().settings
        region = self._region.literal if self._region is not None else None
        return settings if region is None else replace(settings, region=region)


def changes(root: Node) -> dict[str, Node]:
    """What is unknown until the plan is applied, by address."""
    made: dict[str, Node] = {}
    for change in elements(root.get("resource_changes")):
        address, unknown = change.get("address"), change.get("change", "after_unknown")
        if address is not None and address.literal and unknown is not None:
            made[address.literal] = unknown
    return made


def planned_instances(
    plan: Plan, unknown: Mapping[str, Node], root: Node, covered: set[str]
) -> Iterator[PlannedInstance]:
    """The plan's resources, but for those that the configuration beside it covers."""
    references = References(plan, root, unknown)
    for address in plan.resources:
        if address not in covered:
            found = references.instance(address)
            if found is not None and found.mode != "data":
                yield found


class References:
    """The plan's configuration: which expression refers to what, through modules."""

    def __init__(self, plan: Plan, root: Node, unknown: Mapping[str, Node]) -> None:
        self.plan = plan
        self.unknown = unknown
        self.configuration = root.get("configuration", "root_module")
        self.region = root.get("configuration", "provider_config", "aws", "expressions", "region", "constant_value")
        self._made: dict[str, PlannedInstance | None] = {}
        self._steps = 0

    def instance(self, address: str) -> PlannedInstance | None:
        """The resource at an address."""
        if address not in self._made:
            node = self.plan.resources.get(address)
            values = node.get("values") if node is not None else None
            self._made[address] = None
            if node is not None and values is not None:
                expressions = self._expressions(address)
                arguments = Planned(values, self.unknown.get(address), expressions, Within(self, _module(address)))
                self._made[address] = PlannedInstance(self.plan, address, node, arguments, self.region)
        return self._made[address]

    def _expressions(self, address: str) -> Node | None:
        module = self._configured(_module(address))
        local = _unindexed(address.removeprefix(_module(address)))
        for resource in elements(module.get("resources") if module is not None else None):
            if literal(resource, "address") == local:
                return resource.get("expressions")
        return None

    def _configured(self, module: str) -> Node | None:
        """The configuration of a module, by its address."""
        node = self.configuration
        for call in _calls(module):
            node = node.get("module_calls", call, "module") if node is not None else None
        return node

    def value(self, module: str, name: str, expression: Node, origin: Origin) -> Node:
        """What an argument refers to; unknown where it is more than one reference."""
        constant = expression.get("constant_value")
        if constant is not None:
            return constant
        self._steps += 1
        wanted = _longest(expression.get("references"))
        unknown = unsettled(f"tf:{self.plan.folder}{self.plan.tag}:{module}{origin.offsets()[0]}.{name}", name, origin)
        if len(wanted) != 1 or not _REFERENCES.search(name) or self._steps > 10_000:
            return unknown
        found = self._follow(module, wanted[0], origin, 0)
        if found is None:
            return unknown
        return Node([found], origin) if name.endswith("s") else Node(found.value, origin)

    def _follow(self, module: str, reference: str, origin: Origin, depth: int) -> Node | None:
        """The value of `aws_iam_role.x.arn`, `module.m.out`, `var.v` in a module."""
        parts = reference.split(".")
        if depth > MAX_STEPS or len(parts) < 2:
            return None
        if parts[0] == "var":
            return self._variable(module, parts[1], origin, depth)
        if parts[0] == "module" and len(parts) == 3:
            inner = self._configured(f"{module}module.{parts[1]}.")
            output = inner.get("outputs", parts[2], "expression") if inner is not None else None
            return self._expression(f"{module}module.{parts[1]}.", output, origin, depth)
        named = _ATTRIBUTE.fullmatch(reference)
        if named is None or named[1] in ("data", "each", "count", "local", "path", "self", "module"):
            return None
        found = self.instance(f"{module}{named[1]}.{named[2]}")
        if found is None:
            return None
        try:
            return Node(text_of(found.attribute(named[3])), origin)
        except Invalid:
            return None

    def _variable(self, module: str, name: str, origin: Origin, depth: int) -> Node | None:
        calls = _calls(module)
        if not calls:
            return None
        caller = "".join(f"module.{call}." for call in calls[:-1])
        outer = self._configured(caller)
        expression = outer.get("module_calls", calls[-1], "expressions", name) if outer is not None else None
        return self._expression(caller, expression, origin, depth)

    def _expression(self, module: str, expression: Node | None, origin: Origin, depth: int) -> Node | None:
        if expression is None:
            return None
        constant = expression.get("constant_value")
        if constant is not None:
            return constant
        wanted = _longest(expression.get("references"))
        return self._follow(module, wanted[0], origin, depth + 1) if len(wanted) == 1 else None


class Within:
    """References as they are meant inside one module."""

    def __init__(self, references: References, module: str) -> None:
        self.references = references
        self.module = module

    def value(self, name: str, expression: Node, origin: Origin) -> Node:
        return self.references.value(self.module, name, expression, origin)


def _longest(references: Node | None) -> list[str]:
    """The references without those that are only the beginning of another (`aws_x.y` beside `aws_x.y.arn`)."""
    names = [item.literal for item in elements(references) if item.literal]
    return sorted({name for name in names if not any(other.startswith((f"{name}.", f"{name}[")) for other in names)})


def _module(address: str) -> str:
    """The module part of an address, with its dot."""
    found = re.match(r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*", address)
    return found[0] if found else ""


def _calls(module: str) -> list[str]:
    return re.findall(r"module\.([\w-]+)", re.sub(r"\[[^\]]*\]", "", module))


def _unindexed(address: str) -> str:
    return address.split("[", 1)[0]
