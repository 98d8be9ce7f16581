"""The role's own policy denies it.

What
----
An explicit Deny in one of the role's identity policies, or in its permissions boundary, hits an access that a
workload needs.

Why AWS refuses
---------------
An explicit Deny wins over every Allow, wherever the Allow stands.

Fix
---
Narrow the Deny: name the resources or actions that it is meant for, or add a condition that the workload does not
meet. A Deny on what requests configure (`sagemaker:VpcSubnets`, `sagemaker:VolumeKmsKey`) is often right: give the
workload what it wants.

Source
------
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, deny, folder
from smlint_rules.layers._asked import asked, remedy

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.ROLE_DENY:
        return
    yield finding(
        refusal,
        f"this Deny hits {some(refusal.actions)} on {quoted(refusal.resources)}, which {whose(refusal, 'needs')}",
        LEVEL,
        fix=remedy(refusal, "narrow the Deny to the resources and actions that it is meant for"),
        extra=asked(refusal),
    )


BAD = (folder(*DATA, deny("s3:PutObject", "arn:aws:s3:::acme-data/*")),)
GOOD = (
    folder(*DATA, deny("s3:DeleteObject", "arn:aws:s3:::acme-data/*")),
    folder(*DATA, deny("s3:PutObject", "arn:aws:s3:::acme-raw/*")),
)
