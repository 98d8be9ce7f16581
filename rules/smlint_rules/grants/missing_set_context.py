"""The role may not pass the user's identity on to the S3 Access Grants role.

What
----
Trusted identity propagation is on, and the execution role of the domain, user or job lacks `sts:SetContext` on the
role that S3 Access Grants assumes for its locations.

Why AWS refuses
---------------
The user's identity travels as the context of a session. To set it is an access of its own, on the ARN of the role of
the location.

Fix
---
Allow `sts:SetContext` on the role of the access grants location.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.names import last_name
from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.values import Template
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import INSTANCE, KEEPS_NOTHING, RUNTIME, allow, described, folder

LEVEL = Level.ERROR
_ACTION = "sts:SetContext"


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks(_ACTION):
        return
    names = [name for name in map(last_name, refusal.resources) if not isinstance(name, Template)]
    on = f"the role {quoted(names)}" if names else "the role that S3 Access Grants assumes"
    yield finding(
        refusal,
        f"{whose(refusal, 'runs')} with trusted identity propagation, and {holder(refusal)} lacks {_ACTION} on {on}",
        LEVEL,
        fix=f"allow {_ACTION} on the role of the access grants location",
        snippet=granted(refusal),
    )


_GRANTS = allow(["s3:GetDataAccess", "s3:GetAccessGrantsInstanceForPrefix"], INSTANCE)

BAD = (folder(RUNTIME, _GRANTS), described(RUNTIME, _GRANTS))
GOOD = (folder(*KEEPS_NOTHING), folder(RUNTIME, _GRANTS, allow("sts:SetContext", "arn:aws:iam::111122223333:role/*")))
