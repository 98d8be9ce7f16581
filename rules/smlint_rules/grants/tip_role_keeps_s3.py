"""The role keeps S3 permissions of its own beside S3 Access Grants.

What
----
Trusted identity propagation is on, the role has what S3 Access Grants needs, and a policy of the role still allows
`s3:ListBucket`, `s3:GetObject` or `s3:PutObject` on the data of a job.

Why AWS refuses
---------------
It does not, and that is the fault: when S3 Access Grants refuses a user's access, SageMaker falls back to the role's
own credentials. With these permissions every user reads and writes what the role may, granted or not.

Fix
---
Take the S3 permissions on the data out of the role and give them as access grants.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Origin
from smlint.estate.entities import Held, Role
from smlint.estate.estate import Estate
from smlint.finding import Finding, Level, Related
from smlint.iam.policy import Statement
from smlint.verdicts.evidence import quoted, some
from smlint.verdicts.judge import Judge, Judged
from smlint.verdicts.propagation import DATA_ACTIONS
from smlint.verdicts.spots import spot
from smlint_rules.examples import KEEPS_NOTHING, LIST, OBJECTS, allow, folder, trust
from smlint_rules.grants._propagation import PROCESSING, TRAINING

LEVEL = Level.WARNING


def check(role: Role, estate: Estate) -> Iterator[Finding]:
    kept: dict[int, list[Judged]] = {}
    for judged in _data_accesses(role, estate):
        for statement in judged.granting if judged.allowed else ():
            kept.setdefault(id(statement), []).append(judged)
    for held in role.identity:
        for statement in held.policy.statements:
            if id(statement) in kept:
                yield _finding(held, statement, role, kept[id(statement)])


def _data_accesses(role: Role, estate: Estate) -> Iterator[Judged]:
    jobs = [job for job in role.jobs if job.propagates and job.api in (TRAINING, PROCESSING)]
    judge = Judge(estate) if jobs else None
    for job in jobs:
        world = estate.within(job.workload.unit)
        for access in job.accesses:
            if judge is not None and access.action in DATA_ACTIONS and world.role(access.role) in (role, None):
                yield judge.judge(access, role, job)


def _finding(held: Held, statement: Statement, role: Role, judged: list[Judged]) -> Finding:
    actions = list(dict.fromkeys(item.access.action for item in judged))
    buckets = list(dict.fromkeys(item.access.bucket for item in judged if item.access.bucket is not None))
    jobs = list({id(item.job): item.job for item in judged if item.job is not None}.values())
    fields = {id(item.access.field): item.access.field for item in judged if item.access.field is not None}
    return Finding(
        f"`{role.label}` has {some(actions)} on {quoted(buckets)} itself, so what S3 Access Grants refuses to a user "
        f"of {quoted([job.label for job in jobs])} is read and written all the same",
        _place(held, statement),
        fix="take the S3 permissions on the data out of the role and give them as access grants",
        related=tuple(Related("the data", field.origin) for field in list(fields.values())[:5]),
        resource=f"role/{role.label}",
        access=", ".join(actions),
        workload=tuple(job.label for job in jobs),
        under=role.under,
    )


def _place(held: Held, statement: Statement) -> Origin:
    return held.edit if held.aws else spot(statement)


_S3 = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
_TOML = '[[role]]\nname = "train"\npolicies = ["policy.json", "{}"]\ntrust = "trust.json"\n'

_TRUST = trust(action=["sts:AssumeRole", "sts:SetContext"])

BAD = (
    folder(*KEEPS_NOTHING, LIST, OBJECTS, trust_json=_TRUST),
    folder(*KEEPS_NOTHING, trust_json=_TRUST, smlint_toml=_TOML.format(_S3)),
)
GOOD = (
    folder(*KEEPS_NOTHING, trust_json=_TRUST),
    folder(*KEEPS_NOTHING, allow("s3:GetObject", "arn:aws:s3:::acme-code/*"), trust_json=_TRUST),
)
