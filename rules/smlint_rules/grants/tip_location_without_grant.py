"""No access grant covers a location of the job.

What
----
Trusted identity propagation is on and the repository has S3 Access Grants, but none of them covers an S3 location that
a training or processing job reads (`READ`) or writes (`WRITE`).

Why AWS refuses
---------------
S3 Access Grants gives credentials only for what is granted: the location's scope and the grant's prefix together, as
in `s3://bucket/` and `cohorts/*`. A prefix without `*` at its end is one object. Where nothing is granted SageMaker
falls back to the role's own S3 permissions, which it should not have.

Fix
---
Grant the location to those who run the job, or let the job use a granted one.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.estate.estate import Estate
from smlint.finding import Finding, Level, Related
from smlint.values import NO
from smlint.verdicts.grant_scopes import granted, locations
from smlint_rules.examples import KEEPS_NOTHING, Example, resource, template
from smlint_rules.grants._propagation import PROCESSING, TRAINING

LEVEL = Level.WARNING


def check(job: Job, estate: Estate) -> Iterator[Finding]:
    if not job.propagates or job.api not in (TRAINING, PROCESSING) or not estate.grants:
        return
    for location in locations(job):
        if granted(location, estate) is not NO:
            continue
        verb = "reads" if location.permission == "READ" else "writes"
        yield Finding(
            f"`{job.label}` {verb} `{location.uri}` with the identity of its user, and no access grant covers that",
            location.origin,
            fix=f"grant {location.permission} on the location, or name one that is granted",
            related=tuple(Related("an access grant for something else", grant.origin) for grant in estate.grants[:5]),
            chain=(Related(f"the job `{job.label}`", location.origin),),
            resource=f"job/{job.label}",
            access=f"{location.permission} {location.uri}",
            workload=(job.label,),
            under=job.workload.under,
        )


def _granted(prefix: str, permission: str = "READWRITE") -> Example:
    job = resource(
        "AWS::SageMaker::ProcessingJob",
        RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
        ProcessingInputs=[
            {"InputName": "raw", "S3Input": {"S3Uri": "s3://acme-data/cohorts/", "S3DataType": "S3Prefix"}}
        ],
    )
    location = resource(
        "AWS::S3::AccessGrantsLocation",
        LocationScope="s3://acme-data",
        IamRoleArn="arn:aws:iam::111122223333:role/access-grants-location",
    )
    grant = resource(
        "AWS::S3::AccessGrant",
        AccessGrantsLocationId={"Fn::GetAtt": ["Location", "AccessGrantsLocationId"]},
        AccessGrantsLocationConfiguration={"S3SubPrefix": prefix},
        Permission=permission,
        Grantee={"GranteeType": "DIRECTORY_GROUP", "GranteeIdentifier": "0123456789-aaaa"},
    )
    return template(*KEEPS_NOTHING, Report=job, Location=location, Grant=grant)


BAD = (_granted("reports/*"), _granted("cohorts/*", "WRITE"))
GOOD = (_granted("cohorts/*"), _granted("coh*", "READ"))
