"""A processing job in a VPC needs its EC2 permissions without a condition and on every resource.

What
----
A processing job (or a monitoring schedule, which runs as one) has a VPC configuration. The execution role has the EC2
actions for it, but in a statement with a `Condition` or with a `Resource` other than `"*"`.

Why AWS refuses
---------------
SageMaker validates the role when a processing job is created, and this validation knows neither conditions nor
resources. What would be enough for the calls themselves is refused here. The rule is stated for processing jobs only:
training jobs and models may use narrower statements.

Fix
---
Take the `Condition` out and write `"Resource": "*"`, or add a statement of that form for the nine actions.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, some, whose
from smlint.verdicts.refusal import Cause, Refusal, allowing
from smlint_rules.examples import DATA, NETWORK, RUNTIME, folder, processing, resource, template

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.UNSCOPED:
        return
    statement = refusal.statement
    conditional = statement is not None and bool(statement.conditions)
    fault = "only under a condition" if conditional else "only on some resources"
    grant = allowing(refusal.actions, ["*"])
    yield finding(
        refusal,
        f"{whose(refusal, 'runs')} processing in a VPC, and {holder(refusal)} has {some(refusal.actions, 2)} "
        f"{fault}, which the validation at its creation does not accept",
        LEVEL,
        fix='take the condition out and write `"Resource": "*"` for these actions',
        snippet=granted(refusal, [grant]),
    )


_VPC = {"VpcConfig": {"Subnets": ["subnet-0a1b2c3d4e5f60718"], "SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"]}}
_REGION = {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}
_JOB = processing(NetworkConfig=_VPC)
_RESOURCE = resource(
    "AWS::SageMaker::ProcessingJob",
    RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
    AppSpecification={"ImageUri": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"},
    NetworkConfig=_VPC,
)

BAD = (
    folder(*DATA, {**NETWORK, **_REGION}, request=_JOB),
    template(RUNTIME, {**NETWORK, **_REGION}, Clean=_RESOURCE),
)
GOOD = (
    folder(*DATA, NETWORK, request=_JOB),
    template(RUNTIME, {**NETWORK, **_REGION}, NETWORK, Clean=_RESOURCE),
)
