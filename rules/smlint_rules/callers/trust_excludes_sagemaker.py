"""The role does not let SageMaker assume it.

What
----
A job, model, notebook or domain names a role as its execution role, and the role's trust policy does not allow
`sagemaker.amazonaws.com` (for some APIs another service) to `sts:AssumeRole`; or to `sts:TagSession` where the job
chains session tags, or to `sts:SetSourceIdentity` where the domain passes the user profile's name on.

Why AWS refuses
---------------
SageMaker works with the role by assuming it. Only the trust policy decides who may: that the role's other policies are
right, or that an account or another service may assume it, does not help.

Fix
---
Allow `sts:AssumeRole` to the service in the trust policy.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-geospatial-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data-abac.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.verdicts.trust import ASSUME, distrusts
from smlint_rules.callers._trust import excluded
from smlint_rules.examples import DATA, RUNTIME, folder, policy, terraform, training, trust

LEVEL = Level.ERROR


def check(estate: Estate) -> Iterator[Finding]:
    for found in distrusts(estate):
        if found.of_source:
            continue
        actions = found.action if found.action == ASSUME else [ASSUME, found.action]
        grant = {"Effect": "Allow", "Principal": {"Service": found.service}, "Action": actions}
        lacks = f"does not let {found.service} assume the role"
        if found.action != ASSUME:
            lacks = f"does not allow {found.service} {found.action} when it assumes the role"
        how, without = "", ""
        if found.condition is not None:
            how = f": the condition on `{found.condition.key}` is one that SageMaker never meets"
            without = " without that condition"
        denies = found.statement is not None and found.statement.effect == "Deny"
        yield excluded(
            found,
            f"the trust policy of `{found.role.label}` {lacks}{how}",
            fix="take the service out of this Deny"
            if denies
            else f"allow {found.action} to the service {found.service}{without}",
            snippet="" if denies else snippet(grant, found.place),
        )


_PEOPLE = policy(
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}
)
_TAGGED = training(SessionChainingConfig={"EnableSessionTagChaining": True})
_NOTEBOOK = """resource "aws_sagemaker_notebook_instance" "research" {
  name          = "research"
  role_arn      = aws_iam_role.train.arn
  instance_type = "ml.t3.medium"
}
"""

BAD = (
    folder(*DATA, trust_json=trust("ec2.amazonaws.com")),
    folder(*DATA, trust_json=_PEOPLE),
    folder(*DATA, request=_TAGGED),
    folder(*DATA, trust_json=trust(Condition={"StringEquals": {"sts:ExternalId": "partner"}})),
    folder(*DATA, trust_json=trust(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
    terraform(RUNTIME, service="lambda.amazonaws.com", more=_NOTEBOOK),
)
GOOD = (
    folder(*DATA, trust_json=trust()),
    folder(*DATA, request=_TAGGED, trust_json=trust(action=["sts:AssumeRole", "sts:TagSession"])),
    folder(*DATA, trust_json=trust("sagemaker.eu-west-1.amazonaws.com")),
    terraform(RUNTIME, more=_NOTEBOOK),
)
