"""A condition on the encryption refuses the upload.

What
----
A statement admits uploads only with a certain encryption or a certain KMS key, and the request's key setting does not
meet it.

Why AWS refuses
---------------
SageMaker uploads with `aws:kms` and the key that the request names; without one it takes the AWS managed key and
sends no key id. A condition on `s3:x-amz-server-side-encryption` or on the key id compares with exactly that.

Fix
---
Name the key that the statement asks for in the request (`KmsKeyId` of the output). A statement that wants another
encryption than `aws:kms` must admit that one: no request can change it.

Source
------
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, KEY, allow, deny, folder, policy, training

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.ENCRYPTION:
        return
    # Of jobs that come from Python code the call is the place to edit, where a key helps: estimator-without-kms-keys.
    if refusal.wants_key and all(job.workload.source == "python" for job in refusal.jobs):
        return
    verb = "is" if len(refusal.actions) == 1 else "are"
    yield finding(
        refusal,
        f"this statement {_wants(refusal)}, and {whose(refusal, 'uploads')} otherwise: "
        f"{some(refusal.actions)} on {quoted(refusal.resources)} {verb} refused",
        LEVEL,
        fix="name the key that the statement asks for as the KmsKeyId of the job's output"
        if refusal.wants_key
        else "admit `aws:kms` in the statement: SageMaker uploads with it, and no request can ask otherwise",
    )


def _wants(refusal: Refusal) -> str:
    """What the condition asks of an upload; a Deny asks for what its condition does not say."""
    condition = refusal.refused[0].condition
    if condition is None:
        return "asks for another encryption"
    operator, denies = condition.operator, refusal.denied
    values = [value.text for value in condition.values]
    if "Null" in operator:
        return f"asks for {'some' if (str(values[0]) == 'true') is denies else 'no'} `{condition.key}`"
    verb = "asks for" if ("Not" in operator) is denies else "refuses"
    return f"{verb} {quoted(values)} in `{condition.key}`"


_ON = "arn:aws:s3:::acme-data/*"
_WITHOUT_KEY = {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": KEY}}
_DENY = deny("s3:PutObject", _ON, Principal="*", Condition=_WITHOUT_KEY)
_OUTPUT = training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY})
_KEY = allow(["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"], KEY)
BAD = (folder(*DATA, bucket_json=policy(_DENY)),)
GOOD = (folder(*DATA, _KEY, request=_OUTPUT, bucket_json=policy(_DENY)), folder(*DATA))
