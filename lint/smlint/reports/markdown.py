"""Markdown for a job summary or a comment: a table of what was found, then each finding folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smlint.document import Origin
from smlint.finding import Finding, Level
from smlint.reports.clean import clean, clean_lines
from smlint.reports.run import Run, Style, evidence, in_turn, message_of, region, summary

_SIGNS = {Level.ERROR: "🔴 error", Level.WARNING: "🟠 warning", Level.NOTE: "🔵 note"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")
# Markdown is still read inside of <code>.
_INSIDE_CODE = re.compile(r"[\\`*_\[\]|~$@]|:(?=//)")
_MOST = 200


def render(run: Run, style: Style) -> Iterator[str]:
    yield f"### smlint: {summary(run)}\n"
    if not run.findings:
        return
    worst = sorted(run.findings, key=lambda finding: -finding.level)
    yield "\n| level | rule | where | what |\n|---|---|---|---|\n"
    for finding in worst[:_MOST]:
        yield f"| {_SIGNS[finding.level]} | {_code(finding.rule)} | {_where(finding.origin)} | {_message(finding)} |\n"
    if len(worst) > _MOST:
        yield f"\n{len(worst) - _MOST} more findings are not listed.\n"
    yield "\n"
    for finding in worst[:_MOST]:
        yield from _details(finding)


def _details(finding: Finding) -> Iterator[str]:
    place = finding.origin.place()
    line = clean(place.document.line(place.first.line)[:300].strip())
    yield f"<details><summary>{_where(finding.origin)} {_message(finding)}</summary>\n\n"
    if line:
        yield f"- the line: {_code(line)}\n"
    for message, origin in list(evidence(finding))[:20]:
        yield f"- {_text(message)}: {_where(origin)}\n"
    if finding.aws:
        yield f"- AWS says: {_text(finding.aws)}\n"
    if finding.fix:
        yield f"- **fix:** {_text(finding.fix)}\n"
    if finding.snippet:
        fence = _fence(finding.snippet)
        yield f"\n{fence}\n" + clean_lines(finding.snippet) + f"\n{fence}\n"
    yield "\n</details>\n"


def _message(finding: Finding) -> str:
    return _text(message_of(finding))


def _where(origin: Origin) -> str:
    place = origin.place()
    return _code(f"{place.path}:{region(place).line}")


def _text(text: str) -> str:
    """Plain text with what stands in backticks as code; nothing else of it is markup."""
    return "".join(_code(part) if at % 2 else _escaped(part) for at, part in enumerate(in_turn(clean(text))))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _entities(text))


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    """A code span; HTML's element, because a table's cell ends at any `|` and a span at any backtick."""
    return f"<code>{_INSIDE_CODE.sub(lambda found: f'&#{ord(found[0])};', _entities(clean(text)))}</code>"


def _fence(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(3, longest + 1)
