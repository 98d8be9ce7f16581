"""One line a finding: path:line:column: level[rule] message."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding
from smlint.reports.clean import clean
from smlint.reports.run import Run, Style, message_of, region


def render(run: Run, style: Style) -> Iterator[str]:
    for finding in run.findings:
        yield _line(finding, f"{finding.level.word}[{finding.rule}]", style)
    for finding in run.unknowns:
        yield _line(finding, "unknown:", style)


def _line(finding: Finding, head: str, style: Style) -> str:
    place = finding.origin.place()
    at = region(place)
    path = clean(style.shown(place.path))
    # A folder called "::error::" must not become a workflow command in a CI log.
    where = f"{'./' if path.lstrip().startswith('::') else ''}{path}:{at.line}:{at.column}"
    return f"{where}: {head} {clean(message_of(finding))}\n"
