"""The role cannot read objects that its job reads.

What
----
A workload reads S3 objects with its execution role, and no policy allows `s3:GetObject` on their keys.

Why AWS refuses
---------------
`s3:GetObject` is authorised on object ARNs (`arn:aws:s3:::bucket/key`). A grant on the bucket's own ARN, on another
prefix or on another bucket does not cover them. A managed policy counts only where its patterns match.

Fix
---
Allow `s3:GetObject` on the keys below the prefix: `arn:aws:s3:::bucket/prefix/*`.

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
from smlint_rules.examples import LIST, OBJECTS, RUNTIME, allow, folder

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("s3:GetObject") or not refusal.required:
        return
    yield finding(
        refusal,
        f"{whose(refusal)} must read objects in {quoted(refusal.buckets)}, and {holder(refusal)} may not",
        LEVEL,
        fix="allow s3:GetObject on the keys below the prefix",
        snippet=granted(refusal),
    )


BAD = (folder(RUNTIME, LIST, allow("s3:PutObject", "arn:aws:s3:::acme-data/*")),)
GOOD = (
    folder(RUNTIME, LIST, OBJECTS),
    folder(RUNTIME, LIST, allow(["s3:Get*", "s3:Put*"], "*")),
)
