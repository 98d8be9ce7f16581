"""The permissions boundary does not allow it.

What
----
The role's identity policies allow an access that a workload needs, and its permissions boundary does not.

Why AWS refuses
---------------
With a boundary a role can do only what both its policies and the boundary allow. A boundary grants nothing by itself.

Fix
---
Add the action to the boundary, or run the workload with a role whose boundary allows it.

Source
------
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html,
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippets
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, allow, folder, policy

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.BOUNDARY or not refusal.required:
        return
    by_aws = refusal.role.boundary is not None and refusal.role.boundary.aws
    yield finding(
        refusal,
        f"the permissions boundary of `{refusal.role.label}` does not allow {some(refusal.actions)} "
        f"on {quoted(refusal.resources)}, which {whose(refusal, 'needs')}",
        LEVEL,
        fix="take another boundary: AWS manages this one" if by_aws else "allow it in the boundary",
        snippet="" if by_aws else snippets(refusal.grants, refusal.place),
    )


_CONFIG = """[[role]]
name = "train"
policies = ["policy.json"]
trust = "trust.json"
boundary = "boundary.json"
"""
_NARROW = allow(["s3:GetObject", "s3:ListBucket", "logs:*", "ecr:*", "cloudwatch:*"], "*")
BAD = (folder(*DATA, smlint_toml=_CONFIG, boundary_json=policy(_NARROW)),)
GOOD = (
    folder(*DATA, smlint_toml=_CONFIG, boundary_json=policy({**_NARROW, "Action": "*"})),
    folder(*DATA),
)
