"""Findings in several cases: what conditions that no parameter settles make of a repository.

Each case is linted for itself. What is found in all of them holds in any case; the rest says when.
"""

from __future__ import annotations

from collections.abc import Sequence

from smlint.finding import Finding
from smlint.record import replace

_NAMED = 3  # more ways than these are not spelt out


def together(cases: Sequence[list[Finding]]) -> list[Finding]:
    """The findings of all cases, each once."""
    if len(cases) == 1:
        return cases[0]
    found: dict[tuple[object, ...], tuple[Finding, dict[int, str]]] = {}
    for case, findings in enumerate(cases):
        for finding in findings:
            place = finding.origin.place()
            key = (finding.rule, place.path, place.start, place.end, finding.message)
            found.setdefault(key, (finding, {}))[1][case] = finding.under
    return [_in_words(finding, unders, len(cases)) for finding, unders in found.values()]


def _in_words(finding: Finding, unders: dict[int, str], cases: int) -> Finding:
    ways = list(dict.fromkeys(unders.values()))
    if len(unders) == cases or len(ways) > _NAMED or "" in ways:
        return replace(finding, under="")
    return replace(finding, under=" or ".join(ways))
