"""The configuration's own words on roles, buckets, keys, jobs and guardrails, as facts.

The policy files that it names are taken from what was read of them; they then belong to nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from smlint import facts
from smlint.config.model import BucketEntry, Config, GuardrailEntry, JobEntry, KeyEntry, RoleEntry
from smlint.document import Document, Span
from smlint.facts import Fact, Problem, Settings
from smlint.iam import grammar
from smlint.iam.policy import Kind, Policy
from smlint.record import dataclass, replace
from smlint.syntax import structured
from smlint.values import Node, Text, Unknown

_KINDS = {"scp": Kind.SCP, "rcp": Kind.RCP}


@dataclass(slots=True)
class Files:
    """What was read so far. `of`: the facts of a file; `match`: the paths that a pattern of the configuration means."""

    of: Callable[[str], Sequence[Fact]]
    match: Callable[[str], Sequence[str]]
    open: Callable[[str], Document | None]


def read(config: Config, files: Files) -> tuple[list[Fact], frozenset[str]]:
    """The facts, and the paths of the files that have found their place by them."""
    reading = _Reading(config.settings, files, set())
    found: list[Fact] = []
    for role in config.roles:
        found.extend(reading.role(role))
    for bucket in config.buckets:
        found.extend(reading.bucket(bucket))
    for key in config.keys:
        found.extend(reading.key(key))
    for job in config.jobs:
        found.extend(reading.job(job))
    for guardrail in config.guardrails:
        found.extend(reading.guardrail(guardrail))
    return found, frozenset(reading.claimed)


@dataclass(slots=True)
class _Reading:
    settings: Settings
    files: Files
    claimed: set[str]

    def policies(self, pattern: str, kind: Kind, origin: Span) -> Iterator[Policy | Problem]:
        """The policies of the files that the pattern means, read as what the configuration says they are."""
        paths = self.files.match(pattern)
        if not paths:
            yield _absent(pattern, origin)
        for path in paths:
            found = self.files.of(path)
            loose = [policy for fact in found if (policy := _held(fact, kind)) is not None]
            self.claimed.add(path)
            for policy in loose:
                yield policy if policy.kind is kind else grammar.parse(policy.node, kind, policy.name)
            if loose:
                continue
            problem = next((fact for fact in found if isinstance(fact, Problem)), None)
            if problem is not None:  # what does not parse is told where it stands; what it would say is not known
                yield grammar.parse(Node(Unknown("it does not parse"), problem.origin), kind, path.rpartition("/")[2])
                continue
            unmarked = list(self._unmarked(path, kind))
            yield from unmarked
            if not unmarked:
                yield Problem(origin, f"the configuration names `{path}` as a policy, and it holds none")

    def _unmarked(self, path: str, kind: Kind) -> Iterator[Policy]:
        """What its content alone does not show to be a policy: no statement, or none with an Effect."""
        document = self.files.open(path)
        for root in structured(document).nodes if document is not None else ():
            if root.get("Statement") is not None:
                yield grammar.parse(root, kind, path.rpartition("/")[2])

    def one(self, pattern: str | None, kind: Kind, origin: Span) -> tuple[Policy | None, list[Problem]]:
        found = list(self.policies(pattern, kind, origin)) if pattern else []
        policies = [item for item in found if isinstance(item, Policy)]
        return next(iter(policies), None), [item for item in found if isinstance(item, Problem)]

    def role(self, entry: RoleEntry) -> Iterator[Fact]:
        name: Text = entry.name or (entry.arn or "").rpartition("/")[2]
        role = facts.Role(entry.origin, str(name), entry.arn, name, account=entry.account)
        for pattern in entry.policies:
            if pattern.startswith("arn:"):
                role.attachments.append(facts.Attachment(entry.origin, arn=pattern))
                continue
            for item in self.policies(pattern, Kind.IDENTITY, entry.origin):
                if isinstance(item, Problem):
                    role.complete = False
                    yield item
                else:
                    role.attachments.append(facts.Attachment(item.origin, item))
        role.trust, problems = self.one(entry.trust, Kind.TRUST, entry.origin)
        yield from problems
        yield from self._boundary(role, entry)
        if not entry.policies:
            role.complete = False
        yield role

    def _boundary(self, role: facts.Role, entry: RoleEntry) -> Iterator[Fact]:
        if entry.boundary is None:
            return
        arn = entry.boundary if entry.boundary.startswith("arn:") else None
        policy, problems = (None, []) if arn else self.one(entry.boundary, Kind.BOUNDARY, entry.origin)
        role.attachments.append(facts.Attachment(entry.origin, policy, arn, boundary=True))
        yield from problems

    def bucket(self, entry: BucketEntry) -> Iterator[Fact]:
        yield facts.Bucket(entry.origin, entry.name, entry.name, entry.account)
        answers = self._encryption(entry.policy) if entry.policy else []
        if answers:
            yield from (replace(answer, bucket=entry.name) for answer in answers)
            return
        policy, problems = self.one(entry.policy, Kind.BUCKET, entry.origin)
        yield from problems
        if policy is not None:
            yield facts.BucketPolicy(policy.origin, entry.name, policy)
        if entry.kms_key is not None:
            key = None if entry.kms_key in ("aws/s3", "alias/aws/s3") else entry.kms_key
            yield facts.BucketEncryption(entry.origin, entry.name, "aws:kms", key)

    def _encryption(self, pattern: str) -> list[facts.BucketEncryption]:
        """What get-bucket-encryption answered: it names no bucket."""
        paths = self.files.match(pattern)
        return [fact for path in paths for fact in self.files.of(path) if isinstance(fact, facts.BucketEncryption)]

    def key(self, entry: KeyEntry) -> Iterator[Fact]:
        policy, problems = self.one(entry.policy, Kind.KEY, entry.origin)
        yield from problems
        key_id = entry.arn.rpartition("/")[2]
        yield facts.Key(entry.origin, entry.arn, key_id, key_id, policy)

    def job(self, entry: JobEntry) -> Iterator[Fact]:
        for found in self._requests(entry):
            if isinstance(found, Problem):
                yield found
            else:
                caller = entry.caller or found.caller
                yield replace(found, role=entry.role or found.role, caller=caller, caller_origin=entry.origin)

    def _requests(self, entry: JobEntry) -> Iterator[facts.Workload | Problem]:
        if entry.request is None:
            api = entry.api or ""
            yield facts.Workload(entry.origin, api, Node({}, entry.origin), api, "config")
            return
        paths = self.files.match(entry.request)
        if not paths:
            yield _absent(entry.request, entry.origin)
        for path in paths:
            self.claimed.add(path)
            known = [fact for fact in self.files.of(path) if isinstance(fact, facts.Workload)]
            if known:
                yield from (replace(fact, api=entry.api or fact.api) for fact in known)
                continue
            document = self.files.open(path)
            for root in structured(document).nodes if document is not None and entry.api else ():
                yield facts.Workload(root.origin, entry.api or "", root, path.rpartition("/")[2], "config")

    def guardrail(self, entry: GuardrailEntry) -> Iterator[Fact]:
        for item in self.policies(entry.policy, _KINDS[entry.kind], entry.origin):
            yield item if isinstance(item, Problem) else facts.Guardrail(item.origin, entry.kind, item)


def _held(fact: Fact, kind: Kind) -> Policy | None:
    """The policy of a file that the configuration names: a document, or what get-role and get-role-policy answer."""
    match fact:
        case facts.LoosePolicy():
            return fact.policy
        case facts.Attachment() if kind is not Kind.TRUST:
            return fact.policy
        case facts.Role(bare=True) if kind is Kind.TRUST:
            return fact.trust
    return None


def _absent(pattern: str, origin: Span) -> Problem:
    return Problem(origin, f"the configuration names `{pattern}`, and no such file is here")
