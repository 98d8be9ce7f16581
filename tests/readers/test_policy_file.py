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


CALLS = (
    {"Ref": "AWS::AccountId"},
    {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/*"},
    {"Fn::If": ["Open", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]},
)


@pytest.mark.parametrize("call", CALLS)
def test_functions_of_a_template_that_includes_the_file_are_unknown(call: Any, facts_of: FactsOf) -> None:
    used = {**READ, "Resource": call, "Condition": {"StringEquals": {"aws:SourceAccount": call}}}
    (fact,) = facts_of(policy_file, policy(used, {**READ, "Resource": ["arn:aws:s3:::b/*", call]}))
    assert isinstance(fact, LoosePolicy) and fact.policy.violations == ()
    first, second = fact.policy.statements
    assert not first.resources_complete and not first.conditions[0].complete
    assert [e.text for e in second.resources] == ["arn:aws:s3:::b/*"] and not second.resources_complete


def test_short_forms_of_functions_are_unknown(facts_of: FactsOf) -> None:
    text = "Statement:\n- Effect: Allow\n  Action: s3:GetObject\n  Resource: !GetAtt Bucket.Arn\n"
    (fact,) = facts_of(policy_file, text, "read.yaml")
    assert isinstance(fact, LoosePolicy) and fact.policy.violations == ()
    assert not fact.policy.statements[0].resources_complete


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{ROLE_ARN}", "⟨ROLE_ARN⟩"),
        ("arn:aws:iam::{{ account }}:role/{role.name}-x", "arn:aws:iam::⟨account⟩:role/⟨role.name⟩-x"),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:username}/*"),
        ("arn:aws:s3:::b/${account}/*", "arn:aws:s3:::b/${account}/*"),
    ],
)
def test_what_a_program_fills_in_is_a_hole(written: str, read: str, facts_of: FactsOf) -> None:
    (fact,) = facts_of(policy_file, policy({**READ, "Resource": written}))
    assert isinstance(fact, LoosePolicy) and fact.policy.violations == ()
    assert [str(element.text) for element in fact.policy.statements[0].resources] == [read]
