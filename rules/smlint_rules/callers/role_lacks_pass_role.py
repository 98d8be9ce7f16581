"""An execution role that starts jobs itself may not pass a role to them.

What
----
The caller is itself an execution role: a pipeline starts its steps, an AutoML job its jobs and endpoints, a notebook
what its code says. Each of these calls names a role, and no policy allows `iam:PassRole` on it.

Why AWS refuses
---------------
`iam:PassRole` is asked of whoever calls the API, even where the role that is passed is its own. SageMaker does not
grant it because the execution role was passed to SageMaker before. For images it is a warning: an older edition of
the documentation demands it, today's does not.

Fix
---
Allow `iam:PassRole` on the role of the jobs, with `iam:PassedToService` set to `sagemaker.amazonaws.com`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-access.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.verdicts.callers import PASS_ROLE, is_execution_role
from smlint.verdicts.evidence import whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.callers._pass_role import pass_role, passed
from smlint_rules.examples import PASS_ANY, RUNTIME, START, allow, resource, step, template

LEVEL = Level.ERROR
_IMAGES = frozenset({"CreateImage", "UpdateImage", "CreateImageVersion"})


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks(PASS_ROLE):
        return
    if refusal.caller and not is_execution_role(refusal.role):
        return
    images = all(job.api in _IMAGES for job in refusal.jobs) and bool(refusal.jobs)
    own = "starts" if refusal.caller else "is the role of" if images else "starts jobs of its own for"
    what = f"`{refusal.role.label}` {own} {whose(refusal)} and may not pass {passed(refusal)}"
    found = pass_role(refusal, what, LEVEL)
    yield found.at(Level.WARNING) if images else found


_ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
_NOTEBOOK = resource("AWS::SageMaker::NotebookInstance", InstanceType="ml.t3.medium", RoleArn=_ROLE)

BAD = (
    step(RUNTIME, START),
    step(RUNTIME, START, allow("iam:PassRole", "arn:aws:iam::111122223333:role/other")),
    template(RUNTIME, allow("sagemaker:Create*", "*"), Notebook=_NOTEBOOK),
)
GOOD = (
    step(RUNTIME, START, PASS_ANY),
    template(RUNTIME, allow("sagemaker:Create*", "*"), PASS_ANY, Notebook=_NOTEBOOK),
    template(RUNTIME, allow("sagemaker:InvokeEndpoint", "*"), Notebook=_NOTEBOOK),
)
