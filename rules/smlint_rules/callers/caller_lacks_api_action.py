"""Who starts the job may not call the API.

What
----
A principal of the repository (a state machine's role, a function's, the `caller` of a configured job) calls a
SageMaker API, and none of its policies allows that action. A state machine that waits for its job (`.sync`) also
describes it and stops it when it is stopped itself; where it may not, that is a note.

Why AWS refuses
---------------
Every API is an action of its own: `sagemaker:CreateTrainingJob` does not allow `sagemaker:CreateProcessingJob`. It is
authorised on the ARN of what it creates, such as `arn:aws:sagemaker:region:account:training-job/name`.

Fix
---
Allow the action to the caller, on the ARN of that kind of resource.

Source
------
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.callers import is_execution_role
from smlint.verdicts.evidence import finding, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import EVENTS, PASS, START, allow, called, flow

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or not refusal.caller:
        return
    action = refusal.actions[0]
    if not action.startswith("sagemaker") or action == "sagemaker:AddTags" or is_execution_role(refusal.role):
        return
    yield finding(
        refusal,
        f"`{refusal.role.label}` starts {whose(refusal)} and lacks {some(refusal.actions)}",
        LEVEL if refusal.required else Level.NOTE,
        fix=f"allow {some(refusal.actions)} to `{refusal.role.label}`",
        snippet=granted(refusal),
    )


BAD = (
    called(PASS, allow(["sagemaker:CreateProcessingJob", "sagemaker:DescribeTrainingJob"], "*")),
    called(PASS, allow(["sagemaker:Describe*", "sagemaker:List*"], "*")),
    flow(PASS, EVENTS, allow("sagemaker:AddTags", "*")),
)
GOOD = (
    called(PASS, allow("sagemaker:Create*", "*")),
    called(PASS, START),
    flow(PASS, EVENTS, START),
)
