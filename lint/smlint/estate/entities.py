"""What the estate is made of: the facts of all files, joined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint import facts
from smlint.document import Origin
from smlint.iam.policy import Policy, Statement
from smlint.record import dataclass, field
from smlint.values import Text

if TYPE_CHECKING:
    from smlint.needs.access import Access


@dataclass(slots=True, eq=False)
class Held:
    """A policy that a role holds. attachment: how; aws: it is managed by AWS and not the user's to edit."""

    policy: Policy
    attachment: facts.Attachment
    aws: bool = False

    @property
    def edit(self) -> Origin:
        """Where the user edits: the policy, or the attachment of a policy that AWS manages."""
        return (self.attachment.by or self.attachment.origin) if self.aws else self.policy.origin


@dataclass(slots=True, eq=False)
class Role:
    """A role with all that the repository knows of it.

    arn: None for a role that nothing names. identity: what grants; boundary: what limits (None: there is none).
    complete: False where something attached cannot be resolved; boundary_known: likewise for the boundary; unread: what
    cannot be. tags: those that are known; there may be others.
    """

    origin: Origin
    label: str
    arn: Text | None = None
    name: Text | None = None
    account: Text | None = None
    trust: Policy | None = None
    identity: list[Held] = field(default_factory=list)
    boundary: Held | None = None
    complete: bool = True
    boundary_known: bool = True
    kind: str = "role"
    construct: str = ""
    under: str = ""
    unit: str = ""
    jobs: list[Job] = field(default_factory=list)
    calls: list[Job] = field(default_factory=list)
    unread: list[facts.Attachment] = field(default_factory=list)
    tags: dict[str, Text] = field(default_factory=dict)

    @property
    def held(self) -> list[Held]:
        """All the policies that it holds, the boundary too."""
        return self.identity if self.boundary is None else [*self.identity, self.boundary]

    @property
    def editable(self) -> list[Held]:
        """The policies that the user can edit."""
        return [held for held in self.identity if not held.aws]

    @property
    def statements(self) -> Iterator[Statement]:
        """The statements of all the policies that grant."""
        return (statement for held in self.identity for statement in held.policy.statements)

    @property
    def own_statements(self) -> Iterator[Statement]:
        """The statements of the policies that the user can edit."""
        return (statement for held in self.editable for statement in held.policy.statements)


@dataclass(slots=True, eq=False)
class Bucket:
    """An S3 bucket. account None: nothing says whose it is, so the role's own account is taken."""

    name: Text
    origin: Origin | None = None
    label: str = ""
    account: Text | None = None
    policy: Policy | None = None
    encryption: facts.BucketEncryption | None = None


@dataclass(slots=True, eq=False)
class Key:
    """A KMS key. policy None: none in the repository."""

    arn: Text
    key_id: Text
    origin: Origin | None = None
    label: str = ""
    policy: Policy | None = None
    grants: list[facts.KeyGrant] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Job:
    """A workload with the roles that the estate knows for it.

    role: the execution role; None where the repository does not show it. caller: likewise for who calls the API.
    propagation: where trusted identity propagation is switched on for it, None where it is off.
    """

    workload: facts.Workload
    role: Role | None = None
    caller: Role | None = None
    role_text: Text | None = None
    propagation: Origin | None = None
    propagates: bool = False
    accesses: list[Access] = field(default_factory=list)

    @property
    def api(self) -> str:
        return self.workload.api

    @property
    def label(self) -> str:
        return self.workload.label

    @property
    def origin(self) -> Origin:
        return self.workload.origin
