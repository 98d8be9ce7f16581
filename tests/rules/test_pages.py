"""Every rule has a page of one form, a level, examples, and the name and level of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smlint.finding import Level
from smlint.rule import GROUPS, HEADINGS, Rule, all_rules

RULES = list(all_rules().values())
CATALOGUE = Path(__file__).parents[3] / "shared" / "RULES.md"
WIDTH = 120


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_page(rule: Rule) -> None:
    assert tuple(rule.page.sections) == HEADINGS
    assert all(rule.page.sections.values())
    title = rule.page.title
    assert (title[:1].isupper() or title.startswith("kms:")) and title.endswith(".") and len(title) <= WIDTH - 10
    text = rule.module.__doc__ or ""
    assert max(map(len, text.splitlines())) <= WIDTH
    for heading in HEADINGS:
        assert f"\n\n{heading}\n{'-' * len(heading)}\n" in text


# What the engine shows; see `smlint.engine`. The gate itself shows what no finding has used.
SUBJECTS = {"Policy", "Refusal", "Job", "Role", "Bucket", "Key", "Estate", "Attachment", "Suppression"}
SUBJECTS |= {"Problem", "EstimatorClass", "UriLiteral"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_level_and_subject(rule: Rule) -> None:
    assert isinstance(rule.level, Level) and rule.level is not Level.UNSET
    assert rule.subject in SUBJECTS
    assert rule.parameters[1:] in ((), ("Estate",))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples_are_folders_of_texts(rule: Rule) -> None:
    assert rule.bad and rule.good
    for example in (*rule.bad, *rule.good):
        assert example and all(isinstance(part, str) and part for pair in example.items() for part in pair)


def test_names_are_kebab_case_and_in_a_group() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name) and rule.group in GROUPS for rule in RULES)


def catalogue() -> dict[str, tuple[str, str]]:
    """Name → (group, level) of the tables of the catalogue."""
    found: dict[str, tuple[str, str]] = {}
    group = ""
    for line in CATALOGUE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            group = line[3:].partition(":")[0]
        elif (row := re.match(r"\| ([a-z0-9-]+) \| (error|warning|note)\b", line)) is not None:
            found[row[1]] = (group, row[2])
    return found


@pytest.mark.skipif(not CATALOGUE.exists(), reason=f"{CATALOGUE} is not there: names and levels are not compared")
def test_names_groups_and_levels_are_the_catalogues() -> None:
    assert {rule.name: (rule.group, rule.level.word) for rule in RULES} == catalogue()
