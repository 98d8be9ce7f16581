"""AWS::SageMaker::*: each resource is one request of the API that creates it, in the API's own shape."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from smlint.facts import Fact, Workload
from smlint.needs import table
from smlint.readers import api
from smlint.readers import pipeline as pipelines
from smlint.readers.cloudformation.resource import Resource
from smlint.values import Node

PREFIX = "AWS::SageMaker::"
_Path = tuple[str, ...]


def workload(resource: Resource) -> Iterator[Fact]:
    noun = resource.type.removeprefix(PREFIX)
    name = resource.name
    request = _request(noun, resource.properties)
    definition = _definition(resource) if noun == "Pipeline" else None
    if definition is not None:  # parsed once, for its steps and for what the pipeline itself needs
        request = request.with_value({**dict(request.items()), "PipelineDefinition": definition})
    yield Workload(
        resource.origin,
        f"Create{noun}",
        request,
        resource.logical,
        "cloudformation",
        names=tuple({name: None, resource.reference: None}),
        construct=resource.construct,
    )
    if definition is not None:
        scope = resource.evaluator.stack.scope
        yield from pipelines.workloads(definition, resource.text("RoleArn"), resource.logical, scope)


def _request(noun: str, properties: Node) -> Node:
    """The properties under the names that the API gives them."""
    request = properties.with_value({_plain(noun, name): member for name, member in properties.items()})
    for theirs, ours in _moves(f"Create{noun}"):
        request = _moved(request, theirs, ours)
    return request


def _plain(noun: str, name: str) -> str:
    """The member of the API; CloudFormation writes the noun before some of them ("ImageDisplayName")."""
    known = api.apis().get(f"Create{noun}")
    short = name.removeprefix(noun)
    return short if known is not None and name not in known.members and short in known.members else name


@lru_cache(maxsize=64)
def _moves(name: str) -> tuple[tuple[_Path, _Path], ...]:
    """Which fields stand elsewhere in the template: the path there, the path in the request."""
    known = table.api(name)
    pairs = known.cloudformation_paths().items() if known is not None else ()
    return tuple(
        dict.fromkeys(_differing(_steps_of(theirs), _steps_of(ours)) for theirs, ours in pairs if theirs != ours)
    )


def _steps_of(path: str) -> _Path:
    return tuple(path.replace("[]", "").split("."))


def _differing(theirs: _Path, ours: _Path) -> tuple[_Path, _Path]:
    """Two paths without the end that they share."""
    while theirs[1:] and ours[1:] and theirs[-1] == ours[-1]:
        theirs, ours = theirs[:-1], ours[:-1]
    return theirs, ours


def _moved(node: Node, theirs: _Path, ours: _Path) -> Node:
    """The node with what stands at one path at the other one."""
    if node.sequence is not None:
        return node.with_value([_moved(element, theirs, ours) for element in node.sequence])
    stepwise = len(theirs) == len(ours) > 1
    found = node.get(theirs[0]) if stepwise else node.get(*theirs)
    if found is None:
        return node
    members = {name: member for name, member in node.items() if name != theirs[0]}
    members[ours[0]] = _moved(found, theirs[1:], ours[1:]) if stepwise else found
    return node.with_value(members)


def _definition(resource: Resource) -> Node | None:
    """The pipeline's definition, which is written as a structure or as a text."""
    given = resource.get("PipelineDefinition")
    body = given.get("PipelineDefinitionBody") if given is not None and given.mapping is not None else given
    return resource.document(body)
