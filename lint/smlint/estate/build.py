"""Joins the facts of all files into an estate: by reference where there is one, by ARN or name otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import commonprefix, dirname
from typing import TypeVar

from smlint import facts
from smlint.document import Origin
from smlint.estate.entities import Bucket, Held, Job, Key, Role
from smlint.estate.estate import Estate
from smlint.estate.loose import join_loose
from smlint.estate.names import account_of, last_name, resource_of
from smlint.facts import Fact, Settings
from smlint.iam import managed
from smlint.iam.match import arn_parts, equal
from smlint.values import UNKNOWN, Node, Template, Text

T = TypeVar("T")
_PROPAGATION = ("DomainSettings", "TrustedIdentityPropagationSettings", "Status")
EXECUTION_ROLE = "execution-role"  # the hole that the Python reader writes for get_execution_role()


def build(found: Iterable[Fact], settings: Settings, claimed: frozenset[str] = frozenset()) -> Estate:
    """The estate of all facts. claimed: paths of the policy files that the configuration has already given a place."""
    by_type: dict[type, list[Fact]] = defaultdict(list)
    for fact in found:
        by_type[type(fact)].append(fact)
    return _Builder(Estate(settings), by_type, claimed).estate


class _Builder:
    """The joins, in the order in which they rest on each other."""

    def __init__(self, estate: Estate, by_type: dict[type, list[Fact]], claimed: frozenset[str]) -> None:
        self.estate = estate
        self.by_type = by_type
        self.managed: dict[tuple[str, Text], facts.ManagedPolicy] = {}
        self._plain_lists()
        self._buckets()
        self._keys()
        self._roles()
        self._attachments()
        loose = [f for f in self._of(facts.LoosePolicy) if f.origin.document.path not in claimed]
        workloads = self._of(facts.Workload)
        self.beside = join_loose(estate, loose, workloads, self._of(facts.Problem))
        self._jobs(workloads)
        self._propagation()

    def _of(self, kind: type[T]) -> list[T]:
        return self.by_type.get(kind, [])  # type: ignore[return-value]

    def _plain_lists(self) -> None:
        estate = self.estate
        estate.guardrails = self._of(facts.Guardrail)
        estate.endpoints = self._of(facts.Endpoint)
        estate.access_points = self._of(facts.AccessPoint)
        estate.grants_instances = self._of(facts.AccessGrantsInstance)
        estate.grants_locations = self._of(facts.AccessGrantsLocation)
        estate.grants = self._of(facts.AccessGrant)
        estate.propagation = self._of(facts.IdentityPropagation)
        estate.subnets = {subnet.subnet_id: subnet for subnet in self._of(facts.Subnet)}
        estate.repositories = {repository.arn: repository for repository in self._of(facts.Repository)}
        estate.aliases = {alias.name: alias.target for alias in self._of(facts.KeyAlias)}
        estate.others = [
            *self._of(facts.EstimatorClass),
            *self._of(facts.UriLiteral),
            *self._of(facts.Problem),
            *self._of(facts.Caller),
        ]

    def _buckets(self) -> None:
        buckets = self.estate.buckets
        for fact in self._of(facts.Bucket):
            known = buckets.setdefault(fact.name, Bucket(fact.name, fact.origin, fact.label, fact.account))
            known.account = known.account or fact.account
        for policy in self._of(facts.BucketPolicy):
            bucket = buckets.setdefault(policy.bucket, Bucket(policy.bucket))
            bucket.policy = bucket.policy or policy.policy
        for encryption in self._of(facts.BucketEncryption):
            if encryption.bucket == "":
                continue
            bucket = buckets.setdefault(encryption.bucket, Bucket(encryption.bucket))
            bucket.encryption = bucket.encryption or encryption

    def _keys(self) -> None:
        estate = self.estate
        for fact in self._of(facts.Key):
            key = estate.keys.setdefault(fact.key_id, Key(fact.arn, fact.key_id, fact.origin, fact.label))
            key.policy = key.policy or fact.policy
        for policy in self._of(facts.KeyPolicy):
            key = self._key(policy.key)
            key.policy = key.policy or policy.policy
        for grant in self._of(facts.KeyGrant):
            self._key(grant.key).grants.append(grant)

    def _key(self, reference: Text) -> Key:
        known = self.estate.key(reference)
        if known is None:
            arn = self.estate.key_arn(reference) or reference
            known = self.estate.keys.setdefault(last_name(reference), Key(arn, last_name(reference)))
        return known

    def _roles(self) -> None:
        """One role for every ARN; several answers of the AWS CLI may describe the same one."""
        for policy in self._of(facts.ManagedPolicy):
            name = resource_of(policy.arn)
            self.managed[policy.unit, name] = self.managed["", name] = policy
        for fact in self._of(facts.Role):
            role = self.estate.within(fact.unit).role(fact.arn or fact.name) if fact.kind == "role" else None
            if role is None or (role.trust is not None and fact.trust is not None):
                account = account_of(fact.arn) or fact.account or self.estate.account
                role = Role(fact.origin, fact.label, fact.arn, fact.name, account, kind=fact.kind)
                role.construct, role.under, role.unit = fact.construct, fact.under, fact.unit
                self.estate.add_role(role)
            role.trust = role.trust or fact.trust
            role.tags.update(_tags(fact.tags))
            role.complete = role.complete and fact.complete
            for attachment in fact.attachments:
                self._attach(role, attachment, fact.unit)

    def _attachments(self) -> None:
        for attachment in sorted(self._of(facts.Attachment), key=lambda one: one.role == ""):
            role = self.estate.within(attachment.unit).role(attachment.role)
            for possible in () if role else self._possible(attachment):
                possible.complete = False
            if role is not None:
                self._attach(role, attachment, attachment.unit)
            elif attachment.role == "":
                self._beside(attachment)
            elif attachment.policy is not None:
                self.estate.policies.append(attachment.policy)
                if isinstance(attachment.role, str) and attachment.role:
                    self._attach(self._unseen(attachment), attachment, attachment.unit)
            self.estate.attachments.append(attachment)
        self.estate.policies.extend(policy.policy for policy in self._of(facts.ManagedPolicy))
        for fact in self._of(facts.Role):
            role = self.estate.within(fact.unit).role(fact.arn or fact.name) if fact.bare else None
            if role is not None and not role.identity:
                role.complete = False

    def _possible(self, attachment: facts.Attachment) -> list[Role]:
        """The roles that may be meant: several of one name, or those beside it whose name a parameter may give."""
        name = last_name(attachment.role) if attachment.role is not None else ""
        if isinstance(name, str):
            return self.estate.candidates(attachment.role)
        beside = (role for role in self.estate.roles if role.unit == attachment.unit and isinstance(role.name, str))
        return [role for role in beside if equal(role.name or "", name) is UNKNOWN]

    def _beside(self, attachment: facts.Attachment) -> None:
        """An answer that does not name its role is about the only one that its folder shows."""
        folder = dirname(attachment.origin.document.path)
        roles = [role for role in self.estate.roles if dirname(role.origin.document.path) == folder]
        for role in roles:
            if len(roles) == 1:
                self._attach(role, attachment, attachment.unit)
            else:
                role.complete = False

    def _unseen(self, attachment: facts.Attachment) -> Role:
        """A role that only its policies show (get-role-policy without get-role): what else it holds is unknown."""
        name = attachment.role or ""
        role = Role(attachment.origin, str(last_name(name)), name=last_name(name), account=self.estate.account)
        self.estate.add_role(role)
        return role

    def _attach(self, role: Role, attachment: facts.Attachment, unit: str) -> None:
        held = self._held(attachment, unit)
        if attachment.role is None:
            self.estate.attachments.append(attachment)
        if held is None:
            role.unread.append(attachment)
        if attachment.boundary:
            role.boundary, role.boundary_known = held, held is not None
        elif held is None:
            role.complete = False
        elif not any(held.policy is other.policy for other in role.identity):
            role.identity.append(held)
            role.complete = role.complete and held.policy.complete

    def _held(self, attachment: facts.Attachment, unit: str) -> Held | None:
        if attachment.policy is not None:
            return Held(attachment.policy, attachment, aws=attachment.given)
        if attachment.arn is None:
            return None
        name = resource_of(attachment.arn)
        own = self.managed.get((unit, name)) or self.managed.get(("", name))
        if own is not None:
            return Held(own.policy, attachment)
        if account_of(attachment.arn) == "aws":
            aws = managed.lookup(attachment.arn)
            return Held(aws, attachment, aws=True) if aws is not None else None
        return None

    def _jobs(self, workloads: list[facts.Workload]) -> None:
        jobs = [Job(workload) for workload in workloads]
        for job in jobs:
            self.estate.add_job(job)
        for job in jobs:
            estate = self.estate.within(job.workload.unit)
            job.role_text = estate.role_reference(job.workload)
            beside = self.beside.get(dirname(job.origin.document.path))
            own = beside is not None and beside.arn is not None and beside.arn == job.role_text
            job.role = beside if own else estate.role(job.role_text)
        self._notebooks([job for job in jobs if job.role is None and runs_in_notebook(job.role_text)])
        for job in jobs:
            if job.role is None and job.role_text is None:
                job.role = self.beside.get(dirname(job.origin.document.path))
            job.caller = self.estate.within(job.workload.unit).role(job.workload.caller)
            self._use(job)

    @staticmethod
    def _use(job: Job) -> None:
        role = job.role
        if role is not None:
            role.jobs.append(job)
            if role.arn is None and job.role_text is not None and arn_parts(job.role_text) is not None:
                role.arn = job.role_text
        if job.caller is not None:
            job.caller.calls.append(job)

    def _notebooks(self, jobs: list[Job]) -> None:
        """The only role of notebooks and Studio users that the repository shows is that of the code nearest to it.

        A repository of many samples has one of them with a role; the others' notebooks run with roles that nobody sees.
        """
        role = self._notebook_role()
        if role is None or not jobs:
            return
        home = _folders(role.origin)
        shared = [len(commonprefix([home, _folders(job.origin)])) for job in jobs]
        for job, steps in zip(jobs, shared, strict=True):
            if steps == max(shared):
                job.role = role

    def _notebook_role(self) -> Role | None:
        """The only role of notebooks and Studio users that the repository shows."""
        apis = ("CreateNotebookInstance", "CreateDomain", "CreateUserProfile")
        notebooks = ((self.estate.within(w.unit), w) for w in self._of(facts.Workload) if w.api in apis)
        found = (estate.role(estate.role_reference(workload)) for estate, workload in notebooks)
        roles = {id(role): role for role in found if role is not None}
        return next(iter(roles.values())) if len(roles) == 1 else None

    def _propagation(self) -> None:
        described = {id(role): fact.origin for fact, role in self._described()}
        for job in self.estate.jobs:
            own = propagates(job.role) if job.role is not None else None
            job.propagation = described.get(id(job.role)) if job.role is not None else None
            job.propagation = job.propagation or own
            job.propagates = self.estate.settings.identity_propagation or job.propagation is not None

    def _described(self) -> Iterator[tuple[facts.IdentityPropagation, Role]]:
        for fact in self.estate.propagation:
            role = self.estate.role(fact.role)
            if role is not None:
                yield fact, role
        for profile in self._of(facts.Workload):
            if profile.api == "CreateUserProfile":
                yield from self._of_domain(profile)

    def _of_domain(self, profile: facts.Workload) -> Iterator[tuple[facts.IdentityPropagation, Role]]:
        """The role of a user whose domain propagates identities."""
        estate = self.estate.within(profile.unit)
        name, role = profile.request.get("DomainId"), estate.role(estate.role_reference(profile))
        domain = estate.named("CreateDomain", name.text) if name is not None and name.text is not None else None
        status = domain.request.get(*_PROPAGATION) if domain is not None else None
        if status is not None and status.value == "ENABLED" and role is not None:
            yield facts.IdentityPropagation(status.origin), role


def _folders(origin: Origin) -> list[str]:
    return [step for step in dirname(origin.document.path).split("/") if step]


def runs_in_notebook(reference: Text | None) -> bool:
    """Whether the role is whatever role the code happens to run with: get_execution_role()."""
    return isinstance(reference, Template) and any(hole.name == EXECUTION_ROLE for hole in reference.holes)


def propagates(role: Role) -> Origin | None:
    """Where one of the role's own statements asks for S3 Access Grants credentials: that switches propagation on."""
    for statement in role.own_statements:
        for action in statement.actions if statement.grants else ():
            name = action.text.lower() if isinstance(action.text, str) else ""
            if name.startswith("s3:getdata") and "s3:getdataaccess".startswith(name.rstrip("*")):
                return action.origin
    return None


def _tags(node: Node | None) -> Iterator[tuple[str, Text]]:
    """The tags of which key and value are known."""
    if node is None:
        return
    for key, value in (node.mapping or {}).items():
        if value.text is not None:
            yield key, value.text
    for pair in node.sequence or ():
        name, given = pair.get("Key"), pair.get("Value")
        if name is not None and name.literal is not None and given is not None and given.text is not None:
            yield name.literal, given.text
