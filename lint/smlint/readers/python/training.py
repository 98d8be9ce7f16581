"""Training and tuning jobs: estimators (SDK v2), model trainers (v3), tuners."""

from __future__ import annotations

from smlint.readers.python.draft import Draft, shaped
from smlint.readers.python.sessions import Deployment, aws_image
from smlint.readers.python.signatures import ALGORITHMS, FRAMEWORKS
from smlint.readers.python.things import Instance, hole, unknown
from smlint.values import Node

_MEMBERS = {
    "image_uri": "AlgorithmSpecification.TrainingImage",
    "algorithm_arn": "AlgorithmSpecification.AlgorithmName",
    "input_mode": "AlgorithmSpecification.TrainingInputMode",
    "training_repository_access_mode": "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode",
    "training_repository_credentials_provider_arn": (
        "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig.TrainingRepositoryCredentialsProviderArn"
    ),
    "role": "RoleArn",
    "output_path": "OutputDataConfig.S3OutputPath",
    "output_kms_key": "OutputDataConfig.KmsKeyId",
    "instance_type": "ResourceConfig.InstanceType",
    "instance_count": "ResourceConfig.InstanceCount",
    "instance_groups": "ResourceConfig.InstanceGroups",
    "volume_size": "ResourceConfig.VolumeSizeInGB",
    "volume_kms_key": "ResourceConfig.VolumeKmsKeyId",
    "checkpoint_s3_uri": "CheckpointConfig.S3Uri",
    "checkpoint_local_path": "CheckpointConfig.LocalPath",
    "enable_network_isolation": "EnableNetworkIsolation",
    "encrypt_inter_container_traffic": "EnableInterContainerTrafficEncryption",
    "use_spot_instances": "EnableManagedSpotTraining",
    "enable_remote_debug": "RemoteDebugConfig.EnableRemoteDebug",
    "enable_session_tag_chaining": "SessionChainingConfig.EnableSessionTagChaining",
    "tensorboard_output_config": "TensorBoardOutputConfig",
    "environment": "Environment",
    "tags": "Tags",
}
_TRAINER_MEMBERS = {
    "training_image": "AlgorithmSpecification.TrainingImage",
    "algorithm_name": "AlgorithmSpecification.AlgorithmName",
    "training_image_config": "AlgorithmSpecification.TrainingImageConfig",
    "training_input_mode": "AlgorithmSpecification.TrainingInputMode",
    "role": "RoleArn",
    "output_data_config": "OutputDataConfig",
    "checkpoint_config": "CheckpointConfig",
    "model_package_config": "ModelPackageConfig",
    "tensorboard_output_config": "TensorBoardOutputConfig",
    "session_chaining_config": "SessionChainingConfig",
    "remote_debug_config": "RemoteDebugConfig",
    "environment": "Environment",
    "tags": "Tags",
    "s3_output_path": "OutputDataConfig.S3OutputPath",
    "kms_key_id": "OutputDataConfig.KmsKeyId",
    "mlflow_resource_arn": "MlflowConfig.MlflowResourceArn",
}
_INPUT = {
    "s3_data": "DataSource.S3DataSource.S3Uri",
    "s3_data_type": "DataSource.S3DataSource.S3DataType",
    "distribution": "DataSource.S3DataSource.S3DataDistributionType",
    "hub_access_config": "DataSource.S3DataSource.HubAccessConfig",
    "model_access_config": "DataSource.S3DataSource.ModelAccessConfig",
    "input_mode": "InputMode",
    "content_type": "ContentType",
    "compression": "CompressionType",
    "record_wrapping": "RecordWrapperType",
}
_FILE_SYSTEM = {
    "file_system_id": "DataSource.FileSystemDataSource.FileSystemId",
    "file_system_type": "DataSource.FileSystemDataSource.FileSystemType",
    "directory_path": "DataSource.FileSystemDataSource.DirectoryPath",
    "file_system_access_mode": "DataSource.FileSystemDataSource.FileSystemAccessMode",
}
# A tuning job's definition of its training jobs has no debugger, profiler or TensorBoard.
_NOT_TUNED = frozenset(
    {
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "ProfilerConfig",
        "ProfilerRuleConfigurations",
        "TensorBoardOutputConfig",
        "RemoteDebugConfig",
        "SessionChainingConfig",
        "Tags",
    }
)


def estimator_request(estimator: Instance, inputs: Node | None, place: Deployment) -> Node:
    """CreateTrainingJob as SDK v2 sends it for an estimator and the inputs of fit()."""
    draft = Draft(estimator.origin, estimator.open)
    draft.copy(estimator, _MEMBERS)
    session = estimator.argument("sagemaker_session")
    if estimator.argument("image_uri") is None and estimator.cls in ALGORITHMS | FRAMEWORKS | {"JumpStartEstimator"}:
        draft.put(
            "AlgorithmSpecification.TrainingImage", aws_image(place.region(session), estimator.cls, estimator.origin)
        )
    if estimator.cls == "JumpStartEstimator" and estimator.argument("role") is None:
        draft.put("RoleArn", place.execution_role(estimator.origin))
    draft.put("OutputDataConfig.S3OutputPath", output_path(estimator, place))
    draft.put("VpcConfig", vpc(estimator))
    _debugging(draft, estimator, place)
    found = channels(inputs, estimator.argument("model_uri"))
    if found is not None:
        draft.put("InputDataConfig", found)
    return draft.node


def output_path(estimator: Instance, place: Deployment) -> Node | None:
    """Where the artefacts go: the default bucket where no path is given."""
    given = estimator.argument("output_path")
    if given is not None:
        return given
    if estimator.open:
        return unknown("it may be among further arguments", estimator.origin)
    return place.default_uri(estimator.argument("sagemaker_session"), estimator.origin)


def vpc(estimator: Instance) -> Node | None:
    """SDK v2 sends a VPC configuration where both subnets and security groups are given."""
    subnets, groups = estimator.argument("subnets"), estimator.argument("security_group_ids")
    if subnets is None or groups is None:
        return None
    return Node({"Subnets": shaped(subnets), "SecurityGroupIds": shaped(groups)}, subnets.origin)


def _debugging(draft: Draft, estimator: Instance, place: Deployment) -> None:
    """Debugger's hook and the profiler, which SDK v2 sends unless they are switched off."""
    rules = estimator.argument("rules")
    if rules is not None:
        for member, profiling in (("DebugRuleConfigurations", False), ("ProfilerRuleConfigurations", True)):
            fitting: list[Node] = [
                Node({}, rule.origin, open=True) for rule in rules.sequence or [] if _profiles(rule) is profiling
            ]
            draft.put(member, Node(fitting, rules.origin) if fitting else None)
    if not place.has_debugger(estimator.argument("sagemaker_session")):
        return
    draft.put("DebugHookConfig", _sent(estimator, "debugger_hook_config", place))
    if _never_profiled(estimator) or _is(estimator, "disable_profiler", True):
        draft.put("ProfilerConfig.DisableProfiler", Node(True, estimator.origin))
    elif (disabled := estimator.argument("disable_profiler")) is not None and disabled.unknown:
        draft.put("ProfilerConfig", Node({"DisableProfiler": disabled}, disabled.origin, open=True))
    else:
        draft.put("ProfilerConfig", _sent(estimator, "profiler_config", place))


def _profiles(rule: Node) -> bool:
    return isinstance(rule, Instance) and ".ProfilerRule." in rule.dotted


def _sent(estimator: Instance, argument: str, place: Deployment) -> Node | None:
    """A configuration whose output path defaults to the estimator's; False switches it off."""
    given = estimator.argument(argument)
    if given is None and estimator.open:
        return unknown("it may be among further arguments", estimator.origin)
    if given is not None and given.value is False:
        return None
    if given is not None and given.unknown and not isinstance(given, Instance):
        return given
    sent = Draft(given.origin if given is not None else estimator.origin, given is not None and given.open)
    sent.put("S3OutputPath", output_path(estimator, place))
    if isinstance(given, Instance):
        sent.copy(given, {"s3_output_path": "S3OutputPath", "disable_profiler": "DisableProfiler"})
    return sent.node


def _is(estimator: Instance, argument: str, value: bool) -> bool:
    found = estimator.argument(argument)
    return found is not None and found.value is value


def _never_profiled(estimator: Instance) -> bool:
    kind = estimator.argument("instance_type")
    return kind is not None and (kind.literal or "").startswith("ml.trn")


def channels(inputs: Node | None, model: Node | None = None) -> Node | None:
    """InputDataConfig of what was given to fit(): a URI, an input object, a dictionary of them."""
    if inputs is None or inputs.value is None:
        found: list[Node] = []
    elif inputs.mapping is not None:
        found = [made for name, value in inputs.items() if (made := _channel(name, value)) is not None]
    elif isinstance(inputs, Instance) or inputs.text is not None:
        made = _channel("training", inputs)
        found = [made] if made is not None else []
    else:
        return unknown("inputs that are not settled", inputs.origin)
    if model is not None and (channel := _channel("model", model)) is not None:
        found.append(channel)
    if not found:
        return None
    origin = inputs.origin if inputs is not None and inputs.value is not None else found[0].origin
    return Node(found, origin, open=inputs is not None and inputs.open)


def _channel(name: str, given: Node) -> Node | None:
    """One channel; None for a local file, which only local mode takes."""
    if (given.literal or "").startswith("file:"):
        return None
    draft = Draft(given.origin)
    draft.put("ChannelName", Node(name, given.key or given.origin))
    if isinstance(given, Instance) and given.cls == "FileSystemInput":
        draft.copy(given, _FILE_SYSTEM)
    elif isinstance(given, Instance) and given.cls in ("TrainingInput", "s3_input"):
        draft.put("DataSource.S3DataSource.S3DataType", Node("S3Prefix", given.origin))
        draft.copy(given, _INPUT)
    elif given.text is not None:
        draft.put("DataSource.S3DataSource.S3DataType", Node("S3Prefix", given.origin))
        draft.put("DataSource.S3DataSource.S3Uri", given)
    else:
        draft.put("DataSource", unknown("an input that is not settled", given.origin))
    return draft.node


def trainer_request(trainer: Instance, inputs: Node | None, place: Deployment) -> Node:
    """CreateTrainingJob as SDK v3 sends it for a model trainer and the inputs of train()."""
    draft = Draft(trainer.origin, trainer.open)
    if not trainer.open:
        session = trainer.argument("sagemaker_session")
        draft.put("OutputDataConfig.S3OutputPath", place.default_uri(session, trainer.origin))
        draft.put("RoleArn", place.execution_role(trainer.origin))
    output = draft.node.get("OutputDataConfig")
    draft.copy(trainer, _TRAINER_MEMBERS)
    _keep_default_output(draft.node, output)
    compute, networking = trainer.argument("compute"), trainer.argument("networking")
    if compute is not None:
        resources = shaped(compute)
        draft.put("ResourceConfig", resources)
        draft.put("EnableManagedSpotTraining", (resources.mapping or {}).pop("EnableManagedSpotTraining", None))
    if networking is not None:
        network = shaped(networking)
        members = network.mapping
        draft.put("EnableNetworkIsolation", (members or {}).pop("EnableNetworkIsolation", None))
        traffic = (members or {}).pop("EnableInterContainerTrafficEncryption", None)
        draft.put("EnableInterContainerTrafficEncryption", traffic)
        draft.put("VpcConfig", network if members or members is None else None)
    given = inputs if inputs is not None and inputs.value is not None else trainer.argument("input_data_config")
    draft.put("InputDataConfig", _trainer_channels(given, place, trainer) if given is not None else None)
    return draft.node


def _keep_default_output(request: Node, default: Node | None) -> None:
    """An OutputDataConfig without a path still goes to the default bucket."""
    output = request.get("OutputDataConfig")
    path = default.get("S3OutputPath") if default is not None else None
    if output is not None and output.mapping is not None and path is not None and not output.open:
        output.mapping.setdefault("S3OutputPath", path)


def _trainer_channels(given: Node, place: Deployment, trainer: Instance) -> Node:
    if given.sequence is None:
        return unknown("inputs that are not settled", given.origin)
    found = [_trainer_channel(element, place, trainer) for element in given.sequence]
    return Node(list(found), given.origin, open=given.open)


def _trainer_channel(given: Node, place: Deployment, trainer: Instance) -> Node:
    """InputData's data source may be a URI, a local path, or a source object."""
    channel = shaped(given)
    if not isinstance(given, Instance) or channel.mapping is None:
        return channel
    source = given.argument("data_source")
    if source is None or isinstance(source, Instance):
        kind = source.cls if isinstance(source, Instance) else ""
        if source is not None and kind in ("S3DataSource", "FileSystemDataSource", "DatasetSource"):
            channel.mapping["DataSource"] = Node({kind: shaped(source)}, source.origin)
        return channel
    if source.literal is not None and not source.literal.startswith("s3:"):
        session = trainer.argument("sagemaker_session")
        source = place.default_uri(session, source.origin, hole(source, "uploaded"))
    if source.text is not None:
        location = {"S3Uri": source, "S3DataType": Node("S3Prefix", source.origin)}
        channel.mapping["DataSource"] = Node({"S3DataSource": Node(location, source.origin)}, source.origin)
    return channel


def tuning_request(tuner: Instance, definition: Node) -> Node:
    """CreateHyperParameterTuningJob for a tuner of an estimator's or trainer's jobs."""
    members = {name: member for name, member in definition.items() if name not in _NOT_TUNED}
    draft = Draft(tuner.origin, tuner.open)
    draft.put("TrainingJobDefinition", definition.with_value(members))
    draft.copy(tuner, {"tags": "Tags"})
    return draft.node
