"""JUnit's XML: a suite a file, a failed case a finding, so that any CI server shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from smlint.finding import Finding, Level
from smlint.reports.clean import clean
from smlint.reports.run import Run, Style, message_of, region


def render(run: Run, style: Style) -> Iterator[str]:
    files: dict[str, list[Finding]] = {}
    for finding in run.findings:
        files.setdefault(finding.origin.place().path, []).append(finding)
    total = len(run.findings)
    failed = total - run.count(Level.NOTE)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="smlint" tests="{max(1, total)}" failures="{failed}" errors="0">\n'
    for path, findings in files.items():
        yield from _suite(path, findings)
    if not files:
        yield '  <testsuite name="smlint" tests="1" failures="0" errors="0">\n'
        yield f'    <testcase classname="smlint" name="{run.read} files, nothing found"/>\n  </testsuite>\n'
    yield "</testsuites>\n"


def _suite(path: str, findings: Sequence[Finding]) -> Iterator[str]:
    failed = sum(finding.level > Level.NOTE for finding in findings)
    counts = f'tests="{len(findings)}" failures="{failed}" errors="0"'
    yield f"  <testsuite name={_attribute(path)} {counts}>\n"
    for finding in findings:
        yield from _case(path, finding)
    yield "  </testsuite>\n"


def _case(path: str, finding: Finding) -> Iterator[str]:
    at = region(finding.origin.place())
    name = f"{finding.rule} at line {at.line}, column {at.column}"
    lines = [f"{path}:{at.line}:{at.column}: {message_of(finding)}"]
    lines += [f"AWS says: {finding.aws}"] if finding.aws else []
    lines += [f"fix: {finding.fix}"] if finding.fix else []
    text = escape("\n".join(clean(line) for line in lines))
    case = f"    <testcase classname={_attribute(path)} name={_attribute(name)}"
    if finding.level is Level.NOTE:
        # Advice fails no test.
        yield f"{case}>\n      <system-out>{text}</system-out>\n    </testcase>\n"
    else:
        kind = f"type={_attribute(finding.level.word)} message={_attribute(finding.message)}"
        yield f"{case}>\n      <failure {kind}>{text}</failure>\n    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(clean(text))
