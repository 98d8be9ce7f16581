"""The decision: all layers of AWS's evaluation, in three values, with the statements that decided it.

An explicit Deny in any layer decides. Otherwise the guardrails of the organisation (SCP, RCP), the VPC endpoint, and
then, by whose resource it is, the resource policy and the principal's own policies within boundary and session must
allow.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

from smlint.iam.match import equal, matches
from smlint.iam.match_statement import PreparedStatement, prepare_policy
from smlint.iam.policy import Policy, Statement
from smlint.iam.principal import NAMED, NOT_NAMED, Named
from smlint.iam.request import Principal, Request
from smlint.record import dataclass, field
from smlint.values import NO, UNKNOWN, YES, Truth

# The principals that have identity policies, boundary and session policies.
_OWN = frozenset({"role", "session", "user"})
_DELEGATING = Named(NO, NO, YES)  # what a key's default policy names: its account


class Decision(enum.Enum):
    """AWS's answers, and a fourth. IMPLICITLY_DENIED: refused, even where a Deny that cannot be told may add to it."""

    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    EXPLICITLY_DENIED = "ExplicitlyDenied"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Layers:
    """The policies that AWS looks at for a request.

    identity:          of the principal; identity_complete: False where some attached policy is not known.
    resource:          the policy of the bucket, key or other resource; resource_known: False where it may have one.
    boundary:          boundary_known: False where there is one that cannot be read.
    session:           the session policies; empty: none were passed.
    scps, rcps:        one tuple of policies for each level of the organisation; empty: not in force.
    access_point:      the policy of the S3 access point that the request goes through: it grants only what the bucket's
                       policy grants too.
    endpoint:          the policy of the VPC endpoint that the request goes through.
    key_policy, trust: the resource is a KMS key, or a role being assumed: identity policies count only where the
                       resource policy gives the account its say.
    key_delegates:     what a key whose policy is not known does: True: it gives its own account its say, as default key
                       policies do (another account's stays unknown); False: unknown either way.
    """

    identity: tuple[Policy, ...] = ()
    resource: Policy | None = None
    boundary: Policy | None = None
    session: tuple[Policy, ...] = ()
    scps: tuple[tuple[Policy, ...], ...] = ()
    rcps: tuple[tuple[Policy, ...], ...] = ()
    endpoint: Policy | None = None
    access_point: Policy | None = None
    identity_complete: bool = True
    boundary_known: bool = True
    resource_known: bool = True
    key_policy: bool = False
    trust: bool = False
    key_delegates: bool = True


@dataclass(slots=True)
class LayerResult:
    """What one layer says of a request. allowed, denied: whether any statement allows or denies it.

    named: for a resource policy, in which forms its Allow statements name the principal.
    owners: the policy in which each of the statements stands.
    """

    allow: list[Statement] = field(default_factory=list)
    deny: list[Statement] = field(default_factory=list)
    unknown_allow: list[Statement] = field(default_factory=list)
    unknown_deny: list[Statement] = field(default_factory=list)
    allowed: Truth = NO
    denied: Truth = NO
    named: Named = NOT_NAMED
    owners: dict[Statement, Policy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement that decided, or (statement None) a layer that lacks an Allow.

    layer: "identity", "resource", "access-point", "boundary", "session", "scp", "rcp" or "endpoint".
    """

    layer: str
    statement: Statement | None = None
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, what decided it, and what each layer that was asked says."""

    decision: Decision
    because: tuple[Reason, ...]
    layers: dict[str, LayerResult]

    @property
    def refused(self) -> bool:
        """Whether AWS refuses the request for certain."""
        return self.decision in (Decision.IMPLICITLY_DENIED, Decision.EXPLICITLY_DENIED)


def decide(request: Request, layers: Layers) -> Verdict:
    """What AWS answers to the request."""
    asked = _ask(request, layers)
    denied = NO
    for result in asked.values():
        denied |= result.denied
    if denied is YES:
        return Verdict(Decision.EXPLICITLY_DENIED, _reasons(asked, "deny"), asked)
    needs = _needs(request, layers, asked)
    allowed = YES
    for _, truth in needs:
        allowed &= truth
    if allowed is NO:
        lacking = tuple(Reason(layer) for layer, truth in needs if truth is NO)
        return Verdict(Decision.IMPLICITLY_DENIED, lacking, asked)
    if allowed is YES and denied is NO:
        return Verdict(Decision.ALLOWED, _reasons(asked, "allow"), asked)
    return Verdict(Decision.UNKNOWN, _reasons(asked, "unknown_deny") + _reasons(asked, "unknown_allow"), asked)


def _ask(request: Request, layers: Layers) -> dict[str, LayerResult]:
    """Every layer that applies to the principal."""
    principal = request.principal
    asked: dict[str, LayerResult] = {}
    if principal.kind in _OWN:
        asked["identity"] = _gather(layers.identity, request, complete=layers.identity_complete)
        if layers.boundary is not None:
            asked["boundary"] = _gather((layers.boundary,), request)
        elif not layers.boundary_known:
            asked["boundary"] = _gather((), request, complete=False)
        if layers.session:
            asked["session"] = _gather(layers.session, request)
    bounded = _bounded(principal, layers)
    asked["resource"] = _ask_resource(request, layers, bounded)
    if layers.access_point is not None:
        asked["access-point"] = _gather((layers.access_point,), request, bounded=bounded)
    if layers.endpoint is not None:
        asked["endpoint"] = _gather((layers.endpoint,), request, bounded=bounded)
    if layers.scps and principal.kind in _OWN | {"root"}:
        asked["scp"] = _ask_levels(layers.scps, request)
    if layers.rcps:
        asked["rcp"] = _ask_levels(layers.rcps, request)
    return asked


def _bounded(principal: Principal, layers: Layers) -> Truth:
    """Whether the principal has a permissions boundary."""
    if principal.kind not in _OWN:
        return NO
    return YES if layers.boundary is not None else NO if layers.boundary_known else UNKNOWN


def _ask_resource(request: Request, layers: Layers, bounded: Truth) -> LayerResult:
    if layers.resource is not None:
        return _gather((layers.resource,), request, bounded=bounded)
    if _delegates(layers):
        if _same_account(request) is YES:
            return LayerResult(allowed=YES, named=_DELEGATING)
        return _gather((), request, complete=False)
    return _gather((), request, complete=layers.resource_known)


def _delegates(layers: Layers) -> bool:
    """Whether the resource is a key whose policy is not known and taken to give its own account its say."""
    return layers.resource is None and layers.key_policy and layers.key_delegates


def _ask_levels(levels: Iterable[tuple[Policy, ...]], request: Request) -> LayerResult:
    """Guardrails: every level must allow; they do not bind service-linked roles."""
    whole = LayerResult(allowed=YES)
    for level in levels:
        result = _gather(level, request)
        whole.allow += result.allow
        whole.deny += result.deny
        whole.unknown_allow += result.unknown_allow
        whole.unknown_deny += result.unknown_deny
        whole.owners |= result.owners
        whole.allowed &= result.allowed
        whole.denied |= result.denied
    linked = _service_linked(request.principal)
    whole.allowed |= linked
    whole.denied &= ~linked
    return whole


def _gather(
    policies: tuple[Policy, ...], request: Request, *, complete: bool = True, bounded: Truth = NO
) -> LayerResult:
    """The statements of a layer that allow, deny, or may do so."""
    start = NO if complete else UNKNOWN
    result = LayerResult(allowed=start, denied=start, named=NOT_NAMED if complete else Named(UNKNOWN, UNKNOWN, UNKNOWN))
    if not policies:
        return result
    direct = role = account = start
    for policy in policies:
        if not policy.complete:
            result.allowed |= UNKNOWN
            result.denied |= UNKNOWN
            direct, role, account = direct | UNKNOWN, role | UNKNOWN, account | UNKNOWN
        for prepared, action in prepare_policy(policy).concerning(request.action):
            named = prepared.named(request.principal, bounded)
            truth = YES if named is NAMED else named.any
            if truth is NO:
                continue
            applies = prepared.applies(request)
            applies = applies if action is YES else applies & action
            truth = applies if truth is YES else truth & applies
            if truth is NO:
                continue
            _put(result, prepared, truth)
            if prepared.statement.effect != "Deny":
                applies = applies if prepared.statement.effect else applies & UNKNOWN
                direct |= applies & named.direct
                role |= applies & named.role
                account |= applies & named.account
    result.named = Named(direct, role, account)
    return result


def _put(result: LayerResult, prepared: PreparedStatement, truth: Truth) -> None:
    """A statement that applies or may apply, where it belongs; of unknown effect, it may do either."""
    statement = prepared.statement
    result.owners[statement] = prepared.policy
    truth = truth if statement.effect else UNKNOWN
    if statement.effect != "Deny":
        (result.allow if truth is YES else result.unknown_allow).append(statement)
        result.allowed |= truth
    if statement.effect != "Allow":
        (result.deny if truth is YES else result.unknown_deny).append(statement)
        result.denied |= truth


def _needs(request: Request, layers: Layers, asked: dict[str, LayerResult]) -> list[tuple[str, Truth]]:
    """What must be true for the request to be allowed, each with the layer that is to blame where it is not."""
    outer = _allowing(asked, "scp", "rcp", "endpoint")
    named, kind = asked["resource"].named, request.principal.kind
    if "access-point" in asked:
        named = named.both(asked["access-point"].named)
    if kind not in _OWN and kind != "root":
        return [*outer, ("resource", named.any)]
    own = _allowing(asked, "identity", "boundary", "session")
    same = _same_account(request)
    if same is YES:
        return outer + _needs_at_home(named, own, layers)
    if same is NO:
        return [*outer, *own, ("resource", named.any)]
    at_home = _DELEGATING if _delegates(layers) else named
    home, abroad = _all(_needs_at_home(at_home, own, layers)), named.any & _all(own)
    blamed = "identity" if _all(own) is NO else "resource"
    return [*outer, (blamed, home if home is abroad else UNKNOWN)]


def _allowing(asked: dict[str, LayerResult], *names: str) -> list[tuple[str, Truth]]:
    return [(name, asked[name].allowed) for name in names if name in asked]


def _needs_at_home(named: Named, own: list[tuple[str, Truth]], layers: Layers) -> list[tuple[str, Truth]]:
    """Within one account the resource policy can be enough alone; a key's or a role's has the first word."""
    limits = _all(own[1:])
    enough = named.direct | named.role & limits
    if enough is YES:
        return [("resource", YES)]
    first = layers.key_policy or layers.trust
    needs = [(layer, truth | enough) for layer, truth in own]
    return [("resource", enough | named.account), *needs] if first else needs


def _all(needs: Iterable[tuple[str, Truth]]) -> Truth:
    answer = YES
    for _, truth in needs:
        answer &= truth
    return answer


def _same_account(request: Request) -> Truth:
    mine, owner = request.principal.account, request.resource_account
    return UNKNOWN if mine is None or owner is None else equal(mine, owner)


def _service_linked(principal: Principal) -> Truth:
    if principal.kind == "session" and principal.role_arn is None and principal.arn is not None:
        return matches("arn:*:sts::*:assumed-role/AWSServiceRoleFor*", principal.arn)
    role = principal.arn if principal.kind == "role" else principal.role_arn
    return NO if role is None else matches("arn:*:iam::*:role/aws-service-role/*", role)


def _reasons(asked: dict[str, LayerResult], which: str) -> tuple[Reason, ...]:
    return tuple(
        Reason(layer, statement, result.owners[statement])
        for layer, result in asked.items()
        for statement in getattr(result, which)
    )
