"""What the calls of a program mean: objects of the SageMaker SDK and of boto3, and the workloads that they start."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from smlint.document import Document, Origin
from smlint.facts import Workload
from smlint.readers import api as apis
from smlint.readers.python import hosting, processing, services, signatures, texts, training
from smlint.readers.python.draft import shaped
from smlint.readers.python.sessions import SESSIONS, Deployment, aws_image
from smlint.readers.python.things import (
    Arguments,
    Instance,
    LocalClass,
    Reference,
    named_unknown,
    text_or_hole,
    text_with,
    unknown,
)
from smlint.syntax.python import Place
from smlint.values import Node, Text

_V3 = ("sagemaker.train", "sagemaker.core", "sagemaker.serve", "sagemaker.mlops", "sagemaker.modules", "sagemaker_core")
_TRAINERS = frozenset({"ModelTrainer", "SFTTrainer", "DPOTrainer", "RLVRTrainer", "RLAIFTrainer", "CPTTrainer"})
_PARAMETERS = frozenset({"ParameterString", "ParameterInteger", "ParameterFloat", "ParameterBoolean"})
_STARTED_LATER = signatures.ESTIMATORS | signatures.PROCESSORS | _TRAINERS
_IMAGES = frozenset({"retrieve", "get_image_uri", "retrieve_image_uri"})


class Sdk:
    """Told of every call by the interpreter; collects the workloads."""

    def __init__(self, document: Document, place: Deployment) -> None:
        self.document = document
        self.place = place
        self.workloads: list[Workload] = []
        self.consumed: list[Node] = []
        self.passed_on: list[Arguments | None] = []
        self.construct: Callable[[LocalClass, Arguments, ast.Call], Node] | None = None
        self._objects: list[Instance] = []

    # Calls

    def call(self, function: Node, arguments: Arguments, node: ast.Call) -> Node:
        """A call of a function or class by its name."""
        origin = Place(self.document, node)
        if isinstance(function, LocalClass) and self.construct is not None:
            return self.construct(function, arguments, node)
        if not isinstance(function, Reference):
            return unknown("the result of a function of the file", origin)
        path, _, name = function.dotted.rpartition(".")
        if function.dotted.startswith("sagemaker"):
            self.consumed.extend([*arguments.positional, *arguments.keywords.values()])
            return self._of_sagemaker(path, name, arguments, origin)
        return self._of_library(function.dotted, arguments, origin)

    def _of_sagemaker(self, path: str, name: str, arguments: Arguments, origin: Origin) -> Node:
        if name == "get_execution_role":
            return self.place.execution_role(origin)
        if name in _IMAGES:
            region = arguments.get("region", 1 if name == "retrieve" else 0)
            framework = arguments.get("framework", 0)
            where = region.text if region is not None and region.text else self.place.region(None)
            label = framework.literal if framework is not None and name == "retrieve" else None
            return aws_image(where, label or "built-in", origin)
        if name in _PARAMETERS:
            return self._parameter(name, arguments, origin)
        if name == "Join":
            on, values = arguments.get("on", 0), arguments.get("values", 1)
            elements = values.sequence if values is not None else None
            return texts.joined(on.text if on is not None and on.text else "", elements, False, origin)
        owner = path.rpartition(".")[2]
        if owner[:1].isupper() and name == "create" and (api := apis.operation(f"Create{owner}")) is not None:
            return self._resource(api, arguments, origin)
        if owner == "HyperparameterTuner" and name == "create":
            return self.instance(f"{path}.{name}", arguments, origin, "HyperparameterTuner")
        if name[:1].isupper() or name == "s3_input" or owner[:1].isupper():
            return self.instance(f"{path}.{name}", arguments, origin, name)
        return unknown(f"the result of {name}()", origin)

    def _parameter(self, name: str, arguments: Arguments, origin: Origin) -> Node:
        """A pipeline's parameter counts with its default."""
        default, title = arguments.get("default_value", 1), arguments.get("name", 0)
        if default is not None and default.value is not None:
            return default
        called = title.literal if title is not None else None
        if name == "ParameterString" and called is not None:
            return named_unknown(f"python:{self.document.path}:parameter:{called}", origin, label=called)
        return unknown("a parameter without a default", origin)

    def _of_library(self, dotted: str, arguments: Arguments, origin: Origin) -> Node:
        if dotted in ("os.path.join", "posixpath.join", "path.join") and not arguments.open:
            return texts.path_joined(arguments.positional, origin)
        if dotted in ("boto3.Session", "boto3.session.Session", "boto3.client"):
            cls = "boto3.client" if dotted == "boto3.client" else "boto3.Session"
            return self.instance(cls, arguments, origin, cls)
        if dotted == "builtins.super":
            return Instance(dotted, {}, origin)
        if dotted == "builtins.str" and len(arguments.positional) == 1:
            return Node(texts.joined("", arguments.positional, False, origin).value, origin)
        if dotted == "builtins.dict" and not arguments.positional:
            return Node(dict(arguments.keywords), origin, open=arguments.open)
        return unknown(f"the result of {dotted}()", origin)

    def _resource(self, api: str, arguments: Arguments, origin: Origin) -> Node:
        """SDK v3's resource classes take the request in snake case."""
        request = shaped(Instance(api, dict(arguments.keywords), origin, arguments.open))
        self.start(api, request, api, "v3")
        return unknown("a resource", origin)

    def instance(self, dotted: str, arguments: Arguments, origin: Origin, cls: str) -> Instance:
        """An object of a class, its arguments by name."""
        names = signatures.positions(cls) if cls not in ("boto3.client", "boto3.Session") else ["service_name"]
        given = dict(zip(names, arguments.positional, strict=False))
        for name, value in arguments.keywords.items():
            given[signatures.RENAMED.get(name, name) if cls in _STARTED_LATER else name] = value
        made = Instance(dotted, given, origin, arguments.open)
        if made.cls in _STARTED_LATER:
            self._objects.append(made)
        elif made.cls in ("TrainingStep", "ProcessingStep", "TransformStep", "TuningStep", "CreateModelStep"):
            self._step(made)
        elif made.cls == "NotebookJobStep":
            self.start("CreateTrainingJob", services.notebook_job_request(made, self.place), _label(made), "v2")
        return made

    # Attributes and methods

    def attribute(self, receiver: Instance, name: str, node: ast.Attribute) -> Node:
        """An attribute of an object: an argument it was given, or what a session knows."""
        origin = Place(self.document, node)
        if name in receiver.arguments:
            return receiver.arguments[name]
        if name in ("boto_region_name", "region_name", "_region_name"):
            return Node(self.place.region(receiver), origin)
        if name == "boto_session":
            return Instance("boto3.Session", {"session": receiver}, origin)
        if name in ("sagemaker_client", "sagemaker_boto_client"):
            return Instance("boto3.client", {"service_name": Node("sagemaker", origin), "session": receiver}, origin)
        if name == "model_data" and receiver.cls in signatures.ESTIMATORS:
            return hosting.artefact(receiver, self.place) or unknown(name, origin)
        return unknown(f"attribute {name}", origin)

    def method(self, receiver: Node, name: str, arguments: Arguments, node: ast.Call) -> Node:
        """A method of an object, a text, a list or a dictionary."""
        origin = Place(self.document, node)
        if not isinstance(receiver, Instance):
            return texts.method(receiver, name, arguments, origin)
        if receiver.dotted.startswith(("sagemaker", "boto3")):
            self.consumed.extend([*arguments.positional, *arguments.keywords.values()])
        names = signatures.method_positions(receiver.cls, name)
        for position, value in zip(names, arguments.positional, strict=False):
            arguments.keywords.setdefault(position, value)
        for holds, act in self._families():
            if holds(receiver):
                found = act(receiver, name, arguments, origin)
                return found if found is not None else unknown(f"the result of .{name}()", origin)
        return unknown(f"the result of .{name}()", origin)

    def _families(self) -> Iterable[tuple[Callable[[Instance], bool], Callable[..., Node | None]]]:
        yield lambda thing: thing.dotted.startswith("boto3."), self._boto
        yield lambda thing: thing.dotted == "builtins.super", self._super
        yield lambda thing: thing.cls in SESSIONS, self._session
        yield lambda thing: thing.cls in signatures.ESTIMATORS, self._estimator
        yield lambda thing: thing.cls in signatures.PROCESSORS, self._processor
        yield lambda thing: thing.cls in signatures.MODELS or thing.cls == "ModelBuilder", self._model
        yield lambda thing: thing.cls in _TRAINERS, self._trainer
        yield lambda thing: thing.cls in signatures.MONITORS, self._monitor
        yield lambda thing: True, self._other

    def _boto(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name == "client" and receiver.dotted == "boto3.Session":
            client = self.instance("boto3.client", arguments, origin, "boto3.client")
            client.arguments.setdefault("session", receiver)
            return client
        service = receiver.argument("service_name")
        if service is None:
            return None
        if service.value == "sts" and name == "get_caller_identity":
            return self.place.caller_identity(origin)
        role = arguments.get("RoleName")
        if service.value == "iam" and name in ("get_role", "create_role") and role is not None:
            return Node({"Role": Node({"Arn": role, "RoleName": role}, origin, open=True)}, origin, open=True)
        api = apis.operation(name) if "_" in name else None
        if service.value in ("sagemaker", "sagemaker-geospatial") and api is not None:
            request = Node(dict(arguments.keywords), origin, open=arguments.open)
            self.start(api, shaped(request), api, "boto3")
        return None

    def _super(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name == "__init__" and self.passed_on:
            self.passed_on[-1] = arguments
        return None

    def _session(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name == "default_bucket":
            return text_with([self.place.default_bucket(receiver)], origin)
        if name == "upload_data":
            return self.place.uploaded(receiver, arguments, origin)
        if name == "account_id":
            return Node(self.place.settings.account, origin)
        return None

    def _estimator(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name == "fit":
            receiver.used = True
            if not _local(receiver):
                inputs = arguments.get("inputs") or arguments.get("records")
                request = training.estimator_request(receiver, inputs, self.place)
                request.open = request.open or arguments.open
                self.start("CreateTrainingJob", request, _label(receiver), "v2")
        return self._hosted(receiver, name, arguments, origin)

    def _hosted(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        """What models and trained estimators have in common: deploy(), transformer(), create_model()."""
        if name == "deploy" and not _local(receiver) and not _is_local(arguments.get("instance_type", 1)):
            self._create_model(receiver)
            for api, request in hosting.endpoint_requests(receiver, arguments, Node(None, origin)).items():
                self.start(api, request, _label(receiver), _generation(receiver))
        elif name == "transformer":
            self._create_model(receiver)
            transformer = self.instance("sagemaker.transformer.Transformer", Arguments([], arguments.keywords), origin, "Transformer")
            transformer.arguments |= {"model": receiver}
            if (session := receiver.argument("sagemaker_session")) is not None:
                transformer.arguments.setdefault("sagemaker_session", session)
            return transformer
        elif name == "create_model" and receiver.cls in signatures.ESTIMATORS:
            data = hosting.artefact(receiver, self.place)
            inherited = {key: value for key in ("role", "image_uri", "sagemaker_session") if (value := receiver.argument(key))}
            given = {**inherited, **({"model_data": data} if data is not None else {}), **arguments.keywords}
            return Instance("sagemaker.model.Model", given, origin, True)
        return None

    def _create_model(self, model: Instance) -> None:
        if model.used and any(work.api == "CreateModel" and work.origin is model.origin for work in self.workloads):
            return
        model.used = True
        request = hosting.model_request(model, self.place)
        self.start("CreateModel", request, _label(model), _generation(model), (hosting.model_name(model),))

    def _model(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name in ("create", "build", "_create_sagemaker_model", "create_without_deploying"):
            self._create_model(receiver)
            return receiver if name == "build" else None
        return self._hosted(receiver, name, arguments, origin)

    def _processor(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if not name.startswith("run"):
            return None
        receiver.used = True
        if not _local(receiver):
            make = processing.clarify_request if receiver.cls == "SageMakerClarifyProcessor" else processing.processor_request
            self.start("CreateProcessingJob", make(receiver, arguments, self.place), _label(receiver), _generation(receiver))
        return None

    def _trainer(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name.startswith("with_"):
            given = next(iter([*arguments.keywords.values(), *arguments.positional]), None)
            if given is not None:
                receiver.arguments[name.removeprefix("with_")] = given
            return receiver
        if name == "train":
            receiver.used = True
            request = training.trainer_request(receiver, arguments.get("input_data_config", 0), self.place)
            self.start("CreateTrainingJob", request, _label(receiver), "v3")
        return None

    def _monitor(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        if name == "suggest_baseline":
            request = processing.baseline_request(receiver, arguments, self.place)
            self.start("CreateProcessingJob", request, _label(receiver), _generation(receiver))
        elif name == "create_monitoring_schedule":
            for api, request in services.monitoring_requests(receiver, arguments, self.place).items():
                self.start(api, request, _label(receiver), _generation(receiver))
        return None

    def _other(self, receiver: Instance, name: str, arguments: Arguments, origin: Origin) -> Node | None:
        match receiver.cls, name:
            case "Transformer", "transform":
                request = hosting.transform_request(receiver, arguments, self.place)
                self.start("CreateTransformJob", request, _label(receiver), _generation(receiver))
            case "HyperparameterTuner", "fit" | "tune":
                self._tune(receiver, arguments.get("inputs", 0))
            case "HyperparameterTuner", "deploy":
                best = receiver.instance("estimator")
                return self._hosted(best, name, arguments, origin) if best is not None else None
            case "AutoML" | "AutoMLV2", "fit":
                api, request = services.automl_request(receiver, arguments, self.place)
                self.start(api, request, _label(receiver), "v2")
            case "FeatureGroup", "create":
                self.start("CreateFeatureGroup", services.feature_group_request(receiver, arguments), _label(receiver), "v2")
            case "Pipeline", "create" | "upsert":
                request = services.pipeline_request(receiver, arguments)
                self.start("CreatePipeline", request, _label(receiver), _generation(receiver))
        return None

    def _tune(self, tuner: Instance, inputs: Node | None) -> None:
        worker = tuner.instance("estimator") or tuner.instance("model_trainer")
        if worker is None or _local(worker):
            return
        worker.used = True
        make = training.trainer_request if worker.cls in _TRAINERS else training.estimator_request
        request = training.tuning_request(tuner, make(worker, inputs, self.place))
        self.start("CreateHyperParameterTuningJob", request, _label(tuner), _generation(worker))

    def _step(self, step: Instance) -> None:
        """A pipeline's step in the form that takes the object rather than the recorded call."""
        inputs = step.argument("inputs")
        if (estimator := step.instance("estimator")) is not None:
            estimator.used = True
            request = training.estimator_request(estimator, inputs, self.place)
            self.start("CreateTrainingJob", request, _label(step), "v2")
        if (processor := step.instance("processor")) is not None:
            processor.used = True
            request = processing.processor_request(processor, processing.step_arguments(step), self.place)
            self.start("CreateProcessingJob", request, _label(step), "v2")
        if (tuner := step.instance("tuner")) is not None:
            self._tune(tuner, inputs)
        if (model := step.instance("model")) is not None:
            self._create_model(model)
        if (transformer := step.instance("transformer")) is not None:
            given = Arguments(keywords=dict(inputs.arguments)) if isinstance(inputs, Instance) else Arguments(open=True)
            self.start("CreateTransformJob", hosting.transform_request(transformer, given, self.place), _label(step), "v2")

    # Workloads

    def start(self, api: str, request: Node, label: str, sdk: str, names: tuple[Text, ...] = ()) -> None:
        """Note a workload."""
        own = apis.own_name(api, request)
        known = names or ((own,) if own else ())
        if sdk == "boto3" and own is not None:
            label = str(own)
        self.workloads.append(Workload(request.origin, api, request, label, "python", sdk=sdk, names=known))

    def finish(self) -> list[Workload]:
        """The workloads; what was built and never started here counts with what is known of it."""
        for thing in self._objects:
            if thing.used or _local(thing):
                continue
            if thing.cls in signatures.ESTIMATORS:
                self.start("CreateTrainingJob", training.estimator_request(thing, None, self.place), _label(thing), "v2")
            elif thing.cls in _TRAINERS:
                self.start("CreateTrainingJob", training.trainer_request(thing, None, self.place), _label(thing), "v3")
            else:
                request = processing.processor_request(thing, None, self.place)
                self.start("CreateProcessingJob", request, _label(thing), _generation(thing))
        return self.workloads


def _label(thing: Instance) -> str:
    name = thing.argument("base_job_name") or thing.argument("name")
    return thing.name or (str(text_or_hole(name)) if name is not None else thing.cls)


def _generation(thing: Instance) -> str:
    return "v3" if thing.dotted.startswith(_V3) else "v2"


def _local(thing: Instance) -> bool:
    """Whether the job runs on the author's machine: local mode calls no API."""
    session = thing.instance("sagemaker_session")
    return _is_local(thing.argument("instance_type")) or (session is not None and session.cls.startswith("Local"))


def _is_local(instance_type: Node | None) -> bool:
    return instance_type is not None and (instance_type.literal or "").startswith("local")
