"""From a node to a policy. Never raises: what breaks IAM's grammar is listed in the policy, the rest is still read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from smlint.iam import operators
from smlint.iam.policy import Condition, Element, Kind, Policy, PrincipalElement, Statement, Violation
from smlint.values import Hole, Node, Template, Text, join

_POLICY_MEMBERS = ("Version", "Id", "Statement")
_STATEMENT_MEMBERS = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip
_VERSIONS = ("2012-10-17", "2008-10-17")
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_WITH_PRINCIPAL = frozenset({Kind.BUCKET, Kind.KEY, Kind.RESOURCE, Kind.TRUST, Kind.ENDPOINT, Kind.RCP})
_STRICT_SIDS = frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION})
_MOST_STATEMENTS = 5000
_SID = re.compile(r"[A-Za-z0-9]*")

_Place: TypeAlias = "Node | Element"
Complain: TypeAlias = "Callable[[str, _Place, str], None]"


def parse(node: Node, kind: Kind, name: str = "") -> Policy:
    """The policy that the node describes, used as `kind`; `name` is what messages call it."""
    violations: list[Violation] = []

    def complain(message: str, at: _Place, fix: str = "") -> None:
        violations.append(Violation(message, at.origin, fix))

    if node.unknown or isinstance(node.value, Template):
        return Policy(kind, node.origin, node, (), complete=False, name=name)
    if node.mapping is None:
        complain("the policy is not a JSON object", node)
        return Policy(kind, node.origin, node, (), violations=tuple(violations), name=name)
    _check_members(node, _POLICY_MEMBERS, "policy", complain)
    found = node.get("Statement")
    statements = [_statement(member, index, kind, complain) for index, member in enumerate(_statements(node, complain))]
    _check_sids(statements, kind, complain)
    complete = not node.open if found is None else _settled(found) and all(map(_settled, found.elements()))
    version = _version(node, complain)
    return Policy(kind, node.origin, node, tuple(statements), version, tuple(violations), complete, name)


def _settled(node: Node) -> bool:
    """Whether the node is what it shows and nothing more."""
    return not (node.unknown or isinstance(node.value, Template) or (node.open and isinstance(node.value, list)))


def _check_members(node: Node, known: tuple[str, ...], what: str, complain: Complain) -> None:
    for name, member in node.items():
        if name not in known:
            meant = next((other for other in known if other.lower() == name.lower()), None)
            complain(f"a {what} has no element `{name}`", member, f"write `{meant}`" if meant else "")


def _version(node: Node, complain: Complain) -> Text | None:
    member = node.get("Version")
    if member is None:
        return _unsettled("policy version") if node.open else None
    if member.unknown:
        return _unsettled("policy version")
    if member.text is None or (member.literal is not None and member.literal not in _VERSIONS):
        complain(f"`Version` must be 2012-10-17 or 2008-10-17, not `{_shown(member)}`", member, 'write "2012-10-17"')
    return member.text


def _unsettled(name: str) -> Text:
    return join([Hole(name)])


def _shown(node: Node) -> str:
    return str(node.value) if not isinstance(node.value, (dict, list)) else "…"


def _statements(node: Node, complain: Complain) -> Iterator[Node]:
    """The statements that are mappings; a single one counts as a list of one."""
    found = node.get("Statement")
    if found is None:
        if not node.open:
            complain("the policy has no `Statement`", node, "")
        return
    elements = found.elements()
    if not elements and not found.open:
        complain("`Statement` is empty", found, "")
    for element in elements[:_MOST_STATEMENTS]:
        if element.mapping is not None:
            yield element
        elif not element.unknown and not isinstance(element.value, Template):
            complain("a statement must be a JSON object", element, "")
    if len(elements) > _MOST_STATEMENTS:
        complain(f"more than {_MOST_STATEMENTS} statements", found, "")


def _statement(node: Node, index: int, kind: Kind, complain: Complain) -> Statement:
    _check_members(node, _STATEMENT_MEMBERS, "statement", complain)
    actions, negated_actions = _pair(node, "Action", complain, needed=True)
    resources, negated_resources = _pair(node, "Resource", complain, needed=_needs_resource(kind))
    principals, negated_principals = _pair(node, "Principal", complain, needed=kind in _WITH_PRINCIPAL)
    _check_use(kind, node, resources, principals, complain)
    action_elements, actions_complete = _elements(actions, node, complain)
    resource_elements, resources_complete = _elements(resources, node, complain)
    principal_elements, principals_complete = _principals(principals, node, complain)
    conditions, conditions_complete = _conditions(node, complain)
    for element in action_elements:
        _check_action(element, complain)
    for element in resource_elements:
        _check_resource(element, complain)
    sid = node.get("Sid")
    return Statement(
        node.origin,
        node,
        index,
        _effect(node, complain),
        sid=sid.text if sid is not None else None,
        actions=action_elements,
        resources=resource_elements,
        principals=principal_elements,
        conditions=conditions,
        negated_actions=negated_actions,
        negated_resources=negated_resources,
        negated_principals=negated_principals,
        has_resource=resources is not None,
        has_principal=principals is not None,
        actions_complete=actions_complete,
        resources_complete=resources_complete,
        principals_complete=principals_complete,
        conditions_complete=conditions_complete,
    )


def _needs_resource(kind: Kind) -> bool:
    """A trust policy must have no Resource; other services' resource policies need none (ECR's have none)."""
    return kind not in (Kind.TRUST, Kind.RESOURCE)


def _pair(node: Node, name: str, complain: Complain, *, needed: bool) -> tuple[Node | None, bool]:
    """`Action` or `NotAction`, and whether it is the negated one."""
    plain, negated = node.get(name), node.get(f"Not{name}")
    if plain is not None and negated is not None:
        complain(f"`{name}` and `Not{name}` cannot stand in one statement", negated, "keep one of the two")
    if plain is None and negated is None and needed and not node.open:
        complain(f"the statement has neither `{name}` nor `Not{name}`", node, "")
    return (plain, False) if plain is not None else (negated, negated is not None)


def _check_use(kind: Kind, node: Node, resources: Node | None, principals: Node | None, complain: Complain) -> None:
    """What a policy of this kind must not have."""
    if principals is not None and kind not in _WITH_PRINCIPAL:
        complain("an identity-based policy must not have a principal", principals, "remove it")
    if resources is not None and kind is Kind.TRUST:
        complain("a trust policy must not have a `Resource`", resources, "remove it")
    if kind is Kind.RCP and node.get("NotPrincipal") is not None and principals is not None:
        complain("a resource control policy must have `Principal`: `*`", principals, "")


def _effect(node: Node, complain: Complain) -> Literal["Allow", "Deny"] | None:
    member = node.get("Effect")
    if member is None:
        if not node.open:
            complain("the statement has no `Effect`", node, "")
        return None
    if member.literal == "Allow":
        return "Allow"
    if member.literal == "Deny":
        return "Deny"
    if not member.unknown and not isinstance(member.value, Template):
        complain(f"`Effect` must be Allow or Deny, not `{_shown(member)}`", member, "")
    return None


def _elements(node: Node | None, statement: Node, complain: Complain) -> tuple[tuple[Element, ...], bool]:
    """The texts of a value or list of values, and whether these are all."""
    if node is None:
        return (), not statement.open
    if isinstance(node.value, list) and not node.value and not node.open:
        complain("an empty list", node, "")
    return _texts(node, complain)


def _texts(node: Node, complain: Complain, *, scalars: bool = False) -> tuple[tuple[Element, ...], bool]:
    found: list[Element] = []
    complete = not (node.open or node.unknown)
    for member in node.elements():
        text = _scalar(member) if scalars else member.text
        if text is not None:
            found.append(Element(text, member.origin))
        elif member.unknown:
            complete = False
        else:
            complain("a text is expected here", member, "")
    return tuple(found), complete


def _scalar(node: Node) -> Text | None:
    """Texts, and numbers and booleans as IAM spells them."""
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else node.text


def _principals(node: Node | None, statement: Node, complain: Complain) -> tuple[tuple[PrincipalElement, ...], bool]:
    if node is None:
        return (), not statement.open
    if node.literal == "*":
        return (PrincipalElement("*", "*", node.origin),), True
    if node.mapping is None:
        unknown = node.unknown or isinstance(node.value, Template)
        if not unknown:
            complain('a principal must be `*` or an object such as {"AWS": …}', node, "")
        return (), not unknown
    found: list[PrincipalElement] = []
    complete = not node.open
    for type_, member in node.items():
        if type_ not in _PRINCIPAL_TYPES:
            complain(f"there is no principal type `{type_}`", member, "use AWS, Service, Federated or CanonicalUser")
        if isinstance(member.value, list) and not member.value and not member.open:
            complain("an empty list", member, "")
        elements, all_known = _texts(member, complain)
        complete = complete and all_known
        for element in elements:
            found.append(PrincipalElement(type_, element.text, element.origin))
            _check_principal(type_, element, complain)
    return tuple(found), complete


def _conditions(statement: Node, complain: Complain) -> tuple[tuple[Condition, ...], bool]:
    node = statement.get("Condition")
    if node is None:
        return (), not statement.open
    if node.mapping is None:
        unknown = node.unknown or isinstance(node.value, Template)
        if not unknown:
            complain("`Condition` must be a JSON object", node, "")
        return (), not unknown
    found: list[Condition] = []
    complete = not node.open
    for operator, keys in node.items():
        if operators.read(operator) is None:
            complain(f"there is no condition operator `{operator}`", keys, "")
        if keys.mapping is None:
            complete = complete and not keys.unknown
            if not keys.unknown:
                complain(f"`{operator}` needs an object of condition keys", keys, "")
            continue
        complete = complete and not keys.open
        for key, values in keys.items():
            texts, all_known = _texts(values, complain, scalars=True)
            found.append(Condition(operator, key, texts, values.origin, all_known))
    return tuple(found), complete


def _check_sids(statements: list[Statement], kind: Kind, complain: Complain) -> None:
    seen: set[str] = set()
    for statement in statements:
        sid, at = statement.sid, statement.node.get("Sid")
        if not isinstance(sid, str) or at is None or kind not in _STRICT_SIDS:
            continue
        if not _SID.fullmatch(sid):
            complain(f"the statement id `{sid}` must be alphanumeric", at, "use A-Z, a-z and 0-9 only")
        if sid and sid in seen:
            complain(f"the statement id `{sid}` is not unique", at, "")
        seen.add(sid)


def _check_action(element: Element, complain: Complain) -> None:
    text = element.text
    if isinstance(text, str) and text != "*" and ":" not in text and "${" not in text:
        complain(f"the action `{text}` names no service", element, "")


def _check_resource(element: Element, complain: Complain) -> None:
    text = element.text
    if isinstance(text, str) and not text.startswith(("arn:", "*", "?", "${")) and "*" not in text[:4]:
        complain(f'the resource `{text}` must be in ARN format or "*"', element, "")


def _check_principal(type_: str, element: Element, complain: Complain) -> None:
    text = element.text
    if type_ == "AWS" and isinstance(text, str) and text.startswith("arn:") and "*" in text:
        complain(f"the principal `{text}` must not have wildcards", element, "")


def classify(node: Node) -> Kind | None:
    """What a policy document that stands alone is used as, told by its content; None where it is no policy."""
    found = node.get("Statement")
    if found is None:
        return None
    statements = [one for one in found.elements() if one.get("Effect") is not None]
    if not statements:
        return None
    if not any(one.get("Principal") or one.get("NotPrincipal") for one in statements):
        return Kind.IDENTITY
    actions = _all_texts(statements, "Action", "NotAction")
    if actions and all(action.lower().startswith("sts:") for action in actions):
        return Kind.TRUST
    if actions and all(action.lower().startswith("kms:") for action in actions):
        return Kind.KEY
    resources = _all_texts(statements, "Resource", "NotResource")
    if any(_is_s3(resource) for resource in resources) or any(action.lower().startswith("s3:") for action in actions):
        return Kind.BUCKET
    return Kind.RESOURCE


def _all_texts(statements: list[Node], *names: str) -> list[str]:
    """The beginnings of the texts of an element in all statements."""
    members = (one.get(name) for one in statements for name in names)
    elements = (element for member in members if member is not None for element in member.elements())
    return [str(element.value) for element in elements if element.text is not None]


def _is_s3(resource: str) -> bool:
    return resource.startswith("arn:") and resource.split(":")[2:3] == ["s3"]
