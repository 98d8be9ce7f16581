"""kms:ViaService admits only services other than the one that calls KMS.

What
----
A statement on a KMS key is conditioned on `kms:ViaService`, and the service that calls KMS for the workload is not
among those it admits.

Why AWS refuses
---------------
KMS compares the condition with the service that makes the call on the role's behalf: `s3.REGION.amazonaws.com` for
data in S3, `sagemaker.REGION.amazonaws.com` or `ec2.REGION.amazonaws.com` for storage volumes. Any other service, or
another region, does not match.

Fix
---
Admit the service that makes the call, or give its access a statement of its own.

Source
------
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service,
https://docs.aws.amazon.com/sagemaker/latest/dg/smcluster-cmk.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, KEY, allow, folder, training

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.VIA_SERVICE or not refusal.required:
        return
    first = refusal.refused[0]
    services, condition = list(first.access.via_services), first.condition
    callers = [str(service) for service in services]
    admitted = [value.text for value in condition.values] if condition is not None else []
    place = condition.values[0].origin if condition is not None and condition.values else None
    known = place is not None and all(isinstance(service, str) for service in services)
    yield finding(
        refusal,
        f"kms:ViaService is {quoted(admitted)} here, and {some(refusal.actions)} for {whose(refusal)} "
        f"comes through {' or '.join(f'`{caller}`' for caller in callers) or 'another service'}",
        LEVEL,
        fix=f"add {' and '.join(f'`{caller}`' for caller in callers) or 'the calling service'} to kms:ViaService",
        snippet=snippet(list(dict.fromkeys([*admitted, *services])), place) if place is not None and known else "",
        place=place,
    )


def _via(service: str) -> dict[str, object]:
    return {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}}


_CONFIG = 'account = "111122223333"\nregion = "eu-west-1"\n'
_VOLUME = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
_REQUEST = training(ResourceConfig=_VOLUME)
BAD = (folder(*DATA, allow("kms:CreateGrant", KEY, Condition=_via("s3")), request=_REQUEST, smlint_toml=_CONFIG),)
GOOD = (
    folder(*DATA, allow("kms:CreateGrant", KEY, Condition=_via("sagemaker")), request=_REQUEST, smlint_toml=_CONFIG),
    folder(*DATA, allow("kms:CreateGrant", KEY, Condition=_via("ec2")), request=_REQUEST, smlint_toml=_CONFIG),
)
