"""A training job with remote debugging cannot start under trusted identity propagation.

What
----
Trusted identity propagation is on, and a training job has `RemoteDebugConfig.EnableRemoteDebug: true`.

Why AWS refuses
---------------
With trusted identity propagation a training job with remote debugging cannot be started.

Fix
---
Take the remote debugging out.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level
from smlint_rules.examples import training
from smlint_rules.grants._propagation import TRAINING, found_at, is_true, program, propagating, unsupported

LEVEL = Level.ERROR


def check(job: Job) -> Iterator[Finding]:
    for switch in found_at(job, "RemoteDebugConfig.EnableRemoteDebug") if job.api == TRAINING else ():
        if is_true(switch):
            yield unsupported(
                job,
                switch,
                "with which remote debugging cannot be used: the job does not start",
                fix="take `RemoteDebugConfig` out",
            )


BAD = (
    propagating(training(RemoteDebugConfig={"EnableRemoteDebug": True})),
    program(enable_remote_debug="True"),
)
GOOD = (
    propagating(training(RemoteDebugConfig={"EnableRemoteDebug": False})),
    propagating(training()),
    program(enable_remote_debug="False"),
)
