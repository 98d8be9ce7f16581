"""Findings as JSON, in the documented form of `smlint/data/report.schema.json`; `version` changes with the form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from smlint.document import Origin
from smlint.finding import Finding, Level, Related
from smlint.reports.run import Run, Style, region

FORMAT = 1


def render(run: Run, style: Style) -> Iterator[str]:
    log = {
        "version": FORMAT,
        "tool": {"name": "smlint", "version": run.version},
        "summary": {
            "files": run.read,
            "errors": run.count(Level.ERROR),
            "warnings": run.count(Level.WARNING),
            "notes": run.count(Level.NOTE),
        },
        "findings": [_finding(finding) for finding in run.findings],
        "suppressed": [
            {**_finding(one.finding), "suppression": {"kind": one.kind, "reason": one.reason}} for one in run.suppressed
        ],
        "unknown": [_finding(finding) for finding in run.unknowns],
        "unreadable": [{"path": path, "message": message} for path, message in run.failures],
    }
    # Escaped to ASCII: a lone surrogate of a hostile file is no valid UTF-8.
    text = json.dumps(log, indent=2)
    # The old form of a workflow command counts anywhere in a line of a CI log.
    yield text.replace("##[", "##\\u005b") + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level.word,
        "message": finding.message,
        "aws": finding.aws,
        "fix": finding.fix,
        "snippet": finding.snippet,
        "condition": finding.under,
        **_place(finding.origin),
        "resource": finding.resource,
        "access": finding.access,
        "workloads": list(finding.workload),
        "related": [_related(one) for one in finding.related],
        "chain": [_related(one) for one in finding.chain],
    }


def _related(one: Related) -> dict[str, Any]:
    return {"message": one.message, **_place(one.origin)}


def _place(origin: Origin) -> dict[str, Any]:
    place = origin.place()
    at = region(place)
    last = place.last
    return {
        "path": place.path,
        "line": at.line,
        "column": at.column,
        "end_line": last.line,
        "end_column": last.column,
    }
