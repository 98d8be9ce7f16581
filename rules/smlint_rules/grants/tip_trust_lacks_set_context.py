"""A role's trust policy does not let the user's identity in.

What
----
Trusted identity propagation is on, and the trust policy of the execution role allows `sagemaker.amazonaws.com` only
`sts:AssumeRole`, or that of an S3 Access Grants location's role allows it only to `access-grants.s3.amazonaws.com`,
without `sts:SetContext`.

Why AWS refuses
---------------
The identity travels as the context of the session in which the role is assumed. To set it is an action of its own, and
as with `sts:AssumeRole` the trust policy decides.

Fix
---
Allow `sts:SetContext` beside `sts:AssumeRole` in the trust policy.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-setup.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location-register.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.verdicts.propagation import ACCESS_GRANTS, APIS, location_roles
from smlint.verdicts.spots import policy_spot
from smlint.verdicts.trust import Distrust, distrust, execution_roles
from smlint_rules.examples import KEEPS_NOTHING, allow, folder, resource, template, trust

LEVEL = Level.ERROR
_SAGEMAKER = "sagemaker.amazonaws.com"


def check(estate: Estate) -> Iterator[Finding]:
    jobs = [job for job in estate.jobs if job.propagates and job.api in APIS]
    found: dict[int, Distrust] = {}
    for job in jobs:
        for role in execution_roles(job, estate):
            lacking = distrust(role, _SAGEMAKER, "sts:SetContext", estate, job)
            if lacking is not None and distrust(role, _SAGEMAKER, "sts:AssumeRole", estate, job) is None:
                found.setdefault(id(role), lacking).jobs.append(job)
    for role in location_roles(estate) if jobs else ():
        lacking = distrust(role, ACCESS_GRANTS, "sts:SetContext", estate)
        if lacking is not None and distrust(role, ACCESS_GRANTS, "sts:AssumeRole", estate) is None:
            found.setdefault(id(role), lacking)
    yield from map(_finding, found.values())


def _finding(found: Distrust) -> Finding:
    place = policy_spot(found.trust)
    action = ["sts:AssumeRole", "sts:SetContext"]
    grant = {"Effect": "Allow", "Principal": {"Service": found.service}, "Action": action}
    return Finding(
        f"trusted identity propagation is on, and the trust policy of `{found.role.label}` does not allow "
        f"sts:SetContext to {found.service}",
        place,
        fix="allow sts:SetContext beside sts:AssumeRole",
        snippet=snippet(grant, place),
        related=found.related,
        resource=f"role/{found.role.label}",
        access="sts:SetContext",
        workload=tuple(job.label for job in found.jobs),
        under=found.role.under,
    )


_BOTH = ["sts:AssumeRole", "sts:SetContext"]


def _location(action: str | list[str]) -> dict[str, object]:
    trusted = {"Effect": "Allow", "Principal": {"Service": ACCESS_GRANTS}, "Action": action}
    return {
        "LocationRole": resource(
            "AWS::IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [trusted]}
        ),
        "Location": resource(
            "AWS::S3::AccessGrantsLocation",
            LocationScope="s3://acme-data",
            IamRoleArn={"Fn::GetAtt": ["LocationRole", "Arn"]},
        ),
        "Job": resource("AWS::SageMaker::ProcessingJob", RoleArn={"Fn::GetAtt": ["Role", "Arn"]}),
    }


BAD = (
    folder(*KEEPS_NOTHING, trust_json=trust()),
    template(*KEEPS_NOTHING, allow("sts:SetContext", "*"), **_location("sts:AssumeRole")),
)
GOOD = (
    folder(*KEEPS_NOTHING, trust_json=trust(action=_BOTH)),
    folder(allow("s3:*", "*"), trust_json=trust()),
)
