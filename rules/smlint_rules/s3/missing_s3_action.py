"""The role lacks another S3 action that its workload needs.

What
----
Beside listing, reading and writing objects, some workloads need a further S3 action: feature groups check the bucket's
access control list (`s3:GetBucketAcl`) and set that of their objects (`s3:PutObjectAcl`), directory buckets open a
session (`s3express:CreateSession`). No policy of the role allows it.

Why AWS refuses
---------------
The API calls the action with the execution role when it creates the resource or starts the job.

Fix
---
Allow the action on the resource that the message names.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-adding-policies.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, ROLE, allow, folder

LEVEL = Level.ERROR

OWN_RULES = frozenset(
    {
        "s3:ListBucket",
        "s3:GetObject",
        "s3:PutObject",
        "s3:GetDataAccess",
        "s3:GetAccessGrantsInstanceForPrefix",
    }
)


def check(refusal: Refusal) -> Iterator[Finding]:
    action = refusal.actions[0]
    if refusal.cause is not Cause.MISSING or not action.startswith(("s3:", "s3express:")) or action in OWN_RULES:
        return
    if not refusal.required:
        return
    them = "it" if len(refusal.actions) == 1 else "them"
    yield finding(
        refusal,
        f"{whose(refusal, 'needs')} {some(refusal.actions)} on {quoted(refusal.resources)}, "
        f"and {holder(refusal)} lacks {them}",
        LEVEL,
        fix=f"allow {some(refusal.actions)}",
        snippet=granted(refusal),
    )


_FEATURES = json.dumps(
    {
        "FeatureGroupName": "customers",
        "RecordIdentifierFeatureName": "id",
        "EventTimeFeatureName": "at",
        "FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}],
        "RoleArn": ROLE,
        "OfflineStoreConfig": {
            "S3StorageConfig": {"S3Uri": "s3://acme-data/features/"},
            "DisableGlueTableCreation": True,
        },
    },
    indent=2,
)
BAD = (folder(*DATA, request=_FEATURES),)
GOOD = (
    folder(
        *DATA,
        allow("s3:GetBucketAcl", "arn:aws:s3:::acme-data"),
        allow("s3:PutObjectAcl", "arn:aws:s3:::acme-data/*"),
        request=_FEATURES,
    ),
)
