"""The configuration as plain data. Paths in it are relative to the root; every entry knows where it is written."""

from __future__ import annotations

from collections.abc import Mapping

from smlint.document import Span
from smlint.facts import Settings
from smlint.finding import Level
from smlint.record import dataclass, field


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """What loose policy files belong to. `policies`: files, patterns of files, and ARNs of managed policies."""

    origin: Span
    name: str | None = None
    arn: str | None = None
    account: str | None = None
    policies: tuple[str, ...] = ()
    trust: str | None = None
    boundary: str | None = None


@dataclass(frozen=True, slots=True)
class BucketEntry:
    """A bucket; `kms_key` is its default encryption, "aws/s3" for the AWS managed key."""

    origin: Span
    name: str
    account: str | None = None
    policy: str | None = None
    kms_key: str | None = None


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A KMS key and the file that holds its policy."""

    origin: Span
    arn: str
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A request: a file, or one whose API, role or caller stands in no file."""

    origin: Span
    api: str | None = None
    request: str | None = None
    role: str | None = None
    caller: str | None = None


@dataclass(frozen=True, slots=True)
class GuardrailEntry:
    """A service control policy ("scp") or resource control policy ("rcp")."""

    origin: Span
    kind: str
    policy: str


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a run is told, the command line's options already applied.

    select, ignore:   names of rules and groups; "all" leaves out privilege.
    fail_on:          the lowest level that makes the exit status 1, None for never.
    exclude:          patterns as in .gitignore, below `base`.
    per_file_ignores: (pattern as in .gitignore below `base`, names of rules and groups).
    base:             the folder of the configuration file relative to the root, "" for the root.
    rules:            the files of own rules.
    path:             the configuration file as messages name it, "" where there is none.
    """

    select: tuple[str, ...] = ("all",)
    ignore: tuple[str, ...] = ()
    fail_on: Level | None = Level.WARNING
    exclude: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    rules: tuple[str, ...] = ()
    severity: Mapping[str, Level] = field(default_factory=dict)
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    buckets: tuple[BucketEntry, ...] = ()
    keys: tuple[KeyEntry, ...] = ()
    jobs: tuple[JobEntry, ...] = ()
    guardrails: tuple[GuardrailEntry, ...] = ()
    base: str = ""
    path: str = ""

    def files(self) -> list[tuple[str, Span]]:
        """The files (and patterns of files) that the configuration names, and where."""
        named: list[tuple[str | None, Span]] = []
        for role in self.roles:
            local = [policy for policy in role.policies if not policy.startswith("arn:")]
            boundary = role.boundary if not (role.boundary or "").startswith("arn:") else None
            named += [(path, role.origin) for path in (*local, role.trust, boundary)]
        named += [(bucket.policy, bucket.origin) for bucket in self.buckets]
        named += [(key.policy, key.origin) for key in self.keys]
        named += [(job.request, job.origin) for job in self.jobs]
        named += [(guardrail.policy, guardrail.origin) for guardrail in self.guardrails]
        return [(path, origin) for path, origin in named if path]
