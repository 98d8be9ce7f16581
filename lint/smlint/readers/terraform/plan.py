"""Plans and states as JSON: `terraform show -json`, and the state file itself.

Where the configuration stands beside it, it is evaluated with the plan's variables, and the plan or state fills what it
leaves open: findings then point into the `.tf` files. Without it the plan's own values are read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from smlint.document import Document
from smlint.facts import Fact, Problem
from smlint.readers.scope import Scope
from smlint.record import dataclass, field
from smlint.values import Node

MAX_DEPTH = 40


def recognises(root: Node, path: str) -> bool:
    """Whether the document is a plan or a state."""
    members = root.mapping or {}
    if "terraform_version" not in members and "format_version" not in members:
        return False
    return "planned_values" in members or root.get("values", "root_module") is not None or _is_state(root)


def _is_state(root: Node) -> bool:
    resources = root.get("resources")
    return root.get("lineage") is not None and resources is not None and resources.sequence is not None


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The facts of what the plan will leave in place, or of what the state says is there."""
    from smlint.readers.terraform.beside import read_beside
    from smlint.readers.terraform.planned import changes, planned_instances
    from smlint.readers.terraform.root_modules import facts_of_instances

    plan = Plan(posixpath.dirname(document.path), scope)
    plan.collect(root)
    covered: set[str] = set()
    yield from read_beside(plan, root, covered)
    instances = planned_instances(plan, changes(root), root, covered)
    yield from facts_of_instances(instances)
    yield from plan.problems


@dataclass(slots=True)
class Plan:
    """The resources of a plan or state, by address."""

    folder: str
    scope: Scope
    tag: str = ""
    problems: list[Problem] = field(default_factory=list)
    resources: dict[str, Node] = field(default_factory=dict)
    known: dict[str, Node] = field(default_factory=dict)

    def collect(self, root: Node) -> None:
        """Take the resources from wherever this kind of document has them."""
        for path in (("planned_values", "root_module"), ("values", "root_module")):
            module = root.get(*path)
            if module is not None:
                self._module(module, 0, self.resources)
        prior = root.get("prior_state", "values", "root_module")
        if prior is not None:
            read: dict[str, Node] = {}
            self._module(prior, 0, read)
            self.known |= {address: node for address, node in read.items() if "data." in address}
        if _is_state(root):
            self._state(root)
        self.known |= self.resources

    def _module(self, module: Node, depth: int, into: dict[str, Node]) -> None:
        for resource in elements(module.get("resources")):
            address = resource.get("address")
            if address is not None and address.literal:
                into[address.literal] = resource
        if depth < MAX_DEPTH:
            for child in elements(module.get("child_modules")):
                self._module(child, depth + 1, into)

    def _state(self, root: Node) -> None:
        """The state file: an entry a resource, with its instances' attributes."""
        for resource in elements(root.get("resources")):
            parts = {name: literal(resource, name) for name in ("module", "mode", "type", "name")}
            base = f"{parts['module'] + '.' if parts['module'] else ''}{'data.' if parts['mode'] == 'data' else ''}"
            for instance in elements(resource.get("instances")):
                attributes = instance.get("attributes")
                if attributes is None:
                    continue
                key = instance.get("index_key")
                index = "" if key is None else (f'["{key.value}"]' if isinstance(key.value, str) else f"[{key.value}]")
                made = {name: Node(value, resource.origin) for name, value in parts.items()}
                made["values"] = attributes
                self.resources[f"{base}{parts['type']}.{parts['name']}{index}"] = Node({**made}, attributes.origin)


def values_by_address(resources: Mapping[str, Node]) -> dict[str, Node]:
    """The resources' values, by address."""
    return {address: values for address, node in resources.items() if (values := node.get("values")) is not None}


def elements(node: Node | None) -> list[Node]:
    """The elements of a list; nothing where there is none."""
    return [] if node is None or node.sequence is None else node.sequence


def literal(node: Node, name: str) -> str:
    """A member that is a known text; "" where it is none."""
    member = node.get(name)
    return (member.literal or "") if member is not None else ""
