"""The SageMaker APIs as readers see them: their members, the spelling of names, which API a request is for.

`api_members.json` is taken from the service model; a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from smlint.needs import table
from smlint.record import dataclass
from smlint.values import Node, Text

# Members by which one API's requests are named, in the order in which they are looked for.
_NAMES = ("JobDefinitionName", "JobName", "TrackingServerName", "PipelineName", "Name")
# Members that also stand in files which have nothing to do with SageMaker.
_COMMONPLACE = frozenset(
    {
        "Name",
        "Type",
        "Tags",
        "RoleArn",
        "Description",
        "DisplayName",
        "Task",
        "Domain",
        "Target",
        "Arn",
        "Environment",
        "JobName",
        "JobType",
        "ModelName",
        "ModelVersion",
        "EndpointName",
        "ClusterName",
        "PipelineName",
        "ProjectName",
        "ProjectDescription",
        "AlgorithmName",
        "DomainId",
        "DomainName",
        "Schedule",
        "InputConfig",
        "OutputConfig",
        "KmsKeyId",
        "KmsKey",
        "VpcConfig",
        "Tier",
        "ClientToken",
        "Processor",
        "Aliases",
        "InstanceType",
        "SubnetId",
        "StoppingCondition",
        "NetworkConfig",
        "Specification",
        "Orchestrator",
        "AutoScaling",
        "x",
        "y",
        "z",
    }
)


@dataclass(frozen=True, slots=True)
class Api:
    """One API: what a request must and may have at its top."""

    name: str
    required: frozenset[str]
    members: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    loaded: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = json.loads(
        files("smlint.readers").joinpath("api_members.json").read_text("utf-8")
    )
    return loaded


@lru_cache(maxsize=1)
def apis() -> Mapping[str, Api]:
    """All APIs whose accesses are known, by name ("CreateTrainingJob")."""
    return {
        name: Api(name, frozenset(api["required"]), frozenset([*api["required"], *api["optional"]]))
        for name, api in _table()["apis"].items()
    }


@lru_cache(maxsize=1)
def _choices() -> frozenset[str]:
    return frozenset(_table()["choices"])


def is_choice(text: str) -> bool:
    """Whether the text is one of the words that a member may ask to choose from; instance types are such words too."""
    return text in _choices() or text.startswith(("ml.", "ml_"))


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, str]:
    ordered = sorted(_table()["names"], key=lambda name: name.endswith("Arn"))
    return {name.lower(): name for name in ordered}


def spell(name: str) -> str:
    """A member's name in the API's spelling: "s3_uri" and "s3URI" are "S3Uri"; an unknown name in PascalCase."""
    words = name.split("_")
    return _spellings().get("".join(words).lower()) or "".join(word[:1].upper() + word[1:] for word in words)


@lru_cache(maxsize=1)
def _operations() -> Mapping[str, str]:
    """The APIs by their names in lower case, with those that change what another one makes."""
    updates = (name for known in table.equivalents().values() for name in known.also)
    return {name.lower(): name for name in (*apis(), *updates)}


@lru_cache(maxsize=512)
def operation(name: str) -> str | None:
    """The API of a client's method or a state's resource: "create_auto_ml_job", "createTrainingJob"; None: not ours."""
    return _operations().get(name.replace("_", "").lower())


def which(request: Node) -> str | None:
    """The API whose request the mapping is, by its members alone; None where it is none, or nothing tells."""
    members = {name for name, member in request.items() if member.value is not None}
    if len(members) < 2 or (members <= _COMMONPLACE and not any(_complete(api, members) for api in apis().values())):
        return None
    candidates = [api for api in apis().values() if _fits(api, members)]
    if not candidates:
        return None
    best = max(candidates, key=lambda api: (-len(api.required - members), len(api.members & members)))
    return _by_content(best.name, request)


def _fits(api: Api, members: set[str]) -> bool:
    """A member may be misspelt and a required one be given on the command line; the rest must be this API's."""
    known, missing = members & api.members, api.required - members
    if (len(members) - len(known)) * 5 > len(members) or not (known - _COMMONPLACE or _complete(api, members)):
        return False
    return not missing or (len(missing) == 1 and len(known) >= 3)


def _complete(api: Api, members: set[str]) -> bool:
    """Whether all that the request must have is there, and so much that common names are none by chance."""
    return len(api.required) > 3 and api.required <= members


def _by_content(name: str, request: Node) -> str:
    """The geospatial jobs' requests have the same members; what stands in them differs."""
    if name == "StartEarthObservationJob" and request.get("InputConfig", "DataSourceConfig"):
        return "StartVectorEnrichmentJob"
    arn = request.get("Arn")
    if name == "ExportEarthObservationJob" and arn and ":vector-enrichment-job/" in str(arn.text):
        return "ExportVectorEnrichmentJob"
    return name


def own_name(api: str, request: Node) -> Text | None:
    """The name that a request gives to what it creates, by which other requests refer to it."""
    noun = api.removeprefix("Create").removeprefix("Update").removesuffix("V2")
    for member in (f"{noun}Name", *_NAMES):
        node = request.get(member)
        if node is not None and node.text:
            return node.text
    return None
