"""Rules are tried on a document alone; how they meet workloads is the engine's matter."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smlint.document import Document
from smlint.estate.estate import Estate
from smlint.facts import Settings
from smlint.finding import Finding
from smlint.iam import grammar
from smlint.iam.policy import Kind
from smlint.rule import all_rules
from smlint.syntax import json as json_syntax

Check = Callable[..., list[Finding]]


@pytest.fixture
def check() -> Check:
    """check(rule, statement or document, kind=…, partition=…): the rule's findings on a policy."""

    def run(rule: str, policy: Any, kind: Kind = Kind.IDENTITY, partition: str = "aws") -> list[Finding]:
        document = policy if "Statement" in policy else {"Version": "2012-10-17", "Statement": policy}
        text = json.dumps(document, indent=2)
        parsed = grammar.parse(json_syntax.parse(Document("policy.json", text)).nodes[0], kind)
        return list(all_rules()[rule].check(parsed, Estate(Settings(partition=partition))))

    return run


@pytest.fixture
def allow(check: Check) -> Check:
    """allow(rule, actions, resources): the findings on a statement that allows them."""

    def run(rule: str, action: Any, resource: Any, effect: str = "Allow", **options: Any) -> list[Finding]:
        return check(rule, {"Effect": effect, "Action": action, "Resource": resource}, **options)

    return run
