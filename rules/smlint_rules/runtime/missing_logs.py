"""The role cannot write the job's logs.

What
----
A job, endpoint or notebook writes to a log group of CloudWatch Logs with the execution role, and no policy allows one
of `logs:CreateLogGroup`, `logs:CreateLogStream`, `logs:PutLogEvents` and `logs:DescribeLogStreams` there.

Why AWS refuses
---------------
The log groups are SageMaker's (`/aws/sagemaker/TrainingJobs`, `/aws/sagemaker/ProcessingJobs`, …), so a grant on
another group does not help. `logs:CreateLogStream` and `logs:PutLogEvents` are authorised on the streams below the
group: a resource that ends in the group's name does not cover them, one that ends in `*` or `:*` does. The job runs all
the same, but when it fails nobody can see why.

Fix
---
Allow the four actions on the API's log group and all that is below it.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.values import Text, join, split
from smlint.verdicts.evidence import finding, holder, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal, allowing
from smlint_rules.examples import LIST, OBJECTS, RUNTIME, allow, folder, resource, template, without

LEVEL = Level.WARNING
_ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or refusal.caller or not refusal.actions[0].startswith("logs:"):
        return
    groups = list(dict.fromkeys(_group(found) for found in refusal.resources))
    grant = allowing(refusal.actions, [join([group, "*"]) for group in groups])
    yield finding(
        refusal,
        f"{whose(refusal)} must log to {quoted([_name(group) for group in groups])}, "
        f"and {holder(refusal)} lacks {some(refusal.actions, 4)}",
        LEVEL,
        fix="allow the actions on the log group and its streams, so that what goes wrong can be read",
        snippet=granted(refusal, [grant]),
    )


def _group(resource: Text) -> Text:
    """The ARN of the log group, of which a stream's is the continuation."""
    return split(resource, ":log-stream:", 1)[0]


def _name(group: Text) -> Text:
    return split(group, ":log-group:", 1)[-1]


_SILENT = without(RUNTIME, *_ACTIONS)
_LOGS = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker"
_NOTEBOOK = resource(
    "AWS::SageMaker::NotebookInstance", InstanceType="ml.t3.medium", RoleArn={"Fn::GetAtt": ["Role", "Arn"]}
)

BAD = (
    folder(_SILENT, LIST, OBJECTS),
    folder(_SILENT, LIST, OBJECTS, allow([*_ACTIONS], f"{_LOGS}/ProcessingJobs*")),
    template(without(RUNTIME, "logs:PutLogEvents"), Notebook=_NOTEBOOK),
)
GOOD = (
    folder(_SILENT, LIST, OBJECTS, allow([*_ACTIONS], f"{_LOGS}/TrainingJobs*")),
    template(RUNTIME, Notebook=_NOTEBOOK),
)
