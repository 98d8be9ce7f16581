"""A service or resource control policy refuses it.

What
----
A service control policy (SCP) or resource control policy (RCP) that the configuration names refuses an access that a
workload needs.

Why AWS refuses
---------------
The organisation's guardrails limit what any principal of the account can do (SCP) and what anybody can do with its
resources (RCP). A Deny in them, or an allow-list without the action, wins over the account's own policies.

Fix
---
Have the guardrail except the role, or run the workload in an account to which it does not apply. One that asks for a
configuration (`sagemaker:VpcSubnets`, `sagemaker:VolumeKmsKey`) is met by a workload that has it.

Source
------
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html,
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.denies import excepted
from smlint.fixes.snippet import snippets
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, deny, folder, policy
from smlint_rules.layers._asked import asked, remedy

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.GUARDRAIL:
        return
    otherwise = "except the role or the resource from the guardrail" if refusal.denied else "allow it in the guardrail"
    yield finding(
        refusal,
        f"this guardrail refuses `{refusal.role.label}` {some(refusal.actions)} "
        f"on {quoted(refusal.resources)}, which {whose(refusal, 'needs')}",
        LEVEL,
        fix=remedy(refusal, otherwise),
        snippet=excepted(refusal) if refusal.denied else snippets(refusal.grants, refusal.place),
        extra=asked(refusal),
    )


_CONFIG = """[[guardrail]]
kind = "scp"
policy = "scp.json"
"""
BAD = (folder(*DATA, smlint_toml=_CONFIG, scp_json=policy(deny("s3:PutObject", "*"))),)
GOOD = (folder(*DATA, smlint_toml=_CONFIG, scp_json=policy(deny("s3:DeleteBucket", "*"))),)
