"""A training job with Debugger cannot start under trusted identity propagation.

What
----
Trusted identity propagation is on, and a training job has a `DebugHookConfig` or `DebugRuleConfigurations`. An
estimator of the SageMaker Python SDK 2 sends a `DebugHookConfig` unless it is told not to.

Why AWS refuses
---------------
With trusted identity propagation a training job with Debugger cannot be started.

Fix
---
Take `DebugHookConfig` and `DebugRuleConfigurations` out; in the SageMaker Python SDK 2 write
`debugger_hook_config=False` and no `rules`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level
from smlint_rules.examples import training
from smlint_rules.grants._propagation import TRAINING, found_at, program, propagating, unsupported

LEVEL = Level.ERROR


def check(job: Job) -> Iterator[Finding]:
    if job.api != TRAINING:
        return
    hooks = [hook for hook in found_at(job, "DebugHookConfig") if hook.mapping is not None]
    found = [*hooks, *found_at(job, "DebugRuleConfigurations[]")]
    if found:
        yield unsupported(
            job,
            found[0],
            "with which Debugger cannot be used: the job does not start",
            fix="write `debugger_hook_config=False` and no rules"
            if job.workload.source == "python"
            else "take `DebugHookConfig` and `DebugRuleConfigurations` out",
            others=found[1:],
        )


BAD = (
    propagating(training(DebugHookConfig={"S3OutputPath": "s3://acme-data/debug/"})),
    program(disable_profiler="True"),
)
GOOD = (
    propagating(training()),
    program(debugger_hook_config="False", disable_profiler="True"),
)
