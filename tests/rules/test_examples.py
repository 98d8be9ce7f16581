"""The examples of every rule, linted as a user would lint them: it fires on the bad ones, not on the good ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smlint import gate, suppressions
from smlint.config import Config
from smlint.document import Document
from smlint.engine import lint_files
from smlint.finding import Finding
from smlint.rule import Example, Rule, all_rules

EXAMPLES = [
    pytest.param(rule, example, kind == "bad", id=f"{rule.name}-{kind}-{number}")
    for rule in all_rules().values()
    for kind in ("bad", "good")
    for number, example in enumerate(getattr(rule, kind), 1)
]


def lint(example: Example) -> list[Finding]:
    """All findings, those that only the gate can make included."""
    findings = lint_files(example)
    ignores = suppressions.read(Document(path, text) for path, text in example.items())
    reported = gate.apply(findings, Config(), all_rules(), ignores).reported
    return [*findings, *(finding for finding in reported if finding.rule == gate.UNUSED)]


@pytest.mark.parametrize(("rule", "example", "bad"), EXAMPLES)
def test_example(rule: Rule, example: Example, bad: bool) -> None:
    findings = lint(example)
    fired = [finding for finding in findings if finding.rule == rule.name]
    assert bool(fired) is bad, [(finding.rule, finding.message) for finding in findings]
    for finding in fired:
        assert finding.origin.place().path in example
        assert complaints(finding) == []


def complaints(finding: Finding) -> list[str]:
    """What is wrong with a message: it is lower case, ends without a full stop, and the finding says what to do."""
    return list(_complaints(finding))


def _complaints(finding: Finding) -> Iterator[str]:
    first = finding.message.partition(" ")[0]
    if first[:1].isupper() and first[1:].islower():
        yield f"upper case: {finding.message}"
    if finding.message.endswith(".") or "\n" in finding.message:
        yield f"full stop or line end: {finding.message}"
    if not finding.fix and not finding.snippet and finding.rule not in ("unreadable-file", "invalid-policy"):
        yield f"nothing to do: {finding.message}"


def test_bad_examples_have_no_unreadable_files() -> None:
    for rule in all_rules().values():
        if rule.name != "unreadable-file":
            for example in (*rule.bad, *rule.good):
                assert not [finding for finding in lint_files(example) if finding.rule == "unreadable-file"], rule.name
