"""The role lacks kms:Encrypt, which SageMaker's pages ask for.

What
----
A job's output is encrypted with a KMS key and the role lacks `kms:Encrypt`, though it has `kms:GenerateDataKey`.

Why AWS refuses
---------------
SageMaker documents `kms:Encrypt` as required for an output key. S3 itself does not call it, so the job may pass;
smlint says so because AWS's own pages ask for it, and it is a note where only the input is encrypted. Where
`kms:GenerateDataKey` is missing as well, only that is reported.

Fix
---
Allow `kms:Encrypt` on the ARN of the key beside `kms:GenerateDataKey` and `kms:Decrypt`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import DATA, KEY, allow, folder, training

LEVEL = Level.WARNING


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("kms:Encrypt"):
        return
    writes = any(item.access.bundle != "KMS_DECRYPT_INPUT" for item in refusal.refused)
    level = LEVEL if writes else Level.NOTE
    found = finding(
        refusal,
        f"{whose(refusal, 'uses')} the key {quoted(refusal.resources)}, for which SageMaker asks kms:Encrypt, "
        f"and {holder(refusal)} lacks it",
        level,
        fix="allow kms:Encrypt with the key",
        snippet=granted(refusal),
    )
    yield found.at(level.lower() if refusal.assumed else level)


_OUTPUT = training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY})
BAD = (folder(*DATA, allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY), request=_OUTPUT),)
GOOD = (
    folder(*DATA, allow(["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], KEY), request=_OUTPUT),
    folder(*DATA, request=_OUTPUT),
)
