"""Who starts the job may not pass the execution role to SageMaker.

What
----
A principal of the repository (a state machine's role, a function's, the `caller` of a configured job) calls an API
with an execution role, and none of its policies allows `iam:PassRole` on that role for SageMaker.

Why AWS refuses
---------------
To give a service a role is an access of its own. IAM asks whether the caller may `iam:PassRole` on the ARN of the
role, its path included (`role/ml/train` is not `role/train`), and tells the service as `iam:PassedToService`. It is
the caller's permission, not the execution role's.

Fix
---
Allow `iam:PassRole` on the execution role's ARN to the caller, with `iam:PassedToService` set to
`sagemaker.amazonaws.com`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.verdicts.callers import PASS_ROLE, is_execution_role
from smlint.verdicts.evidence import whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.callers._pass_role import pass_role, passed
from smlint_rules.examples import EVENTS, ROLE, START, allow, called, flow

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks(PASS_ROLE):
        return
    if not refusal.caller or is_execution_role(refusal.role):
        return
    what = f"`{refusal.role.label}` starts {whose(refusal)} and may not pass {passed(refusal)}"
    yield pass_role(refusal, what, LEVEL)


def _to(service: str) -> dict[str, object]:
    return {"Condition": {"StringEquals": {"iam:PassedToService": service}}}


BAD = (
    called(START),
    called(START, allow("iam:PassRole", "arn:aws:iam::111122223333:role/ml/train")),
    called(START, allow("iam:PassRole", ROLE, **_to("ec2.amazonaws.com"))),
    flow(START, EVENTS),
)
GOOD = (
    called(START, allow("iam:PassRole", ROLE, **_to("sagemaker.amazonaws.com"))),
    called(START, allow("iam:*", "arn:aws:iam::*:role/tr*")),
    flow(START, EVENTS, allow("iam:PassRole", ROLE)),
)
