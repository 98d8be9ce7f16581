"""Does a `Principal` element mean the one who asks, and how: the form decides what else may still refuse."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from typing import NamedTuple

from smlint.iam.match import arn_parts, equal
from smlint.iam.match import matches as wildcard_matches
from smlint.iam.policy import PrincipalElement
from smlint.iam.request import Principal, last_step
from smlint.values import NO, UNKNOWN, YES, Hole, Text, Truth, join, pieces

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
_SERVICE = re.compile(r"([a-z0-9-]+)(?:\.[a-z0-9-]+)?\.(?:amazonaws\.com|amazonaws\.com\.cn)")


class Form(enum.Enum):
    """How a statement names the principal."""

    DIRECT = "direct"  # the session, the user, the service, or everybody: neither boundary nor session policy limits it
    ROLE = "role"  # the role of a session: boundary and session policy limit it
    ACCOUNT = "account"  # the account, which then decides by its identity policies


class Named(NamedTuple):
    """Whether a statement names the principal, in each form. Joined by `both` where two policies must do so."""

    direct: Truth
    role: Truth = NO
    account: Truth = NO

    @property
    def any(self) -> Truth:
        """Whether it names the principal at all."""
        return YES if YES in self else UNKNOWN if UNKNOWN in self else NO

    def both(self, other: Named) -> Named:
        """In which forms the two together name the principal: the weaker of their forms."""
        role = (self.direct | self.role) & (other.direct | other.role)
        return Named(self.direct & other.direct, role, self.any & other.any)


NAMED, NOT_NAMED = Named(YES), Named(NO)


def named(elements: Iterable[PrincipalElement], principal: Principal, complete: bool = True) -> Named:
    """How a `Principal` names the one who asks. complete: False where it may have further members."""
    direct = role = account = NO if complete else UNKNOWN
    for element in elements:
        truth, form = matches(element, principal)
        if form is Form.DIRECT:
            direct |= truth
        elif form is Form.ROLE:
            role |= truth
        else:
            account |= truth
    return Named(direct, role, account)


def exempt(elements: Iterable[PrincipalElement], principal: Principal, complete: bool = True) -> Truth:
    """Whether a Deny's `NotPrincipal` spares the one who asks.

    AWS wants a user's account listed beside the user, and the role and the account beside a session; what it does where
    they are not is said nowhere, nor what happens to a session of a listed role. An account alone spares its root user.
    """
    found = named(elements, principal, complete)
    if principal.kind not in ("user", "role", "session"):
        return found.any
    if any(element.text == "*" for element in elements):
        return YES
    beside = found.account if principal.kind == "user" else found.account & found.role
    return found.direct & (beside | UNKNOWN) | found.role & UNKNOWN


def matches(element: PrincipalElement, principal: Principal) -> tuple[Truth, Form]:
    """Whether the element means the principal, and the form in which it does."""
    kind, text = element.type, element.text
    if kind == "*" or (kind == "AWS" and text == "*"):
        return (UNKNOWN if kind == "AWS" and principal.kind == "service" else YES), Form.DIRECT
    if kind == "AWS":
        return _aws(text, principal)
    if kind == "Service":
        return _service(text, principal), Form.DIRECT
    if kind == "Federated" and principal.kind == "federated" and principal.arn is not None:
        return YES if text == "*" else equal(text, principal.arn), Form.DIRECT
    if kind == "CanonicalUser" and principal.kind in ("root", "user", "role", "session"):
        return UNKNOWN, Form.ACCOUNT
    return NO, Form.DIRECT


def _aws(text: Text, principal: Principal) -> tuple[Truth, Form]:
    if principal.kind not in ("role", "session", "user", "root"):
        return NO, Form.DIRECT
    account = _account_of(text)
    if account is not None:
        return _same(account, principal.account), Form.ACCOUNT
    parts = arn_parts(text)
    if parts is None:
        unclear = not isinstance(text, str) or _UNIQUE_ID.fullmatch(text)
        return (UNKNOWN if unclear else NO), Form.DIRECT
    if equal(parts[5], "root") is UNKNOWN:
        return UNKNOWN & _same(parts[4], principal.account), Form.DIRECT
    if principal.kind == "root":
        return NO, Form.ACCOUNT
    return _named(text, parts, principal)


def _account_of(text: Text) -> Text | None:
    """The account that a principal element names: by its id, or as its root."""
    if isinstance(text, str) and _ACCOUNT_ID.fullmatch(text):
        return text
    if len(pieces(text)) == 1 and isinstance(hole := pieces(text)[0], Hole) and hole.like == "?" * 12:
        return text
    parts = arn_parts(text)
    return parts[4] if parts is not None and parts[2] == "iam" and parts[5] == "root" else None


def _named(text: Text, parts: tuple[Text, ...], principal: Principal) -> tuple[Truth, Form]:
    """A user, role or session by its ARN. An account lies in one partition, so that part is not compared."""
    mine = _same(parts[4], principal.account)
    session = principal.session_arn if principal.kind in ("role", "session") else None
    if parts[2] == "sts":
        if principal.kind == "user":
            return _whole(text, principal.arn), Form.DIRECT
        if session is not None:
            return mine & _resource_equal(parts[5], session), Form.DIRECT
        return mine & _of_some_session(parts[5], principal), Form.DIRECT
    if principal.kind == "user":
        return mine & _resource_equal(parts[5], principal.arn), Form.DIRECT
    return mine & _role_named(parts[5], principal), Form.ROLE


def _role_named(resource: Text, principal: Principal) -> Truth:
    """Whether `role/path/Name` is the principal's role; a session without its role's ARN shows the name alone."""
    role = principal.arn if principal.kind == "role" else principal.role_arn
    if role is not None:
        return _resource_equal(resource, role)
    session = _resource(principal.session_arn or principal.arn)
    if not isinstance(session, str) or "/" not in session:
        return UNKNOWN
    name = session.split("/")[1]
    return wildcard_matches(f"role/{name}", resource) | wildcard_matches(f"role/*/{name}", resource)


def _of_some_session(resource: Text, principal: Principal) -> Truth:
    """Whether `assumed-role/Name/session` can be a session of the principal's role."""
    role = _resource(principal.role_arn or principal.arn)
    if role == "":
        return UNKNOWN
    some = join(["assumed-role/", last_step(role), "/", Hole("session name", like="?*")])
    return UNKNOWN & equal(resource, some)


def _resource(arn: Text | None) -> Text:
    parts = arn_parts(arn) if arn is not None else None
    return parts[5] if parts is not None else ""


def _resource_equal(resource: Text, arn: Text | None) -> Truth:
    parts = arn_parts(arn) if arn is not None else None
    return UNKNOWN if parts is None else equal(resource, parts[5])


def _whole(text: Text, arn: Text | None) -> Truth:
    return UNKNOWN if arn is None else equal(text, arn)


def _same(account: Text, mine: Text | None) -> Truth:
    return UNKNOWN if mine is None else equal(account, mine)


def _service(text: Text, principal: Principal) -> Truth:
    """Regional and Chinese spellings of one service's name may mean it; only AWS knows which it uses."""
    if principal.kind != "service" or principal.arn is None:
        return NO
    if text == "*":
        return YES
    same = equal(text, principal.arn)
    if same is not NO or not isinstance(text, str) or not isinstance(principal.arn, str):
        return same
    one, other = _SERVICE.fullmatch(text), _SERVICE.fullmatch(principal.arn)
    return UNKNOWN if one and other and one.group(1) == other.group(1) else NO
