"""Nobody may create the grant that an encrypted volume needs.

What
----
A workload has a KMS key for its storage volume (or an endpoint, notebook or domain has one), and neither the
execution role nor a known caller has `kms:CreateGrant` on it.

Why AWS refuses
---------------
The volume is attached by another AWS service, which gets at the key through a grant. SageMaker creates the grant with
the execution role's permissions or the caller's; without either the job fails before it starts.

Fix
---
Allow `kms:CreateGrant` on the ARN of the key. A condition `kms:GrantIsForAWSResource: true` narrows it and is met.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import DATA, KEY, allow, folder, training

LEVEL = Level.ERROR

# Whoever creates these may hold the permission as well, and is usually in no file.
_BY_CALLER = frozenset({"CreateEndpointConfig", "CreateEndpoint", "UpdateEndpoint", "CreateNotebookInstance"})


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("kms:CreateGrant") or not refusal.required:
        return
    unknown_caller = all(job.api in _BY_CALLER and job.caller is None for job in refusal.jobs)
    for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    yield finding(
        refusal,
        f"{whose(refusal, 'has')} storage encrypted with {quoted(refusal.resources)}, "
        f"and {holder(refusal)} lacks kms:CreateGrant on it",
        Level.WARNING if unknown_caller else LEVEL,
        fix="allow kms:CreateGrant with the key" + (", unless whoever calls the API has it" if unknown_caller else ""),
        snippet=granted(refusal, [{**grant, "Condition": for_aws} for grant in refusal.grants]),
    )


_VOLUME = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
_REQUEST = training(ResourceConfig=_VOLUME)
_FOR_AWS = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
BAD = (
    folder(*DATA, request=_REQUEST),
    folder(*DATA, allow(["kms:DescribeKey", "kms:ListGrants"], KEY), request=_REQUEST),
)
GOOD = (
    folder(*DATA, allow("kms:CreateGrant", KEY), request=_REQUEST),
    folder(*DATA, allow("kms:CreateGrant", KEY, Condition=_FOR_AWS), request=_REQUEST),
    folder(*DATA),
)
