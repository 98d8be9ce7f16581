"""The role cannot list a bucket that its job lists.

What
----
A workload reads everything below an S3 prefix, so SageMaker lists the bucket with the execution role, and no policy
allows `s3:ListBucket` on that bucket.

Why AWS refuses
---------------
`s3:ListBucket` is authorised on the bucket's ARN (`arn:aws:s3:::bucket`), not on its objects. A grant on `bucket/*`
does not cover it, and a `Condition` on `s3:prefix` must admit the prefix that the job lists. Single objects (a model's
`model.tar.gz`, a manifest) are read without it.

Fix
---
Allow `s3:ListBucket` on the bucket itself, beside `s3:GetObject` on its objects.

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
    if not refusal.lacks("s3:ListBucket") or not refusal.required:
        return
    yield finding(
        refusal,
        f"{whose(refusal)} must list {quoted(refusal.buckets)}, and {holder(refusal)} may not",
        LEVEL,
        fix="allow s3:ListBucket on the bucket itself, without `/*`",
        snippet=granted(refusal),
    )


BAD = (
    folder(RUNTIME, OBJECTS),
    folder(RUNTIME, OBJECTS, {**LIST, "Condition": {"StringLike": {"s3:prefix": "models/*"}}}),
)
GOOD = (
    folder(RUNTIME, OBJECTS, LIST),
    folder(RUNTIME, OBJECTS, allow("s3:List*", "arn:aws:s3:::acme-*")),
)
