"""The key policy denies the role.

What
----
An explicit Deny in a key policy hits an access to the key that a workload needs.

Why AWS refuses
---------------
An explicit Deny wins over every Allow, in the key policy and in the role's own policies.

Fix
---
Except the role from the Deny (for example with a condition on `aws:PrincipalArn`), or narrow its actions.

Source
------
https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.denies import excepted, way_out
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, KEY, allow, deny, folder, policy, training

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.KEY_DENY:
        return
    yield finding(
        refusal,
        f"this statement of the key policy denies `{refusal.role.label}` {some(refusal.actions)} "
        f"on {quoted(refusal.resources)}, which {whose(refusal, 'needs')}",
        LEVEL,
        fix=way_out(refusal),
        snippet=excepted(refusal),
    )


_ROOT = {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
_VOLUME = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
_REQUEST = training(ResourceConfig=_VOLUME)
_GRANT = allow("kms:CreateGrant", KEY)
_DENY = deny("kms:CreateGrant", "*", Principal="*")
_OTHERS = {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/train"}}
BAD = (folder(*DATA, _GRANT, request=_REQUEST, key_json=policy(allow("kms:*", "*", **_ROOT), _DENY)),)
GOOD = (
    folder(*DATA, _GRANT, request=_REQUEST, key_json=policy(allow("kms:*", "*", **_ROOT))),
    folder(
        *DATA,
        _GRANT,
        request=_REQUEST,
        key_json=policy(allow("kms:*", "*", **_ROOT), {**_DENY, "Condition": _OTHERS}),
    ),
)
