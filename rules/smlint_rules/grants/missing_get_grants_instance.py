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
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import INSTANCE, KEEPS_NOTHING, RUNTIME, SET_CONTEXT, allow, described, folder
from smlint_rules.grants._propagation import lacking

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    return lacking(refusal, "s3:GetAccessGrantsInstanceForPrefix")


_DATA = allow("s3:GetDataAccess", INSTANCE)

BAD = (folder(RUNTIME, _DATA, SET_CONTEXT), described(RUNTIME, _DATA, SET_CONTEXT))
GOOD = (folder(*KEEPS_NOTHING), described(*KEEPS_NOTHING))
