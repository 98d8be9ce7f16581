"""What the calls of a program mean: objects of the SageMaker SDK and of boto3, and the workloads that they start."""

from __future__ import annotations

import ast
from collections.abc import Callable

from smlint.document import Document, Origin
from smlint.facts import Workload
from smlint.readers import api as apis
from smlint.readers.python import actions, functions, hosting, processing, signatures, steps, texts, training
from smlint.readers.python.calling import Calling, lost, property_of
from smlint.readers.python.data_files import DataFiles
from smlint.readers.python.frames import Walk
from smlint.readers.python.sessions import SESSIONS, Deployment
from smlint.readers.python.things import (
    Arguments,
    Instance,
    LibraryObject,
    LocalClass,
    LocalFunction,
    LocalObject,
    Reference,
    forget,
    unknown,
)
from smlint.syntax.python import Place
from smlint.values import Node, Text, plain

MOST_AT_A_PLACE = 16
_STARTED_LATER = signatures.ESTIMATORS | signatures.PROCESSORS | actions.TRAINERS


class Sdk:
    """Told of every call by the interpreter of one module; notes the workloads.

    consumed:  every value that was given to the SDK or to boto3.
    construct: builds an object of a class of the program.
    """

    def __init__(self, document: Document, place: Deployment, walk: Walk, calling: Calling, files: DataFiles) -> None:
        self.document = document
        self.files = files
        self.place = place
        self.walk = walk
        self.calling = calling
        self.consumed: list[Node] = []
        self.construct: Callable[[LocalClass, Arguments, ast.Call], Node] | None = None
        self._objects: list[Instance] = []

    def call(self, function: Node, arguments: Arguments, node: ast.Call) -> Node:
        """A call of a function or class by its name."""
        origin = Place(self.document, node)
        if isinstance(function, LocalClass) and self.construct is not None:
            return self.construct(function, arguments, node)
        if isinstance(function, LocalFunction):
            return self.calling.call(function, arguments, origin)
        if not isinstance(function, Reference):
            return lost(arguments, "the result of a function of the file", origin)
        if function.dotted.startswith("sagemaker"):
            self._consume(arguments)
        return functions.called(self, function.dotted, arguments, origin)

    def method(self, receiver: Node, name: str, arguments: Arguments, node: ast.Call) -> Node:
        """A method of an object, a text, a list or a dictionary."""
        origin = Place(self.document, node)
        if receiver.unknown and not isinstance(receiver, (Instance, Reference)):
            receiver = actions.unknown_client(receiver, name, arguments) or receiver
        own = _own_method(receiver, name)
        if own is not None:
            return self.calling.call(own, arguments, origin)
        if not isinstance(receiver, Instance):
            return texts.method(receiver, name, arguments, origin)
        if receiver.dotted.startswith(("sagemaker", "boto3")):
            self._consume(arguments)
        names = signatures.method_positions(receiver.cls, name)
        for position, value in zip(names, arguments.positional, strict=False):
            arguments.keywords.setdefault(position, value)
        found = actions.action(receiver)(self, receiver, name, arguments, origin)
        return found if found is not None else unknown(f"the result of .{name}()", origin)

    def _consume(self, arguments: Arguments) -> None:
        if not self.walk.quiet:
            self.consumed.extend([*arguments.positional, *arguments.keywords.values()])

    def attribute(self, receiver: Instance, name: str, node: ast.Attribute) -> Node:
        """An attribute of an object: an argument it was given, or what a session knows."""
        origin = Place(self.document, node)
        if name in receiver.arguments:
            return receiver.arguments[name]
        if name == "__dict__":
            forget(receiver)  # it can be changed by way of it
        computed = property_of(receiver, name) if isinstance(receiver, LocalObject) else None
        if computed is not None:
            return self.calling.call(computed, Arguments(), origin)
        if isinstance(receiver, LibraryObject):
            return self.files.attribute(receiver, name, origin) or unknown(f"attribute {name}", origin)
        match name:
            case "boto_region_name" | "region_name" | "_region_name":
                return Node(self.place.region(receiver), origin)
            case "boto_session":
                return Instance("boto3.Session", {"session": receiver}, origin)
            case "sagemaker_client" | "sagemaker_boto_client":
                service = Node("sagemaker", origin)
                return Instance("boto3.client", {"service_name": service, "session": receiver}, origin)
            case "properties" if receiver.cls in signatures.STEPS:
                return steps.properties(receiver, self.place, origin)
            case "default_bucket_prefix" if receiver.cls in SESSIONS and not receiver.open:
                return Node(None, origin)
            case "model_data" if receiver.cls in signatures.ESTIMATORS:
                return hosting.artefact(receiver, self.place) or unknown(name, origin)
        return unknown(f"attribute {name}", origin)

    def instance(self, dotted: str, arguments: Arguments, origin: Origin) -> Instance:
        """An object of a class, its arguments by name."""
        made = Instance(dotted, {}, origin, arguments.open)
        names = ["service_name"] if dotted == "boto3.client" else signatures.positions(made.cls)
        made.arguments.update(zip(names, arguments.positional, strict=False))
        later = made.cls in _STARTED_LATER and dotted.startswith("sagemaker")
        for name, value in arguments.keywords.items():
            made.arguments[signatures.RENAMED.get(name, name) if later else name] = value
        if later:
            self.walk.things.append(made)
            self._objects += [] if self.walk.quiet else [made]
        elif made.cls in signatures.STEPS:
            actions.step(self, made)
        return made

    def start(
        self, api: str, request: Node, label: str, sdk: str, names: tuple[Text, ...] = (), in_pipeline: bool = False
    ) -> None:
        """Note a workload; one that is a pipeline's step is started by the pipeline's role."""
        if self.walk.quiet:
            return
        own = apis.own_name(api, request)
        known = names or ((own,) if own else ())
        started = Workload(request.origin, api, request, label, "python", sdk=sdk, names=known)
        if self.document.path != self.calling.program and not self._is_new(started):
            return
        self.walk.workloads.append(started)
        if in_pipeline:
            self.walk.steps.append(started)

    def _is_new(self, started: Workload) -> bool:
        """Whether a module's function that is called again sends something else, and not for the umpteenth time."""
        place = _place(started.origin)
        here = [one for one in self.walk.workloads if one.api == started.api and _place(one.origin) == place]
        request = plain(started.request)
        return len(here) < MOST_AT_A_PLACE and all(plain(one.request) != request for one in here)

    def finish(self) -> list[Workload]:
        """The workloads; what was built and never started here counts with what is known of it."""
        started = {_made_at(thing) for thing in self.walk.things if thing.started}
        for thing in self._objects:
            if _made_at(thing) in started or actions.is_local(thing):
                continue
            if thing.cls in signatures.ESTIMATORS:
                request, api = training.estimator_request(thing, None, self.place), "CreateTrainingJob"
            elif thing.cls in actions.TRAINERS:
                request, api = training.trainer_request(thing, None, self.place), "CreateTrainingJob"
            else:
                request, api = processing.processor_request(thing, None, self.place), "CreateProcessingJob"
            self.start(api, request, thing.title, thing.generation)
        self._call_steps()
        return self.walk.workloads

    def _call_steps(self) -> None:
        """Where the file creates one pipeline, its role is what starts the steps."""
        roles = [work.request.get("RoleArn") for work in self.walk.workloads if work.api == "CreatePipeline"]
        if len(roles) == 1 and (role := roles[0]) is not None:
            for step in self.walk.steps:
                step.caller, step.caller_origin = role.text, role.origin


def _made_at(thing: Instance) -> int:
    """What tells where an object is made: a call that is followed makes it once more."""
    return _place(thing.origin)


def _place(origin: Origin) -> int:
    return id(origin.node) if isinstance(origin, Place) else id(origin)


def _own_method(receiver: Node, name: str) -> LocalFunction | None:
    """The program's own method that is called."""
    if isinstance(receiver, LocalObject):
        return receiver.made_of.find(name, receiver)
    return receiver.find(name, None) if isinstance(receiver, LocalClass) else None
