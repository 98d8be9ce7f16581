"""The role may not find the S3 Access Grants instance of a location.

What
----
Trusted identity propagation is on, and the execution role of the domain, user or job lacks
`s3:GetAccessGrantsInstanceForPrefix` on the S3 Access Grants instance.

Why AWS refuses
---------------
Before it asks for data, SageMaker asks which instance is responsible for the location. Without the permission it
cannot use S3 Access Grants for the job.

Fix
---
Allow `s3:GetAccessGrantsInstanceForPrefix` on `arn:aws:s3:region:account:access-grants/default`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippets
from smlint.verdicts.evidence import finding, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import INSTANCE, KEEPS_NOTHING, RUNTIME, SET_CONTEXT, allow, described, folder

LEVEL = Level.ERROR
_ACTION = "s3:GetAccessGrantsInstanceForPrefix"


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks(_ACTION):
        return
    yield finding(
        refusal,
        f"{whose(refusal, 'runs')} with trusted identity propagation, and `{refusal.role.label}` lacks {_ACTION} on "
        f"{quoted(refusal.resources)}",
        LEVEL,
        fix=f"allow {_ACTION} on the S3 Access Grants instance",
        snippet=snippets(refusal.grants, refusal.place),
    )


_DATA = allow("s3:GetDataAccess", INSTANCE)

BAD = (folder(RUNTIME, _DATA, SET_CONTEXT), described(RUNTIME, _DATA, SET_CONTEXT))
GOOD = (folder(*KEEPS_NOTHING), described(*KEEPS_NOTHING))
