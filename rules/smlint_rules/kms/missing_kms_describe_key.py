"""The role cannot describe the key of its domain.

What
----
A domain is encrypted with a customer managed key, and its execution role lacks `kms:DescribeKey`.

Why AWS refuses
---------------
The permission is checked when an app is created in the domain: the domain itself is made, and the first app fails.

Fix
---
Allow `kms:DescribeKey` and `kms:CreateGrant` on the ARN of the key, in the role's policy or in the key policy.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createdomain-perms
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import DATA, KEY, ROLE, allow, folder

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if not refusal.lacks("kms:DescribeKey") or not refusal.required:
        return
    yield finding(
        refusal,
        f"{whose(refusal, 'is')} encrypted with {quoted(refusal.resources)}, "
        f"and {holder(refusal)} lacks kms:DescribeKey",
        LEVEL,
        fix="allow kms:DescribeKey (beside kms:CreateGrant) with the key",
        snippet=granted(refusal),
    )


_DOMAIN = json.dumps(
    {
        "DomainName": "studio",
        "AuthMode": "IAM",
        "DefaultUserSettings": {"ExecutionRole": ROLE},
        "SubnetIds": ["subnet-0a1b2c3d"],
        "VpcId": "vpc-0a1b2c3d",
        "KmsKeyId": KEY,
    },
    indent=2,
)
BAD = (folder(*DATA, allow("kms:CreateGrant", KEY), request=_DOMAIN),)
GOOD = (folder(*DATA, allow(["kms:CreateGrant", "kms:DescribeKey"], KEY), request=_DOMAIN),)
