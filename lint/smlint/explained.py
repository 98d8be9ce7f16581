"""Dead grants against refusals: a grant that grants nothing may be why an access is refused.

A dead-grant finding says in `would` what its statement would allow once corrected. If a refused access of a role that
holds the policy is covered by it, the finding is the root cause: an error, with the accesses it breaks as evidence, and
the refusal is not reported on its own. So it is where a boundary, a bucket policy or a key policy lacks the access. If
every access of the holders that it covers is allowed by another statement, the finding is silent.
An access that is asked only because the dead grant names its bucket has no cause but the finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.iam.match import arn_matches, matches
from smlint.iam.match_statement import explain as explain_statement
from smlint.iam.policy import Policy
from smlint.needs.access import Need
from smlint.record import dataclass, replace
from smlint.values import NO, YES
from smlint.verdicts.collect import Verdicts
from smlint.verdicts.evidence import related
from smlint.verdicts.judge import Judged
from smlint.verdicts.refusal import NOT_GRANTED, OWN_BUCKET, Cause, Refused

# Rules on dead grants of which others' grants say less: AWS does not store an invalid policy at all, and what a
# placeholder stands for is none of the buckets that the role's other statements name.
_NEVER_MADE_GOOD = frozenset({"invalid-policy"})
_FOR_SOMETHING_ELSE = frozenset({"placeholder-left"})
_LACKED = frozenset({Cause.BOUNDARY, Cause.BUCKET_GRANT, Cause.KEY_EXCLUDES})


@dataclass(slots=True)
class Explained:
    """The findings as they are to be reported, and the refusals that they explain."""

    findings: list[Finding]
    refused: list[Refused]


def explain(found: Iterable[tuple[Finding, Policy]], estate: Estate, verdicts: Verdicts) -> Explained:
    """Join dead grants and refusals. found: each finding with the policy in which it stands."""
    asked_of, lacked_by = _asked_of(estate, verdicts), _lacked_by(verdicts)
    refused_by = {id(judged): refused for judged, refused in verdicts.refused}
    result = Explained([], [])
    for finding, policy in found:
        if not finding.would:
            result.findings.append(finding)
            continue
        asked = asked_of[id(policy)]
        touched = [judged for judged in asked if covers(finding, judged)]
        result.refused.extend(refused_by[id(j)] for j in asked if id(j) in refused_by and _asked_by(finding, j))
        broken = [refused_by[id(j)] for j in touched if id(j) in refused_by]
        broken = [refused for refused in broken if refused.cause in NOT_GRANTED]
        broken += [refused for judged, refused in lacked_by[id(policy)] if _lets_in(finding, policy, judged)]
        result.refused.extend(broken)
        broken = [refused for refused in broken if refused.access.need is Need.REQUIRED]
        if broken:
            result.findings.append(_root_cause(finding, broken))
        elif not _made_good(finding, touched):
            result.findings.append(finding)
    return result


def _asked_of(estate: Estate, verdicts: Verdicts) -> dict[int, list[Judged]]:
    """The accesses of the roles that hold a policy as their own, by the policy's identity."""
    by_role: dict[int, list[Judged]] = defaultdict(list)
    for judged in verdicts.judged:
        by_role[id(judged.role)].append(judged)
    found: dict[int, list[Judged]] = defaultdict(list)
    for role in estate.roles:
        for held in role.identity:
            found[id(held.policy)].extend(by_role[id(role)])
    return found


def _lacked_by(verdicts: Verdicts) -> dict[int, list[tuple[Judged, Refused]]]:
    """The accesses that a policy beside the role's own does not allow, by that policy's identity."""
    found: dict[int, list[tuple[Judged, Refused]]] = defaultdict(list)
    for judged, refused in verdicts.refused:
        if refused.cause in _LACKED:
            found[id(refused.policy)].append((judged, refused))
    return found


def _lets_in(finding: Finding, policy: Policy, judged: Judged) -> bool:
    """Whether the corrected statement of a policy beside the role's own would let the role in."""
    for statement in policy.statements:
        if any(finding.origin is part.origin for part in (*statement.actions, *statement.resources)):
            match = explain_statement(statement, policy, judged.request)
            addressed = not statement.principals or match.principal is YES
            return addressed and covers(finding, judged) and all(truth is YES for _, truth in match.conditions)
    return False


def _made_good(finding: Finding, touched: list[Judged]) -> bool:
    """Whether other statements allow all that it would."""
    if finding.rule in _NEVER_MADE_GOOD:
        return False
    if finding.rule in _FOR_SOMETHING_ELSE:
        touched = [judged for judged in touched if judged.access.bundle != OWN_BUCKET]
    return bool(touched) and all(judged.allowed for judged in touched)


def covers(finding: Finding, judged: Judged) -> bool:
    """Whether the corrected statement would allow the access."""
    return any(
        matches(action, judged.access.action, ignore_case=True) is not NO
        and arn_matches(resource, judged.request.resource) is not NO
        for action, resource in finding.would
    )


def _asked_by(finding: Finding, judged: Judged) -> bool:
    """Whether the role is taken to make the access because of what stands where the finding stands."""
    field = judged.access.field if judged.job is None else None
    places = [finding.origin, *(related.origin for related in finding.related)]
    return field is not None and any(field.origin is place for place in places)


def _root_cause(finding: Finding, broken: list[Refused]) -> Finding:
    jobs = tuple(dict.fromkeys(item.job.label for item in broken if item.job is not None))
    level = Level.ERROR if any(not item.assumed for item in broken) else Level.WARNING
    return replace(finding, level=level, related=(*finding.related, *related(broken)), workload=jobs)
