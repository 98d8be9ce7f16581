"""What IAM would refuse in a policy document, in its words where they are known.

What a policy leaves unknown is no violation; neither is what AWS accepts although it has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from smlint.iam.policy import Element, Kind, Statement, Violation
from smlint.values import Hole, Node, Text, pieces

WITH_PRINCIPAL = frozenset({Kind.BUCKET, Kind.KEY, Kind.RESOURCE, Kind.TRUST, Kind.ENDPOINT, Kind.RCP})
_STRICT_SIDS = frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION})
_SID = re.compile(r"[A-Za-z0-9]*")
_SYNTAX = "Syntax errors in policy."
_LACKS = {
    "Action": "Policy statement must contain actions.",
    "Resource": "Policy statement must contain resources.",
    "Principal": "Missing required field Principal",
}


class Complaints:
    """Gathers the violations of one document. Call it with a message, the place, a fix and IAM's own words."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._found: list[Violation] = []

    def __call__(self, message: str, at: Node | Element, fix: str = "", says: str = _SYNTAX) -> None:
        self._found.append(Violation(message, at.origin, fix, says))

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All that was found, in the order of the document."""
        return tuple(self._found)

    def must_have(self, name: str) -> bool:
        """Whether every statement of this kind needs the element or its negation. ECR's policies have no Resource."""
        if name == "Resource":
            return self.kind not in (Kind.TRUST, Kind.RESOURCE)
        return name == "Action" or self.kind in WITH_PRINCIPAL

    def must_not_have(self, name: str) -> bool:
        """Whether no statement of this kind may have the element."""
        if name == "Principal":
            return self.kind not in WITH_PRINCIPAL
        return name == "Resource" and self.kind is Kind.TRUST

    def lacks(self, name: str, statement: Node) -> None:
        """A statement without an element that it must have."""
        self(f"the statement has neither `{name}` nor `Not{name}`", statement, f"add `{name}`", _LACKS[name])

    def must_lack(self, name: str, found: Node) -> None:
        """An element that must not be there."""
        if name == "Resource":
            self("a trust policy must not have a `Resource`", found, "remove it", "Has prohibited field Resource")
            return
        says = "Policy document should not specify a principal."
        self("an identity-based policy must not have a principal", found, "remove it", says)


def check_sids(statements: Iterable[Statement], complain: Complaints) -> None:
    """Identity policies: statement ids are alphanumeric and differ."""
    seen: set[str] = set()
    for statement in statements:
        sid, at = statement.sid, statement.node.get("Sid")
        if not isinstance(sid, str) or at is None or complain.kind not in _STRICT_SIDS:
            continue
        if not _SID.fullmatch(sid):
            says = "Statement IDs (SID) must be alpha-numeric."
            complain(f"the statement id `{sid}` must be alphanumeric", at, "use A-Z, a-z and 0-9 only", says)
        if sid and sid in seen:
            says = "Statement IDs (SID) in a single policy must be unique."
            complain(f"the statement id `{sid}` is not unique", at, "give it another", says)
        seen.add(sid)


def check_action(element: Element, complain: Complaints) -> None:
    """An action names its service; a trust policy's are those of STS."""
    text = element.text
    if not isinstance(text, str) or text == "*" or "${" in text:
        return
    service, colon, _ = text.partition(":")
    if not colon:
        says = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        complain(f"the action `{text}` names no service", element, "write it as SERVICE:ACTION", says)
    elif complain.kind is Kind.TRUST and service.lower() != "sts" and "*" not in service:
        says = "AssumeRole policy may only specify STS AssumeRole actions."
        complain(f"the action `{text}` cannot stand in a trust policy", element, "", says)


def check_resource(element: Element, complain: Complaints) -> None:
    """A resource is an ARN or `*`; API Gateway alone knows a short form in its resource policies."""
    text = element.text
    if complain.kind is Kind.RESOURCE and isinstance(text, str) and text.startswith("execute-api:/"):
        return
    if _is_no_arn(text):
        says = f'Resource {text} must be in ARN format or "*".'
        complain(f'the resource `{text}` must be in ARN format or "*"', element, "write an ARN, or `*`", says)


def _is_no_arn(text: Text) -> bool:
    """Whether a resource is neither an ARN nor a wildcard, whatever stands for what is not known of it."""
    first, *others = pieces(text)
    if isinstance(first, str):
        if first.startswith(("arn:", "*", "?", "${")) or "*" in first[:4]:
            return False
        if not others or ":" in first:
            return True
    # An ARN has colons: a bucket's generated name and what stands around it have none.
    literals = "".join(piece for piece in (first, *others) if isinstance(piece, str))
    holes = [piece.only for piece in (first, *others) if isinstance(piece, Hole)]
    return ":" not in literals and all(only is not None and not set(only) & set(":*?") for only in holes)


def check_principal(type_: str, element: Element, complain: Complaints) -> None:
    """The ARN of a principal has no wildcards."""
    text = element.text
    if type_ == "AWS" and isinstance(text, str) and text.startswith("arn:") and "*" in text:
        fix = "use `*` with a condition on aws:PrincipalArn"
        complain(f"the principal `{text}` must not have wildcards", element, fix, "Invalid principal in policy")


def check_condition_key(key: str, at: Node, complain: Complaints) -> None:
    """A condition key names its service."""
    if ":" not in key and "${" not in key:
        says = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        complain(f"the condition key `{key}` names no service", at, "write it as SERVICE:KEY", says)
