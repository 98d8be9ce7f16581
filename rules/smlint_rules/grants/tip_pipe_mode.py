"""Pipe mode does not go with S3 Access Grants.

What
----
Trusted identity propagation is on, and an S3 input of a training or processing job is read in Pipe mode: a channel's
`InputMode`, the job's `TrainingInputMode` for channels that have none, or `S3InputMode`.

Why AWS refuses
---------------
S3 Access Grants cannot be used with Pipe mode for the S3 inputs of training and processing jobs.

Fix
---
Read the input in `File` or `FastFile` mode.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level
from smlint.values import Node
from smlint_rules.examples import IMAGE, training
from smlint_rules.grants._propagation import PROCESSING, TRAINING, found_at, program, propagating, unsupported

LEVEL = Level.ERROR


def check(job: Job) -> Iterator[Finding]:
    seen: list[Node] = []
    for mode in _modes(job):
        if mode.literal == "Pipe" and mode not in seen:
            seen.append(mode)
            yield unsupported(
                job,
                mode,
                "with which Pipe mode cannot be used",
                fix="read the input in `FastFile` or `File` mode",
            )


def _modes(job: Job) -> Iterator[Node]:
    """The mode of every S3 input: a channel's own, else the job's."""
    if job.api == PROCESSING:
        yield from found_at(job, "ProcessingInputs[].S3Input.S3InputMode")
    if job.api != TRAINING:
        return
    default = found_at(job, "AlgorithmSpecification.TrainingInputMode")
    for channel in found_at(job, "InputDataConfig[]"):
        own = channel.get("InputMode")
        if channel.get("DataSource", "S3DataSource") is not None:
            yield from default if own is None or own.value is None else [own]


def _channel(**members: str) -> str:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://acme-data/train/"}}
    return training(InputDataConfig=[{"ChannelName": "train", "DataSource": source, **members}])


_PIPE = {"TrainingImage": IMAGE, "TrainingInputMode": "Pipe"}

_OFF = {"debugger_hook_config": "False", "disable_profiler": "True"}

BAD = (
    propagating(_channel(InputMode="Pipe")),
    propagating(training(AlgorithmSpecification=_PIPE)),
    program(**_OFF, input_mode='"Pipe"'),
)
GOOD = (
    propagating(_channel(InputMode="FastFile")),
    propagating(training()),
    program(**_OFF, input_mode='"FastFile"'),
)
