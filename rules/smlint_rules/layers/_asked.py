"""What a Deny asks of the workloads that it hits: some give it what it wants, and need not be excepted."""

from __future__ import annotations

from smlint.finding import Related
from smlint.iam.policy import Condition
from smlint.verdicts.refusal import Refusal
from smlint.verdicts.request_keys import CONFIGURED


def asked(refusal: Refusal) -> list[Related]:
    """The conditions of the Deny on what a request to SageMaker configures."""
    return [Related(f"denied under this condition on `{one.key}`", one.origin) for one in _conditions(refusal)]


def remedy(refusal: Refusal, otherwise: str) -> str:
    """The fix: the workload's configuration where the Deny is about that; `otherwise` helps always."""
    conditions = _conditions(refusal)
    if not conditions:
        return otherwise
    one = conditions[0]
    return f"give the workload the {CONFIGURED[one.key_name]} that the condition on `{one.key}` wants, or {otherwise}"


def _conditions(refusal: Refusal) -> list[Condition]:
    conditions = refusal.statement.conditions if refusal.statement is not None and refusal.denied else ()
    return [one for one in conditions if one.key_name in CONFIGURED]
