"""SageMaker resources → requests in the API's shape; state machines, functions and rules → their callers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from smlint.facts import Caller, Fact, Workload
from smlint.needs import table
from smlint.readers import api
from smlint.readers.terraform import lambdas
from smlint.readers.terraform.documents import document_of
from smlint.readers.terraform.facts_common import Maker, attribute
from smlint.values import Node, Text, Unknown

if TYPE_CHECKING:
    from smlint.readers.terraform.arguments import Arguments
    from smlint.readers.terraform.resources import Instance

_NO_BRACKETS = str.maketrans("", "", "[]{}")
_OURS = frozenset(["id", "arn", "region", "tags_all"])


def maker(type: str) -> Maker | None:
    """What makes the facts of a resource type; None for one that says nothing of SageMaker."""
    if type in MAKERS:
        return MAKERS[type]
    return workload if type.startswith("aws_sagemaker_") and table.by_terraform(type) else None


def workload(resource: Instance) -> Iterator[Fact]:
    """The request that creating the resource sends."""
    known = table.by_terraform(resource.type)
    if known is not None:
        made = created(resource, known.name, Request(*_spelling(known.name)))
        made.role = _role(made.request, next((role.path for role in known.execution_roles if role.terraform), ""))
        yield made


def created(resource: Instance, name: str, spelling: Request) -> Workload:
    """The call of an API that creating a resource makes."""
    request = spelling.node(resource.arguments, "", "")
    names = (api.own_name(name, request), attribute(resource, "arn"), attribute(resource, "id"))
    return Workload(
        resource.origin,
        name,
        request,
        resource.label,
        "terraform",
        names=tuple(text for text in names if text is not None),
        under=resource.doubt,
    )


@lru_cache(maxsize=64)
def _spelling(name: str) -> tuple[Mapping[str, str], frozenset[str]]:
    """What the general spelling rule does not give for an API: fields that have other names, and what is a list."""
    noun, known = name.removeprefix("Create"), table.api(name)
    members = api.apis()[name].members
    names = {"name": next((own for own in (f"{noun}Name", "JobDefinitionName") if own in members), "Name")}
    for theirs, ours in known.terraform_paths().items() if known is not None else ():
        steps = theirs.split(".")
        for at, step in enumerate(ours.translate(_NO_BRACKETS).split(".")[: len(steps)]):
            if step.lower() != steps[at].replace("_", ""):
                names[".".join(steps[: at + 1])] = step
    return names, frozenset(_lists().get(name, ()))


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, list[str]]:
    """The members of every API that are lists of structures."""
    loaded: Mapping[str, list[str]] = json.loads(
        files("smlint.readers.terraform").joinpath("lists.json").read_text("utf-8")
    )
    return loaded


def _role(request: Node, path: str) -> Text | None:
    node: Node | None = request
    for step in path.split(".") if path else []:
        node = node.get(step.removesuffix("[]")) if node is not None else None
        if node is not None and step.endswith("[]"):
            node = next(iter(node.elements()), None)
    return node.text if node is not None and path else None


class Request:
    """Makes a request in the API's spelling of a resource's arguments: fields with other names, fields with lists."""

    def __init__(self, names: Mapping[str, str], lists: frozenset[str]) -> None:
        self.names = names
        self.lists = lists

    def node(self, block: Arguments, ours: str, theirs: str) -> Node:
        """A block as a structure. `ours`, `theirs`: the paths to it in Terraform's and in the API's spelling."""
        members: dict[str, Node] = {}
        for name, key, value in block.given():
            if name in _OURS:
                continue
            member, _ = self._name(name, ours, theirs)
            made = _tags(value) if member == "Tags" else self._value(value, _under(ours, name), _under(theirs, member))
            members[member] = Node(made.value, made.origin, key, made.used, "", made.open)
        for type, inner, doubt in block.all_blocks():
            self._put(members, type, inner, doubt, (ours, theirs))
        return Node(members, block.origin)

    def _put(self, members: dict[str, Node], type: str, inner: Arguments, doubt: str, paths: tuple[str, str]) -> None:
        ours, theirs = paths
        member, several = self._name(type, ours, theirs)
        node = self.node(inner, _under(ours, type), _under(theirs, member))
        if doubt:
            members[member] = Node([], inner.origin, open=True) if several else Node(Unknown(doubt), inner.origin)
        elif several:
            group = members.setdefault(member, Node([], inner.origin, inner.origin))
            if group.sequence is not None:
                group.sequence.append(node)
        else:
            members[member] = node

    def _name(self, name: str, ours: str, theirs: str) -> tuple[str, bool]:
        """The API's name of a field, and whether it is a list of structures there."""
        renamed = self.names.get(_under(ours, name))
        if renamed is not None:
            return renamed, _under(theirs, renamed) in self.lists
        spelt = api.spell(name)
        for candidate in (spelt, spelt + "s", spelt.removesuffix("y") + "ies"):
            if _under(theirs, candidate) in self.lists:
                return candidate, True
        return spelt, False

    def _value(self, node: Node, ours: str, theirs: str) -> Node:
        """An argument's value; objects and lists of objects in it are structures too."""
        if node.sequence is not None:
            return node.with_value([self._value(item, ours, theirs) for item in node.sequence])
        if node.mapping is None or not self._structure(theirs):
            return node
        members: dict[str, Node] = {}
        for name, member in node.mapping.items():
            renamed, _ = self._name(name, ours, theirs)
            members[renamed] = self._value(member, _under(ours, name), _under(theirs, renamed))
        return node.with_value(members)

    def _structure(self, path: str) -> bool:
        return path.rsplit(".", 1)[-1] not in ("Environment", "HyperParameters", "StaticHyperParameters")


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _tags(node: Node) -> Node:
    """Tags are a map in Terraform and a list in the API."""
    if node.mapping is None:
        return node
    made = [
        Node({"Key": Node(name, member.key or member.origin), "Value": member}, member.origin)
        for name, member in node.mapping.items()
    ]
    return Node(list(made), node.origin, open=node.open)


def _pipeline(resource: Instance) -> Iterator[Fact]:
    from smlint.readers import pipeline

    yield from workload(resource)
    definition = resource.get("pipeline_definition")
    if definition is not None:
        caller = resource.text("role_arn")
        document = document_of(definition, resource.problems)
        yield from _marked(pipeline.workloads(document, caller, resource.label, resource.scope), resource)


def _state_machine(resource: Instance) -> Iterator[Fact]:
    from smlint.readers import state_machine

    definition, role = resource.get("definition"), resource.text("role_arn")
    if definition is not None:
        document = document_of(definition, resource.problems)
        yield from _marked(state_machine.workloads(document, role, resource.label, resource.scope), resource)


def _marked(facts: Iterator[Fact], resource: Instance) -> Iterator[Fact]:
    """What a resource that may not exist starts holds only where it does."""
    for fact in facts:
        if resource.doubt and isinstance(fact, Workload):
            fact.under = fact.under or resource.doubt
        yield fact


def _event_target(resource: Instance) -> Iterator[Fact]:
    role = resource.text("role_arn")
    if role is not None:
        yield Caller(resource.origin, resource.label, role, "event-rule")


MAKERS: dict[str, Maker] = {
    "aws_cloudwatch_event_target": _event_target,
    "aws_lambda_function": lambdas.function,
    "aws_sagemaker_pipeline": _pipeline,
    "aws_sfn_state_machine": _state_machine,
}
