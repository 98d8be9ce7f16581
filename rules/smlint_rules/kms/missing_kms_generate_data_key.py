"""The role cannot encrypt what its job writes.

What
----
A workload writes objects encrypted with a KMS key that its request names, and no policy of the role allows
`kms:GenerateDataKey` with that key.

Why AWS refuses
---------------
S3 encrypts each object with a data key that it asks KMS for, on behalf of whoever writes. `kms:Encrypt` alone, as
some pages name it, does not let the upload pass.

Fix
---
Allow `kms:GenerateDataKey` on the ARN of the key; large files are uploaded in parts and need `kms:Decrypt` too.

Source
------
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html,
https://repost.aws/knowledge-center/s3-large-file-encryption-kms-key
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import DATA, KEY, allow, folder, training

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("kms:GenerateDataKey") or not refusal.required:
        return
    yield finding(
        refusal,
        f"{whose(refusal, 'writes')} with the key {quoted(refusal.resources)}, "
        f"and {holder(refusal)} lacks kms:GenerateDataKey",
        LEVEL,
        fix="allow kms:GenerateDataKey with the key, and kms:Decrypt, which multipart uploads need"
        + ("; SageMaker's pages ask for kms:Encrypt too" if any(item.echoes for item in refusal.refused) else ""),
        snippet=granted(refusal, refusal.grants_with("kms:Decrypt")),
    )


_OUTPUT = {"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY}
BAD = (folder(*DATA, allow(["kms:Encrypt", "kms:Decrypt"], KEY), request=training(OutputDataConfig=_OUTPUT)),)
GOOD = (
    folder(
        *DATA,
        allow(["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], KEY),
        request=training(OutputDataConfig=_OUTPUT),
    ),
    folder(*DATA),
)
