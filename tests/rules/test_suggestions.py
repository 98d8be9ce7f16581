"""What a finding tells to write is right: with it in the file, the finding is gone and no other has come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smlint import gate
from smlint.config import Config
from smlint.engine import lint_files
from smlint.finding import Finding
from smlint.rule import Example, all_rules

EXAMPLES = [
    pytest.param(example, id=f"{rule.name}-{number}")
    for rule in all_rules().values()
    for number, example in enumerate(rule.bad, 1)
    if rule.group != "privilege"
]
_VALUES = {"unknown-action", "malformed-arn", "grants-instance-arn"}
# A job that S3 Access Grants serves needs no S3 permissions, and the finding that asks for them says so.
_ANNOUNCED = {"tip-role-keeps-s3"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_told_is_right(example: Example) -> None:
    before = lint(example)
    known = {(finding.rule, finding.resource) for finding in before}
    for finding in before:
        changed = applied(finding, example)
        if changed is None:
            continue
        after = lint(changed)
        assert (finding.rule, finding.message) not in {(one.rule, one.message) for one in after}, finding.snippet
        come = {one.rule for one in after if (one.rule, one.resource) not in known}
        assert come <= (_ANNOUNCED if "S3 Access Grants serves" in finding.fix else set()), finding.snippet


def test_most_of_it_is_tried() -> None:
    tried = [applied(finding, rule.bad[0]) for rule in all_rules().values() for finding in lint(rule.bad[0])]
    assert len([one for one in tried if one is not None]) > 30


def lint(example: Example) -> list[Finding]:
    return gate.apply(lint_files(example), Config(), all_rules()).reported


def applied(finding: Finding, example: Example) -> Example | None:
    """The example with what the finding tells to write; None where a person would have to think."""
    place = finding.origin.place()
    text = example[place.path]
    if finding.origin.document.host is not None or not place.path.endswith(".json") or not finding.snippet:
        return None
    if finding.rule in _VALUES:
        return {**example, place.path: text[: place.start] + finding.snippet + text[place.end :]}
    document, statements = json.loads(text), statements_of(finding.snippet)
    if not statements or not isinstance(document.get("Statement"), list):
        return None
    document["Statement"] += statements
    return {**example, place.path: json.dumps(document, indent=2)}


def statements_of(snippet: str) -> list[Any]:
    """The statements of a snippet; none where it is something else."""
    try:
        members = json.loads(f"[{snippet}]")
    except ValueError:
        return []
    return members if all(isinstance(one, dict) and "Effect" in one for one in members) else []
