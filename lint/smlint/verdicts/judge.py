"""Asks the policy language about every access of a workload, with everything the estate knows of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smlint.estate.entities import Bucket, Job, Key, Role
from smlint.estate.estate import Estate
from smlint.estate.names import account_of
from smlint.facts import ACCOUNT
from smlint.iam import managed
from smlint.iam.decision import Decision, LayerResult, Layers, Verdict, decide
from smlint.iam.match import arn_parts, equal
from smlint.iam.policy import Policy, Statement
from smlint.iam.request import Context, Principal, Request, identity_context
from smlint.needs.access import Access
from smlint.record import dataclass, field, replace
from smlint.values import NO, UNKNOWN, YES, Hole, Text, fill, join
from smlint.verdicts.sampling import sampled

_VIA = "kms:viaservice"
# SageMaker has no device; whether it says so, AWS does not.
NO_MFA = {"aws:multifactorauthpresent": (("false",), None)}
_GLOBAL = frozenset({"iam", "sts"})  # services that may be asked in another region

_NO_LAYERS: dict[str, LayerResult] = {}

Values = Mapping[str, "tuple[Text, ...] | None"]


@dataclass(slots=True, eq=False)
class Judged:
    """An access, who asks, and the answer with the request and layers that led to it."""

    access: Access
    role: Role
    job: Job | None
    request: Request
    layers: Layers
    verdict: Verdict
    bucket: Bucket | None = None
    key: Key | None = None

    @property
    def refused(self) -> bool:
        return self.verdict.refused

    @property
    def allowed(self) -> bool:
        return self.verdict.decision is Decision.ALLOWED

    @property
    def granting(self) -> list[Statement]:
        """The statements of the role's own policies that allow the access, whatever other layers say."""
        asked = self.verdict.layers.get("identity")
        if asked is not None:
            return asked.allow
        reasons = self.verdict.because
        return [reason.statement for reason in reasons if reason.statement is not None and reason.layer == "identity"]


@dataclass(frozen=True, slots=True, eq=False)
class _Asking:
    """Who asks, a role on behalf of a job or of nobody, with what is the same for everything it asks for.

    known: the condition keys that say who asks. layers: the role's own policies and the guardrails; `around` keeps
    them together with the policies of what was asked for.
    """

    principal: Principal
    account: Text | None
    known: Values
    layers: Layers
    around: dict[tuple[object, ...], Layers] = field(default_factory=dict)


class Judge:
    """Judges accesses against one estate."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._asking: dict[tuple[int, int], _Asking] = {}
        self._vpcs: dict[int, Text | None] = {}
        self.scps = tuple(_level(g.policy) for g in estate.guardrails if g.kind == "scp")
        self.rcps = tuple(_level(g.policy) for g in estate.guardrails if g.kind == "rcp")

    def judge(self, access: Access, role: Role, job: Job | None) -> Judged:
        """The answer to one access of a role."""
        asking = self._who(role, job)
        bucket, key = self._bucket(access), self._key(access)
        resource = _resource(access, asking)
        arn = arn_parts(resource)
        owner = _owner(access, arn, asking, bucket)
        known = {**self._network(access, job), **self._region(access, arn), **_accounts(access, asking, owner)}
        either = NO_MFA if job is not None and job.role is role else {}
        context = Context({**asking.known, **known, **access.context}, either=either)
        request = Request(asking.principal, access.action, resource, owner, context)
        layers = self._layers(access, asking, bucket, key, job)
        request, verdict = _decide(request, layers, access)
        if key is not None and verdict.decision is not Decision.EXPLICITLY_DENIED:
            verdict = _granted(verdict, key, request)
        if verdict.decision is Decision.ALLOWED:
            request, verdict = _remembered(request, verdict)
        return Judged(access, role, job, request, layers, verdict, bucket, key)

    def _who(self, role: Role, job: Job | None) -> _Asking:
        known = self._asking.get((id(role), id(job)))
        if known is None:
            principal = self._principal(role, job)
            boundary = role.boundary.policy if role.boundary is not None else None
            own = Layers(
                tuple(held.policy for held in role.identity),
                boundary=boundary,
                identity_complete=role.complete,
                boundary_known=role.boundary_known,
                scps=self.scps,
                rcps=self.rcps,
            )
            tags = {f"aws:principaltag/{key}".lower(): (value,) for key, value in role.tags.items()}
            known = _Asking(principal, role_account(role), {**identity_context(principal), **tags}, own)
            self._asking[id(role), id(job)] = known
        return known

    def _principal(self, role: Role, job: Job | None) -> Principal:
        """The role's session as SageMaker opens it: for an execution role its name is `SageMaker`."""
        reference = job.role_text if job is not None and job.role is role else None
        known = [text for text in (role.arn, reference) if text is not None and arn_parts(text) is not None]
        name = role.name if role.name is not None else Hole(f"name of {role.label}", like="?*", label="role")
        arn = known[0] if known else join(["arn:", self.estate.partition, ":iam::", role.account or "", ":role/", name])
        return Principal.role(arn, "SageMaker" if job is not None and job.role is role else None)

    def _layers(
        self, access: Access, asking: _Asking, bucket: Bucket | None, key: Key | None, job: Job | None
    ) -> Layers:
        """The role's own layers with those of what is asked for."""
        if access.kind == "key":
            policy = key.policy if key is not None else None
            return _with(asking, policy, known=policy is not None, key_policy=True)
        if bucket is not None or access.bucket is not None:
            endpoint = self.endpoint_policy(job) if job is not None else None
            return _with(asking, bucket.policy if bucket is not None else None, endpoint)
        if access.kind == "repository":
            repository = self.estate.repositories.get(access.resource)
            policy = repository.policy if repository is not None else None
            return _with(asking, policy, known=policy is not None or _at_home(access, asking))
        return asking.layers

    def endpoint_policy(self, job: Job) -> Policy | None:
        """The policy of the S3 endpoint of the job's VPC, where the repository shows both."""
        vpc = self.vpc(job)
        if vpc is None:
            return None
        policies: dict[Text | None, Policy | None] = {}  # a policy may stand apart from its endpoint
        for endpoint in self.estate.endpoints:
            if endpoint.vpc == vpc and str(endpoint.service).rpartition(".")[2] == "s3":
                policies[endpoint.endpoint_id] = endpoint.policy or policies.get(endpoint.endpoint_id)
        return next(iter(policies.values()), None)

    def vpc(self, job: Job) -> Text | None:
        """The VPC of the job's subnets or security groups, where the repository shows it; looked for once a job."""
        if id(job) not in self._vpcs:
            self._vpcs[id(job)] = self._vpc(job) if self.estate.subnets else None
        return self._vpcs[id(job)]

    def _vpc(self, job: Job) -> Text | None:
        from smlint.needs.roles import network

        for node in network(job.workload, self.estate)[0]:
            for element in node.elements():
                subnet = self.estate.subnets.get(element.text) if element.text is not None else None
                if subnet is not None and subnet.vpc is not None:
                    return subnet.vpc
        return None

    def _network(self, access: Access, job: Job | None) -> Values:
        vpc = self.vpc(job) if job is not None else None
        return {"aws:sourcevpc": (vpc,)} if vpc is not None and access.bucket is not None else {}

    def _region(self, access: Access, arn: Sequence[Text] | None) -> Values:
        """The region that is asked: the resource's, else the job's own, where SageMaker wants its buckets to be."""
        if access.action.partition(":")[0] in _GLOBAL:
            return {}
        return {"aws:requestedregion": (arn[3] if arn is not None and arn[3] != "" else self.estate.region,)}

    def _bucket(self, access: Access) -> Bucket | None:
        return self.estate.bucket(access.bucket) if access.bucket is not None else None

    def _key(self, access: Access) -> Key | None:
        return self.estate.key(access.resource) if access.kind == "key" else None


def _owner(access: Access, arn: Sequence[Text] | None, asking: _Asking, bucket: Bucket | None) -> Text | None:
    """The account that owns the resource: what the ARN says, the bucket's, else the role's own."""
    if access.bucket is not None and access.kind != "key":
        return (bucket.account if bucket is not None else None) or asking.account
    return arn[4] if arn is not None and arn[4] != "" else asking.account


def _resource(access: Access, asking: _Asking) -> Text:
    """The resource in the role's own account, where the role tells what the repository's account is."""
    account = asking.account
    return fill(access.resource, {ACCOUNT.name: account}) if isinstance(account, str) else access.resource


def _with(
    asking: _Asking,
    policy: Policy | None,
    endpoint: Policy | None = None,
    known: bool = True,
    key_policy: bool = False,
) -> Layers:
    """The layers of who asks and those of a resource; made once, because most accesses are to a few resources."""
    same = (id(policy), id(endpoint), known, key_policy)
    found = asking.around.get(same)
    if found is None:
        found = asking.around[same] = replace(
            asking.layers, resource=policy, endpoint=endpoint, resource_known=known, key_policy=key_policy
        )
    return found


def _at_home(access: Access, asking: _Asking) -> bool:
    """Whether the resource may be the role's own account's: what policy it has, the repository would show."""
    parts = arn_parts(access.resource)
    return parts is None or asking.account is None or equal(parts[4], asking.account) is not NO


def _remembered(request: Request, verdict: Verdict) -> tuple[Request, Verdict]:
    """Of what is allowed, which is most, only what is asked for again: the resource and the statements that allow."""
    own = tuple(reason for reason in verdict.because if reason.layer == "identity")
    asked = Request(request.principal, request.action, request.resource, request.resource_account)
    return asked, Verdict(verdict.decision, own, _NO_LAYERS)


def _granted(verdict: Verdict, key: Key, request: Request) -> Verdict:
    """The verdict with the key's grants: a grant allows its operations whatever the policies leave out."""
    operation = request.action.partition(":")[2]
    mine = request.principal.arn
    answers = [equal(g.grantee, mine) for g in key.grants if operation in g.operations and mine is not None]
    if YES in answers:
        return replace(verdict, decision=Decision.ALLOWED)
    if UNKNOWN in answers and verdict.decision is not Decision.ALLOWED:
        return replace(verdict, decision=Decision.UNKNOWN)
    return verdict


def _decide(request: Request, layers: Layers, access: Access) -> tuple[Request, Verdict]:
    """The verdict; where any of several services may call KMS, a refusal only if every one of them is refused."""
    verdict = decide(request, layers)
    if verdict.decision is not Decision.UNKNOWN or request.context.known(_VIA) or not access.via_services:
        return request, sampled(request, layers, verdict)
    for service in access.via_services:
        by_service = replace(request, context=request.context.with_values({_VIA: (service,)}))
        answer = decide(by_service, layers)
        if not answer.refused:
            return request, verdict
    return by_service, answer


def role_account(role: Role) -> Text | None:
    """The account of a role: what its ARN says, else what the estate took for it."""
    return account_of(role.arn) or role.account


def _accounts(access: Access, asking: _Asking, owner: Text | None) -> Values:
    """The keys for accounts: whose the resource is, and the services' own: who calls KMS, who owns a bucket."""
    found: dict[str, tuple[Text, ...] | None] = {}
    if owner is not None:
        found["aws:resourceaccount"] = (owner,)
    if access.kind == "key" and asking.account is not None:
        found["kms:calleraccount"] = (asking.account,)
    if access.kind != "key" and access.bucket is not None and owner is not None:
        found["s3:resourceaccount"] = (owner,)
    return found


def _level(guardrail: Policy) -> tuple[Policy, ...]:
    """A guardrail that only denies stands beside FullAWSAccess; one with Allow statements is an allow-list."""
    if any(statement.effect != "Deny" for statement in guardrail.statements):
        return (guardrail,)
    return guardrail, managed.full_access(guardrail.kind)
