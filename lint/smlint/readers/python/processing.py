"""Processing jobs: processors, Clarify, and the jobs that suggest a monitor's baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smlint.readers.python.draft import Draft, shaped
from smlint.readers.python.sessions import Deployment, aws_image
from smlint.readers.python.signatures import SPARK_PROCESSORS
from smlint.readers.python.things import Arguments, Instance, hole, text_or_hole, text_with, unknown
from smlint.values import Node

_MEMBERS = {
    "image_uri": "AppSpecification.ImageUri",
    "role": "RoleArn",
    "instance_type": "ProcessingResources.ClusterConfig.InstanceType",
    "instance_count": "ProcessingResources.ClusterConfig.InstanceCount",
    "volume_size_in_gb": "ProcessingResources.ClusterConfig.VolumeSizeInGB",
    "volume_kms_key": "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
    "output_kms_key": "ProcessingOutputConfig.KmsKeyId",
    "env": "Environment",
    "tags": "Tags",
}
_INPUT = {
    "input_name": "InputName",
    "app_managed": "AppManaged",
    "s3_input": "S3Input",
    "dataset_definition": "DatasetDefinition",
}
_INPUT_SOURCE = {
    "s3_data_type": "S3Input.S3DataType",
    "s3_input_mode": "S3Input.S3InputMode",
    "destination": "S3Input.LocalPath",
}
_OUTPUT = {
    "output_name": "OutputName",
    "app_managed": "AppManaged",
    "s3_output": "S3Output",
    "source": "S3Output.LocalPath",
    "s3_upload_mode": "S3Output.S3UploadMode",
    "feature_store_output": "FeatureStoreOutput",
}


def processor_request(processor: Instance, arguments: Arguments | None, place: Deployment) -> Node:
    """CreateProcessingJob as the SDK sends it for a processor and the arguments of run()."""
    draft = _job(processor, place)
    if arguments is None:
        return draft.node
    draft.node.open = draft.node.open or arguments.open
    jobs = _Files(processor, place)
    sources = _given(arguments, "inputs", jobs.input)
    code = arguments.get("code") or arguments.get("submit_app")
    if code is not None and code.value is not None:
        sources = _with(sources, jobs.input(code), code)
    if processor.cls in SPARK_PROCESSORS:
        for name in ("submit_py_files", "submit_jars", "submit_files"):
            files = arguments.get(name)
            for file in files.elements() if files is not None else ():
                sources = _with(sources, jobs.input(file), file)
    draft.put("ProcessingInputs", sources)
    draft.put("ProcessingOutputConfig.Outputs", _given(arguments, "outputs", jobs.output))
    return draft.node


def _job(processor: Instance, place: Deployment) -> Draft:
    draft = Draft(processor.origin, processor.open)
    if processor.argument("image_uri") is None and not processor.open:
        region = place.region(processor.argument("sagemaker_session"))
        draft.put("AppSpecification.ImageUri", aws_image(region, processor.cls, processor.origin))
    draft.copy(processor, _MEMBERS)
    draft.put("NetworkConfig", network(processor))
    return draft


def network(processor: Instance) -> Node | None:
    """NetworkConfig of a processor or monitor."""
    given = processor.argument("network_config")
    if not isinstance(given, Instance):
        return given
    draft = Draft(given.origin, given.open)
    draft.copy(
        given,
        {
            "enable_network_isolation": "EnableNetworkIsolation",
            "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
            "subnets": "VpcConfig.Subnets",
            "security_group_ids": "VpcConfig.SecurityGroupIds",
        },
    )
    return draft.node


class _Files:
    """Inputs and outputs of one processor's job."""

    def __init__(self, processor: Instance, place: Deployment) -> None:
        self.session = processor.argument("sagemaker_session")
        self.place = place

    def input(self, given: Node) -> Node:
        """ProcessingInput as the API takes it; what is local is uploaded to the default bucket first."""
        draft = Draft(given.origin)
        if not isinstance(given, Instance) or given.cls != "ProcessingInput":
            draft.put("S3Input.S3Uri", self._uploaded(given))
            return draft.node
        draft.node.open = given.open
        draft.copy(given, _INPUT)
        source = given.argument("source")
        if source is not None:
            draft.copy(given, _INPUT_SOURCE)
            draft.put("S3Input.S3Uri", self._uploaded(source))
        return draft.node

    def _uploaded(self, source: Node) -> Node:
        literal = source.literal
        if literal is None or literal.startswith(("s3://", "https://", "http://")):
            return source
        return self.place.default_uri(self.session, source.origin, hole(source, "uploaded"))

    def output(self, given: Node) -> Node:
        """ProcessingOutput as the API takes it; without a destination it goes to the default bucket."""
        if not isinstance(given, Instance):
            return unknown("an output that is not settled", given.origin)
        draft = Draft(given.origin, given.open)
        draft.copy(given, _OUTPUT)
        destination = given.argument("destination")
        if destination is not None:
            draft.put("S3Output.S3Uri", destination)
        elif given.argument("source") is not None and not given.open:
            draft.put("S3Output.S3Uri", self.place.default_uri(self.session, given.origin, hole(given, "output")))
        return draft.node


def outputs_by_name(processor: Instance, outputs: Node | None, place: Deployment) -> dict[str, Node]:
    """Where a job leaves its outputs, as far as they have names."""
    found = {}
    for given in outputs.sequence or () if outputs is not None else ():
        name = given.argument("output_name") if isinstance(given, Instance) else None
        uri = _Files(processor, place).output(given).get("S3Output", "S3Uri")
        if name is not None and name.literal is not None and uri is not None:
            found[name.literal] = uri
    return found


def _given(arguments: Arguments, name: str, read: Callable[[Node], Node]) -> Node | None:
    given = arguments.get(name)
    if given is None or given.value is None:
        return None
    if given.sequence is None:
        return unknown(f"{name} that are not settled", given.origin)
    return Node([read(element) for element in given.sequence], given.origin, open=given.open)


def _with(sources: Node | None, added: Node, origin: Node) -> Node:
    if sources is None:
        return Node([added], origin.origin)
    if sources.sequence is None:
        return sources
    return Node([*sources.sequence, added], sources.origin, open=sources.open)


def clarify_request(processor: Instance, arguments: Arguments, place: Deployment) -> Node:
    """CreateProcessingJob of a Clarify run: data and analysis configuration in, report out."""
    draft = _job(processor, place)
    config = arguments.get("data_config", 0)
    if not isinstance(config, Instance):
        draft.node.open = True
        return draft.node
    analysis = config.argument("s3_analysis_config_output_path") or config.argument("s3_output_path")
    data = config.argument("s3_data_input_path")
    sources = [_Files(processor, place).input(data)] if data is not None else []
    if analysis is not None:
        path = text_with([text_or_hole(analysis), "/analysis_config.json"], analysis.origin)
        sources.append(Node({"S3Input": Node({"S3Uri": path}, path.origin)}, path.origin))
    draft.put("ProcessingInputs", Node(list(sources), config.origin))
    output = _s3("S3Output", config.argument("s3_output_path"))
    draft.put("ProcessingOutputConfig.Outputs", Node([output], config.origin) if output is not None else None)
    return draft.node


def baseline_request(monitor: Instance, arguments: Arguments, place: Deployment) -> Node:
    """CreateProcessingJob of suggest_baseline()."""
    draft = _job(monitor, place)
    config = arguments.get("data_config")
    data, output = arguments.get("baseline_dataset", 0), arguments.get("output_s3_uri")
    if isinstance(config, Instance):
        data, output = config.argument("s3_data_input_path"), config.argument("s3_output_path")
    elif output is None or output.value is None:
        output = place.default_uri(monitor.argument("sagemaker_session"), monitor.origin, hole(monitor, "baseline"))
    if data is not None:
        draft.put("ProcessingInputs", Node([_Files(monitor, place).input(data)], data.origin))
    result = _s3("S3Output", output)
    draft.put("ProcessingOutputConfig.Outputs", Node([result], result.origin) if result is not None else None)
    return draft.node


def _s3(member: str, uri: Node | None) -> Node | None:
    if uri is None or uri.value is None:
        return None
    return Node({member: Node({"S3Uri": shaped(uri)}, uri.origin)}, uri.origin)


def step_arguments(step: Instance) -> Arguments:
    """The arguments of run() that a pipeline's processing step holds."""
    return Arguments(keywords=dict(_of(step)), open=step.open)


def _of(step: Instance) -> Iterator[tuple[str, Node]]:
    for name in ("inputs", "outputs", "code"):
        given = step.argument(name)
        if given is not None:
            yield name, given
