"""Every refused access that AWS insists on is one rule's to report: none says nothing, none says it twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smlint.document import Document, Span
from smlint.estate.entities import Job, Role
from smlint.facts import Workload
from smlint.needs import table
from smlint.needs.access import Access, By, Need
from smlint.rule import all_rules
from smlint.values import Node
from smlint.verdicts.refusal import Cause, Refusal, Refused

AT = Span(Document("policy.json", "{}"), 0, 1)
RULES = [rule for rule in all_rules().values() if rule.subject == "Refusal"]
CALLERS = ["sagemaker:CreateModel", "sagemaker:AddTags", "iam:PassRole", "events:PutRule"]


def required() -> Iterator[tuple[str, bool]]:
    """Every action that a needs file requires, and whether it is the caller's."""
    bundles = {name: bundle.actions for name, bundle in table.bundles().items()}
    for name in table.apis():
        api = table.api(name)
        for field in api.fields if api is not None else ():
            bundles[f"{name} {field.path}"] = field.actions
    for actions in bundles.values():
        for action in actions:
            if action.need is Need.REQUIRED:
                yield action.action, action.by is By.CALLER


def refusal(action: str, *, caller: bool) -> Refusal:
    workload = Workload(AT, "CreateTrainingJob", Node({}, AT), "churn", "request")
    role = Role(AT, "train", "arn:aws:iam::111122223333:role/train")
    access = Access(workload, action, "arn:aws:s3:::b/k", "object", Need.REQUIRED, "X", field=Node("x", AT), bucket="b")
    return Refusal(Cause.MISSING, [Refused(access, role, Job(workload, role), Cause.MISSING, caller=caller)], AT)


def owners(found: Refusal) -> list[str]:
    return [rule.name for rule in RULES if list(rule.check(found, None))]


@pytest.mark.parametrize("action", sorted({action for action, by_caller in required() if not by_caller}))
def test_what_the_role_lacks(action: str) -> None:
    assert len(owners(refusal(action, caller=False))) == 1


@pytest.mark.parametrize("action", sorted({*CALLERS, *(action for action, by_caller in required() if by_caller)}))
def test_what_the_caller_lacks(action: str) -> None:
    (owner,) = owners(refusal(action, caller=True))
    assert owner.startswith(("caller-lacks-", "sync-lacks-", "missing-kms-"))


@pytest.mark.parametrize("action", ["sagemaker:CreateModel", "sagemaker:AddTags", "iam:PassRole"])
def test_what_a_caller_lacks_that_is_an_execution_role(action: str) -> None:
    found = refusal(action, caller=True)
    found.role.jobs.append(found.jobs[0])
    (owner,) = owners(found)
    assert owner.startswith("role-lacks-")
