"""What a pipeline's steps leave for the steps after them: `step.properties`, and what recorded calls give."""

from __future__ import annotations

from smlint.document import Origin
from smlint.readers.python import hosting, processing
from smlint.readers.python.sessions import Deployment
from smlint.readers.python.things import Arguments, Instance, LibraryObject, hole, text_or_hole, text_with, unknown
from smlint.values import Hole, Node, Text

_RECORDED = "recorded call"


def recorded(thing: Instance, arguments: Arguments, origin: Origin) -> Node:
    """What a call gives that a pipeline's session only records: the arguments of a step."""
    return LibraryObject(_RECORDED, {**arguments.keywords, "made_by": thing}, origin)


def properties(step: Instance, place: Deployment, origin: Origin) -> Node:
    """The properties of a step, as far as they are places: its job's outputs, its model."""
    given = step.instance("step_args") or step
    makers = (given.instance(name) for name in ("made_by", "processor", "estimator", "model"))
    maker = next(filter(None, makers), None)
    if maker is None:
        return unknown("the properties of a step", origin)
    match step.cls:
        case "ProcessingStep":
            uris = processing.outputs_by_name(maker, given.argument("outputs"), place)
            outputs = Node({name: _output(uri) for name, uri in uris.items()}, origin, open=True)
            return _properties({"ProcessingOutputConfig": _properties({"Outputs": outputs}, outputs)}, outputs)
        case "TrainingStep" if (artefact := hosting.artefact(maker, place)) is not None:
            return _properties({"ModelArtifacts": _properties({"S3ModelArtifacts": artefact}, artefact)}, artefact)
        case "CreateModelStep":
            return _properties({"ModelName": Node(hosting.model_name(maker), origin)}, maker)
    return unknown("the properties of a step", origin)


def _output(uri: Node) -> Node:
    return _properties({"S3Output": _properties({"S3Uri": uri}, uri)}, uri)


def _properties(members: dict[str, Node], of: Node) -> Node:
    return LibraryObject("properties", members, of.origin)


def top_model(step: Instance, arguments: Arguments, origin: Origin) -> Node | None:
    """Where the best model of a tuning step is: get_top_model_s3_uri()."""
    bucket, prefix = arguments.get("s3_bucket", 1), arguments.get("prefix", 2)
    if bucket is None:
        return None
    parts: list[Text | Hole] = ["s3://", text_or_hole(bucket, "bucket"), "/"]
    if prefix is not None and prefix.value:
        parts += [text_or_hole(prefix, "prefix"), "/"]
    return text_with([*parts, hole(step, "job"), "/output/model.tar.gz"], origin)
