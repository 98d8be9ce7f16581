"""A parsed policy document: the nouns of the policy language, with the origin of every element.

`smlint.iam.grammar.parse(node, kind)` makes them.
"""

from __future__ import annotations

import enum
from typing import Literal

from smlint.document import Origin
from smlint.record import dataclass, field
from smlint.values import Node, Text


class Kind(enum.Enum):
    """What a policy document is used as; decides which elements it must and may have."""

    IDENTITY = "identity"
    BUCKET = "bucket"
    KEY = "key"
    RESOURCE = "resource"
    TRUST = "trust"
    BOUNDARY = "boundary"
    SCP = "scp"
    RCP = "rcp"
    SESSION = "session"
    ENDPOINT = "endpoint"

    @property
    def called(self) -> str:
        """What AWS calls such a policy where it refuses."""
        return _CALLED.get(self, "resource-based policy")


_CALLED = {
    Kind.BOUNDARY: "permissions boundary",
    Kind.SCP: "service control policy",
    Kind.RCP: "resource control policy",
    Kind.SESSION: "session policy",
    Kind.ENDPOINT: "VPC endpoint policy",
    Kind.IDENTITY: "identity-based policy",
}


@dataclass(frozen=True, slots=True)
class Element:
    """One string of a list (an action, a resource, a condition value) and where it stands."""

    text: Text
    origin: Origin


@dataclass(frozen=True, slots=True)
class PrincipalElement:
    """One principal: type "AWS", "Service", "Federated", "CanonicalUser", or "*" for the bare star."""

    type: str
    text: Text
    origin: Origin


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of one operator. operator: as written ("ForAnyValue:StringLikeIfExists"); values: its list.

    complete: False where the list may have further values.
    """

    operator: str
    key: str
    values: tuple[Element, ...]
    origin: Origin
    complete: bool = True

    @property
    def key_name(self) -> str:
        """The key in lower case, as AWS compares it."""
        return self.key.lower()


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement.

    effect: None where unknown or invalid. actions/resources/principals: () where the element is absent (see has_…).
    negated_…: True for NotAction, NotResource, NotPrincipal. …_complete: False where the element may have members that
    the document does not show.
    """

    origin: Origin
    node: Node
    index: int
    effect: Literal["Allow", "Deny"] | None
    sid: Text | None = None
    actions: tuple[Element, ...] = ()
    resources: tuple[Element, ...] = ()
    principals: tuple[PrincipalElement, ...] = ()
    conditions: tuple[Condition, ...] = ()
    negated_actions: bool = False
    negated_resources: bool = False
    negated_principals: bool = False
    has_resource: bool = False
    has_principal: bool = False
    actions_complete: bool = True
    resources_complete: bool = True
    principals_complete: bool = True
    conditions_complete: bool = True
    compiled: object = field(default=None, init=False, repr=False)  # what match_statement prepares, once

    @property
    def grants(self) -> bool:
        """Whether it allows the actions that it names: an Allow without NotAction."""
        return self.effect == "Allow" and not self.negated_actions

    @property
    def known_actions(self) -> list[str]:
        """The actions of which the whole text is known."""
        return [element.text for element in self.actions if isinstance(element.text, str)]


@dataclass(frozen=True, slots=True)
class Violation:
    """A breach of the grammar, at the element's own place. says: the words with which IAM refuses it."""

    message: str
    origin: Origin
    fix: str
    says: str


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy document. version: "2012-10-17", "2008-10-17", a template, or None where absent.

    complete: False where the document has statements that could not be read (an unknown document, an unknown list).
    node: the document as it was read. name: what a message calls it (policy name, ARN), or "".
    """

    kind: Kind
    origin: Origin
    node: Node
    statements: tuple[Statement, ...]
    version: Text | None = None
    violations: tuple[Violation, ...] = ()
    complete: bool = True
    name: str = ""
    compiled: object = field(default=None, init=False, repr=False)  # what match_statement prepares, once
