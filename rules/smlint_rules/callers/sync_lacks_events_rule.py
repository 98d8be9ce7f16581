"""A state machine that waits for its job may not manage the event rule by which it learns of the end.

What
----
A Step Functions task ends in `.sync`, and the state machine's role lacks `events:PutTargets`, `events:PutRule` or
`events:DescribeRule` on the rule that Step Functions manages for that kind of job.

Why AWS refuses
---------------
Step Functions waits for a job with a managed rule of EventBridge, whose name is fixed: for training jobs
`StepFunctionsGetEventsForSageMakerTrainingJobsRule`, likewise `…TransformJobsRule`, `…TuningJobsRule`,
`…ProcessingJobsRule` and `…LabelingJobsRule`. It makes the rule with the state machine's role when the state machine
is created or updated; a grant on a misspelt name does not count.

Fix
---
Allow the three actions on the rule's ARN to the state machine's role.

Source
------
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.names import last_name
from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import EVENTS, PASS, START, allow, flow, processing

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or not refusal.caller or not refusal.actions[0].startswith("events:"):
        return
    rules = [last_name(found) for found in refusal.resources]
    yield finding(
        refusal,
        f"the state machine waits for {whose(refusal)} (`.sync`), and its role `{refusal.role.label}` lacks "
        f"{some(refusal.actions)} on the rule {quoted(rules)}",
        LEVEL,
        fix="allow the three actions on the rule that Step Functions manages, by exactly this name",
        snippet=granted(refusal),
    )


_MISSPELT = "arn:aws:events:*:*:rule/StepFunctionsGetEventsForSageMakerTrainingJobRule"
_ACTIONS = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]

BAD = (
    flow(PASS, START, allow(_ACTIONS, _MISSPELT)),
    flow(PASS, START),
    flow(PASS, START, EVENTS, integration="createProcessingJob.sync", request=processing()),
)
GOOD = (
    flow(PASS, START, EVENTS),
    flow(PASS, START, allow(_ACTIONS, "arn:aws:events:*:*:rule/StepFunctions*")),
    flow(PASS, START, integration="createTrainingJob"),
)
