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
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import INSTANCE, KEEPS_NOTHING, RUNTIME, SET_CONTEXT, allow, described, folder
from smlint_rules.grants._propagation import lacking

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    return lacking(refusal, "s3:GetDataAccess")


_PREFIX = allow("s3:GetAccessGrantsInstanceForPrefix", INSTANCE)

BAD = (
    described(RUNTIME, _PREFIX, SET_CONTEXT),
    {**folder(RUNTIME, _PREFIX, SET_CONTEXT), "smlint.toml": "trusted-identity-propagation = true\n"},
)
GOOD = (described(*KEEPS_NOTHING), folder(*KEEPS_NOTHING))
