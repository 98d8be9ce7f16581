"""Writes rules/README.md from the rules' own pages: `python tools/rules_readme.py`. A test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smlint.rule import GROUPS, Rule, all_rules

README = Path(__file__).parents[1] / "rules" / "README.md"
TITLES = {
    "policy": "the document itself",
    "s3": "the role's S3 permissions",
    "kms": "keys",
    "layers": "what else may refuse",
    "callers": "trust, PassRole and who calls the API",
    "runtime": "network, images, logs, the rest",
    "grants": "S3 Access Grants and trusted identity propagation",
    "sdk": "Python code",
    "privilege": "least privilege (off unless selected)",
}
HEAD = """\
# The rules

Written by `tools/rules_readme.py` from the pages of the rules; `smlint --explain RULE` shows the same page. A rule's
level is the one it has by itself: where a workload shows that a statement is needed, or that it is not, a finding may
be higher or lower. How to add rules of your own: [examples/rules](../examples/rules/README.md).
"""


def text() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_lines()]).rstrip() + "\n"


def _lines() -> Iterator[str]:
    rules = list(all_rules().values())
    groups = [(group, [rule for rule in rules if rule.group == group]) for group in GROUPS]
    for group, members in groups:
        if members:
            yield from _table(group, members)
    for _, members in groups:
        for rule in members:
            yield from _page(rule)


def _table(group: str, members: list[Rule]) -> Iterator[str]:
    yield f"## {group}: {TITLES[group]}\n"
    yield "| rule | level | fires when |\n|---|---|---|"
    yield from (f"| [{rule.name}](#{rule.name}) | {rule.level.word} | {_cell(rule.page.title)} |" for rule in members)
    yield ""


def _cell(title: str) -> str:
    return title.removesuffix(".").replace("|", "\\|")


def _page(rule: Rule) -> Iterator[str]:
    yield f"### {rule.name}\n\n{rule.page.title} ({rule.group}, {rule.level.word})\n"
    for heading, section in rule.page.sections.items():
        yield f"**{heading}**\n\n{section}\n"


if __name__ == "__main__":
    README.write_text(text(), "utf-8")
