"""The model's role cannot read the alarms that roll a deployment back.

What
----
An endpoint's deployment names alarms for automatic rollback, and the role of the endpoint's models may not
`cloudwatch:DescribeAlarms` on them.

Why AWS refuses
---------------
SageMaker watches the alarms with the model's execution role while it shifts traffic. Without the permission the
deployment cannot be watched, and creating or updating the endpoint fails.

Fix
---
Allow `cloudwatch:DescribeAlarms` on the alarms to the role of every model behind the endpoint.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.values import split
from smlint.verdicts.evidence import finding, quoted, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import RUNTIME, allow, resource, template

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or refusal.caller or refusal.actions != ["cloudwatch:DescribeAlarms"]:
        return
    alarms = [split(found, ":alarm:", 1)[-1] for found in refusal.resources]
    yield finding(
        refusal,
        f"the deployment of {whose(refusal, 'watches')} the alarm {quoted(alarms)}, "
        f"and the model's role `{refusal.role.label}` lacks cloudwatch:DescribeAlarms",
        LEVEL,
        fix="allow cloudwatch:DescribeAlarms on the alarms to the model's role",
        snippet=granted(refusal),
    )


_RESOURCES = {
    "Model": resource("AWS::SageMaker::Model", ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]}),
    "Config": resource(
        "AWS::SageMaker::EndpointConfig",
        ProductionVariants=[{"VariantName": "all", "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]}}],
    ),
    "Endpoint": resource(
        "AWS::SageMaker::Endpoint",
        EndpointConfigName={"Fn::GetAtt": ["Config", "EndpointConfigName"]},
        DeploymentConfig={"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "churn-5xx"}]}},
    ),
}

BAD = (
    template(RUNTIME, **_RESOURCES),
    template(RUNTIME, allow("cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:*:*:alarm:fraud-*"), **_RESOURCES),
)
GOOD = (
    template(RUNTIME, allow("cloudwatch:DescribeAlarms", "*"), **_RESOURCES),
    template(RUNTIME, allow("cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:*:*:alarm:churn-*"), **_RESOURCES),
)
