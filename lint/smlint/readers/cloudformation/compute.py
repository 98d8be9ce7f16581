"""What calls SageMaker: state machines, rules and schedules."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from smlint.facts import Fact, Superseded, Workload
from smlint.readers import api as apis
from smlint.readers import state_machine as machines
from smlint.readers.cloudformation.loops import local_path
from smlint.readers.cloudformation.resource import Resource
from smlint.syntax import structured
from smlint.values import Hole, Node, Text, join, pieces, split


def state_machine(resource: Resource) -> Iterator[Fact]:
    definition = _definition(resource)
    role = resource.text("RoleArn")
    if definition is not None:
        scope = resource.evaluator.stack.scope
        if definition.origin.document.path != resource.origin.document.path:
            yield Superseded(resource.origin, definition.origin.document.path)
        yield from machines.workloads(definition, role, resource.logical, scope, resource.origin)


def _definition(resource: Resource) -> Node | None:
    """The state machine's definition, with what DefinitionSubstitutions puts in."""
    values = {name: resource.written(value) for name, value in _items(resource.get("DefinitionSubstitutions"))}
    inline = resource.get("Definition") or resource.get("DefinitionString")
    location = resource.get("DefinitionS3Location")
    if inline is None and location is not None:
        inline = _file(resource, location)
    if inline is None or inline.unknown:
        return None
    return resource.document(_substituted(inline, values, resource))


def _items(node: Node | None) -> list[tuple[str, Node]]:
    return list(node.items()) if node is not None else []


def _file(resource: Resource, location: Node) -> Node | None:
    """A definition in a file beside the template: its text where it is JSON, else its values."""
    from smlint.document import Span

    named = location.literal or (resource.written(location.get("Key")) if location.mapping is not None else None)
    path = local_path(resource.evaluator, named) if isinstance(named, str) else None
    scope = resource.evaluator.stack.scope
    document = scope.open(path) if path is not None else None
    if document is None and path is not None:  # an asset of the CDK: its key is its file's name without the "asset."
        document = scope.open(posixpath.join(posixpath.dirname(path), f"asset.{posixpath.basename(path)}"))
    if document is None:
        return None
    if document.text.lstrip().startswith("{"):
        return Node(document.text, Span(document, 0, len(document.text)))
    parsed = structured(document)
    return parsed.nodes[0] if parsed.nodes else None


def _substituted(node: Node, values: dict[str, Text | None], resource: Resource) -> Node:
    """The definition with every `${Name}` of the substitutions filled in; other names stay unsettled."""
    if node.mapping is not None:
        return node.with_value({name: _substituted(member, values, resource) for name, member in node.items()})
    if node.sequence is not None:
        return node.with_value([_substituted(element, values, resource) for element in node.sequence])
    text = node.text
    if text is None or "${" not in str(text):
        return node
    before, *places = split(text, "${")
    parts: list[str | Hole | Text] = [before]
    for place in places:
        first, *rest = pieces(place)
        name, closed, after = first.partition("}") if isinstance(first, str) else ("", "", "")
        value = values.get(name) or resource.evaluator.stack.hole(f"{resource.logical}.{name}")
        parts += [value, after, *rest] if closed else ["${", place]
    return node.with_value(join(parts))


def rule(resource: Resource) -> Iterator[Fact]:
    """AWS::Events::Rule: a target that is a SageMaker pipeline is started with the target's role."""
    targets = resource.get("Targets")
    for target in targets.elements() if targets is not None else []:
        yield from _pipeline_start(resource, target)


def schedule(resource: Resource) -> Iterator[Fact]:
    """AWS::Scheduler::Schedule: starts a pipeline, or calls any API through the universal target."""
    target = resource.get("Target")
    if target is None:
        return
    yield from _pipeline_start(resource, target)
    arn = resource.written(target.get("Arn"))
    called = split(arn, ":") if arn is not None else []
    api = apis.operation(called[-1]) if called and isinstance(called[-1], str) and "sagemaker" in called else None
    if api is not None:
        request = resource.document(target.get("Input"))
        if request is None or request.mapping is None:
            request = Node({}, target.origin, open=True)
        yield _called(resource, target, api, request)


def _pipeline_start(resource: Resource, target: Node) -> Iterator[Fact]:
    arn = resource.written(target.get("Arn"))
    parts = split(arn, ":") if arn is not None else []
    if len(parts) != 6 or parts[2] != "sagemaker":
        return
    _, *name = split(parts[5], "pipeline/")
    if name:
        origin = target.get("Arn") or target
        yield _called(
            resource, target, "StartPipelineExecution", origin.with_value({"PipelineName": origin.with_value(name[0])})
        )


def _called(resource: Resource, target: Node, api: str, request: Node) -> Workload:
    return Workload(
        target.origin,
        api,
        request,
        resource.logical,
        "cloudformation",
        caller=resource.written(target.get("RoleArn")),
        caller_origin=target.origin,
        construct=resource.construct,
    )


READERS = {
    "AWS::StepFunctions::StateMachine": state_machine,
    "AWS::Events::Rule": rule,
    "AWS::Scheduler::Schedule": schedule,
}
