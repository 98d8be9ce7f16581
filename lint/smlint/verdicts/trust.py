"""Whether a role lets a service assume it: its trust policy, asked as AWS asks it, with the source of the request."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from smlint.document import Origin
from smlint.estate.entities import Job, Role
from smlint.estate.estate import Estate
from smlint.finding import Related
from smlint.iam.decision import Decision, Layers, decide
from smlint.iam.match_statement import explain
from smlint.iam.policy import Condition, Policy, Statement
from smlint.iam.request import Context, Principal, Request, identity_context
from smlint.needs import paths, table
from smlint.needs.roles import roles
from smlint.record import dataclass, field
from smlint.values import DIGITS, LOWER, NO, Hole, Text, join
from smlint.verdicts.judge import NO_MFA, role_account
from smlint.verdicts.spots import policy_spot, spot

SOURCE_KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn"})
ASSUME = "sts:AssumeRole"
# What SageMaker does when it assumes the role, and the setting of a request that makes it do so.
_BESIDE = (
    ("sts:TagSession", ("SessionChainingConfig", "EnableSessionTagChaining"), True),
    ("sts:SetSourceIdentity", ("DomainSettings", "ExecutionRoleIdentityConfig"), "USER_PROFILE_NAME"),
)
_NAME = LOWER + LOWER.upper() + DIGITS + "-_."


@dataclass(slots=True, eq=False)
class Distrust:
    """A role that refuses a service an action. condition: the one that is to blame, if one is."""

    role: Role
    trust: Policy
    service: str
    action: str
    statement: Statement | None = None
    condition: Condition | None = None
    jobs: list[Job] = field(default_factory=list)

    @property
    def of_source(self) -> bool:
        """Whether the condition is on whose behalf the service asks."""
        return self.condition is not None and self.condition.key_name in SOURCE_KEYS

    @property
    def place(self) -> Origin:
        """What the user edits: the condition, the principal of the statement, else the policy."""
        if self.condition is not None:
            return self.condition.origin
        if self.statement is None:
            return policy_spot(self.trust)
        return self.statement.principals[0].origin if self.statement.principals else spot(self.statement)

    @property
    def related(self) -> tuple[Related, ...]:
        return tuple(Related(f"`{job.label}` runs as the role `{self.role.label}`", _field(job)) for job in self.jobs)


@lru_cache(maxsize=1)
def distrusts(estate: Estate) -> tuple[Distrust, ...]:
    """The execution roles that do not let SageMaker assume them, each once for every reason; several rules ask."""
    found: dict[tuple[int, str, str, int], Distrust] = {}
    asked: dict[tuple[int, str, str, bool], Distrust | None] = {}
    for job in estate.jobs:
        for role in execution_roles(job, estate):
            for action in (ASSUME, *_beside(job)):
                same = (id(role), action, job.api, job.workload.source == "pipeline")
                if same not in asked:
                    asked[same] = _by_all(role, action, job, estate)
                refused = asked[same]
                if refused is not None:
                    key = (id(role), action, refused.service, id(refused.condition))
                    found.setdefault(key, refused).jobs.append(job)
                    break
    return tuple(found.values())


def _beside(job: Job) -> Iterator[str]:
    """What the role must let SageMaker do beside assuming it, by the job's own settings."""
    for action, path, value in _BESIDE:
        setting = job.workload.request.get(*path)
        if setting is not None and setting.value == value:
            yield action


def _by_all(role: Role, action: str, job: Job, estate: Estate) -> Distrust | None:
    """Why none of the services that may assume the API's role can; of several, one is enough."""
    api = table.api(job.api)
    refused = [distrust(role, name, action, estate, job) for name in api.trust] if api is not None else []
    return refused[0] if refused and all(refused) else None


def execution_roles(job: Job, estate: Estate) -> list[Role]:
    """The roles of the job that the repository shows."""
    estate = estate.within(job.workload.unit)
    named = [estate.role(text) for text in roles(job.workload, estate)]
    known = [role for role in (job.role, *named) if role is not None]
    return list({id(role): role for role in known}.values())


def distrust(role: Role, service: str, action: str, estate: Estate, job: Job | None = None) -> Distrust | None:
    """Why the role's trust policy refuses the service; None where it does not, or where that cannot be told."""
    if role.trust is None:
        return None
    request = _request(role, service, action, estate, job)
    verdict = decide(request, Layers(resource=role.trust, trust=True))
    if not verdict.refused:
        return None
    effect = "Deny" if verdict.decision is Decision.EXPLICITLY_DENIED else "Allow"
    near, condition = _blame(role.trust, request, effect)
    return Distrust(role, role.trust, service, action, near, condition)


def _blame(trust: Policy, request: Request, effect: str) -> tuple[Statement | None, Condition | None]:
    """The nearest statement, and the condition because of which it allows nothing (or, on the source, denies)."""
    near: Statement | None = None
    for statement in trust.statements:
        match = explain(statement, trust, request)
        if statement.effect != effect or match.action is NO:
            continue
        near = near or statement
        if match.principal is NO or (effect == "Deny" and match.truth is NO):
            continue
        of_source = [(condition.key_name in SOURCE_KEYS, condition, truth) for condition, truth in match.conditions]
        for source, condition, truth in sorted(of_source, key=lambda found: not found[0]):
            if truth is NO or (source and effect == "Deny"):
                return statement, condition
    return near, None


def _request(role: Role, service: str, action: str, estate: Estate, job: Job | None) -> Request:
    principal = Principal.service(service)
    account = role_account(role)
    context = Context({**identity_context(principal, account), "sts:externalid": None}, either=NO_MFA)
    if account is not None:
        context = context.with_values({"aws:sourceaccount": (account,)})
    source = source_arn(job, account, estate) if job is not None else None
    if source is not None:
        context = context.with_values({"aws:sourcearn": (source,)})
    return Request(principal, action, role.arn or "*", account, context)


def source_arn(job: Job, account: Text | None, estate: Estate) -> Text | None:
    """The ARN on whose behalf SageMaker assumes the role, as far as it is known; None where nothing is said of it.

    A pipeline's step may be started in the name of the pipeline as well as in the job's own. `{*}` in the table stands
    for the asterisk itself, which AWS sends where it serves models and runs Studio.
    """
    api = table.api(job.api)
    if api is None or not api.source_arn or job.workload.source == "pipeline":
        return None
    words = {"partition": estate.partition, "region": estate.region, "account": account or estate.account}
    parts: list[str | Hole | Text] = []
    for index, piece in enumerate(api.source_arn.replace("}", "{").split("{")):
        known = words.get(piece)
        if known is not None:
            parts.append(known)
        elif index % 2 and piece.startswith("*"):
            parts.append(Hole("source", oneof=tuple(piece.split("|")), label="*"))
        elif piece == "pipeline":
            parts.append(Hole("name of a pipeline", like="?*", only=_NAME, label="pipeline"))
        else:
            head, star, rest = piece.partition("*")
            parts += [head, Hole("any resource", only=_NAME + "/", label="*"), rest] if star else [head]
    return join(parts)


def _field(job: Job) -> Origin:
    """Where the request names its role."""
    api = table.api(job.api)
    for role in api.execution_roles if api is not None else ():
        for place in paths.walk(job.workload.request, paths.steps(role.path)).found:
            return place.node.origin
    return job.origin
