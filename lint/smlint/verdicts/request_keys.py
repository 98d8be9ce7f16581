"""The condition keys of a call to SageMaker that its request settles: the network, the volume key, the isolation."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.estate.estate import Estate
from smlint.iam import catalogue
from smlint.needs import paths, table
from smlint.needs.context import Context
from smlint.needs.subjects import key_arn
from smlint.values import Text

_SUBNETS, _GROUPS, _ISOLATION = "sagemaker:vpcsubnets", "sagemaker:vpcsecuritygroupids", "sagemaker:networkisolation"
_VOLUME = ("sagemaker:volumekmskeyarn", "sagemaker:volumekmskey")  # documented under either name
CONFIGURED = {  # what a person gives a workload to settle a key
    **dict.fromkeys((_SUBNETS, _GROUPS), "VPC configuration"),
    **dict.fromkeys(_VOLUME, "volume key"),
    _ISOLATION: "network isolation",
}


def request_keys(job: Job, api: table.Api, estate: Estate) -> Context:
    """The keys that the action knows; None: the request has no such field; not listed: it cannot be told."""
    known = {key.lower() for key in catalogue.condition_keys(f"{api.service}:{job.api}")}
    found: dict[str, tuple[Text, ...] | None] = {}
    for key, path in _paths(api):
        values = _values(job, path)
        if key in known and values is not None:
            found[key] = (*(found.get(key) or ()), *values) or None
    for key in _VOLUME:
        if (keys := _values(job, _volume_key(api))) is not None:
            arns = [key_arn(one, estate, job.role_text) for one in keys]
            found[key] = tuple(arn for arn in arns if arn is not None) or None
    isolation = job.workload.request.get("EnableNetworkIsolation")
    if isolation is not None and isinstance(isolation.value, bool):
        found[_ISOLATION] = (str(isolation.value).lower(),)
    return found


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
    texts = [place.node.text for place in places.found]
    if not path or places.more or None in texts:
        return None
    return tuple(text for text in texts if text)
