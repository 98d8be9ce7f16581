"""All accesses of all workloads, judged, and the refusals among them by their root cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smlint.estate.build import runs_in_notebook
from smlint.estate.entities import Job, Role
from smlint.estate.estate import Estate
from smlint.needs.access import Access, By, Need
from smlint.needs.evaluate import accesses
from smlint.record import dataclass, field
from smlint.values import Text
from smlint.verdicts.assumed import assumed_accesses
from smlint.verdicts.callers import caller_accesses, notebook_accesses
from smlint.verdicts.causes import cause
from smlint.verdicts.grouping import group
from smlint.verdicts.judge import Judge, Judged
from smlint.verdicts.propagation import ACTIONS, DATA_ACTIONS, grants_accesses
from smlint.verdicts.refusal import NOT_GRANTED, Refusal, Refused

_SURE = (Need.REQUIRED, Need.DOCUMENTED, Need.RECOMMENDED)


@dataclass(slots=True)
class Verdicts:
    """Every judged access, and the refused ones with their causes."""

    judged: list[Judged] = field(default_factory=list)
    refused: list[tuple[Judged, Refused]] = field(default_factory=list)

    def refusals(self, without: Iterable[Refused] = ()) -> list[Refusal]:
        """The refusals by root cause, but for those that something else explains."""
        explained = {id(item) for item in without}
        left = ((judged, item) for judged, item in self.refused if id(item) not in explained)
        return group(_without_echoes([*left]))


@dataclass(slots=True)
class Tried:
    """What a job needs, what comes of it, and why: `causes` has None where an access is not refused."""

    accesses: list[Access]
    judged: list[Judged]
    causes: list[Refused | None]


def attempt(judge: Judge, job: Job) -> Tried:
    """Judge what a job and its caller need."""
    world = judge.estate.within(job.workload.unit)
    job.accesses = [*accesses(job.workload, world), *grants_accesses(job, world), *notebook_accesses(job, world)]
    judged = [*_role_accesses(judge, job, world)]
    caller = job.caller or (job.role if runs_itself(job) else None)
    if caller is not None:
        judged.extend(_judge_caller(judge, job, caller, world))
    return Tried(job.accesses, judged, [*map(cause, judged)])


def collect(estate: Estate, tried: Iterable[Tried] | None = None) -> Verdicts:
    """Judge what every workload, every caller and every role without a workload needs.

    tried: what came of each of the estate's jobs, where that is known already.
    """
    judge = Judge(estate)
    verdicts = Verdicts()
    causes: list[Refused | None] = []
    for job, found in zip(estate.jobs, tried or (attempt(judge, job) for job in estate.jobs), strict=True):
        job.accesses = found.accesses
        verdicts.judged += found.judged
        causes += found.causes
    assumed = [judge.judge(access, role, None) for role, access in assumed_accesses(estate)]
    verdicts.judged += assumed
    causes += map(cause, assumed)
    sheltered = _sheltered(verdicts.judged)
    for judged, why in zip(verdicts.judged, causes, strict=True):
        if why is None or (why.cause in NOT_GRANTED and id(judged) in sheltered):
            continue
        why.caller = judged.access.by is By.CALLER
        verdicts.refused.append((judged, why))
    return verdicts


def _without_echoes(refused: list[tuple[Judged, Refused]]) -> list[tuple[Judged, Refused]]:
    """Without kms:Encrypt where kms:GenerateDataKey is missing for the same key: that one is told, and adds both."""
    stronger = {_about(judged): found for judged, found in refused if judged.access.action == "kms:GenerateDataKey"}
    kept = []
    for judged, found in refused:
        louder = stronger.get(_about(judged)) if judged.access.action == "kms:Encrypt" else None
        if louder is None:
            kept.append((judged, found))
        elif not louder.echoes:
            louder.echoes.append(judged.access)
    return kept


def _about(judged: Judged) -> tuple[int, Text]:
    return id(judged.role), judged.access.resource


def runs_itself(job: Job) -> bool:
    """Whether the code that starts the job runs with the job's own role (a notebook with get_execution_role())."""
    return job.caller is None and job.workload.source == "python" and runs_in_notebook(job.role_text)


def _role_accesses(judge: Judge, job: Job, world: Estate) -> Iterator[Judged]:
    roles = {text: world.role(text) or job.role for text in {access.role for access in job.accesses}}
    for access in job.accesses:
        role = roles[access.role]
        if role is None or access.by is By.CALLER or access.need not in _SURE or not access.settled:
            continue
        judged = judge.judge(access, role, job)
        if access.by is By.EITHER and not judged.allowed and job.caller is not None:
            by_caller = judge.judge(access, job.caller, job)
            if not by_caller.refused:
                continue
        yield judged


def _judge_caller(judge: Judge, job: Job, caller: Role, world: Estate) -> Iterator[Judged]:
    own: list[Access] = [access for access in job.accesses if access.by is By.CALLER and access.need in _SURE]
    for access in (*caller_accesses(job, world), *own):
        if access.settled:
            yield judge.judge(access, caller, job)


def _sheltered(judged: list[Judged]) -> set[int]:
    """S3 data accesses that S3 Access Grants serve: propagation is on and the role has all three permissions."""
    granted: dict[int, set[str]] = {}
    for item in judged:
        if item.access.bundle == "TIP" and not item.refused and item.job is not None:
            granted.setdefault(id(item.job), set()).add(item.access.action)
    return {
        id(item)
        for item in judged
        if item.job is not None
        and item.access.action in DATA_ACTIONS
        and len(granted.get(id(item.job), ())) == len(ACTIONS)
    }
