"""Keys and whole documents: who calls KMS, and what AWS does not store."""

from __future__ import annotations

from smlint.engine import lint_files
from smlint.finding import Level
from smlint_rules.examples import DATA, KEY, Example, Statement, allow, policy, training, trust

ACCOUNT = "111122223333"
USE = allow(["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"], KEY)
ROOT: Statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}


def found(files: Example) -> list[tuple[str, str]]:
    return [(one.rule, one.level.word) for one in lint_files(files) if one.level >= Level.WARNING]


def writes_with_key(*key_policy: Statement, role: tuple[Statement, ...] = (*DATA, USE)) -> Example:
    return {
        "smlint.toml": f'account = "{ACCOUNT}"\nregion = "eu-west-1"\n\n'
        '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\n\n'
        f'[[key]]\narn = "{KEY}"\npolicy = "key.json"\n',
        "policy.json": policy(*role),
        "trust.json": trust(),
        "job.json": training(OutputDataConfig={"S3OutputPath": "s3://acme-data/models/", "KmsKeyId": KEY}),
        "key.json": policy(*key_policy),
    }


def deny_unless_called_by(account: str) -> Statement:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"kms:CallerAccount": account}},
    }


def through(service: str) -> Statement:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}
        },
    }


def test_the_account_that_kms_is_called_from() -> None:
    assert found(writes_with_key(ROOT, deny_unless_called_by(ACCOUNT))) == []
    assert found(writes_with_key(ROOT, deny_unless_called_by("444455556666"))) == [("key-policy-denies-role", "error")]


def test_a_key_policy_for_callers_of_the_account_through_one_service() -> None:
    assert found(writes_with_key(through("s3"), role=DATA)) == []
    assert found(writes_with_key(through("ec2"), role=DATA)) == [("kms-via-service-mismatch", "error")]


def test_an_invalid_policy_is_refused_whatever_its_statements_grant() -> None:
    twice = [{**statement, "Sid": "Same"} for statement in DATA]
    files = {"policy.json": policy(*twice), "trust.json": trust(), "job.json": training()}
    assert {rule for rule, _ in found(files)} == {"invalid-policy"}


def test_a_policy_of_the_configuration_without_statements() -> None:
    files = writes_with_key(ROOT) | {"policy.json": '{"Version": "2012-10-17", "Statement": []}'}
    assert ("invalid-policy", "error") in found(files)
