"""What is asked: who wants to do what with which resource, and what is known of the circumstances."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from smlint.iam.match import arn_parts
from smlint.record import dataclass, field, replace
from smlint.values import Hole, Text, head, join, pieces

Values = tuple[Text, ...]
PrincipalKind = Literal["role", "user", "session", "service", "root", "anonymous", "federated"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes the request.

    kind:        "role": some session of the role, of unknown name; "session": the session `session_arn` or `arn`;
                 "service": an AWS service, `arn` is its name (sagemaker.amazonaws.com); "federated": `arn` is the
                 identity provider; "root": the account's root user; "anonymous": nobody.
    account:     None where the principal has none (a service, nobody) or it is not known.
    role_arn:    of a session: its role. session_arn: of a role: its session, where the name is known.
    """

    arn: Text | None
    kind: PrincipalKind
    account: Text | None = None
    role_arn: Text | None = None
    session_arn: Text | None = None

    @staticmethod
    def role(arn: Text, session: Text | None = None) -> Principal:
        """A session of the role; `session` is its name, where it is known."""
        parts = arn_parts(arn)
        if parts is None:
            return Principal(arn, "role")
        name = last_step(parts[5])
        named = None
        if session is not None:
            named = join(["arn:", parts[1], ":sts::", parts[4], ":assumed-role/", name, "/", session])
        return Principal(arn, "role", parts[4], session_arn=named)

    @staticmethod
    def service(name: Text) -> Principal:
        """An AWS service, by its principal's name."""
        return Principal(name, "service")

    @staticmethod
    def of(arn: Text) -> Principal:
        """The principal with an ARN (or the name of a service), told by its form."""
        parts = arn_parts(arn)
        if parts is None:
            known = isinstance(arn, str) and arn.endswith((".amazonaws.com", ".amazonaws.com.cn"))
            return Principal(arn, "service" if known else "federated")
        form = _first_step(parts[5])
        if parts[2] == "sts" and form == "assumed-role":
            return Principal(arn, "session", parts[4], session_arn=arn)
        if form == "role":
            return Principal(arn, "role", parts[4])
        if form == "root":
            return Principal(arn, "root", parts[4])
        return Principal(arn, "federated" if form in ("oidc-provider", "saml-provider") else "user", parts[4])


def _first_step(resource: Text) -> str:
    return head(resource).split("/", 1)[0]


def last_step(resource: Text) -> Text:
    """What follows the last slash of the literals."""
    kept: list[str | Hole] = []
    for piece in reversed(pieces(resource)):
        if isinstance(piece, str) and "/" in piece:
            kept.append(piece.rsplit("/", 1)[1])
            break
        kept.append(piece)
    return join(reversed(kept))


@dataclass(frozen=True, slots=True)
class Context:
    """The condition keys of a request, by their lower-case names.

    values:         None: the key is known to be absent. Several texts: a key with several values.
    default_absent: what a key that `values` does not hold is: absent, or unknown.
    either:         of keys that `values` does not hold, all that they can be.
    """

    values: Mapping[str, Values | None] = field(default_factory=dict)
    default_absent: bool = False
    either: Mapping[str, tuple[Values | None, ...]] = field(default_factory=dict)

    def known(self, key: str) -> bool:
        """Whether it is known if the request has the key, and with which values."""
        return self.default_absent or key in self.values

    def get(self, key: str) -> Values | None:
        """The values of a key that is known; None where the request has no such key."""
        return self.values.get(key)

    def with_values(self, values: Mapping[str, Values | None]) -> Context:
        """The same context with further keys; the given ones win."""
        return replace(self, values={**self.values, **{key.lower(): value for key, value in values.items()}})


_NOTHING = Context(MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Request:
    """One request. resource: an ARN, or "*" where the action takes no resource.

    resource_account: the account that owns the resource; None where it is not known.
    """

    principal: Principal
    action: str
    resource: Text
    resource_account: Text | None = None
    context: Context = _NOTHING


def _user_name(principal: Principal) -> Values | None:
    """Only users have one; a user's of unknown ARN is an open text."""
    if principal.kind != "user":
        return None
    parts = arn_parts(principal.arn) if principal.arn is not None else None
    return (last_step(parts[5]) if parts is not None else join([Hole("user name", like="?*")]),)


def identity_context(principal: Principal, resource_account: Text | None = None) -> dict[str, Values | None]:
    """The condition keys that AWS sets in every request from who asks and who owns the resource."""
    found: dict[str, Values | None] = {}
    if principal.kind in ("role", "session", "user", "root"):
        shown = principal.role_arn if principal.kind == "session" else principal.arn
        if shown is not None:
            found["aws:principalarn"] = (shown,)
        if principal.account is not None:
            found["aws:principalaccount"] = (principal.account,)
        types = {"root": "Account", "user": "User"}
        found["aws:principaltype"] = (types.get(principal.kind, "AssumedRole"),)
        found["aws:principalisawsservice"] = ("false",)
        found["aws:principalservicename"] = None
        found["aws:username"] = _user_name(principal)
    elif principal.kind == "service" and principal.arn is not None:
        found["aws:principalisawsservice"] = ("true",)
        found["aws:principalservicename"] = (principal.arn,)
    if resource_account is not None:
        found["aws:resourceaccount"] = (resource_account,)
    return found
