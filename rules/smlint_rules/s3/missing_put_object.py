"""The role cannot write the objects that its job writes.

What
----
A workload writes below an S3 prefix (output, checkpoints, captured data) with its execution role, and no policy allows
`s3:PutObject` on those keys.

Why AWS refuses
---------------
SageMaker writes below the prefix, never the prefix itself: `s3://bucket/models` becomes
`bucket/models/<job>/output/model.tar.gz`. `s3:PutObject` is authorised on those object ARNs.

Fix
---
Allow `s3:PutObject` on `arn:aws:s3:::bucket/prefix/*`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import DATA, LIST, RUNTIME, allow, folder

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("s3:PutObject") or not refusal.required:
        return
    yield finding(
        refusal,
        f"{whose(refusal)} must write to {quoted(refusal.buckets)}, and {holder(refusal)} may not",
        LEVEL,
        fix="allow s3:PutObject on the keys below the output prefix",
        snippet=granted(refusal),
    )


BAD = (folder(RUNTIME, LIST, allow("s3:GetObject", "arn:aws:s3:::acme-data/*")),)
GOOD = (folder(*DATA), folder(RUNTIME, allow("s3:*", ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"])))
