"""A training job with Profiler cannot start under trusted identity propagation.

What
----
Trusted identity propagation is on, and a training job has a `ProfilerConfig` whose `DisableProfiler` is not `true`,
or `ProfilerRuleConfigurations`. An estimator of the SageMaker Python SDK 2 sends a `ProfilerConfig` unless it is told
not to.

Why AWS refuses
---------------
With trusted identity propagation a training job with Profiler cannot be started.

Fix
---
Take `ProfilerConfig` and `ProfilerRuleConfigurations` out, or set `DisableProfiler: true`; in the SageMaker Python
SDK 2 write `disable_profiler=True`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level
from smlint.values import Node
from smlint_rules.examples import training
from smlint_rules.grants._propagation import TRAINING, found_at, is_true, program, propagating, unsupported

LEVEL = Level.ERROR


def check(job: Job) -> Iterator[Finding]:
    if job.api != TRAINING:
        return
    configured = [config for config in found_at(job, "ProfilerConfig") if _profiles(config)]
    found = [*configured, *found_at(job, "ProfilerRuleConfigurations[]")]
    if found:
        yield unsupported(
            job,
            found[0],
            "with which Profiler cannot be used: the job does not start",
            fix="write `disable_profiler=True`"
            if job.workload.source == "python"
            else "take `ProfilerConfig` out, or set `DisableProfiler: true`",
            others=found[1:],
        )


def _profiles(config: Node) -> bool:
    """Whether the configuration is known to leave the profiler on."""
    switch = config.get("DisableProfiler")
    if config.mapping is None or (switch is None and config.open):
        return False
    return switch is None or not (switch.unknown or is_true(switch))


_PROFILE = {"S3OutputPath": "s3://acme-data/profile/"}

BAD = (
    propagating(training(ProfilerConfig=_PROFILE)),
    program(debugger_hook_config="False"),
)
GOOD = (
    propagating(training(ProfilerConfig={"DisableProfiler": True})),
    program(debugger_hook_config="False", disable_profiler="True"),
)
