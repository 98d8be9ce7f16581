"""GitHub's workflow commands, which become annotations.

A step shows ten errors, ten warnings and ten notices: the worst come first, and the rest is named in a last line.
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.reports.clean import clean
from smlint.reports.run import Run, Style, message_of, region

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_PER_LEVEL = 10


def render(run: Run, style: Style) -> Iterator[str]:
    left = 0
    for level, command in _COMMANDS.items():
        found = [finding for finding in run.findings if finding.level is level]
        left += max(0, len(found) - _PER_LEVEL)
        yield from (_command(command, finding) for finding in found[:_PER_LEVEL])
    if left:
        yield f"{left} more findings are not annotated; `--format markdown` lists all for the job summary\n"


def _command(command: str, finding: Finding) -> str:
    place = finding.origin.place()
    at = region(place)
    where = {
        "file": place.path,
        "line": at.line,
        "endLine": at.line,
        "col": at.column,
        "endColumn": at.end,
        "title": f"{finding.rule} (smlint)",
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
    sentences = [message_of(finding)]
    sentences += [f"AWS says: {finding.aws}"] if finding.aws else []
    sentences += [f"Fix: {finding.fix}"] if finding.fix else []
    return f"::{command} {properties}::{'%0A'.join(_data(sentence) for sentence in sentences)}\n"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
