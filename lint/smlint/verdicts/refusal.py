"""A refused access and the one cause that a person would mend."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

from smlint.document import Origin
from smlint.estate.entities import Bucket, Job, Key, Role
from smlint.estate.names import account_of
from smlint.facts import ACCOUNT
from smlint.iam.policy import Condition, Policy, Statement
from smlint.needs.access import Access, Need
from smlint.needs.context import KEY_ID
from smlint.record import dataclass, field
from smlint.values import Hole, Text, fill, join, pieces

OWN_BUCKET = "OWN_BUCKET"  # the bundle of what a role without a workload does with the buckets that it grants itself


class Cause(enum.Enum):
    """Why AWS refuses."""

    MISSING = "no identity-based policy allows it"
    PREFIX = "the grant names another prefix of the bucket"
    FULL_ACCESS = "the AWS managed policy's patterns match neither the bucket nor the key"
    ROLE_DENY = "an explicit deny in an identity-based policy"
    BOUNDARY = "no permissions boundary allows it"
    GUARDRAIL = "a service control policy or resource control policy refuses it"
    BUCKET_DENY = "an explicit deny in the bucket's policy"
    BUCKET_GRANT = "no resource-based policy allows it"
    KEY_DENY = "an explicit deny in the key policy"
    KEY_EXCLUDES = "the key policy neither names the role nor delegates to its account"
    NETWORK = "a condition on the network that the request comes from"
    ENCRYPTION = "a condition on the encryption of the object"
    VIA_SERVICE = "kms:ViaService admits only other services"
    NOT_PRINCIPAL = "a Deny with NotPrincipal hits the role's sessions"
    ENDPOINT = "the VPC endpoint's policy does not allow it"
    UNSCOPED = "the statement has a Condition or names resources"


NOT_GRANTED = frozenset({Cause.MISSING, Cause.PREFIX, Cause.FULL_ACCESS})
"""The causes that a further grant in the role's own policies would mend."""


@dataclass(slots=True, eq=False)
class Refused:
    """One access that AWS will refuse, for one job; no job: the role was checked for `assume-apis`.

    unmet: the conditions but for which the role's own policies would allow it.
    also: what else refuses it, in words, beside what the cause names.
    echoes: what the role lacks too and is told with it, for who allows the one allows the others.
    """

    access: Access
    role: Role
    job: Job | None
    cause: Cause
    statement: Statement | None = None
    policy: Policy | None = None
    condition: Condition | None = None
    caller: bool = False
    unmet: list[Condition] = field(default_factory=list)
    also: tuple[str, ...] = ()
    echoes: list[Access] = field(default_factory=list)

    @property
    def assumed(self) -> bool:
        return self.job is None

    @property
    def denied(self) -> bool:
        """Whether it is an explicit Deny that refuses."""
        return self.statement is not None and self.statement.effect == "Deny"

    @property
    def resource(self) -> Text:
        """The resource as a message names it."""
        return self.in_account(self.access.resource)

    def in_account(self, resource: Text) -> Text:
        """The resource in the role's account, where nothing else tells the account."""
        account = account_of(self.role.arn) or join([ACCOUNT])
        return fill(resource, {ACCOUNT.name: account, "end of a log group": ""})


@dataclass(slots=True, eq=False)
class Refusal:
    """All refused accesses that one edit would mend.

    place: what the user edits. statement: the deciding or nearest statement. bucket, key: what it is about, if one.
    nearest: where a statement of the role's own would stand, if elsewhere. known: all buckets that it is about.
    """

    cause: Cause
    refused: list[Refused]
    place: Origin
    statement: Statement | None = None
    policy: Policy | None = None
    bucket: Bucket | None = None
    key: Key | None = None
    nearest: Origin | None = None
    known: list[Bucket] = field(default_factory=list)

    @property
    def grant_at(self) -> Origin:
        return self.nearest or self.place

    @property
    def role(self) -> Role:
        return self.refused[0].role

    @property
    def roles(self) -> list[Role]:
        return list({id(item.role): item.role for item in self.refused}.values())

    @property
    def denied(self) -> bool:
        """Whether it is an explicit Deny that refuses."""
        return self.refused[0].denied

    @property
    def actions(self) -> list[str]:
        """The refused actions, each once, in the order of the accesses."""
        return list(dict.fromkeys(item.access.action for item in self.refused))

    @property
    def resources(self) -> list[Text]:
        return list(dict.fromkeys(item.resource for item in self.refused))

    @property
    def buckets(self) -> list[Text]:
        """The buckets that the accesses are about, and the access points that they go through."""
        return list(dict.fromkeys(name for item in self.refused for name in _containers(item.access)))

    @property
    def grantable(self) -> list[Text]:
        """The resources as a policy would name them: what a job leaves open is `*`."""
        return list(dict.fromkeys(grantable(resource) for resource in self.resources))

    @property
    def grants(self) -> list[dict[str, object]]:
        """The statements that would allow all of it."""
        return self.grants_with()

    def grants_with(self, *actions: str) -> list[dict[str, object]]:
        """The statements that would allow all of it, and further actions on the same resources."""
        lacking = [(access, item) for item in self.refused for access in (item.access, *item.echoes)]
        wanted = [(access.action, item.in_account(access.resource)) for access, item in lacking]
        return grants([*wanted, *((action, resource) for action in actions for resource in self.resources)])

    @property
    def required(self) -> bool:
        """Whether AWS insists on any of the accesses."""
        return any(item.access.need is Need.REQUIRED for item in self.refused)

    def lacks(self, action: str) -> bool:
        """Whether this one action is what is refused, because no identity-based policy allows it."""
        return self.cause is Cause.MISSING and self.actions == [action]

    @property
    def jobs(self) -> list[Job]:
        return list({id(item.job): item.job for item in self.refused if item.job is not None}.values())

    @property
    def wants_key(self) -> bool:
        """Whether the statement has a condition on the KMS key of an upload, which a request can name."""
        conditions = self.statement.conditions if self.statement is not None else ()
        return any(condition.key_name == KEY_ID for condition in conditions)

    @property
    def assumed(self) -> bool:
        """Whether no job of the repository makes any of the accesses."""
        return all(item.assumed for item in self.refused)

    @property
    def caller(self) -> bool:
        """Whether it is the caller of the API that is refused."""
        return self.refused[0].caller


def _containers(access: Access) -> tuple[Text, ...]:
    return (access.bucket,) if access.bucket is not None else access.context.get("s3:dataaccesspointarn") or ()


def grants(wanted: Iterable[tuple[str, Text]]) -> list[dict[str, object]]:
    """The statements that would allow the actions on their resources: those on the same resources together."""
    resources: dict[str, dict[Text, None]] = {}
    for action, resource in wanted:
        resources.setdefault(action, {})[grantable(resource)] = None
    actions: dict[tuple[Text, ...], list[str]] = {}
    for action, found in resources.items():
        actions.setdefault(tuple(found), []).append(action)
    return [allowing(names, found) for found, names in actions.items()]


def allowing(actions: Sequence[str], resources: Sequence[Text], **more: object) -> dict[str, object]:
    """A statement that allows the actions on the resources; further elements by their names."""
    return {"Effect": "Allow", "Action": one_or_many(actions), "Resource": one_or_many(resources), **more}


def one_or_many(items: Sequence[Text]) -> Text | list[Text]:
    """As policies are written: a single one is no list."""
    return items[0] if len(items) == 1 else list(items)


# What a job leaves open, by what a message calls it: any key below a prefix, any log stream, a name not given yet.
_OPEN = frozenset({"*", "key", "name"})


def grantable(resource: Text) -> Text:
    """The resource as a policy would name it: what a job leaves open is `*`."""
    return join("*" if isinstance(piece, Hole) and piece.label in _OPEN else piece for piece in pieces(resource))
