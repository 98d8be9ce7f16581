"""One root cause, one finding: refused accesses that one edit would mend are brought together."""

from __future__ import annotations

from collections.abc import Iterable

from smlint.document import Origin
from smlint.estate.entities import Held, Role
from smlint.iam.policy import Statement
from smlint.needs.access import Need
from smlint.verdicts.causes import FULL_ACCESS, nearest
from smlint.verdicts.judge import Judged
from smlint.verdicts.refusal import Cause, Refusal, Refused
from smlint.verdicts.spots import policy_spot, spot

_AT_STATEMENT = frozenset(
    {
        Cause.ROLE_DENY,
        Cause.BUCKET_DENY,
        Cause.KEY_DENY,
        Cause.NETWORK,
        Cause.ENCRYPTION,
        Cause.VIA_SERVICE,
        Cause.NOT_PRINCIPAL,
    }
)
_AT_POLICY = frozenset({Cause.BOUNDARY, Cause.GUARDRAIL, Cause.BUCKET_GRANT, Cause.KEY_EXCLUDES, Cause.ENDPOINT})

# Actions that are missing together are one finding.
_FAMILIES = (
    ("ec2:", "network"),
    ("ecr:", "registry"),
    ("logs:", "logs"),
    ("events:", "events"),
    ("ssmmessages:", "shell"),
    ("sagemaker:AddTags", "tags"),
    ("sagemaker:", "api"),
    ("sagemaker-geospatial:", "api"),
)


def group(found: Iterable[tuple[Judged, Refused]]) -> list[Refusal]:
    """The refusals, in the order in which they were found; what AWS insists on is told first."""
    groups: dict[tuple[object, ...], Refusal] = {}
    for judged, refused in sorted(found, key=lambda pair: pair[1].access.need is not Need.REQUIRED):
        key = _key(refused)
        refusal = groups.get(key)
        if refusal is None:
            place, statement = _place(judged, refused)
            refusal = Refusal(refused.cause, [], place, statement, refused.policy, judged.bucket, judged.key)
            if refused.cause is Cause.FULL_ACCESS:
                refusal.nearest, _ = nearest_place(judged, refused.role)
            groups[key] = refusal
        refusal.refused.append(refused)
        if judged.bucket is not None and judged.bucket not in refusal.known:
            refusal.known.append(judged.bucket)
    return list(groups.values())


def _key(refused: Refused) -> tuple[object, ...]:
    if _of_aws(refused) is not None:
        return refused.cause, id(refused.role), id(refused.statement or refused.policy)
    if refused.cause in _AT_STATEMENT:
        return refused.cause, id(refused.statement)
    if refused.cause in _AT_POLICY:
        return refused.cause, id(refused.policy), refused.access.bucket if refused.policy is None else None
    if refused.cause is Cause.PREFIX:
        return refused.cause, id(refused.role), id(refused.statement)
    if refused.cause is Cause.FULL_ACCESS:
        return refused.cause, id(refused.role)
    action = refused.access.action
    family = next((name for prefix, name in _FAMILIES if action.startswith(prefix)), action)
    return refused.cause, id(refused.role), family, refused.access.need, refused.caller, refused.assumed


def _place(judged: Judged, refused: Refused) -> tuple[Origin, Statement | None]:
    """What the user edits, and the statement it belongs to."""
    if refused.cause is Cause.FULL_ACCESS:
        return _attachment(refused.role), None
    managed = _of_aws(refused)
    if managed is not None:
        return managed.edit, refused.statement
    if refused.statement is not None:
        return spot(refused.statement), refused.statement
    if refused.policy is not None:
        return policy_spot(refused.policy), None
    if refused.cause is Cause.BUCKET_GRANT and judged.bucket is not None and judged.bucket.origin is not None:
        return judged.bucket.origin, None
    return nearest_place(judged, refused.role)


def _of_aws(refused: Refused) -> Held | None:
    """The role's hold of the policy that refuses, where AWS manages it: the user can only edit how it is attached."""
    return next((one for one in refused.role.held if one.aws and one.policy is refused.policy), None)


def nearest_place(judged: Judged, role: Role) -> tuple[Origin, Statement | None]:
    """Where a missing grant belongs: the role's nearest statement for the service, else its policies, else the role."""
    editable = [held.policy for held in role.editable]
    statement = nearest(editable, judged)
    if statement is not None:
        return spot(statement), statement
    for policy in editable:
        return policy_spot(policy), None
    return role.origin, None


def _attachment(role: Role) -> Origin:
    for held in role.identity:
        if held.aws and held.policy.name.endswith(FULL_ACCESS):
            return held.edit
    return role.origin
