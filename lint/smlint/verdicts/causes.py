"""Why an access is refused: the one statement, or the one absence, that a person would mend."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Held
from smlint.iam.decision import Decision
from smlint.iam.match import arn_matches, arn_parts, equal
from smlint.iam.match_statement import StatementMatch, allows, explain
from smlint.iam.policy import Condition, Policy, Statement
from smlint.needs.context import ENCRYPTION
from smlint.values import NO, YES, Text, split
from smlint.verdicts.judge import Judged
from smlint.verdicts.refusal import Cause, Refused

NETWORK_KEYS = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip"})
FULL_ACCESS = "AmazonSageMakerFullAccess"
_ON_OBJECTS = ("s3:GetObject", "s3:PutObject")
_KIN = {"s3express": "s3"}  # services whose grants people put beside each other
UNSCOPED = "VPC_ENI_UNSCOPED"  # the bundle whose actions must stand in a statement without Condition and with "*"


def cause(judged: Judged) -> Refused | None:
    """The cause of a refusal; None where nothing is refused."""
    scoped = _unscoped(judged) if judged.access.bundle == UNSCOPED else None
    if scoped is not None:
        return scoped
    if judged.verdict.decision is Decision.EXPLICITLY_DENIED:
        return _denied(judged)
    if judged.verdict.decision is Decision.IMPLICITLY_DENIED:
        return _not_allowed(judged)
    return _not_principal(judged)


def refused(judged: Judged, why: Cause, statement: Statement | None = None, policy: Policy | None = None) -> Refused:
    return Refused(judged.access, judged.role, judged.job, why, statement, policy)


# Explicit denies


def _denied(judged: Judged) -> Refused | None:
    bounded = NO if judged.layers.boundary is None else YES
    for layer, policy in _layers(judged):
        for statement in policy.statements:
            if statement.effect != "Deny":
                continue
            match = explain(statement, policy, judged.request, bounded)
            if match.truth is YES:
                found = refused(judged, _deny_cause(layer, statement, judged), statement, policy)
                found.condition = _telling(statement.conditions)
                return found
    return None


def _layers(judged: Judged) -> Iterator[tuple[str, Policy]]:
    layers = judged.layers
    for policy in layers.identity:
        yield "identity", policy
    if layers.boundary is not None:
        yield "boundary", layers.boundary
    if layers.resource is not None:
        yield "resource", layers.resource
    for level in (*layers.scps, *layers.rcps):
        for policy in level:
            yield "guardrail", policy
    if layers.endpoint is not None:
        yield "endpoint", layers.endpoint


def _deny_cause(layer: str, statement: Statement, judged: Judged) -> Cause:
    if layer == "guardrail":
        return Cause.GUARDRAIL
    if layer == "endpoint":
        return Cause.ENDPOINT
    by_key = _cause_of_condition(_telling(statement.conditions))
    if by_key is not None:
        return by_key
    if layer == "resource":
        return Cause.KEY_DENY if judged.layers.key_policy else Cause.BUCKET_DENY
    return Cause.ROLE_DENY


def _cause_of_condition(condition: Condition | None) -> Cause | None:
    key = condition.key_name if condition is not None else ""
    if key in NETWORK_KEYS:
        return Cause.NETWORK
    if key.startswith(ENCRYPTION):
        return Cause.ENCRYPTION
    return Cause.VIA_SERVICE if key == "kms:viaservice" else None


def _telling(conditions: tuple[Condition, ...]) -> Condition | None:
    """The condition that names the cause; None where only others (the principal, TLS) are asked for."""
    return next((one for one in conditions if _cause_of_condition(one) is not None), None)


def _not_principal(judged: Judged) -> Refused | None:
    """A Deny that lists the role in NotPrincipal may hit the role's sessions all the same: nobody can tell."""
    policy = judged.layers.resource
    if policy is None or judged.layers.key_policy or judged.allowed:
        return None
    for statement in policy.statements:
        if statement.effect != "Deny" or not statement.negated_principals:
            continue
        match = explain(statement, policy, judged.request)
        met = all(truth is YES for _, truth in match.conditions)
        if match.action is YES and match.resource is YES and met and match.principal not in (YES, NO):
            return refused(judged, Cause.NOT_PRINCIPAL, statement, policy)
    return None


# Nothing allows


def _not_allowed(judged: Judged) -> Refused | None:
    if judged.layers.key_policy and judged.layers.resource is not None:
        found = _key_policy(judged, judged.layers.resource)
        if found is not None:
            return found
    boundary = judged.layers.boundary
    if _refuses("identity", judged) and not (_refuses("boundary", judged) and _named_at_home(judged)):
        found = _no_identity(judged)
        found.also = tuple(_others(judged))
        return found
    if boundary is not None and _refuses("boundary", judged):
        return refused(judged, Cause.BOUNDARY, nearest([boundary], judged), boundary)
    resource = judged.layers.resource
    if judged.layers.endpoint is not None and _refuses("endpoint", judged):
        return refused(judged, Cause.ENDPOINT, nearest([judged.layers.endpoint], judged), judged.layers.endpoint)
    for layer, levels in (("scp", judged.layers.scps), ("rcp", judged.layers.rcps)):
        for level in levels if levels and _refuses(layer, judged) else ():
            if not any(_allows(policy, judged) for policy in level):
                return refused(judged, Cause.GUARDRAIL, nearest(level, judged), level[0])
    found = _conditional(judged, [resource] if resource is not None else [])
    return found or refused(judged, Cause.BUCKET_GRANT, nearest([resource], judged) if resource else None, resource)


def _others(judged: Judged) -> Iterator[str]:
    """What else refuses the access, and will go on doing so when the role's own policies allow it."""
    layers = judged.layers
    if layers.boundary is not None and _refuses("boundary", judged):
        yield "the permissions boundary"
    if layers.endpoint is not None and _refuses("endpoint", judged):
        yield "the policy of the VPC endpoint"
    if layers.scps and _refuses("scp", judged):
        yield "the service control policies"
    mine, owner = judged.request.principal.account, judged.request.resource_account
    apart = mine is not None and owner is not None and equal(mine, owner) is NO
    if apart and layers.resource is not None and _refuses("resource", judged):
        yield "the policy of the other account's resource"


def _named_at_home(judged: Judged) -> bool:
    """Whether the policy of the account's own resource allows the role by its name: a boundary alone can refuse it."""
    mine, owner = judged.request.principal.account, judged.request.resource_account
    at_home = mine is not None and owner is not None and equal(mine, owner) is YES
    return at_home and judged.verdict.layers["resource"].named.role is YES


def _refuses(layer: str, judged: Judged) -> bool:
    """Whether the layer lacks an Allow for certain: one that may allow is not to blame."""
    result = judged.verdict.layers.get(layer)
    return result is not None and result.allowed is NO


def _allows(policy: Policy, judged: Judged) -> bool:
    return any(match.truth is YES for _, match in _allow_matches([policy], judged))


def _allow_matches(
    policies: list[Policy] | tuple[Policy, ...], judged: Judged
) -> Iterator[tuple[tuple[Statement, Policy], StatementMatch]]:
    for policy in policies:
        for statement in policy.statements:
            if statement.effect == "Allow":
                yield (statement, policy), explain(statement, policy, judged.request)


def _key_policy(judged: Judged, policy: Policy) -> Refused | None:
    """The key policy lets identity policies count only where it names the account; else it must name the role."""
    found = _conditional(judged, [policy])
    resource = judged.verdict.layers["resource"]
    if resource.named.account is not NO or resource.allowed is not NO:
        return None
    return found or refused(judged, Cause.KEY_EXCLUDES, nearest([policy], judged), policy)


def _no_identity(judged: Judged) -> Refused:
    found = _conditional(judged, judged.layers.identity)
    if found is not None:
        return found
    if _only_full_access(judged):
        return refused(judged, Cause.FULL_ACCESS)
    other = _other_prefix(judged)
    if other is not None:
        return refused(judged, Cause.PREFIX, *other)
    missing = refused(judged, Cause.MISSING)
    missing.unmet = _unmet(judged)
    return missing


def _conditional(judged: Judged, policies: list[Policy] | tuple[Policy, ...]) -> Refused | None:
    """A statement that would allow but for conditions whose keys tell one cause."""
    for (statement, policy), match in _allow_matches(policies, judged):
        if match.action is not YES or match.resource is not YES or match.principal is not YES:
            continue
        failing = [condition for condition, truth in match.conditions if truth is NO]
        others = [truth for _, truth in match.conditions if truth is not NO]
        why = _cause_of_condition(_telling(tuple(failing)))
        alike = all(_cause_of_condition(condition) is why for condition in failing)
        if why is not None and alike and all(truth is YES for truth in others):
            found = refused(judged, why, statement, policy)
            found.condition = failing[0]
            return found
    return None


def _unmet(judged: Judged) -> list[Condition]:
    """The conditions but for which the role's own policies would allow the access."""
    found: list[Condition] = []
    for _, match in _allow_matches([held.policy for held in judged.role.editable], judged):
        if match.action is YES and match.resource is YES:
            found += [condition for condition, truth in match.conditions if truth is NO]
    return found


def _unscoped(judged: Judged) -> Refused | None:
    """A grant that would do, had it no Condition and no resource but "*": the validation of the job wants it so."""
    scoped: tuple[Statement, Policy] | None = None
    for (statement, policy), match in _allow_matches(judged.layers.identity, judged):
        if match.action is NO:
            continue
        plain = not statement.conditions and statement.conditions_complete and match.resource is not NO
        if plain or match.action is not YES or not statement.conditions_complete:
            return None
        if match.resource is not NO or (judged.access.kind != "none" and _on_ec2(statement)):
            scoped = scoped or (statement, policy)
    if scoped is None or not judged.role.complete or judged.verdict.decision is Decision.EXPLICITLY_DENIED:
        return None
    own = any(held.policy is scoped[1] for held in judged.role.editable)
    return refused(judged, Cause.UNSCOPED, *scoped) if own else refused(judged, Cause.UNSCOPED)


def _on_ec2(statement: Statement) -> bool:
    """Whether a resource of the statement is EC2's: else it is a dead grant, whatever the condition."""
    parts = (arn_parts(element.text) for element in statement.resources)
    return any(part is not None and part[2] == "ec2" for part in parts)


def _only_full_access(judged: Judged) -> bool:
    """Whether only AmazonSageMakerFullAccess grants the action, and nothing else any on these objects."""
    if judged.access.kind != "object":
        return False
    granting = [held for held in judged.role.identity if _grants_action(held, judged)]
    if not granting or not all(held.aws and held.policy.name.endswith(FULL_ACCESS) for held in granting):
        return False
    own = _allow_matches([held.policy for held in judged.role.editable], judged)
    return not any(match.resource is YES and allows(statement, *_ON_OBJECTS) for (statement, _), match in own)


def _grants_action(held: Held, judged: Judged) -> bool:
    return any(match.action is YES for _, match in _allow_matches([held.policy], judged))


def _other_prefix(judged: Judged) -> tuple[Statement, Policy] | None:
    """A statement that grants the action in the same bucket, but on other keys."""
    if judged.access.kind != "object" or judged.access.bucket is None:
        return None
    editable = [held.policy for held in judged.role.editable]
    for (statement, policy), match in _allow_matches(editable, judged):
        if match.action is not YES or match.resource is YES or statement.negated_resources:
            continue
        if any(_in_bucket(element.text, judged.access.bucket) for element in statement.resources):
            return statement, policy
    return None


def _in_bucket(resource: Text, bucket: Text) -> bool:
    parts = arn_parts(resource)
    if parts is None:
        return False
    steps = split(parts[5], "/", 1)
    return len(steps) == 2 and steps[0] == bucket


def nearest(policies: list[Policy] | tuple[Policy, ...], judged: Judged) -> Statement | None:
    """The statement to which the missing grant is nearest: the same action, else resource, else service."""
    best: tuple[int, Statement] | None = None
    for policy in policies:
        for statement in policy.statements:
            score = _nearness(statement, policy, judged)
            if score and (best is None or score > best[0]):
                best = score, statement
    return best[1] if best is not None else None


def _nearness(statement: Statement, policy: Policy, judged: Judged) -> int:
    if not statement.grants:
        return 0
    service = judged.access.action.partition(":")[0]
    actions = [action.lower() for action in statement.known_actions]
    near = (f"{service}:", f"{_KIN.get(service, service)}:", "*")
    same_service = any(action.startswith(near) for action in actions)
    if not same_service:
        return 0
    same_action = judged.access.action.lower() in actions
    about = any(arn_matches(element.text, judged.access.resource) is not NO for element in statement.resources)
    bucket = judged.access.bucket
    about = about or (bucket is not None and any(_of_bucket(e.text, bucket) for e in statement.resources))
    return 1 + 2 * about + 4 * same_action


def _of_bucket(resource: Text, bucket: Text) -> bool:
    parts = arn_parts(resource)
    return parts is not None and split(parts[5], "/", 1)[0] == bucket
