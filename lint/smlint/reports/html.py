"""One self-contained page: findings by role and job, readable on a phone, no script and nothing to load."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from smlint.document import Origin, Place
from smlint.finding import LEVELS, Finding
from smlint.reports.clean import clean, clean_lines
from smlint.reports.html_style import STYLE
from smlint.reports.run import Run, Style, counted, evidence, in_turn, region, summary

_LINE = 240
_CONTEXT = 2


def render(run: Run, style: Style) -> Iterator[str]:
    yield "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
    yield "<meta name=viewport content='width=device-width, initial-scale=1'>\n"
    yield "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield f"<title>smlint: {_e(summary(run))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    yield from _header(run)
    groups = _groups(run)
    yield from _contents(groups)
    for number, (name, findings) in enumerate(groups.items(), 1):
        yield from _group(number, name, findings)
    yield from _unknown(run)
    yield f"<footer>smlint {_e(run.version)}</footer>\n</body>\n</html>\n"


def _header(run: Run) -> Iterator[str]:
    yield "<header><h1>smlint</h1><p class=counts>"
    for level in LEVELS.values():
        if run.count(level):
            yield f"<span class='badge {level.word}'>{counted(run.count(level), level.word)}</span> "
    found = "" if run.findings else "nothing found "
    yield f"<span class=quiet>{found}in {counted(run.read, 'file')}</span></p></header>\n"


def _groups(run: Run) -> dict[str, list[Finding]]:
    """The findings by the resource they are about, by their file where they name none; the worst group first."""
    groups: dict[str, list[Finding]] = {}
    for finding in run.findings:
        groups.setdefault(finding.resource or finding.origin.place().path, []).append(finding)
    for findings in groups.values():
        findings.sort(key=lambda finding: -finding.level)
    return dict(sorted(groups.items(), key=lambda group: (-group[1][0].level, -len(group[1]), group[0])))


def _contents(groups: dict[str, list[Finding]]) -> Iterator[str]:
    if len(groups) < 2:
        return
    yield "<nav><ul>"
    for number, (name, findings) in enumerate(groups.items(), 1):
        level = findings[0].level.word
        yield f"<li><a href='#group-{number}'>{_e(name)}</a> <span class='badge {level}'>{len(findings)}</span></li>"
    yield "</ul></nav>\n"


def _group(number: int, name: str, findings: list[Finding]) -> Iterator[str]:
    jobs = list(dict.fromkeys(label for finding in findings for label in finding.workload))
    yield f"<section id='group-{number}'><h2>{_e(name)}</h2>\n"
    if jobs:
        shown = " ".join(f"<span class=job>{_e(job)}</span>" for job in jobs[:20])
        yield f"<p class=jobs>{counted(len(jobs), 'job')} affected: {shown}{' …' if len(jobs) > 20 else ''}</p>\n"
    for finding in findings:
        yield from _card(finding)
    yield "</section>\n"


def _card(finding: Finding) -> Iterator[str]:
    level = finding.level.word
    yield f"<article class={level}><h3><span class='badge {level}'>{level}</span> {_marked(finding.message)}"
    yield f" <span class=quiet>{_e(finding.under)}</span></h3>\n" if finding.under else "</h3>\n"
    yield f"<p class=where><code>{_where(finding.origin)}</code> <span class=rule>{_e(finding.rule)}</span></p>\n"
    yield from _chain(finding)
    yield _code(finding.origin.place(), _CONTEXT)
    if finding.aws:
        yield f"<p><b>AWS says</b> {_marked(finding.aws)}</p>\n"
    if finding.fix:
        yield f"<p><b>Fix</b> {_marked(finding.fix)}</p>\n"
    if finding.snippet:
        yield f"<pre class=snippet>{escape(clean_lines(finding.snippet))}</pre>\n"
    yield from _evidence(finding)
    yield "</article>\n"


def _chain(finding: Finding) -> Iterator[str]:
    if len(finding.chain) > 1:
        steps = "".join(
            f"<li>{_marked(step.message)}<br><code>{_where(step.origin)}</code></li>" for step in finding.chain
        )
        yield f"<ol class=chain>{steps}</ol>\n"


def _evidence(finding: Finding) -> Iterator[str]:
    places = list(evidence(finding))
    if not places:
        return
    yield f"<details><summary>Evidence in {counted(len(places), 'place')}</summary>\n"
    for message, origin in places[:50]:
        yield f"<p>{_marked(message)} <code>{_where(origin)}</code></p>\n{_code(origin.place(), 0)}"
    yield "</details>\n"


def _code(place: Place, context: int) -> str:
    at = region(place)
    last = len(place.document.line_starts)
    rows = []
    for number in range(max(1, at.line - context), min(last, at.line + context) + 1):
        line = place.document.line(number)
        if number == at.line:
            start = max(0, at.column - 1 - _LINE // 2)
            before, marked = line[start : at.column - 1], line[at.column - 1 : at.end - 1][:_LINE]
            after = line[at.end - 1 :][: max(0, _LINE - len(before) - len(marked))]
            text = f"{_e(before)}<mark>{_e(marked)}</mark>{_e(after)}"
        else:
            text = _e(line[:_LINE])
        rows.append(f"<span class=line><i>{number}</i>{text}</span>")
    return f"<pre>{''.join(rows)}</pre>\n"


def _unknown(run: Run) -> Iterator[str]:
    if run.unknowns:
        items = "".join(f"<li>{_marked(one.message)} <code>{_where(one.origin)}</code></li>" for one in run.unknowns)
        yield f"<section><h2>What could not be told</h2><ul class=plain>{items}</ul></section>\n"


def _where(origin: Origin) -> str:
    place = origin.place()
    return _e(f"{place.path}:{region(place).line}")


def _marked(text: str) -> str:
    """Text with what stands in backticks as code."""
    parts = enumerate(in_turn(clean(text)))
    return "".join(f"<code>{escape(part)}</code>" if at % 2 else escape(part) for at, part in parts)


def _e(text: str) -> str:
    return escape(clean(text.expandtabs(4)))
