"""An execution role that uses SageMaker itself lacks the action.

What
----
SageMaker calls SageMaker with the execution role: a pipeline creates the jobs of its steps, an AutoML job its models
and endpoints, a notebook what its code says. No policy of the role allows that action.

Why AWS refuses
---------------
The role's policies are all that counts, although it is a SageMaker role. Every API is an action of its own:
`sagemaker:DescribeProcessingJob` and `sagemaker:StopProcessingJob` do not create one.

Fix
---
Allow the action on the ARN of what the job, pipeline or notebook creates.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-access.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.callers import is_execution_role
from smlint.verdicts.evidence import finding, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, PASS_ANY, RUNTIME, START, allow, automl, folder, step, without

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or not refusal.actions[0].startswith("sagemaker"):
        return
    if refusal.caller and not is_execution_role(refusal.role):
        return
    starts = "starts" if refusal.caller else "works for"
    yield finding(
        refusal,
        f"`{refusal.role.label}` {starts} {whose(refusal)} and lacks {some(refusal.actions, 4)}",
        LEVEL,
        fix=f"allow {some(refusal.actions, 4)} to the role",
        snippet=granted(refusal),
    )


BAD = (
    step(RUNTIME, PASS_ANY, without(START, "sagemaker:CreateTrainingJob")),
    folder(*DATA, PASS_ANY, allow("sagemaker:Describe*", "*"), request=automl()),
)
GOOD = (
    step(RUNTIME, PASS_ANY, START),
    folder(*DATA, PASS_ANY, allow("sagemaker:*", "*"), request=automl()),
)
