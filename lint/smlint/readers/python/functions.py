"""Functions and classes that programs call by name: of the SDK, of boto3, of the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smlint.document import Origin
from smlint.readers import api as apis
from smlint.readers.python import services, texts
from smlint.readers.python.containers import put_arguments
from smlint.readers.python.copies import copied
from smlint.readers.python.data_files import path_text
from smlint.readers.python.draft import shaped
from smlint.readers.python.sessions import aws_image
from smlint.readers.python.things import (
    Arguments,
    Instance,
    hole,
    named_unknown,
    text_or_hole,
    text_with,
    unknown,
)
from smlint.values import Node

if TYPE_CHECKING:
    from smlint.readers.python.sdk import Sdk

_PARAMETERS = frozenset({"ParameterString", "ParameterInteger", "ParameterFloat", "ParameterBoolean"})
# Decorators that make a function a training job: it takes the same arguments as a notebook job's step.
_REMOTE = frozenset({("sagemaker.remote_function", "remote"), ("sagemaker.workflow.function_step", "step")})
_RULES = frozenset({"Rule", "ProfilerRule"})
_NAMING = frozenset({"name_from_base", "unique_name_from_base"})
_LONGEST_BASE = 38  # longer ones are cut so that the name with the time has at most 63 characters


def called(sdk: Sdk, dotted: str, arguments: Arguments, origin: Origin) -> Node:
    """What a call of a function or class gives."""
    if not dotted.startswith("sagemaker"):
        return _of_library(sdk, dotted, arguments, origin)
    path, _, name = dotted.rpartition(".")
    owner = path.rpartition(".")[2]
    if name[:1].isupper() or name == "s3_input":
        return _object(sdk, dotted, name, arguments, origin)
    if owner[:1].isupper():
        return _of_class(sdk, path, owner, name, arguments, origin)
    return _function(sdk, path, name, arguments, origin)


def _function(sdk: Sdk, path: str, name: str, arguments: Arguments, origin: Origin) -> Node:
    if name == "get_execution_role":
        return sdk.place.execution_role(origin)
    if (path, name) in _REMOTE:
        made = Instance(f"{path}.{name}", dict(arguments.keywords), origin, arguments.open)
        request = services.notebook_job_request(made, sdk.place)
        sdk.start("CreateTrainingJob", request, made.title, "v2", in_pipeline=name == "step")
        return made
    if path.endswith("image_uris") and name == "retrieve":
        region, framework = arguments.get("region", 1), arguments.get("framework", 0)
        return _image(sdk, region, framework.literal if framework is not None else None, origin)
    if name == "get_image_uri":
        return _image(sdk, arguments.get("region_name", 0), None, origin)
    if path.endswith(("model_uris", "script_uris")) and name == "retrieve":
        cache = ["s3://jumpstart-cache-prod-", sdk.place.region(None), "/"]
        return text_with([*cache, hole(unknown("artefact", origin))], origin)
    if name == "s3_path_join" and not (arguments.open or arguments.keywords):
        return texts.uri_joined(arguments.positional, origin)
    if name in _NAMING and (base := arguments.get("base", 0)) is not None and base.literal is not None:
        return text_with([base.literal[:_LONGEST_BASE], "-", hole(unknown("now", origin))], origin)
    return unknown(f"the result of {name}()", origin)


def _image(sdk: Sdk, region: Node | None, framework: str | None, origin: Origin) -> Node:
    where = region.text if region is not None and region.text else sdk.place.region(None)
    return aws_image(where, framework or "built-in", origin)


def _object(sdk: Sdk, dotted: str, cls: str, arguments: Arguments, origin: Origin) -> Node:
    if cls in _PARAMETERS:
        return _parameter(sdk, cls, arguments, origin)
    if cls == "Join":
        on, values = arguments.get("on", 0), arguments.get("values", 1)
        separator = on.text if on is not None and on.text else ""
        return texts.joined(separator, values.sequence if values is not None else None, False, origin)
    return sdk.instance(dotted, arguments, origin)


def _parameter(sdk: Sdk, cls: str, arguments: Arguments, origin: Origin) -> Node:
    """A pipeline's parameter counts with its default."""
    default, title = arguments.get("default_value", 1), arguments.get("name", 0)
    if default is not None and default.value is not None:
        return default
    called = title.literal if title is not None else None
    if cls == "ParameterString" and called is not None:
        return named_unknown(f"python:{sdk.document.path}:parameter:{called}", origin, label=called)
    return unknown("a parameter without a default", origin)


def _of_class(sdk: Sdk, path: str, owner: str, name: str, arguments: Arguments, origin: Origin) -> Node:
    """Methods called on a class."""
    api = apis.operation(f"Create{owner}") if name == "create" else None
    if api is not None:  # the resource classes of SDK v3 take the request in snake case
        sdk.start(api, shaped(Instance(api, dict(arguments.keywords), origin, arguments.open)), api, "v3")
    elif owner == "S3Uploader" and name == "upload" and (to := arguments.get("desired_s3_uri", 1)) is not None:
        return text_with([text_or_hole(to), hole(unknown("file", origin))], origin)
    elif owner == "ModelTrainer":
        return sdk.instance(path, Arguments([], arguments.keywords, True), origin)
    elif owner in _RULES:
        return Instance(f"{path}.{name}", dict(arguments.keywords), origin)
    return unknown(f"the result of {owner}.{name}()", origin)


def _of_library(sdk: Sdk, dotted: str, arguments: Arguments, origin: Origin) -> Node:
    found = sdk.files.called(dotted, arguments, origin)
    if found is not None:
        return found
    match dotted:
        case "os.path.join" | "posixpath.join" | "path.join" if not arguments.open:
            return texts.path_joined(arguments.positional, origin)
        case "boto3.Session" | "boto3.session.Session":
            return sdk.instance("boto3.Session", arguments, origin)
        case "boto3.client":
            return sdk.instance(dotted, arguments, origin)
        case "sys.path.append" | "sys.path.insert" if arguments.positional:
            sdk.files.look_into(arguments.positional[-1])
        case "builtins.super":
            return Instance(dotted, {}, origin)
        case "builtins.str" if len(arguments.positional) == 1:
            return text_with([path_text(arguments.positional[0])], origin)
        case "builtins.dict" if len(arguments.positional) < 2:
            return _dict(arguments, origin)
        case "copy.copy" | "copy.deepcopy" if len(arguments.positional) == 1:
            return copied(arguments.positional[0], sdk.walk)
    return unknown(f"the result of {dotted}()", origin)


def _dict(arguments: Arguments, origin: Origin) -> Node:
    """`dict(…)` of another mapping, of keywords, or of both."""
    members: dict[str, Node] = {}
    return Node(members, origin, open=put_arguments(members, arguments))
