"""A Deny with the role excepted says what it said, but of others."""

from __future__ import annotations

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding
from smlint_rules.examples import DATA, ROLE, Example, Statement, deny, folder, policy

ON = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
ADMIN = "arn:aws:iam::111122223333:role/admin"


def denied(statement: Statement) -> tuple[Finding, Example]:
    example = folder(*DATA, bucket_json=policy(statement))
    (found,) = (one for one in lint_files(example) if one.rule in ("bucket-policy-denies-role", "deny-not-principal"))
    return found, example


def mended(statement: Statement) -> Statement:
    """The statement as the finding tells to write it; with it nothing is left to be found."""
    found, example = denied(statement)
    told = json.loads(f"{{{found.snippet}}}")
    after = {**statement, **told}
    if "Principal" in told:
        del after["NotPrincipal"]
    assert not lint_files({**example, "bucket.json": policy(after)})
    return after


def test_a_condition_is_added() -> None:
    assert mended(deny("s3:*", ON, Principal="*"))["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}


def test_other_conditions_stay() -> None:
    secure = {"Bool": {"aws:SecureTransport": "true"}}
    condition = mended(deny("s3:*", ON, Principal="*", Condition=secure))["Condition"]
    assert condition == {**secure, "ArnNotEquals": {"aws:PrincipalArn": ROLE}}


@pytest.mark.parametrize("operator", ["ArnNotEquals", "ArnNotLike", "StringNotLike", "ForAllValues:StringNotEquals"])
def test_who_is_excepted_stays_so(operator: str) -> None:
    condition = {operator: {"aws:PrincipalArn": ADMIN}}
    assert mended(deny("s3:*", ON, Principal="*", Condition=condition))["Condition"] == {
        operator: {"aws:PrincipalArn": [ADMIN, ROLE]}
    }


def test_a_deny_that_names_the_role_alone_is_no_slip() -> None:
    found, _ = denied(deny("s3:*", ON, Principal={"AWS": ROLE}))
    assert found.snippet == "" and found.fix.startswith("the Deny names just this role")


def test_not_principal_becomes_a_condition() -> None:
    after = mended(deny("s3:*", ON, NotPrincipal={"AWS": [ADMIN, ROLE]}))
    assert after["Principal"] == "*"
    assert after["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [ADMIN, ROLE]}}


def test_whom_no_arn_of_a_role_names_cannot_be_excepted_by_it() -> None:
    found, _ = denied(deny("s3:*", ON, NotPrincipal={"AWS": [ROLE, "arn:aws:iam::111122223333:root"]}))
    assert found.snippet == ""
