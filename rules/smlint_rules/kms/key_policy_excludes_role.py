"""The key policy neither names the role nor lets identity policies count.

What
----
A workload uses a KMS key whose policy allows neither the execution role nor the role's account to use it.

Why AWS refuses
---------------
For KMS the key policy has the first word: identity policies count only where the key policy allows the account
(`arn:aws:iam::ACCOUNT:root`). Without that the role must be named in the key policy itself, whatever its own policies
say.

Fix
---
Name the role in a statement of the key policy, or let the account use the key so that identity policies decide.

Source
------
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html,
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import admitted
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, KEY, ROLE, allow, folder, policy, training

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.KEY_EXCLUDES or not refusal.required:
        return
    labels = quoted([role.label for role in refusal.roles])
    yield finding(
        refusal,
        f"the policy of the key {quoted(refusal.resources)} allows neither {labels} nor the account "
        f"{some(refusal.actions)}, so {whose(refusal)} cannot use it whatever the role's own policies say",
        LEVEL,
        fix="name the role in the key policy, or let its account use the key",
        snippet=admitted(refusal),
    )


_ADMIN = {"Principal": {"AWS": "arn:aws:iam::111122223333:role/KeyAdmin"}}
_ROOT = {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
_USER = {"Principal": {"AWS": ROLE}}
_VOLUME = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
_REQUEST = training(ResourceConfig=_VOLUME)
_GRANT = allow("kms:CreateGrant", KEY)
BAD = (folder(*DATA, _GRANT, request=_REQUEST, key_json=policy(allow("kms:*", "*", **_ADMIN))),)
GOOD = (
    folder(*DATA, _GRANT, request=_REQUEST, key_json=policy(allow("kms:*", "*", **_ROOT))),
    folder(*DATA, request=_REQUEST, key_json=policy(allow("kms:CreateGrant", "*", **_USER))),
    folder(*DATA, _GRANT, request=_REQUEST),
)
