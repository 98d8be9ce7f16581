"""The bucket policy denies the role.

What
----
An explicit Deny of a bucket policy hits an access that a workload needs: its Principal is the role, the role's
account or `*`, or its NotPrincipal does not list the role, and its conditions are met.

Why AWS refuses
---------------
An explicit Deny wins over every Allow, in the bucket policy and in the role's own policies.

Fix
---
Except the role from the Deny (a condition `ArnNotEquals` on `aws:PrincipalArn`), or narrow its actions or resources.

Source
------
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.denies import excepted, way_out
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, ROLE, deny, folder, policy

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.BUCKET_DENY:
        return
    what = "bucket" if refusal.bucket is not None else "resource's"
    yield finding(
        refusal,
        f"this statement of the {what} policy denies `{refusal.role.label}` {some(refusal.actions)} "
        f"on {quoted(refusal.resources)}, which {whose(refusal, 'needs')}",
        LEVEL,
        fix=way_out(refusal),
        snippet=excepted(refusal),
    )


_ON = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
_DENY = deny(["s3:GetObject", "s3:GetBucketLocation", "s3:ListBucket"], _ON, Principal={"AWS": ROLE})
_TLS = deny("s3:*", _ON, Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
BAD = (
    folder(*DATA, bucket_json=policy(_DENY)),
    folder(*DATA, bucket_json=policy({**_DENY, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}})),
)
GOOD = (
    folder(*DATA, bucket_json=policy(_TLS)),
    folder(*DATA, bucket_json=policy({**_DENY, "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}})),
)
