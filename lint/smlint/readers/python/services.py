"""AutoML, feature groups, monitoring schedules, notebook jobs, pipelines."""

from __future__ import annotations

from smlint.readers.python.draft import Draft
from smlint.readers.python.processing import network
from smlint.readers.python.sessions import Deployment, aws_image
from smlint.readers.python.things import Arguments, Instance, hole, unknown
from smlint.values import Node

_SECURITY = {"volume_kms_key": "SecurityConfig.VolumeKmsKeyId", "vpc_config": "SecurityConfig.VpcConfig"}
_OUTPUT = {
    "role": "RoleArn",
    "output_path": "OutputDataConfig.S3OutputPath",
    "output_kms_key": "OutputDataConfig.KmsKeyId",
    "tags": "Tags",
}
_FEATURES = {
    "role_arn": "RoleArn",
    "s3_uri": "OfflineStoreConfig.S3StorageConfig.S3Uri",
    "offline_store_kms_key_id": "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    "disable_glue_table_creation": "OfflineStoreConfig.DisableGlueTableCreation",
    "enable_online_store": "OnlineStoreConfig.EnableOnlineStore",
    "online_store_kms_key_id": "OnlineStoreConfig.SecurityConfig.KmsKeyId",
    "tags": "Tags",
}
# What counts of these where a group has no offline store.
_ONLINE = frozenset({"role_arn", "enable_online_store", "online_store_kms_key_id", "tags"})
_NOTEBOOK_JOB = {
    "role": "RoleArn",
    "image_uri": "AlgorithmSpecification.TrainingImage",
    "s3_root_uri": "OutputDataConfig.S3OutputPath",
    "s3_kms_key": "OutputDataConfig.KmsKeyId",
    "instance_type": "ResourceConfig.InstanceType",
    "volume_size": "ResourceConfig.VolumeSizeInGB",
    "volume_kms_key": "ResourceConfig.VolumeKmsKeyId",
    "subnets": "VpcConfig.Subnets",
    "security_group_ids": "VpcConfig.SecurityGroupIds",
    "tags": "Tags",
}
_CLUSTER = {"instance_type": "InstanceType", "instance_count": "InstanceCount", "volume_kms_key": "VolumeKmsKeyId"}
# A monitor's own job definition and the prefix of its members' names.
_DEFINITIONS = {
    "DefaultModelMonitor": "DataQuality",
    "ModelQualityMonitor": "ModelQuality",
    "ModelBiasMonitor": "ModelBias",
    "ModelExplainabilityMonitor": "ModelExplainability",
}


def automl_request(automl: Instance, arguments: Arguments, place: Deployment) -> tuple[str, Node]:
    """CreateAutoMLJob, or its second version for AutoMLV2, and the request."""
    second = automl.cls == "AutoMLV2"
    draft = Draft(automl.origin, automl.open or arguments.open)
    draft.copy(automl, {name: path if second else f"AutoMLJobConfig.{path}" for name, path in _SECURITY.items()})
    if automl.argument("output_path") is None and not automl.open:
        session = automl.argument("sagemaker_session")
        draft.put("OutputDataConfig.S3OutputPath", place.default_uri(session, automl.origin, "auto-ml/output"))
    if second and automl.argument("role") is None and not automl.open:
        draft.put("RoleArn", place.execution_role(automl.origin))
    draft.copy(automl, _OUTPUT)
    uris = {"feature_specification_s3_uri": "AutoMLJobConfig.CandidateGenerationConfig.FeatureSpecificationS3Uri"}
    draft.copy(automl, {} if second else uris)
    inputs = arguments.get("inputs", 0)
    if inputs is not None and inputs.value is not None:
        channels = [_automl_channel(given) for given in inputs.elements()]
        draft.put("AutoMLJobInputDataConfig" if second else "InputDataConfig", Node(list(channels), inputs.origin))
    return ("CreateAutoMLJobV2" if second else "CreateAutoMLJob"), draft.node


def _automl_channel(given: Node) -> Node:
    channel = Draft(given.origin)
    channel.set("DataSource.S3DataSource.S3DataType", "S3Prefix")
    uri = given
    if isinstance(given, Instance):
        uri = given.argument("inputs") or given.argument("s3_data_uri") or unknown("", given.origin)
        channel.copy(given, {"s3_data_type": "DataSource.S3DataSource.S3DataType"})
    channel.put("DataSource.S3DataSource.S3Uri", uri)
    return channel.node


def feature_group_request(group: Instance, arguments: Arguments) -> Node:
    """CreateFeatureGroup of FeatureGroup.create()."""
    draft = Draft(group.origin, arguments.open)
    draft.put("FeatureGroupName", group.argument("name"))
    s3_uri = arguments.get("s3_uri")
    online = s3_uri is not None and s3_uri.value is False
    given = Instance("FeatureGroup.create", arguments.keywords, group.origin)
    draft.copy(given, {name: path for name, path in _FEATURES.items() if name in _ONLINE or not online})
    return draft.node


def notebook_job_request(step: Instance, place: Deployment) -> Node:
    """A notebook job is a training job; so is a function that the SDK runs remotely."""
    draft = Draft(step.origin, step.open)
    if step.argument("role") is None and not step.open:
        draft.put("RoleArn", place.execution_role(step.origin))
    if step.argument("s3_root_uri") is None and not step.open:
        draft.put("OutputDataConfig.S3OutputPath", place.default_uri(step.argument("sagemaker_session"), step.origin))
    draft.copy(step, _NOTEBOOK_JOB)
    return draft.node


def monitoring_requests(monitor: Instance, arguments: Arguments, place: Deployment) -> dict[str, Node]:
    """CreateMonitoringSchedule, with the job definition that the monitor makes for it."""
    schedule = Draft(monitor.origin, arguments.open)
    schedule.put("MonitoringScheduleName", arguments.get("monitor_schedule_name"))
    prefix = _DEFINITIONS.get(monitor.cls)
    if prefix is None:
        job = "MonitoringScheduleConfig.MonitoringJobDefinition"
        schedule.copy(monitor, {"role": f"{job}.RoleArn", "image_uri": f"{job}.MonitoringAppSpecification.ImageUri"})
        _resources(schedule, monitor, f"{job}.MonitoringResources")
        _observed(schedule, arguments, f"{job}.MonitoringInputs", listed=True)
        schedule.copy(monitor, {"output_kms_key": f"{job}.MonitoringOutputConfig.KmsKeyId"})
        output = arguments.get("output")
        if isinstance(output, Instance):
            _output(schedule, output.argument("destination"), f"{job}.MonitoringOutputConfig")
        schedule.put(f"{job}.NetworkConfig", network(monitor))
        return {"CreateMonitoringSchedule": schedule.node}
    definition = Draft(monitor.origin, monitor.open or arguments.open)
    name = Node(monitor.name or "monitor", monitor.origin)
    definition.put("JobDefinitionName", name)
    schedule.put("MonitoringScheduleConfig.MonitoringJobDefinitionName", name)
    _definition(definition, monitor, arguments, prefix, place)
    return {f"Create{prefix}JobDefinition": definition.node, "CreateMonitoringSchedule": schedule.node}


def _definition(draft: Draft, monitor: Instance, arguments: Arguments, prefix: str, place: Deployment) -> None:
    session = monitor.argument("sagemaker_session")
    draft.copy(monitor, {"role": "RoleArn", "output_kms_key": f"{prefix}JobOutputConfig.KmsKeyId"})
    image = aws_image(place.region(session), monitor.cls, monitor.origin)
    draft.put(f"{prefix}AppSpecification.ImageUri", image)
    _resources(draft, monitor, "JobResources")
    _observed(draft, arguments, f"{prefix}JobInput", listed=False)
    draft.put(f"{prefix}JobInput.GroundTruthS3Input.S3Uri", arguments.get("ground_truth_input"))
    output = arguments.get("output_s3_uri")
    if output is None or output.value is None:
        output = place.default_uri(session, monitor.origin, hole(monitor, "report"))
    _output(draft, output, f"{prefix}JobOutputConfig")
    for argument, member in (("constraints", "ConstraintsResource"), ("statistics", "StatisticsResource")):
        given = arguments.get(argument)
        if given is not None and given.text is not None:
            draft.put(f"{prefix}BaselineConfig.{member}.S3Uri", given)
    draft.put("NetworkConfig", network(monitor))


def _resources(draft: Draft, monitor: Instance, path: str) -> None:
    draft.copy(monitor, {argument: f"{path}.ClusterConfig.{member}" for argument, member in _CLUSTER.items()})


def _observed(draft: Draft, arguments: Arguments, path: str, listed: bool) -> None:
    """What is watched: an endpoint, by name or as an input object, or the captured data of batch jobs."""
    found = Draft(draft.node.origin)
    endpoint, batch = arguments.get("endpoint_input", 0), arguments.get("batch_transform_input")
    if isinstance(endpoint, Instance):
        endpoint = endpoint.argument("endpoint_name") or endpoint.argument("endpoint")
    found.put("EndpointInput.EndpointName", endpoint)
    if isinstance(batch, Instance):
        captured = "BatchTransformInput.DataCapturedDestinationS3Uri"
        found.copy(batch, {"data_captured_destination_s3_uri": captured})
    if found.node.mapping:
        draft.put(path, Node([found.node], found.node.origin) if listed else found.node)


def _output(draft: Draft, uri: Node | None, path: str) -> None:
    if uri is not None and uri.value is not None:
        location = Node({"S3Output": Node({"S3Uri": uri}, uri.origin)}, uri.origin)
        draft.put(f"{path}.MonitoringOutputs", Node([location], uri.origin))


def pipeline_request(pipeline: Instance, arguments: Arguments) -> Node:
    """CreatePipeline of create() or upsert(); the definition is made of the steps, which are workloads of their own."""
    draft = Draft(pipeline.origin, arguments.open)
    draft.put("PipelineName", pipeline.argument("name"))
    draft.put("RoleArn", arguments.get("role_arn", 0))
    draft.put("Tags", arguments.get("tags"))
    return draft.node
