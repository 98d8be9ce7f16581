"""A permission for S3 Access Grants names something that is not the account's access grants instance.

What
----
A statement allows `s3:GetDataAccess` or `s3:GetAccessGrantsInstanceForPrefix`, and none of its resources is an S3
Access Grants instance of the account and region in which the jobs run.

Why AWS refuses
---------------
Both actions are authorised on the instance, `arn:aws:s3:region:account:access-grants/default`. There is one in an
account and region. On a bucket, or on the instance of another region, the statement grants nothing.

Fix
---
Name the instance of the account and the region of the jobs.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-instance.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.fixes.snippet import snippet
from smlint.iam.glob import widened
from smlint.iam.match import arn_matches
from smlint.iam.policy import Kind, Policy, Statement
from smlint.values import NO
from smlint.verdicts.evidence import quoted, some
from smlint.verdicts.propagation import grants_instance
from smlint.verdicts.spots import element_spot
from smlint_rules.examples import DATA, INSTANCE, KEEPS_NOTHING, RUNTIME, SET_CONTEXT, allow, folder

LEVEL = Level.ERROR
_ACTIONS = ("s3:getdataaccess", "s3:getaccessgrantsinstanceforprefix")


def check(policy: Policy, estate: Estate) -> Iterator[Finding]:
    if policy.kind is not Kind.IDENTITY:
        return
    instance = grants_instance(estate)
    for statement in policy.statements:
        actions = _asks(statement)
        if actions and all(arn_matches(e.text, instance) is NO for e in statement.resources):
            named = quoted([element.text for element in statement.resources])
            verb = "is" if len(actions) == 1 else "are"
            yield Finding(
                f"{some(actions)} {verb} allowed on {named}, which is not the S3 Access Grants instance `{instance}`",
                element_spot(statement, statement.resources[0]),
                fix="name the access grants instance of the account and the region of the jobs",
                snippet=snippet(instance, statement.resources[0].origin),
                access=", ".join(actions),
                would=tuple((action, widened(instance)) for action in actions),
            )


def _asks(statement: Statement) -> list[str]:
    """The actions of the statement that are for S3 Access Grants."""
    known = statement.resources_complete and statement.resources and not statement.negated_resources
    if not statement.grants or not known:
        return []
    return [action for action in statement.known_actions if action.lower() in _ACTIONS]


_BOTH = ["s3:GetDataAccess", "s3:GetAccessGrantsInstanceForPrefix"]
_ACCOUNT = {"smlint.toml": 'account = "111122223333"\nregion = "eu-west-1"\n'}

BAD = (
    {**folder(RUNTIME, SET_CONTEXT, allow(_BOTH, INSTANCE.replace("eu-west-1", "us-east-1"))), **_ACCOUNT},
    folder(*DATA, SET_CONTEXT, allow(_BOTH, "arn:aws:s3:::acme-data/*")),
)
GOOD = (
    {**folder(*KEEPS_NOTHING), **_ACCOUNT},
    folder(RUNTIME, SET_CONTEXT, allow(_BOTH, "arn:aws:s3:*:111122223333:access-grants/*")),
)
