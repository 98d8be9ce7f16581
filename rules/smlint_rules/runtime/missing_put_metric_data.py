"""The role cannot write the job's metrics.

What
----
SageMaker puts metrics of the job into CloudWatch with the execution role, and no policy allows
`cloudwatch:PutMetricData`.

Why AWS refuses
---------------
`cloudwatch:PutMetricData` takes no resource, so it is allowed on `*` or not at all. A condition on
`cloudwatch:namespace` must admit the namespace that the job writes to. The job runs without, but its metrics are lost.

Fix
---
Allow `cloudwatch:PutMetricData` on `*`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import LIST, OBJECTS, RUNTIME, folder, resource, template, without

LEVEL = Level.WARNING


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or refusal.caller or refusal.actions != ["cloudwatch:PutMetricData"]:
        return
    yield finding(
        refusal,
        f"{whose(refusal)} must write metrics, and {holder(refusal)} lacks cloudwatch:PutMetricData",
        LEVEL,
        fix='allow cloudwatch:PutMetricData on "*", which is its only resource',
        snippet=granted(refusal),
    )


_WITHOUT = without(RUNTIME, "cloudwatch:PutMetricData")
_MODEL = resource("AWS::SageMaker::Model", ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]})

BAD = (folder(_WITHOUT, LIST, OBJECTS), template(_WITHOUT, Model=_MODEL))
GOOD = (folder(RUNTIME, LIST, OBJECTS), template(RUNTIME, Model=_MODEL))
