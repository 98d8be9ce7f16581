"""The role lacks another action that the job's request asks for.

What
----
A field of the request makes SageMaker, or the job's container, use another service with the execution role: a topic for
notifications (`sns:Publish`), a function that is called (`lambda:InvokeFunction`), a shell for remote debugging
(`ssmmessages:…`), the catalogue of a feature store (`glue:…`). No policy allows it.

Why AWS refuses
---------------
The execution role's policies are all that the job has: what they do not allow is refused, whoever created the job.

Fix
---
Allow the action on the resource that the field names, or take the field out.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/train-remote-debugging.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, RUNTIME, allow, folder, resource, template, training, without

LEVEL = Level.ERROR

# Services and actions of which another rule speaks.
OWN_RULES = ("s3:", "s3express:", "kms:", "ecr:", "logs:", "ec2:", "sagemaker", "iam:PassRole")
OWN_ACTIONS = frozenset({"cloudwatch:PutMetricData", "cloudwatch:DescribeAlarms", "sts:SetContext"})


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or refusal.caller:
        return
    action = refusal.actions[0]
    if action.startswith(OWN_RULES) or action in OWN_ACTIONS:
        return
    resources = [found for found in refusal.resources if found != "*"]
    them = "it" if len(refusal.actions) == 1 else "them"
    on = f" on {quoted(resources)}" if resources else ""
    yield finding(
        refusal,
        f"{whose(refusal, 'needs')} {some(refusal.actions, 4)}{on}, and {holder(refusal)} lacks {them}",
        LEVEL,
        fix=f"allow {some(refusal.actions, 4)}",
        snippet=granted(refusal),
    )


_SHELL = allow(
    [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ],
    "*",
)
_DEBUGGED = training(RemoteDebugConfig={"EnableRemoteDebug": True})
_TOPIC = "arn:aws:sns:eu-west-1:111122223333:churn-done"
_RESOURCES = {
    "Model": resource("AWS::SageMaker::Model", ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]}),
    "Config": resource(
        "AWS::SageMaker::EndpointConfig",
        ProductionVariants=[{"VariantName": "all", "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]}}],
        AsyncInferenceConfig={
            "OutputConfig": {"S3OutputPath": "s3://acme-data/out/", "NotificationConfig": {"SuccessTopic": _TOPIC}}
        },
    ),
}
_OUT = allow("s3:PutObject", "arn:aws:s3:::acme-data/out/*")

BAD = (
    folder(*DATA, without(_SHELL, "ssmmessages:OpenDataChannel"), request=_DEBUGGED),
    template(RUNTIME, _OUT, **_RESOURCES),
)
GOOD = (
    folder(*DATA, _SHELL, request=_DEBUGGED),
    folder(*DATA, request=training(RemoteDebugConfig={"EnableRemoteDebug": False})),
    template(RUNTIME, _OUT, allow("sns:Publish", _TOPIC), **_RESOURCES),
)
