"""SageMaker pipeline definitions (schema 2020-12-01): every step that calls an API is a workload.

A parameter counts with its default, as it does unless an execution overrides it. What a step takes from another step is
unknown, but for names: a transform step that takes the name of a model step's model means that model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename

from smlint.document import Document
from smlint.facts import Caller, Fact, Workload
from smlint.needs import table
from smlint.readers import api as apis
from smlint.readers.scope import Scope
from smlint.record import dataclass
from smlint.syntax import embedded
from smlint.values import Hole, Node, Template, Text, Unknown, Value, join

DEEPEST = 64
# Where the role of a step's job stands; without one the step runs with the pipeline's role.
_ROLES = {
    "CreateTrainingJob": (("RoleArn",),),
    "CreateProcessingJob": (("RoleArn",),),
    "CreateHyperParameterTuningJob": (("TrainingJobDefinition", "RoleArn"), ("TrainingJobDefinitions",)),
    "CreateModel": (("ExecutionRoleArn",),),
    "CreateAutoMLJob": (("RoleArn",),),
    "CreateAutoMLJobV2": (("RoleArn",),),
}


def recognises(root: Node, path: str) -> bool:
    """Whether the file is a pipeline's definition."""
    version, steps = root.get("Version"), root.get("Steps")
    return version is not None and version.value == "2020-12-01" and steps is not None and steps.sequence is not None


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The workloads of a definition in a file; who runs it is not in it."""
    yield from workloads(root, None, basename(document.path).split(".")[0], scope)


def of_request(request: Node, label: str, scope: Scope) -> Iterator[Fact]:
    """The jobs of the definition that a CreatePipeline request holds as a text."""
    definition, role = request.get("PipelineDefinition"), request.get("RoleArn")
    for parsed in embedded.parse_json(definition).nodes if definition is not None else ():
        yield from workloads(parsed, role.text if role is not None else None, label, scope)


def workloads(definition: Node, caller: Text | None, label: str, scope: Scope) -> Iterator[Fact]:
    """The jobs that a pipeline's steps start; `caller` is the pipeline's role."""
    pipeline = _Pipeline(caller, f"pipeline:{definition.origin.document.path}:{label}", _parameters(definition))
    started = list(_steps(definition.get("Steps"), pipeline, 0))
    if started and caller is not None:
        yield Caller(definition.origin, f"pipeline {label}", caller, "pipeline")
    yield from started


@dataclass(frozen=True, slots=True)
class _Pipeline:
    role: Text | None
    hole: str
    parameters: Mapping[str, Node]


def _parameters(definition: Node) -> dict[str, Node]:
    parameters = definition.get("Parameters")
    found = {}
    for parameter in parameters.elements() if parameters is not None else ():
        name = parameter.get("Name")
        if name is not None and name.literal is not None:
            found[name.literal] = parameter
    return found


def _steps(steps: Node | None, pipeline: _Pipeline, depth: int) -> Iterator[Workload]:
    if steps is None or depth > DEEPEST:
        return
    for step in steps.elements():
        kind = step.get("Type")
        if kind is not None and kind.value == "Condition":
            for branch in ("IfSteps", "ElseSteps"):
                yield from _steps(step.get("Arguments", branch), pipeline, depth + 1)
        workload = _step(step, pipeline)
        if workload is not None:
            yield workload


def _step(step: Node, pipeline: _Pipeline) -> Workload | None:
    kind, given, name = step.get("Type"), step.get("Arguments"), step.get("Name")
    known = table.by_pipeline_step(kind.literal or "") if kind is not None else None
    if known is None:
        return None
    api = known.name
    if given is not None and given.get("AutoMLJobInputDataConfig") is not None:
        api = "CreateAutoMLJobV2"
    label = str(name.text) if name is not None and name.text else api
    request = _resolve(given, pipeline, 0) if given is not None else Node({}, step.origin, open=True)
    if request.mapping is None:
        request = Node({}, request.origin, open=True)
    own, made = apis.own_name(api, request), _made_by(label, api, pipeline)
    names = (own, made) if own else (made,)
    role = None if _has_role(api, request) else pipeline.role
    return Workload(step.origin, api, request, label, "pipeline", role, pipeline.role, names=names)


def _has_role(api: str, request: Node) -> bool:
    return api not in _ROLES or any(request.get(*path) is not None for path in _ROLES[api])


def _made_by(step: str, api: str, pipeline: _Pipeline) -> Text:
    """The name that a step gives to what it creates, as other steps refer to it."""
    return Template((Hole(f"{pipeline.hole}:Steps.{step}.{api.removeprefix('Create')}Name"),))


def _resolve(node: Node, pipeline: _Pipeline, depth: int) -> Node:
    """The arguments with parameters, joins and references put in."""
    if depth > DEEPEST:
        return node.with_value(Unknown("nested too deeply"))
    if node.sequence is not None:
        return node.with_value([_resolve(element, pipeline, depth + 1) for element in node.sequence])
    if node.mapping is None:
        return node
    reference = node.get("Get")
    if reference is not None and len(node.mapping) == 1:
        return _get(node, reference.literal or "", pipeline)
    joined = node.get("Std:Join")
    if joined is not None and len(node.mapping) == 1:
        return node.with_value(_join(joined, pipeline, depth + 1))
    if any(name.startswith("Std:") for name in node.mapping):
        return node.with_value(Unknown("a pipeline function"))
    return node.with_value({name: _resolve(member, pipeline, depth + 1) for name, member in node.items()})


def _get(node: Node, reference: str, pipeline: _Pipeline) -> Node:
    source, _, name = reference.partition(".")
    hole = Hole(f"{pipeline.hole}:{reference}", label=reference)
    if source == "Parameters":
        parameter = pipeline.parameters.get(name)
        default = parameter.get("DefaultValue") if parameter is not None else None
        if default is not None:
            return Node(default.value, default.origin, node.key, node.origin)
        kind = parameter.get("Type") if parameter is not None else None
        text = kind is None or kind.value == "String"
        return node.with_value(Template((Hole(hole.name, label=name),)) if text else Unknown(f"parameter {name}"))
    if source == "Execution" or reference.endswith("Name"):
        return node.with_value(Template((hole,)))
    return node.with_value(Unknown(f"{reference} is known when the pipeline runs"))


def _join(arguments: Node, pipeline: _Pipeline, depth: int) -> Value:
    on, values = arguments.get("On"), arguments.get("Values")
    if values is None or values.sequence is None:
        return Unknown("a join of what is unknown")
    parts: list[Text | Hole] = []
    for position, element in enumerate(values.sequence):
        if position and on is not None and on.text is not None:
            parts.append(on.text)
        parts.append(_joinable(_resolve(element, pipeline, depth), element, pipeline))
    return join(parts)


def _joinable(node: Node, written: Node, pipeline: _Pipeline) -> Text | Hole:
    if node.text is not None:
        return node.text
    if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return str(node.value)
    reference = written.get("Get")
    name = reference.literal if reference is not None else None
    return Hole(f"{pipeline.hole}:{name or written.origin.offsets()[0]}", label=name or "value")
