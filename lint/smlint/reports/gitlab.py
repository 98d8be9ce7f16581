"""GitLab's code quality report: a JSON list with a fingerprint each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from smlint.baseline import identity
from smlint.finding import Finding, Level
from smlint.reports.clean import clean
from smlint.reports.run import Run, Style, message_of, region

_SEVERITY = {Level.ERROR: "critical", Level.WARNING: "major", Level.NOTE: "info"}


def render(run: Run, style: Style) -> Iterator[str]:
    seen: Counter[str] = Counter()
    issues = []
    for finding in run.findings:
        key = "\0".join((*identity(finding), finding.origin.place().path))
        seen[key] += 1
        issues.append(_issue(finding, f"{key}\0{seen[key]}"))
    yield json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, key: str) -> dict[str, Any]:
    place = finding.origin.place()
    line = region(place).line
    what = message_of(finding)
    return {
        "description": clean(f"{what}; fix: {finding.fix}" if finding.fix else what),
        "check_name": finding.rule,
        "fingerprint": sha256(key.encode("utf-8", "surrogatepass")).hexdigest(),
        "severity": _SEVERITY[finding.level],
        "location": {"path": clean(place.path), "lines": {"begin": line, "end": line}},
    }
