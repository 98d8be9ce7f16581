"""Another account's bucket does not let the role in.

What
----
The bucket belongs to another account, and its policy does not allow the access that the workload needs.

Why AWS refuses
---------------
Across accounts both sides must allow: the role's identity policies and the bucket's policy. The role's own policies
alone are not enough.

Fix
---
In the bucket's policy, allow the role (or its account) the action, on the bucket for `s3:ListBucket` and on its
objects for the others.

Source
------
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html,
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import admitted
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, ROLE, allow, folder, policy, training

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.BUCKET_GRANT or not refusal.required:
        return
    role, wanted = (
        f"{quoted([role.label for role in refusal.roles])} of another account",
        f"{some(refusal.actions)} on {quoted(refusal.resources)}",
    )
    lacks = "does not allow" if refusal.policy is not None else "has no policy in the repository that allows"
    yield finding(
        refusal,
        f"{_what(refusal)} {lacks} {role} {wanted}, which {whose(refusal, 'needs')}",
        LEVEL,
        fix="allow the role the action in the policy of the other account's resource",
        snippet=admitted(refusal) if refusal.policy is not None else "",
    )


def _what(refusal: Refusal) -> str:
    if refusal.policy is not None:
        return "this policy"
    return f"`{refusal.bucket.name}`" if refusal.bucket is not None else "the resource"


_CONFIG = """account = "111122223333"

[[bucket]]
name = "acme-data"
account = "444455556666"
policy = "bucket.json"
"""
_ON = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
_OTHER = allow("s3:*", _ON, Principal={"AWS": "arn:aws:iam::111122223333:role/dashboard"})
_OURS = allow(["s3:ListBucket", "s3:GetObject", "s3:PutObject"], _ON, Principal={"AWS": ROLE})
_OWN = allow("s3:PutObject", "arn:aws:s3:::acme-models/*")
_REQUEST = training(OutputDataConfig={"S3OutputPath": "s3://acme-models/churn"})
BAD = (folder(*DATA, _OWN, request=_REQUEST, smlint_toml=_CONFIG, bucket_json=policy(_OTHER)),)
GOOD = (
    folder(*DATA, _OWN, request=_REQUEST, smlint_toml=_CONFIG, bucket_json=policy(_OURS)),
    folder(*DATA, bucket_json=policy(_OTHER)),
)
