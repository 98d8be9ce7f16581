"""A condition of the trust policy keeps SageMaker out.

What
----
The trust policy lets SageMaker assume the role only under a condition on `aws:SourceAccount` or `aws:SourceArn`, and
the job that uses the role cannot meet it.

Why AWS refuses
---------------
Against the confused deputy SageMaker says on whose behalf it assumes a role: the account, and the ARN of the
resource. A training job's is `arn:aws:sagemaker:region:account:training-job/…`, a processing job's
`…:processing-job/…`. For models, endpoints and Studio it is not to be narrowed below
`arn:aws:sagemaker:region:account:*`.

Fix
---
Name the account that runs the job, and the kind of resource that uses the role, or
`arn:aws:sagemaker:region:account:*` for all of them.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.fixes.snippet import members
from smlint.fixes.statements import Conditions
from smlint.iam.policy import Condition
from smlint.values import Text
from smlint.verdicts.evidence import quoted
from smlint.verdicts.judge import role_account
from smlint.verdicts.refusal import grantable, one_or_many
from smlint.verdicts.trust import SOURCE_KEYS, Distrust, distrusts, source_arn
from smlint_rules.callers._trust import excluded
from smlint_rules.examples import DATA, folder, trust

LEVEL = Level.ERROR
_ARN = "aws:sourcearn"


def check(estate: Estate) -> Iterator[Finding]:
    for found in distrusts(estate):
        if found.condition is None or not found.of_source:
            continue
        key, values = found.condition.key, quoted([value.text for value in found.condition.values])
        source = _source(found, found.condition, estate)
        yield excluded(
            found,
            f"the trust policy of `{found.role.label}` wants `{key}` to be {values}, and SageMaker assumes the role "
            f"for `{source}`",
            fix="name what uses the role, or `arn:aws:sagemaker:region:account:*` for all of SageMaker"
            if found.condition.key_name == _ARN
            else "name the account of what uses the role",
            snippet=_condition(found, estate),
        )


def _source(found: Distrust, condition: Condition, estate: Estate) -> Text:
    """The account or the ARN on whose behalf SageMaker assumes the role."""
    account = role_account(found.role) or estate.account
    source = source_arn(found.jobs[0], account, estate) if condition.key_name == _ARN else None
    return source or account


def _condition(found: Distrust, estate: Estate) -> str:
    """The Condition with what the source is: beside other sources, instead of another account."""
    statement = found.statement
    if statement is None or not statement.conditions_complete:
        return ""
    conditions: Conditions = {}
    for one in statement.conditions:
        operator, values = one.operator, [value.text for value in one.values]
        if one.key_name == _ARN:
            source = grantable(_source(found, one, estate))
            values = list(dict.fromkeys([*values, source]))
            if "*" in str(source) and operator in ("StringEquals", "StringNotEquals"):
                operator = operator.replace("Equals", "Like")
        elif one.key_name in SOURCE_KEYS:
            values = [_source(found, one, estate)]
        conditions.setdefault(operator, {})[one.key] = one_or_many(values)
    return members({"Condition": conditions}, found.place)


def _trusts(operator: str, **keys: str) -> str:
    return trust(Condition={operator: {f"aws:{name}": value for name, value in keys.items()}})


_TRAINING = "arn:aws:sagemaker:*:111122223333:training-job/*"
_PROCESSING = "arn:aws:sagemaker:*:111122223333:processing-job/*"
_ALL = "arn:aws:sagemaker:eu-west-1:111122223333:*"

BAD = (
    folder(*DATA, trust_json=_trusts("StringEquals", SourceAccount="444455556666")),
    folder(*DATA, trust_json=_trusts("ArnLike", SourceArn=_PROCESSING)),
    folder(*DATA, trust_json=_trusts("StringLike", SourceArn=_PROCESSING)),
)
GOOD = (
    folder(*DATA, trust_json=_trusts("StringLike", SourceAccount="111122223333", SourceArn=_TRAINING)),
    folder(*DATA, trust_json=_trusts("ArnLike", SourceArn=_ALL)),
)
