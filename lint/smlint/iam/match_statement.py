"""Does a statement apply to a request, and if not, why: by its action, resource, principal, or which condition."""

from __future__ import annotations

from smlint.iam import principal as principals
from smlint.iam import variables
from smlint.iam.complaints import WITH_PRINCIPAL
from smlint.iam.conditions import PreparedCondition, Resolver
from smlint.iam.match import ArnPattern, Pattern, arn_pattern, matches, pattern
from smlint.iam.policy import Condition, Kind, Policy, Statement
from smlint.iam.principal import NAMED, Named
from smlint.iam.request import Principal, Request
from smlint.iam.variables import Unresolved
from smlint.record import dataclass
from smlint.values import NO, UNKNOWN, YES, Hole, Truth

_NEEDS_NO_RESOURCE = frozenset({Kind.TRUST, Kind.RESOURCE})
_MOST_ACTIONS = 4096


@dataclass(frozen=True, slots=True)
class StatementMatch:
    """How a statement meets a request, element by element; `truth` is the whole."""

    truth: Truth
    action: Truth
    resource: Truth
    principal: Truth
    conditions: tuple[tuple[Condition, Truth], ...]


def explain(statement: Statement, policy: Policy, request: Request, bounded: Truth = NO) -> StatementMatch:
    """The statement against the request, every element evaluated. bounded: as for `PreparedStatement.named`."""
    prepared = prepare(statement, policy)
    action = prepared.action(request.action)
    resource = prepared.resource(request)
    principal = prepared.named(request.principal, bounded).any
    conditions = tuple((one.condition, prepared.condition(one, request)) for one in prepared.conditions)
    truth = action & resource & principal & (YES if statement.conditions_complete else UNKNOWN)
    for _, holds in conditions:
        truth &= holds
    return StatementMatch(truth, action, resource, principal, conditions)


def allows(statement: Statement, *actions: str) -> bool:
    """Whether the statement is an Allow whose Action surely covers one of the actions, wherever and for whomever."""
    texts = [element.text for element in statement.actions] if statement.grants else []
    return any(matches(text, action, ignore_case=True) is YES for text in texts for action in actions)


class PreparedStatement:
    """A statement, prepared once for many requests."""

    __slots__ = ("_exact", "_globs", "_known", "_open", "_owned", "conditions", "policy", "statement")

    def __init__(self, statement: Statement, policy: Policy) -> None:
        self.statement = statement
        self.policy = policy
        texts = [element.text for element in statement.actions]
        self._exact = {text.lower() for text in texts if isinstance(text, str) and "*" not in text and "?" not in text}
        others = [text for text in texts if not isinstance(text, str) or "*" in text or "?" in text]
        self._globs: tuple[Pattern, ...] = tuple(pattern(text, ignore_case=True) for text in others)
        self._owned = policy.kind not in WITH_PRINCIPAL  # an identity policy: whoever asks, it is about them
        active = _variables_active(policy)
        resources = [(element.text, variables.has_variables(element.text)) for element in statement.resources]
        known = [text for text, varies in resources if active is False or not varies]
        varying = [text for text, varies in resources if active is not False and varies]
        self._known: tuple[ArnPattern, ...] = tuple(map(arn_pattern, known))
        self._open: tuple[tuple[variables.Part, ...], ...] = tuple(
            variables.parse(text, wild=True) if active else (Hole("policy version"),) for text in varying
        )
        self.conditions = tuple(PreparedCondition(condition, active) for condition in statement.conditions)

    def action(self, action: str) -> Truth:
        """Whether the statement's Action or NotAction covers the action."""
        statement = self.statement
        answer = NO if statement.actions_complete else UNKNOWN
        if action.lower() in self._exact:
            answer = YES
        for glob in self._globs:
            if answer is YES:
                break
            answer |= glob.match(action)
        return ~answer if statement.negated_actions else answer

    def applies(self, request: Request) -> Truth:
        """Whether everything but the action and the principal applies."""
        answer = self.resource(request)
        if not self.statement.conditions_complete:
            answer &= UNKNOWN
        for condition in self.conditions:
            if answer is NO:
                break
            answer &= self.condition(condition, request)
        return answer

    def resource(self, request: Request) -> Truth:
        """Whether the statement's Resource or NotResource covers the resource."""
        statement = self.statement
        if not statement.has_resource:
            if not statement.resources_complete:
                return UNKNOWN
            return Truth.of(self.policy.kind in _NEEDS_NO_RESOURCE)
        answer = NO if statement.resources_complete else UNKNOWN
        arn = request.resource
        for known in self._known:
            found = known.match(arn)
            if found is YES:
                answer = YES
                break
            answer |= found
        if self._open:
            return self._resource_with_variables(request, answer)
        return ~answer if statement.negated_resources else answer

    def _resource_with_variables(self, request: Request, answer: Truth) -> Truth:
        """A variable without a value makes the whole statement match nothing."""
        resolver = Resolver(request.context)
        negated, missing = self.statement.negated_resources, False
        for parts in self._open:
            try:
                answer |= ArnPattern(variables.resolve(parts, resolver)).match(request.resource)
            except Unresolved:
                missing = True
        if missing:
            return UNKNOWN if answer is not NO and not negated else NO
        answer = ~answer if negated else answer
        return answer & UNKNOWN if resolver.guessed else answer

    def named(self, principal: Principal, bounded: Truth = NO) -> Named:
        """How the Principal or NotPrincipal covers who asks; an identity policy covers its owner.

        bounded: whether the principal has a permissions boundary: a Deny with NotPrincipal then spares nobody.
        """
        if self._owned:
            return NAMED
        statement = self.statement
        elements, complete = statement.principals, statement.principals_complete
        if not statement.negated_principals:
            return principals.named(elements, principal, complete)
        if statement.effect == "Allow":
            return Named(~principals.named(elements, principal, complete).any)
        return Named(~principals.exempt(elements, principal, complete) | bounded)

    def condition(self, condition: PreparedCondition, request: Request) -> Truth:
        """Whether a condition holds; one with a variable that has no value does not."""
        try:
            return condition.evaluate(request.context)
        except Unresolved:
            return NO


def _variables_active(policy: Policy) -> bool | None:
    if policy.version is None:
        return False
    if isinstance(policy.version, str):
        return policy.version == "2012-10-17"
    return None


def prepare(statement: Statement, policy: Policy) -> PreparedStatement:
    """The statement's prepared form, made on first use and kept with it.

    Policies can share statements (a document read once and used as identity policy and as boundary): what a statement
    means depends on the policy it stands in.
    """
    found = statement.compiled
    if not isinstance(found, PreparedStatement) or found.policy is not policy:
        found = PreparedStatement(statement, policy)
        object.__setattr__(statement, "compiled", found)
    return found


class PreparedPolicy:
    """A policy that remembers which of its statements an action concerns."""

    __slots__ = ("_by_action", "_statements")

    def __init__(self, policy: Policy) -> None:
        self._statements = tuple(prepare(statement, policy) for statement in policy.statements)
        self._by_action: dict[str, tuple[tuple[PreparedStatement, Truth], ...]] = {}

    def concerning(self, action: str) -> tuple[tuple[PreparedStatement, Truth], ...]:
        """The statements that cover or may cover the action."""
        found = self._by_action.get(action)
        if found is None:
            pairs = ((prepared, prepared.action(action)) for prepared in self._statements)
            found = tuple([pair for pair in pairs if pair[1] is not NO])
            if len(self._by_action) >= _MOST_ACTIONS:
                self._by_action.clear()
            self._by_action[action] = found
        return found


def prepare_policy(policy: Policy) -> PreparedPolicy:
    """The policy's prepared form, made on first use and kept with it."""
    found = policy.compiled
    if not isinstance(found, PreparedPolicy):
        found = PreparedPolicy(policy)
        object.__setattr__(policy, "compiled", found)
    return found
