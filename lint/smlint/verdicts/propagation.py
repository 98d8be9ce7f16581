"""Trusted identity propagation: what the role needs for S3 Access Grants, and what it then needs no more."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job, Role
from smlint.estate.estate import Estate
from smlint.needs.access import Access, Need
from smlint.values import Hole, Text, join

_JOBS = ("CreateTrainingJob", "CreateProcessingJob", "CreateHyperParameterTuningJob")
APIS = frozenset({*_JOBS, "CreateDomain", "CreateUserProfile"})
ACTIONS = ("s3:GetDataAccess", "s3:GetAccessGrantsInstanceForPrefix", "sts:SetContext")
ACCESS_GRANTS = "access-grants.s3.amazonaws.com"
DATA_ACTIONS = frozenset({"s3:ListBucket", "s3:GetObject", "s3:PutObject"})
_SOURCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html"


def grants_accesses(job: Job, estate: Estate) -> Iterator[Access]:
    """The three permissions, where propagation is on for the job."""
    if not job.propagates or job.api not in APIS:
        return
    from smlint.needs.roles import roles

    instance = grants_instance(estate)
    acting: list[Text | None] = [*roles(job.workload, estate)] or [job.role_text]
    for own in acting:
        for action in ACTIONS[:2]:
            yield _access(job, action, instance, "access-grants-instance", own)
        for role in grants_roles(estate):
            yield _access(job, ACTIONS[2], role, "role", own)


def grants_instance(estate: Estate) -> Text:
    """The S3 Access Grants instance that the repository shows, else the one of its account and region."""
    known = next((instance.arn for instance in estate.grants_instances), None)
    return known or estate.settings.arn("s3", "access-grants/default", region=estate.region, account=estate.account)


def grants_roles(estate: Estate) -> list[Text]:
    """The roles that S3 Access Grants assumes for its locations; an unknown one where the repository shows none."""
    known = [location.role for location in estate.grants_locations if location.role is not None]
    trusting = [role.arn for role in location_roles(estate) if role.arn is not None]
    known = known or (trusting if len(trusting) == 1 else [])
    unknown = Hole("access grants role", like="?*", label="the access grants role")
    return list(dict.fromkeys(known)) or [join(["arn:", estate.partition, ":iam::", estate.account, ":role/", unknown])]


def location_roles(estate: Estate) -> list[Role]:
    """The roles of locations, and those that are made for one: they trust S3 Access Grants."""
    named = [estate.role(location.role) for location in estate.grants_locations]
    every = [*named, *(role for role in estate.roles if _trusts_access_grants(role))]
    return list({id(role): role for role in every if role is not None}.values())


def _trusts_access_grants(role: Role) -> bool:
    statements = role.trust.statements if role.trust is not None else ()
    return any(
        principal.text == ACCESS_GRANTS
        for statement in statements
        if statement.effect == "Allow" and not statement.negated_principals
        for principal in statement.principals
    )


def _access(job: Job, action: str, resource: Text, kind: str, role: Text | None) -> Access:
    return Access(job.workload, action, resource, kind, Need.REQUIRED, "TIP", role=role, source=_SOURCE)
