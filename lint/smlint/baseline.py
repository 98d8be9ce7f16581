"""The baseline: findings that are known and not reported again.

An entry is known by rule, resource and access, never by a line, so it survives moved and reformatted code. The file
has one entry a line, in a stable order, so that a change of it reads well in a review.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from smlint.document import Document, Origin
from smlint.errors import UsageError, cannot_be_read
from smlint.finding import LEVELS, Finding
from smlint.record import dataclass, field
from smlint.values import plain

FORMAT = 1
Identity = tuple[str, str, str]
_MEMBERS = ("rule", "resource", "access", "level", "file", "message")


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding; `count` times where several are alike. file and message are for the reader."""

    rule: str
    resource: str
    access: str
    level: str
    file: str
    message: str
    count: int = 1

    @property
    def identity(self) -> Identity:
        return (self.rule, self.resource, self.access)


def identity(finding: Finding) -> Identity:
    """What a finding is known by. One that is about no resource is known by its file and message."""
    if finding.resource or finding.access:
        return (finding.rule, finding.resource, finding.access)
    return (finding.rule, finding.origin.place().path, finding.message)


def entries(findings: Iterable[Finding]) -> list[Entry]:
    """The entries that hold these findings, in the order of rules and resources."""
    findings = list(findings)
    counts = Counter(identity(finding) for finding in findings)
    worst: dict[Identity, Finding] = {}
    for finding in findings:
        known = worst.setdefault(identity(finding), finding)
        if finding.level > known.level:
            worst[identity(finding)] = finding
    return [
        Entry(*key, finding.level.word, finding.origin.place().path, finding.message, counts[key])
        for key, finding in sorted(worst.items())
    ]


def render(findings: Iterable[Finding], version: str) -> str:
    """The text of a baseline file."""
    lines = []
    for entry in entries(findings):
        data: dict[str, Any] = {name: getattr(entry, name) for name in _MEMBERS}
        if entry.count > 1:
            data["count"] = entry.count
        lines.append("    " + json.dumps(data, ensure_ascii=False))
    body = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "format": {FORMAT},\n  "smlint": {json.dumps(version)},\n  "findings": {body}\n}}\n'


@dataclass(slots=True)
class Baseline:
    """The entries of a baseline file and where each is written. An entry of a file that is not `linted` is not gone."""

    entries: list[Entry] = field(default_factory=list)
    origins: dict[Identity, Origin] = field(default_factory=dict)
    linted: Callable[[str], bool] = bool

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding], list[Entry]]:
        """(to report, known, entries that no finding uses). What is worse or more frequent than known is reported."""
        left = {entry.identity: [LEVELS[entry.level], entry.count] for entry in self.entries}
        used: set[Identity] = set()
        new, known = [], []
        for finding in findings:
            key = identity(finding)
            allowance = left.get(key)
            if allowance:
                used.add(key)
            if allowance and allowance[1] > 0 and finding.level <= allowance[0]:
                allowance[1] -= 1
                known.append(finding)
            else:
                new.append(finding)
        gone = [one for one in self.entries if one.identity not in used and self.linted(one.file)]
        return new, known, gone


def load(file: str, shown: str = "") -> Baseline:
    """Read a baseline; `shown` is its path in findings. Raises UsageError with the file's name and what is wrong."""
    from smlint.syntax.json import parse

    try:
        with open(file, encoding="utf-8") as stream:
            parsed = parse(Document(shown or file, stream.read()))
    except OSError as problem:
        raise UsageError(f"{file}: {cannot_be_read(problem)}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is no baseline: it is no UTF-8 text") from None
    if parsed.problems:
        raise UsageError(f"{file}: is no baseline: {parsed.problems[0].message}")
    (root,) = parsed.nodes
    listed = root.get("findings")
    version = root.get("format")
    if listed is None or listed.sequence is None or version is None or version.value != FORMAT:
        raise UsageError(f"{file}: is no baseline of this version; write a new one with --write-baseline")
    baseline = Baseline()
    for number, node in enumerate(listed.sequence, 1):
        entry = _entry(plain(node), file, number)
        baseline.entries.append(entry)
        baseline.origins[entry.identity] = node.origin
    return baseline


def _entry(data: object, file: str, number: int) -> Entry:
    if isinstance(data, dict):
        texts = {name: data.get(name, "") for name in _MEMBERS}
        count = data.get("count", 1)
        if all(isinstance(text, str) for text in texts.values()) and texts["level"] in LEVELS:
            return Entry(**texts, count=count if isinstance(count, int) else 1)
    raise UsageError(f"{file}: entry {number} of the baseline is not one that smlint wrote")
