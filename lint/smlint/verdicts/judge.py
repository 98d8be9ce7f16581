"""Asks the policy language about every access of a workload, with everything the estate knows of the request."""

from __future__ import annotations

from collections.abc import Mapping

from smlint.estate.entities import Bucket, Job, Key, Role
from smlint.estate.estate import Estate
from smlint.estate.names import arn_parts
from smlint.facts import ACCOUNT
from smlint.iam import managed
from smlint.iam.decision import Decision, Layers, Verdict, decide
from smlint.iam.match import equal
from smlint.iam.policy import Policy
from smlint.iam.request import Context, Principal, Request, identity_context
from smlint.needs.access import Access
from smlint.record import dataclass, replace
from smlint.values import NO, UNKNOWN, YES, Hole, Text, fill, join
from smlint.verdicts.sampling import sampled

_VIA = "kms:viaservice"
NO_MFA = {"aws:multifactorauthpresent": (("false",), None)}  # SageMaker has no device; whether it says so, AWS does not
_GLOBAL = frozenset({"iam", "sts"})  # services that may be asked in another region

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
        return self.verdict.decision in (Decision.IMPLICITLY_DENIED, Decision.EXPLICITLY_DENIED)

    @property
    def allowed(self) -> bool:
        return self.verdict.decision is Decision.ALLOWED


class Judge:
    """Judges accesses against one estate."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._vpcs: dict[int, Text | None] = {}
        self.scps = tuple(_level(g.policy) for g in estate.guardrails if g.kind == "scp")
        self.rcps = tuple(_level(g.policy) for g in estate.guardrails if g.kind == "rcp")

    def judge(self, access: Access, role: Role, job: Job | None) -> Judged:
        """The answer to one access of a role."""
        bucket, key = self._bucket(access), self._key(access)
        principal, resource = self.principal(role, job), self._resource(access, role)
        owner = self._owner(access, resource, role, bucket)
        around = {**self._network(access, job), **self._region(access), **_accounts(access, role, owner)}
        either = NO_MFA if job is not None and job.role is role else {}
        context = Context({**identity_context(principal, owner), **around, **access.context}, either=either)
        request = Request(principal, access.action, resource, owner, context)
        layers = self._layers(access, role, bucket, key, job)
        request, verdict = _decide(request, layers, access)
        if key is not None and verdict.decision is not Decision.EXPLICITLY_DENIED:
            verdict = _granted(verdict, key, request)
        if verdict.decision is Decision.ALLOWED:
            request, verdict = _remembered(request, verdict)
        return Judged(access, role, job, request, layers, verdict, bucket, key)

    @staticmethod
    def _resource(access: Access, role: Role) -> Text:
        """The resource in the role's own account, where the role tells what the repository's account is."""
        account = role_account(role)
        return fill(access.resource, {ACCOUNT.name: account}) if isinstance(account, str) else access.resource

    def principal(self, role: Role, job: Job | None = None) -> Principal:
        """The role's session as SageMaker opens it: for an execution role its name is `SageMaker`."""
        reference = job.role_text if job is not None and job.role is role else None
        known = [text for text in (role.arn, reference) if text is not None and arn_parts(text) is not None]
        name = role.name if role.name is not None else Hole(f"name of {role.label}", like="?*", label="role")
        arn = known[0] if known else join(["arn:", self.estate.partition, ":iam::", role.account or "", ":role/", name])
        return Principal.role(arn, "SageMaker" if job is not None and job.role is role else None)

    def _layers(self, access: Access, role: Role, bucket: Bucket | None, key: Key | None, job: Job | None) -> Layers:
        identity = tuple(held.policy for held in role.identity)
        boundary = role.boundary.policy if role.boundary is not None else None
        own = Layers(
            identity,
            boundary=boundary,
            identity_complete=role.complete,
            boundary_known=role.boundary_known,
            scps=self.scps,
            rcps=self.rcps,
        )
        if access.kind == "key":
            policy = key.policy if key is not None else None
            return replace(own, resource=policy, key_policy=True, resource_known=policy is not None)
        if bucket is not None or access.bucket is not None:
            policy = bucket.policy if bucket is not None else None
            endpoint = self.endpoint_policy(job) if job is not None else None
            return replace(own, resource=policy, endpoint=endpoint)
        if access.kind == "repository":
            repository = self.estate.repositories.get(access.resource)
            policy = repository.policy if repository is not None else None
            return replace(own, resource=policy, resource_known=policy is not None or _at_home(access, role))
        return own

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

    def _region(self, access: Access) -> Values:
        """The region that is asked: the resource's, else the job's own, where SageMaker wants its buckets to be."""
        parts = arn_parts(access.resource)
        if access.action.partition(":")[0] in _GLOBAL:
            return {}
        return {"aws:requestedregion": (parts[3] if parts is not None and parts[3] != "" else self.estate.region,)}

    def _bucket(self, access: Access) -> Bucket | None:
        return self.estate.bucket(access.bucket) if access.bucket is not None else None

    def _key(self, access: Access) -> Key | None:
        return self.estate.key(access.resource) if access.kind == "key" else None

    @staticmethod
    def _owner(access: Access, resource: Text, role: Role, bucket: Bucket | None) -> Text | None:
        """The account that owns the resource: what the ARN says, the bucket's, else the role's own."""
        if access.bucket is not None and access.kind != "key":
            return (bucket.account if bucket is not None else None) or role_account(role)
        parts = arn_parts(resource)
        return parts[4] if parts is not None and parts[4] != "" else role_account(role)


def _at_home(access: Access, role: Role) -> bool:
    """Whether the resource may be the role's own account's: what policy it has, the repository would show."""
    parts, own = arn_parts(access.resource), role_account(role)
    return parts is None or own is None or equal(parts[4], own) is not NO


def _remembered(request: Request, verdict: Verdict) -> tuple[Request, Verdict]:
    """Of what is allowed, which is most, only what is asked for again: the resource and the statements that allow."""
    allowing = {"identity": verdict.layers["identity"]} if "identity" in verdict.layers else {}
    return replace(request, context=Context()), Verdict(verdict.decision, (), allowing)


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
        if answer.decision not in (Decision.IMPLICITLY_DENIED, Decision.EXPLICITLY_DENIED):
            return request, verdict
    return by_service, answer


def role_account(role: Role) -> Text | None:
    """The account of a role: what its ARN says, else what the estate took for it."""
    parts = arn_parts(role.arn) if role.arn is not None else None
    return parts[4] if parts is not None else role.account


def _accounts(access: Access, role: Role, owner: Text | None) -> Values:
    """The services' own keys for accounts: that from which KMS is called, that which owns a bucket."""
    account = role_account(role)
    if access.kind == "key":
        return {"kms:calleraccount": (account,)} if account is not None else {}
    return {"s3:resourceaccount": (owner,)} if access.bucket is not None and owner is not None else {}


def _level(guardrail: Policy) -> tuple[Policy, ...]:
    """A guardrail that only denies stands beside FullAWSAccess; one with Allow statements is an allow-list."""
    if any(statement.effect != "Deny" for statement in guardrail.statements):
        return (guardrail,)
    return guardrail, managed.full_access(guardrail.kind)
