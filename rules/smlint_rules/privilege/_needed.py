"""What a role's workloads in the repository need of it, with all that is known of each request."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Role
from smlint.estate.estate import Estate
from smlint.needs.access import By
from smlint.verdicts.callers import caller_accesses
from smlint.verdicts.judge import Judge, Judged


def needed(role: Role, estate: Estate) -> Iterator[Judged]:
    """Every access of the role's jobs, however sure AWS is of it, and those of the jobs that it starts."""
    judge = Judge(estate)
    for job in role.jobs:
        world = estate.within(job.workload.unit)
        for access in job.accesses:
            if access.by is not By.CALLER and world.role(access.role) in (role, None):
                yield judge.judge(access, role, job)
    for job in role.calls:
        own = (access for access in job.accesses if access.by is not By.ROLE)
        for access in (*caller_accesses(job, estate.within(job.workload.unit)), *own):
            yield judge.judge(access, role, job)
