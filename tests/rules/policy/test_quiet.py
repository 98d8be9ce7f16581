"""The rules on documents are quiet on AWS's own managed policies, except where these are wrong."""

from __future__ import annotations

from collections import Counter

import pytest

from smlint.estate.estate import Estate
from smlint.facts import Settings
from smlint.iam import managed
from smlint.rule import all_rules

ESTATE = Estate(Settings(partition="aws"))
# Statements of AWS that match nothing, as read one by one: logs ARNs without `log-group:`, s3:ListAllMyBuckets on named
# buckets, kms:ListKeys on keys, lists of actions none of whose resources stand beside them.
FAULTS_OF_AWS = 40


@pytest.mark.slow
def test_managed_policies() -> None:
    rules = [rule for rule in all_rules().values() if rule.group == "policy" and rule.subject == "Policy"]
    found: Counter[str] = Counter()
    for name in managed.names():
        policy = managed.lookup(name)
        assert policy is not None
        for rule in rules:
            found[rule.name] += sum(1 for _ in rule.check(policy, ESTATE))
    assert found["unknown-action"] == found["invalid-policy"] == found["placeholder-left"] == 0
    assert found["old-policy-version"] == 0 and found["malformed-arn"] <= 4
    assert found["action-resource-mismatch"] <= FAULTS_OF_AWS


@pytest.mark.parametrize(
    "name",
    ["AmazonSageMakerFullAccess", "AmazonSageMakerCanvasFullAccess", "AmazonS3FullAccess", "AmazonSageMakerReadOnly"],
)
def test_the_policies_of_sagemaker(name: str) -> None:
    policy = managed.lookup(name)
    assert policy is not None
    rules = [rule for rule in all_rules().values() if rule.group == "policy" and rule.subject == "Policy"]
    assert [found.message for rule in rules for found in rule.check(policy, ESTATE)] == []
