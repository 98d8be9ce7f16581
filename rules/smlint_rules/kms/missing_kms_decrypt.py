"""The role cannot decrypt the data that its job reads.

What
----
A workload reads from a bucket whose objects are encrypted with a KMS key, and no policy of the role allows
`kms:Decrypt` with that key.

Why AWS refuses
---------------
S3 asks KMS on behalf of whoever reads the object. Without `kms:Decrypt` on the key's ARN the GetObject fails with
AccessDenied, although `s3:GetObject` is allowed.

Fix
---
Allow `kms:Decrypt` on the ARN of the key (not of its alias).

Source
------
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html,
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training
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
    if not refusal.lacks("kms:Decrypt") or not refusal.required:
        return
    yield finding(
        refusal,
        f"{whose(refusal, 'reads')} data encrypted with {quoted(refusal.resources)}, "
        f"and {holder(refusal)} lacks kms:Decrypt",
        LEVEL,
        fix="allow kms:Decrypt with the key",
        snippet=granted(refusal),
    )


_CONFIG = f'''[[bucket]]
name = "acme-data"
kms-key = "{KEY}"

[[key]]
arn = "{KEY}"
'''
_UNENCRYPTED_OUTPUT = training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/"})
BAD = (folder(*DATA, request=_UNENCRYPTED_OUTPUT, smlint_toml=_CONFIG),)
GOOD = (
    folder(*DATA, allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY), smlint_toml=_CONFIG),
    folder(*DATA),
)
