"""Loose policy documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smlint.facts import Fact, LoosePolicy
from smlint.iam.policy import Kind
from smlint.readers import policy_file

FactsOf = Callable[..., list[Fact]]
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (policy(READ), Kind.IDENTITY),
        ({"Statement": READ}, Kind.IDENTITY),
        (policy(TRUST), Kind.TRUST),
        (policy({**READ, "Principal": "*"}), Kind.BUCKET),
        (policy({**READ, "Principal": "*", "Action": "kms:*", "Resource": "*"}), Kind.KEY),
        ({"PolicyName": "x", "PolicyDocument": policy(READ)}, Kind.IDENTITY),
    ],
)
def test_kinds(content: Any, kind: Kind, facts_of: FactsOf) -> None:
    (fact,) = facts_of(policy_file, content, "iam/read.json")
    assert isinstance(fact, LoosePolicy)
    assert fact.policy.kind is kind and fact.policy.name == "read.json"


def test_yaml_and_lists(facts_of: FactsOf) -> None:
    text = "Version: 2012-10-17\nStatement:\n- Effect: Allow\n  Action: s3:ListBucket\n  Resource: arn:aws:s3:::b\n"
    assert len(facts_of(policy_file, text, "read.yaml")) == 1
    assert len(facts_of(policy_file, [policy(READ), policy(TRUST)])) == 2


@pytest.mark.parametrize(
    "content",
    [
        policy(),
        policy("text"),
        policy({"Action": "x"}),
        {"Statement": "SELECT 1"},
        {"statement": [READ]},
        [policy(READ), {"Name": "x"}],
        [],
        3,
    ],
)
def test_other_files(content: Any, facts_of: FactsOf) -> None:
    assert facts_of(policy_file, content) == []
