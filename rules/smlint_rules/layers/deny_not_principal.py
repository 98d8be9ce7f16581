"""A Deny with NotPrincipal names the role but not its sessions.

What
----
A bucket policy denies everybody but those in its NotPrincipal. The role of a workload is among them, its sessions are
not.

Why AWS refuses
---------------
SageMaker works in a session of the role (`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SageMaker`). A Deny with
NotPrincipal that lists the role alone may hit its sessions; AWS advises against NotPrincipal with Deny for that
reason.

Fix
---
Use `Principal: "*"` with a condition `ArnNotEquals` on `aws:PrincipalArn`, which compares with the role of a session.

Source
------
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.denies import by_principal_arn
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, ROLE, deny, folder, policy

LEVEL = Level.WARNING


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.NOT_PRINCIPAL:
        return
    yield finding(
        refusal,
        f"this Deny excepts `{refusal.role.label}` by NotPrincipal but not its sessions, "
        f"and {whose(refusal, 'works')} in a session: "
        f"{some(refusal.actions)} on {quoted(refusal.resources)} may be refused",
        LEVEL,
        fix="use Principal * with a condition ArnNotEquals on aws:PrincipalArn instead of NotPrincipal",
        snippet=by_principal_arn(refusal),
    )


_ON = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
_OTHERS = {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}
BAD = (folder(*DATA, bucket_json=policy(deny("s3:*", _ON, NotPrincipal={"AWS": ROLE}))),)
GOOD = (folder(*DATA, bucket_json=policy(deny("s3:*", _ON, Principal="*", Condition=_OTHERS))),)
