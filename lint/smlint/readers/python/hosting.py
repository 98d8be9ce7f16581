"""Models, endpoint configurations, endpoints and transform jobs."""

from __future__ import annotations

from collections.abc import Mapping

from smlint.document import Origin
from smlint.readers import api as apis
from smlint.readers.python.draft import Draft, shaped
from smlint.readers.python.sessions import Deployment, aws_image
from smlint.readers.python.signatures import ALGORITHMS, ESTIMATORS, FRAMEWORKS, REPACKING_MODELS
from smlint.readers.python.things import Arguments, Instance, hole, text_with, unknown
from smlint.readers.python.training import output_path, vpc
from smlint.values import Hole, Node, Template, Text

_CONTAINER = {
    "image_uri": "Image",
    "image_config": "ImageConfig",
    "model_package_arn": "ModelPackageName",
    "additional_model_data_sources": "AdditionalModelDataSources",
    "s3_model_data_url": "ModelDataUrl",
}
_TRANSFORM = {
    "output_path": "TransformOutput.S3OutputPath",
    "output_kms_key": "TransformOutput.KmsKeyId",
    "instance_type": "TransformResources.InstanceType",
    "instance_count": "TransformResources.InstanceCount",
    "volume_kms_key": "TransformResources.VolumeKmsKeyId",
    "env": "Environment",
    "tags": "Tags",
}
_ASYNC = {
    "output_path": "AsyncInferenceConfig.OutputConfig.S3OutputPath",
    "kms_key_id": "AsyncInferenceConfig.OutputConfig.KmsKeyId",
    "notification_config": "AsyncInferenceConfig.OutputConfig.NotificationConfig",
    "failure_path": "AsyncInferenceConfig.OutputConfig.S3FailurePath",
}
_CAPTURE = {
    "destination_s3_uri": "DataCaptureConfig.DestinationS3Uri",
    "kms_key_id": "DataCaptureConfig.KmsKeyId",
}


_DEFAULT_ROLE = frozenset({"ModelBuilder", "JumpStartModel", "JumpStartEstimator"})
_OWN_IMAGE = frozenset({"Model", "ModelPackage", "ModelBuilder", "JumpStartModel", "MultiDataModel"})


def model_name(thing: Node) -> Text:
    """The name of the model made from an object, given or generated."""
    given = thing.argument("name") if isinstance(thing, Instance) else None
    text = given.text if given is not None else None
    return text or Template((Hole(f"{hole(thing).name}:model", label="the model's name"),))


def model_request(model: Instance, place: Deployment) -> Node:
    """CreateModel for a model, a pipeline of models, a model builder or an estimator's artefact."""
    draft = Draft(model.origin, model.open)
    draft.put("ModelName", Node(model_name(model), model.origin))
    if model.cls in _DEFAULT_ROLE and not model.open:
        draft.put("ExecutionRoleArn", place.execution_role(model.origin))
    draft.copy(model, {"enable_network_isolation": "EnableNetworkIsolation", "tags": "Tags"})
    if model.cls in ESTIMATORS:
        draft.copy(model, {"role": "ExecutionRoleArn"})
        draft.put("VpcConfig", vpc(model))
        draft.put("PrimaryContainer", _trained(model, place))
        return draft.node
    draft.copy(model, {"role": "ExecutionRoleArn", "role_arn": "ExecutionRoleArn", "vpc_config": "VpcConfig"})
    network = model.instance("network")
    if network is not None:
        members = shaped(network).mapping or {}
        draft.put("EnableNetworkIsolation", members.pop("EnableNetworkIsolation", None))
        draft.put("VpcConfig", Node(members, network.origin) if members else None)
    models = model.argument("models")
    if models is not None:
        containers = [_container(part, place) for part in models.sequence or []]
        draft.put("Containers", Node(list(containers), models.origin, open=models.sequence is None))
    else:
        draft.put("PrimaryContainer", _container(model, place))
    return draft.node


def _container(model: Node, place: Deployment) -> Node:
    if not isinstance(model, Instance):
        return unknown("a model that is not settled", model.origin)
    if model.cls in ESTIMATORS:
        return _trained(model, place)
    draft = Draft(model.origin, model.open or model.cls in ("ModelBuilder", "JumpStartModel"))
    if model.cls not in _OWN_IMAGE and not model.open:
        draft.put("Image", aws_image(place.region(model.argument("sagemaker_session")), model.cls, model.origin))
    draft.copy(model, _CONTAINER)
    draft.copy(model, {"model_data_prefix": "ModelDataUrl"})
    if model.cls == "MultiDataModel":
        draft.set("Mode", "MultiModel")
        inner = model.instance("model")
        draft.copy(inner or model, {"image_uri": "Image"})
        return draft.node
    data = model.argument("model_data")
    if data is not None and data.mapping is not None:
        draft.put("ModelDataSource", data)
    elif data is not None and _repacked(model):
        draft.put("ModelDataUrl", unknown("the SDK uploads the artefact anew", data.origin))
    else:
        draft.put("ModelDataUrl", data)
    return draft.node


def _repacked(model: Instance) -> bool:
    return model.cls in REPACKING_MODELS and model.argument("entry_point") is not None


def _trained(estimator: Instance, place: Deployment) -> Node:
    """The container of a trained estimator: its image and the artefact below its output path."""
    draft = Draft(estimator.origin, estimator.open)
    if estimator.cls in FRAMEWORKS | ALGORITHMS | {"JumpStartEstimator"}:
        region = place.region(estimator.argument("sagemaker_session"))
        draft.put("Image", aws_image(region, estimator.cls, estimator.origin))
    draft.copy(estimator, {"image_uri": "Image"})
    if estimator.cls in FRAMEWORKS - {"SKLearn", "XGBoost"}:
        draft.put("ModelDataUrl", unknown("the SDK uploads the artefact anew", estimator.origin))
    else:
        draft.put("ModelDataUrl", artefact(estimator, place))
    return draft.node


def artefact(estimator: Instance, place: Deployment) -> Node | None:
    """Where a training job leaves its model: below the output path."""
    path = output_path(estimator, place)
    if path is None or path.text is None:
        return path
    separator = "" if str(path.text).endswith("/") else "/"
    return text_with([path.text, separator, hole(estimator, "job"), "/output/model.tar.gz"], path.origin)


def model_of(estimator: Instance, arguments: Arguments, origin: Origin, place: Deployment) -> Instance | None:
    """The model object that an estimator's create_model() gives."""
    if estimator.cls not in ESTIMATORS:
        return None
    given: dict[str, Node] = {}
    for name in ("role", "image_uri", "sagemaker_session"):
        if (inherited := estimator.argument(name)) is not None:
            given[name] = inherited
    if (data := artefact(estimator, place)) is not None:
        given["model_data"] = data
    return Instance("sagemaker.model.Model", {**given, **arguments.keywords}, origin, True)


def package_request(model: Instance, arguments: Arguments, origin: Origin, place: Deployment) -> Node:
    """CreateModelPackage of register()."""
    draft = Draft(origin, arguments.open)
    for argument in ("model_package_group_name", "model_package_name", "sample_payload_url"):
        draft.put(apis.spell(argument), arguments.get(argument))
    models = model.argument("models")
    containers = [_container(part, place) for part in (models.sequence or [] if models is not None else [model])]
    draft.put("InferenceSpecification.Containers", Node(list(containers), model.origin))
    return draft.node


def compilation_request(model: Instance, arguments: Arguments, origin: Origin, place: Deployment) -> Node:
    """CreateCompilationJob of compile()."""
    draft = Draft(origin, arguments.open)
    draft.put("RoleArn", arguments.get("role"))
    draft.put("OutputConfig.S3OutputLocation", arguments.get("output_path"))
    data = artefact(model, place) if model.cls in ESTIMATORS else model.argument("model_data")
    draft.put("InputConfig.S3Uri", data)
    return draft.node


def endpoint_requests(model: Instance, arguments: Arguments, origin: Node, place: Deployment) -> Mapping[str, Node]:
    """CreateEndpointConfig and CreateEndpoint of deploy()."""
    config = Draft(origin.origin, arguments.open)
    given = arguments.get("endpoint_name")
    named = given if given is not None and given.text is not None else None
    if named is None:
        named = text_with([hole(given or origin, "the endpoint's name")], origin.origin)
    config.put("EndpointConfigName", named)
    variant = Draft(origin.origin)
    variant.put("ModelName", Node(model_name(model), origin.origin))
    variant.put("InstanceType", arguments.get("instance_type", 1))
    variant.put("InitialInstanceCount", arguments.get("initial_instance_count", 0))
    config.put("ProductionVariants", Node([variant.node], origin.origin))
    config.put("KmsKeyId", arguments.get("kms_key"))
    _configured(config, arguments.get("async_inference_config"), "AsyncInferenceConfig", _ASYNC)
    _capture(config, arguments.get("data_capture_config"), model, place)
    endpoint = Draft(origin.origin, arguments.open)
    endpoint.put("EndpointName", named)
    endpoint.put("EndpointConfigName", named)
    return {"CreateEndpointConfig": config.node, "CreateEndpoint": endpoint.node}


def _capture(draft: Draft, given: Node | None, model: Instance, place: Deployment) -> None:
    """Captured data goes to the default bucket where no destination is given."""
    _configured(draft, given, "DataCaptureConfig", _CAPTURE)
    if isinstance(given, Instance):
        if given.argument("destination_s3_uri") is None and not given.open:
            session = given.argument("sagemaker_session") or model.argument("sagemaker_session")
            default = place.default_uri(session, given.origin, "model-monitor/data-capture")
            draft.put("DataCaptureConfig.DestinationS3Uri", default)
        draft.put("DataCaptureConfig.EnableCapture", given.argument("enable_capture") or Node(True, given.origin))


def _configured(draft: Draft, given: Node | None, member: str, members: Mapping[str, str]) -> None:
    if isinstance(given, Instance):
        draft.copy(given, members)
    elif given is not None:
        draft.put(member, given)


def transform_request(transformer: Instance, arguments: Arguments, place: Deployment) -> Node:
    """CreateTransformJob for a transformer and the arguments of transform()."""
    draft = Draft(transformer.origin, transformer.open or arguments.open)
    model = transformer.instance("model")
    name = transformer.argument("model_name")
    draft.put("ModelName", name if model is None else Node(model_name(model), transformer.origin))
    if transformer.argument("output_path") is None and not transformer.open:
        session = transformer.argument("sagemaker_session")
        draft.put(
            "TransformOutput.S3OutputPath", place.default_uri(session, transformer.origin, hole(transformer, "job"))
        )
    draft.copy(transformer, _TRANSFORM)
    data = arguments.get("data", 0)
    draft.put("TransformInput.DataSource.S3DataSource.S3DataType", arguments.get("data_type", 1))
    draft.put("TransformInput.DataSource.S3DataSource.S3Uri", data)
    _configured(draft, arguments.get("batch_data_capture_config"), "DataCaptureConfig", _CAPTURE)
    return draft.node
