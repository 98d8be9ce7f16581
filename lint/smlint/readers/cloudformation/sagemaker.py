"""AWS::SageMaker::*: each resource is one request of the API that creates it, in the API's own shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smlint.facts import Fact, Workload
from smlint.readers import pipeline as pipelines
from smlint.readers.cloudformation.resource import Resource
from smlint.values import Node

PREFIX = "AWS::SageMaker::"

# Where CloudFormation spells a member other than the API does: the path in the template, the path in the request.
RENAMED: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "Image": (
        (("ImageRoleArn",), ("RoleArn",)),
        (("ImageDisplayName",), ("DisplayName",)),
        (("ImageDescription",), ("Description",)),
    ),
    "Pipeline": (
        (("PipelineDefinition", "PipelineDefinitionS3Location"), ("PipelineDefinitionS3Location",)),
        (("PipelineDefinition", "PipelineDefinitionBody"), ("PipelineDefinition",)),
        (("PipelineDisplayName",), ("PipelineDisplayName",)),
    ),
    "Project": ((("TemplateProviderDetails",), ("TemplateProviders",)),),
}
_INNER_NAMES = {"CfnTemplateProviderDetail": "CfnTemplateProvider"}


def workload(resource: Resource) -> Iterator[Fact]:
    noun = resource.type.removeprefix(PREFIX)
    name = resource.name
    yield Workload(
        resource.origin,
        f"Create{noun}",
        _request(noun, resource.properties),
        resource.logical,
        "cloudformation",
        names=tuple({name: None, resource.reference: None}),
        construct=resource.construct,
    )
    if noun == "Pipeline":
        yield from _steps(resource)


def _request(noun: str, properties: Node) -> Node:
    """The properties under the names that the API gives them."""
    members = dict(properties.items())
    for path, wanted in RENAMED.get(noun, ()):
        found = properties.get(*path)
        if found is not None:
            members.pop(path[0], None)
            members[wanted[0]] = _inner(found)
    return properties.with_value(members)


def _inner(node: Node) -> Node:
    """Names that differ inside a list, as in a project's template providers."""
    if node.sequence is None:
        return node
    return node.with_value(
        [
            element.with_value({_INNER_NAMES.get(name, name): member for name, member in element.items()})
            if element.mapping is not None
            else element
            for element in node.sequence
        ]
    )


def _steps(resource: Resource) -> Iterator[Fact]:
    """What the pipeline's steps start, with the pipeline's role as caller."""
    given = resource.get("PipelineDefinition")
    body = given.get("PipelineDefinitionBody") if given is not None and given.mapping is not None else given
    definition = resource.document(body)
    if definition is not None:
        scope = resource.evaluator.stack.scope
        yield from pipelines.workloads(definition, resource.text("RoleArn"), resource.logical, scope)
