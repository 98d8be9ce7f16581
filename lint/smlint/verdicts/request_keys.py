"""The condition keys of a call to SageMaker that its request settles: the network, the keys, the instances."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.estate.estate import Estate
from smlint.iam import catalogue
from smlint.needs import paths, table
from smlint.needs.context import Context
from smlint.needs.subjects import key_arn
from smlint.values import Text

_SUBNETS, _GROUPS = "sagemaker:vpcsubnets", "sagemaker:vpcsecuritygroupids"
_VOLUME = ("sagemaker:volumekmskeyarn", "sagemaker:volumekmskey")  # documented under either name
_OUTPUT = ("sagemaker:outputkmskeyarn", "sagemaker:outputkmskey")
_TYPES = "sagemaker:instancetypes"
_ISOLATION = "sagemaker:networkisolation"
CONFIGURED = {  # what a person gives a workload to settle a key
    **dict.fromkeys((_SUBNETS, _GROUPS), "VPC configuration"),
    **dict.fromkeys(_VOLUME, "volume key"),
    **dict.fromkeys(_OUTPUT, "output key"),
    _TYPES: "instance type",
    _ISOLATION: "network isolation",
}
_OUTPUTS = ("OutputDataConfig", "ProcessingOutputConfig", "TransformOutput", "OutputConfig")
_NAMED = {  # where a request says it; what it leaves out is for SageMaker to fill in
    _TYPES: (
        "ResourceConfig.InstanceType",
        "ResourceConfig.InstanceGroups[].InstanceType",
        "ProcessingResources.ClusterConfig.InstanceType",
        "TransformResources.InstanceType",
        "JobResources.ClusterConfig.InstanceType",
        "ProductionVariants[].InstanceType",
        "ShadowProductionVariants[].InstanceType",
        "InstanceGroups[].InstanceType",
        "InstanceType",
    ),
    _ISOLATION: ("EnableNetworkIsolation", "NetworkConfig.EnableNetworkIsolation"),
    "sagemaker:intercontainertrafficencryption": (
        "EnableInterContainerTrafficEncryption",
        "NetworkConfig.EnableInterContainerTrafficEncryption",
    ),
    "sagemaker:maxruntimeinseconds": ("StoppingCondition.MaxRuntimeInSeconds",),
    "sagemaker:enableremotedebug": ("RemoteDebugConfig.EnableRemoteDebug",),
    "sagemaker:directinternetaccess": ("DirectInternetAccess",),
    "sagemaker:rootaccess": ("RootAccess",),
}


def request_keys(job: Job, api: table.Api, estate: Estate) -> Context:
    """The keys that the action knows; None: the request has no such field; not listed: it cannot be told."""
    known = {key.lower() for key in catalogue.condition_keys(f"{api.service}:{job.api}")}
    found: dict[str, tuple[Text, ...] | None] = {}
    for key, path in _paths(api):
        values = _values(job, path)
        if key in known and values is not None:
            found[key] = (*(found.get(key) or ()), *values) or None
    found.update(_key_arns(job, _VOLUME, _volume_key(api), estate))
    for output in _OUTPUTS:
        if job.workload.request.get(output) is not None:
            found.update(_key_arns(job, _OUTPUT, f"{output}.KmsKeyId", estate))
    found.update({key: values for key, values in _named(job) if values and key in known})
    return found


def _key_arns(job: Job, names: tuple[str, ...], path: str, estate: Estate) -> dict[str, tuple[Text, ...] | None]:
    """The keys that the request names at the path, under every name of the condition key."""
    keys = _values(job, path)
    arns = [key_arn(one, estate, job.role_text) for one in keys or ()]
    if keys is None or None in arns:  # an alias that nothing resolves
        return {}
    return dict.fromkeys(names, tuple(arn for arn in arns if arn is not None) or None)


def _named(job: Job) -> Iterator[tuple[str, tuple[Text, ...]]]:
    """What the request says itself; nothing where part of it is not known."""
    for key, named in _NAMED.items():
        values = [_values(job, path) for path in named]
        if None not in values:
            yield key, tuple(value for found in values for value in found or ())


def _paths(api: table.Api) -> Iterator[tuple[str, str]]:
    for path in api.network:
        before, _, last = path.rpartition("Subnets[]")
        if not last:
            yield _SUBNETS, path
            yield _GROUPS, f"{before}SecurityGroupIds[]"


def _volume_key(api: table.Api) -> str:
    return next((field.path for field in api.fields if "KMS_VOLUME" in field.bundles), "")


def _values(job: Job, path: str) -> tuple[Text, ...] | None:
    """What the request has at the path; None where that is not known."""
    places = paths.walk(job.workload.request, paths.steps(path))
    texts = [place.node.scalar for place in places.found]
    if not path or places.more or None in texts:
        return None
    return tuple(text for text in texts if text)
