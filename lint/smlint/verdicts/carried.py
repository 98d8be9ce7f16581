"""What was judged of a job, as it goes from one process to another: as much of it as is asked for afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from smlint.estate.entities import Bucket, Job, Key, Role
from smlint.estate.estate import Estate
from smlint.iam.decision import Decision, Layers, Reason, Verdict
from smlint.iam.policy import Policy, Statement
from smlint.iam.request import Context, Principal, Request
from smlint.needs.access import Access
from smlint.values import Text, below
from smlint.verdicts.collect import Tried
from smlint.verdicts.judge import Judged
from smlint.verdicts.refusal import Refused

Why: TypeAlias = tuple[tuple[str, "Statement | None", "Policy | None"], ...]
Answer: TypeAlias = tuple[Access, Role, "Job | None", Text, Decision, Why, "Bucket | None", "Key | None"]
Carried: TypeAlias = tuple[list[Access], list[Answer], "list[Refused | None]"]

_SOMEBODY = Principal(None, "role")


def pack(tried: Tried) -> Carried:
    """The answers without the circumstances of each request and the layers that were asked."""
    answers = [
        (one.access, one.role, one.job, one.request.resource, one.verdict.decision, _why(one), one.bucket, one.key)
        for one in tried.judged
    ]
    return tried.accesses, answers, tried.causes


def _why(judged: Judged) -> Why:
    """What an answer that cannot be told depends on."""
    if judged.verdict.decision is not Decision.UNKNOWN:
        return ()
    return tuple((reason.layer, reason.statement, reason.policy) for reason in judged.verdict.because)


def unpack(carried: Carried) -> Tried:
    accesses, answers, causes = carried
    return Tried(accesses, [_judged(*answer) for answer in answers], causes)


def _judged(
    access: Access,
    role: Role,
    job: Job | None,
    resource: Text,
    decision: Decision,
    why: Why,
    bucket: Bucket | None,
    key: Key | None,
) -> Judged:
    because = tuple(Reason(*one) for one in why)
    request = Request(_SOMEBODY, access.action, resource, None, Context())
    return Judged(access, role, job, request, Layers(), Verdict(decision, because, {}), bucket, key)


def common(estate: Estate, policies: list[Policy]) -> Iterator[object]:
    """What of an estate the answers refer to, which both processes have."""
    yield from (*estate.roles, *estate.jobs, *estate.buckets.values(), *estate.keys.values())
    held = [one.policy for role in estate.roles for one in role.held]
    for policy in {id(policy): policy for policy in (*policies, *held)}.values():
        yield policy
        for statement in policy.statements:
            yield statement
            yield from statement.conditions
    for job in estate.jobs:
        yield job.workload
        yield from below(job.workload.request)
