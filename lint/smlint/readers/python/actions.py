"""What the methods of the SDK's and boto3's objects do: the workloads that they start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from smlint.document import Origin
from smlint.readers import api as apis
from smlint.readers.python import hosting, processing, services, signatures, steps, training
from smlint.readers.python.draft import shaped
from smlint.readers.python.sessions import SESSIONS
from smlint.readers.python.things import Arguments, Instance, LibraryObject, Reference, text_with
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.python.sdk import Sdk

Action: TypeAlias = "Callable[[Sdk, Instance, str, Arguments, Origin], Node | None]"

TRAINERS = frozenset({"ModelTrainer", "SFTTrainer", "DPOTrainer", "RLVRTrainer", "RLAIFTrainer", "CPTTrainer"})


def action(receiver: Instance) -> Action:
    """What methods do on an object of its class."""
    if isinstance(receiver, LibraryObject):
        return _file
    match receiver.dotted:
        case "boto3.client":
            return _client
        case "boto3.Session":
            return _boto_session
        case "builtins.super":
            return _super
    return next((act for classes, act in _FAMILIES if receiver.cls in classes), _other)


def _client(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    service = receiver.argument("service_name")
    role = arguments.get("RoleName")
    match service.value if service is not None else None, name:
        case "sts", "get_caller_identity":
            return sdk.place.caller_identity(origin)
        case "iam", "get_role" | "create_role" if role is not None:
            return Node({"Role": Node({"Arn": role, "RoleName": role}, origin, open=True)}, origin, open=True)
        case "sagemaker" | "sagemaker-geospatial", _ if (api := apis.operation(name)) is not None:
            place = arguments.loaded or origin
            request = shaped(Node(dict(arguments.keywords), place, open=arguments.open))
            own = apis.own_name(api, request)
            sdk.start(api, request, str(own or api), "boto3")
    return None


def _file(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    return sdk.files.method(receiver, name, arguments, origin)


def unknown_client(receiver: Node, name: str, arguments: Arguments) -> Instance | None:
    """A value that is not settled (a parameter) is SageMaker's client when it is called as nothing else is."""
    api = apis.apis().get(apis.operation(name) or "") if name.startswith("create_") else None
    given = frozenset(arguments.keywords)
    if api is None or not given or not api.required <= given <= api.members:
        return None
    return Instance("boto3.client", {"service_name": Node("sagemaker", receiver.origin)}, receiver.origin)


def _boto_session(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if name != "client":
        return None
    client = sdk.instance("boto3.client", arguments, origin)
    client.arguments.setdefault("session", receiver)
    return client


def _super(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if name == "__init__" and sdk.walk.passed_on:
        sdk.walk.passed_on[-1] = arguments
    return None


def _session(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    match name:
        case "default_bucket":
            return text_with([sdk.place.default_bucket(receiver)], origin)
        case "upload_data":
            return sdk.place.uploaded(receiver, arguments, origin)
        case "account_id":
            return Node(sdk.place.settings.account, origin)
        case "get_caller_identity_arn":
            return sdk.place.execution_role(origin)
    return None


def _estimator(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if name == "fit":
        receiver.started = True
        if not is_local(receiver):
            inputs = arguments.get("inputs") or arguments.get("records")
            request = training.estimator_request(receiver, inputs, sdk.place)
            request.open = request.open or arguments.open
            sdk.start("CreateTrainingJob", request, receiver.title, "v2", in_pipeline=_recorded(receiver))
        return steps.recorded(receiver, arguments, origin) if _recorded(receiver) else None
    return _hosted(sdk, receiver, name, arguments, origin)


def _model(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if name in ("create", "build") and not is_local(receiver):
        create_model(sdk, receiver)
    return receiver if name == "build" else _hosted(sdk, receiver, name, arguments, origin)


def _hosted(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    """What models and trained estimators have in common."""
    match name:
        case "deploy" if not is_local(receiver) and not _runs_here(arguments.get("instance_type", 1)):
            create_model(sdk, receiver)
            for api, request in hosting.endpoint_requests(receiver, arguments, Node(None, origin), sdk.place).items():
                sdk.start(api, request, receiver.title, receiver.generation)
        case "transformer":
            create_model(sdk, receiver)
            transformer = Instance(
                "sagemaker.transformer.Transformer", dict(arguments.keywords), origin, arguments.open
            )
            transformer.arguments["model"] = receiver
            if (session := receiver.argument("sagemaker_session")) is not None:
                transformer.arguments.setdefault("sagemaker_session", session)
            return transformer
        case "create_model":
            return hosting.model_of(receiver, arguments, origin, sdk.place)
        case "register":
            request = hosting.package_request(receiver, arguments, origin, sdk.place)
            sdk.start(
                "CreateModelPackage", request, receiver.title, receiver.generation, in_pipeline=_recorded(receiver)
            )
        case "compile":
            request = hosting.compilation_request(receiver, arguments, origin, sdk.place)
            sdk.start("CreateCompilationJob", request, receiver.title, receiver.generation)
            return receiver
    return None


def create_model(sdk: Sdk, model: Instance) -> None:
    """CreateModel, once for a model object."""
    model.started = True
    if any(work.api == "CreateModel" and work.origin is model.origin for work in sdk.walk.workloads):
        return
    request = hosting.model_request(model, sdk.place)
    names, later = (hosting.model_name(model),), _recorded(model)
    sdk.start("CreateModel", request, model.title, model.generation, names, in_pipeline=later)


def _processor(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if not name.startswith("run"):
        return None
    receiver.started = True
    if not is_local(receiver):
        clarify = receiver.cls == "SageMakerClarifyProcessor"
        make = processing.clarify_request if clarify else processing.processor_request
        request = make(receiver, arguments, sdk.place)
        later = _recorded(receiver)
        sdk.start("CreateProcessingJob", request, receiver.title, receiver.generation, in_pipeline=later)
    return steps.recorded(receiver, arguments, origin) if _recorded(receiver) else None


def _trainer(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if name.startswith("with_"):
        given = next(iter([*arguments.keywords.values(), *arguments.positional]), None)
        if given is not None:
            receiver.arguments[name.removeprefix("with_")] = given
        return receiver
    if name == "train":
        receiver.started = True
        if not is_local(receiver):
            request = training.trainer_request(receiver, arguments.get("input_data_config", 0), sdk.place)
            sdk.start("CreateTrainingJob", request, receiver.title, "v3")
    return None


def _monitor(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    if name == "suggest_baseline":
        request = processing.baseline_request(receiver, arguments, sdk.place)
        sdk.start("CreateProcessingJob", request, receiver.title, receiver.generation)
    elif name == "create_monitoring_schedule":
        for api, request in services.monitoring_requests(receiver, arguments, sdk.place).items():
            sdk.start(api, request, receiver.title, receiver.generation)
    return None


def _other(sdk: Sdk, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
    match receiver.cls, name:
        case "Transformer", "transform":
            request = hosting.transform_request(receiver, arguments, sdk.place)
            later = _recorded(receiver)
            sdk.start("CreateTransformJob", request, receiver.title, receiver.generation, in_pipeline=later)
        case "HyperparameterTuner", "fit" | "tune":
            tune(sdk, receiver, arguments.get("inputs", 0))
        case "HyperparameterTuner", "deploy" if (best := receiver.instance("estimator")) is not None:
            return _hosted(sdk, best, name, arguments, origin)
        case "AutoML" | "AutoMLV2", "fit":
            api, request = services.automl_request(receiver, arguments, sdk.place)
            sdk.start(api, request, receiver.title, receiver.generation)
        case "FeatureGroup", "create":
            request = services.feature_group_request(receiver, arguments)
            sdk.start("CreateFeatureGroup", request, receiver.title, receiver.generation)
        case "TuningStep", "get_top_model_s3_uri":
            return steps.top_model(receiver, arguments, origin)
        case "Pipeline", "create" | "upsert":
            request = services.pipeline_request(receiver, arguments)
            sdk.start("CreatePipeline", request, receiver.title, receiver.generation)
    return None


def tune(sdk: Sdk, tuner: Instance, inputs: Node | None, in_pipeline: bool = False) -> None:
    """A tuning job of an estimator's or trainer's jobs."""
    worker = tuner.instance("estimator") or tuner.instance("model_trainer")
    if worker is None or is_local(worker):
        return
    worker.started = True
    make = training.trainer_request if worker.cls in TRAINERS else training.estimator_request
    request = training.tuning_request(tuner, make(worker, inputs, sdk.place))
    later = in_pipeline or _recorded(worker)
    sdk.start("CreateHyperParameterTuningJob", request, tuner.title, worker.generation, in_pipeline=later)


def step(sdk: Sdk, made: Instance) -> None:
    """A pipeline's step in the form that takes an object rather than a recorded call."""
    inputs = made.argument("inputs")
    if made.cls == "NotebookJobStep":
        sdk.start(
            "CreateTrainingJob", services.notebook_job_request(made, sdk.place), made.title, "v2", in_pipeline=True
        )
    if (estimator := made.instance("estimator")) is not None:
        estimator.started = True
        request = training.estimator_request(estimator, inputs, sdk.place)
        sdk.start("CreateTrainingJob", request, made.title, "v2", in_pipeline=True)
    if (processor := made.instance("processor")) is not None:
        processor.started = True
        request = processing.processor_request(processor, processing.step_arguments(made), sdk.place)
        sdk.start("CreateProcessingJob", request, made.title, "v2", in_pipeline=True)
    if (tuner := made.instance("tuner")) is not None:
        tune(sdk, tuner, inputs, in_pipeline=True)
    if (model := made.instance("model")) is not None:
        create_model(sdk, model)
    if (transformer := made.instance("transformer")) is not None:
        given = Arguments(keywords=dict(inputs.arguments)) if isinstance(inputs, Instance) else Arguments(open=True)
        request = hosting.transform_request(transformer, given, sdk.place)
        sdk.start("CreateTransformJob", request, made.title, "v2", in_pipeline=True)


def _recorded(thing: Instance) -> bool:
    """Whether its calls are only recorded, as steps of a pipeline."""
    session = thing.instance("sagemaker_session")
    return session is not None and session.cls == "PipelineSession"


def is_local(thing: Instance) -> bool:
    """Whether the work is done on the author's machine: no API is called then."""
    session, mode = thing.instance("sagemaker_session"), thing.argument("mode") or thing.argument("training_mode")
    elsewhere = isinstance(mode, Reference) and mode.dotted.endswith(("LOCAL_CONTAINER", "IN_PROCESS"))
    local_session = session is not None and session.cls.startswith("Local")
    return elsewhere or local_session or _runs_here(thing.argument("instance_type"))


def _runs_here(instance_type: Node | None) -> bool:
    return instance_type is not None and (instance_type.literal or "").startswith("local")


_FAMILIES: tuple[tuple[frozenset[str], Action], ...] = (
    (SESSIONS, _session),
    (signatures.ESTIMATORS, _estimator),
    (signatures.PROCESSORS, _processor),
    (signatures.MODELS, _model),
    (TRAINERS, _trainer),
    (signatures.MONITORS, _monitor),
)
