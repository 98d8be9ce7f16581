"""The role may not ask S3 Access Grants for data.

What
----
Trusted identity propagation is on, and the execution role of the domain, user or job lacks `s3:GetDataAccess` on the
S3 Access Grants instance.

Why AWS refuses
---------------
SageMaker asks S3 Access Grants for temporary credentials of the user's identity, with the execution role. Without
`s3:GetDataAccess` it gets none and falls back to the role's own S3 permissions, or fails where it has none.

Fix
---
Allow `s3:GetDataAccess` on `arn:aws:s3:region:account:access-grants/default`.

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
_ACTION = "s3:GetDataAccess"


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


_PREFIX = allow("s3:GetAccessGrantsInstanceForPrefix", INSTANCE)

BAD = (
    described(RUNTIME, _PREFIX, SET_CONTEXT),
    {**folder(RUNTIME, _PREFIX, SET_CONTEXT), "smlint.toml": "trusted-identity-propagation = true\n"},
)
GOOD = (described(*KEEPS_NOTHING), folder(*KEEPS_NOTHING))
