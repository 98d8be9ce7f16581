"""What smlint says of its rules: `--explain` and `--list-rules`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from smlint.errors import UsageError
from smlint.files import find_root
from smlint.options import Output
from smlint.packs import every_rule
from smlint.rule import Rule
from smlint.spelling import hint


def _rules() -> dict[str, Rule]:
    return every_rule(find_root(["."]))


def explain(name: str) -> str:
    """A rule's page."""
    rules = _rules()
    if name not in rules:
        raise UsageError(f"`{name}` is no rule{hint(name, rules)}")
    rule = rules[name]
    head = f"{rule.page.title}\n\n{rule.name} · {rule.group} · {rule.level.word}\n"
    return head + "".join(f"\n{title}\n{'-' * len(title)}\n{text}\n" for title, text in rule.page.sections.items())


def listing(outputs: Sequence[Output]) -> str:
    """All rules: a table, or JSON with `--format json`."""
    wanted = outputs[0].format
    if wanted not in ("text", "json"):
        raise UsageError(f"--list-rules can be printed as text and json, not as {wanted}")
    rules = list(_rules().values())
    if wanted == "json":
        rows = [{"name": r.name, "group": r.group, "level": r.level.word, "title": r.page.title} for r in rules]
        return json.dumps(rows, indent=2) + "\n"
    return _table(rules)


def _table(rules: Sequence[Rule]) -> str:
    width = max((len(rule.name) for rule in rules), default=0)
    lines = [f"{rule.name:<{width}}  {rule.level.word:<7}  {rule.group:<9}  {rule.page.title}" for rule in rules]
    return "\n".join(lines) + "\n"
