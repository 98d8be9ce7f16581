"""Who starts the job may not tag it.

What
----
The request has tags, or a state machine waits for the job (`.sync`), which Step Functions does with a tag that it
adds. No policy of the caller allows `sagemaker:AddTags`.

Why AWS refuses
---------------
To create a resource with tags is to call `sagemaker:AddTags` on it too. Step Functions adds a tag to every job that it
waits for, so a `.sync` integration needs the action even though the definition names no tags.

Fix
---
Allow `sagemaker:AddTags` to the caller on the same resources as the call itself.

Source
------
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html,
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.callers import is_execution_role
from smlint.verdicts.evidence import finding, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import EVENTS, PASS, START, called, flow, training, without

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("sagemaker:AddTags"):
        return
    if not refusal.caller or is_execution_role(refusal.role):
        return
    tagged = any(item.access.field is not None for item in refusal.refused)
    why = (
        "with tags"
        if tagged
        else f"and waits for {'them' if len(refusal.jobs) > 1 else 'it'} (`.sync`), which adds a tag"
    )
    yield finding(
        refusal,
        f"`{refusal.role.label}` starts {whose(refusal)} {why}, and lacks sagemaker:AddTags",
        LEVEL,
        fix=f"allow sagemaker:AddTags to `{refusal.role.label}` beside the call itself",
        snippet=granted(refusal),
    )


_START = without(START, "sagemaker:AddTags")
_TAGGED = training(Tags=[{"Key": "team", "Value": "churn"}])

BAD = (called(PASS, _START, request=_TAGGED), flow(PASS, EVENTS, _START))
GOOD = (
    called(PASS, START, request=_TAGGED),
    called(PASS, _START),
    flow(PASS, START, EVENTS),
    flow(PASS, _START, integration="createTrainingJob"),
)
