"""From a node to a policy. Never raises: what breaks IAM's grammar is listed in the policy, the rest is still read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from smlint.iam import operators
from smlint.iam.complaints import (
    Complaints,
    check_action,
    check_condition_key,
    check_principal,
    check_resource,
    check_sids,
)
from smlint.iam.policy import Condition, Element, Kind, Policy, PrincipalElement, Statement
from smlint.values import Hole, Node, Template, Text, join

_POLICY_MEMBERS = ("Version", "Id", "Statement")
_STATEMENT_MEMBERS = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip
_VERSIONS = ("2012-10-17", "2008-10-17")
# AWS stores no policy of more than 32 kB: what goes beyond is left unread, and what it says unknown.
_MOST_MEMBERS = 8_000
_MOST_CHARACTERS = 32_768
_UNSETTLED = "⟨"  # a name that a template leaves open is printed with its hole
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
_MOST_STATEMENTS = 5000


def parse(node: Node, kind: Kind, name: str = "") -> Policy:
    """The policy that the node describes, used as `kind`; `name` is what messages call it."""
    if _hidden(node):
        return Policy(kind, node.origin, node, (), complete=False, name=name)
    complain = Complaints(kind)
    if node.mapping is None:
        # AWS refuses it, so nobody can tell what it will grant once it is mended.
        complain("the policy is not a JSON object", node)
        return Policy(kind, node.origin, node, (), violations=complain.violations, complete=False, name=name)
    _check_members(node, _POLICY_MEMBERS, "policy", complain)
    found = node.get("Statement")
    statements = tuple(_statement(one, index, complain) for index, one in enumerate(_statements(node, complain)))
    check_sids(statements, complain)
    complete = found is not None and _all_read(found)
    version = _version(node, complain)
    return Policy(kind, node.origin, node, statements, version, complain.violations, complete, name)


def _hidden(node: Node) -> bool:
    """Whether the node may be anything: what it is stands in no file."""
    return node.unknown or isinstance(node.value, Template)


def _settled(node: Node) -> bool:
    """Whether the node is what it shows and nothing more."""
    return not (_hidden(node) or (node.open and isinstance(node.value, list)))


def _all_read(found: Node) -> bool:
    """Whether all the statements that there are have been read."""
    elements = found.elements()
    return _settled(found) and len(elements) <= _MOST_STATEMENTS and all(map(_settled, elements))


def _check_members(node: Node, known: tuple[str, ...], what: str, complain: Complaints) -> None:
    for name, member in node.items():
        if name not in known and _UNSETTLED not in name:
            meant = next((other for other in known if other.lower() == name.lower()), None)
            complain(f"a {what} has no element `{name}`", _named(member), f"write `{meant}`" if meant else "")


def _version(node: Node, complain: Complaints) -> Text | None:
    member = node.get("Version")
    if member is None and not node.open:
        return None
    if member is None or member.unknown:
        return join([Hole("policy version")])
    if member.text is None or (member.literal is not None and member.literal not in _VERSIONS):
        says = "The policy must contain a valid version string"
        complain(f"`Version` must be 2012-10-17, not `{_shown(member)}`", member, 'write "2012-10-17"', says)
    return member.text


def _shown(node: Node) -> str:
    return str(node.value) if not isinstance(node.value, (dict, list)) else "…"


def _statements(node: Node, complain: Complaints) -> Iterator[Node]:
    """The statements that are mappings; a single one counts as a list of one."""
    found = node.get("Statement")
    if found is None:
        if not node.open:
            complain("the policy has no `Statement`", node)
        return
    elements = found.elements()
    if not elements and not found.open:
        complain("`Statement` is empty", found)
    for element in elements[:_MOST_STATEMENTS]:
        if element.mapping is not None:
            yield element
        elif not _hidden(element):
            complain("a statement must be a JSON object", element)
    if len(elements) > _MOST_STATEMENTS:
        complain(f"more than {_MOST_STATEMENTS} statements", found)


def _statement(node: Node, index: int, complain: Complaints) -> Statement:
    _check_members(node, _STATEMENT_MEMBERS, "statement", complain)
    actions, negated_actions = _pair(node, "Action", complain)
    resources, negated_resources = _pair(node, "Resource", complain)
    principals, negated_principals = _pair(node, "Principal", complain)
    action_elements, actions_complete = _elements(actions, node, complain)
    resource_elements, resources_complete = _elements(resources, node, complain)
    principal_elements, principals_complete = _principals(principals, node, complain)
    conditions, conditions_complete = _conditions(node, complain)
    for element in action_elements:
        check_action(element, complain)
    for element in resource_elements:
        check_resource(element, complain)
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


def _pair(node: Node, name: str, complain: Complaints) -> tuple[Node | None, bool]:
    """`Action` or `NotAction`, whichever the statement has, and whether it is the latter.

    One that is not known may be absent: then the other stands alone.
    """
    plain, negated = node.get(name), node.get(f"Not{name}")
    is_negated = negated is not None and (plain is None or (plain.unknown and not negated.unknown))
    found = negated if is_negated else plain
    if plain is not None and negated is not None and not (plain.unknown or negated.unknown):
        complain(f"`{name}` and `Not{name}` cannot stand in one statement", negated, "keep one of the two")
    if found is None and not node.open and complain.must_have(name):
        complain.lacks(name, node)
    if found is not None and complain.must_not_have(name):
        complain.must_lack(name, found)
    return found, is_negated


def _effect(node: Node, complain: Complaints) -> Literal["Allow", "Deny"] | None:
    member = node.get("Effect")
    if member is None:
        if not node.open:
            complain("the statement has no `Effect`", node, says="Missing required field Effect")
        return None
    if member.literal == "Allow":
        return "Allow"
    if member.literal == "Deny":
        return "Deny"
    if not _hidden(member):
        meant = (member.literal or "").strip().capitalize()
        fix = f"write `{meant}`" if meant in ("Allow", "Deny") else ""
        complain(f"`Effect` must be Allow or Deny, not `{_shown(member)}`", member, fix)
    return None


def _elements(node: Node | None, statement: Node, complain: Complaints) -> tuple[tuple[Element, ...], bool]:
    """The texts of a value or list of values, and whether these are all."""
    if node is None:
        return (), not statement.open
    _check_empty(node, complain)
    return _texts(node, complain)


def _check_empty(node: Node, complain: Complaints) -> None:
    if isinstance(node.value, list) and not node.value and not node.open:
        complain("an empty list", node)


def _texts(node: Node, complain: Complaints, *, scalars: bool = False) -> tuple[tuple[Element, ...], bool]:
    found: list[Element] = []
    members = node.elements()
    complete = not (node.open or node.unknown or len(members) > _MOST_MEMBERS)
    for member in members[:_MOST_MEMBERS]:
        text = member.scalar if scalars else member.text
        if isinstance(text, str) and (len(text) > _MOST_CHARACTERS or _is_unset(member)):
            complete = False
        elif text is not None:
            found.append(Element(text, member.origin))
        elif member.unknown:
            complete = False
        else:
            complain("a text is expected here", member)
    return tuple(found), complete


def _is_unset(node: Node) -> bool:
    """Whether the text is the empty default of a variable or parameter: what will stand there is not known."""
    return node.value == "" and node.used is not None


def _principals(node: Node | None, statement: Node, complain: Complaints) -> tuple[tuple[PrincipalElement, ...], bool]:
    if node is None:
        return (), not statement.open
    if node.literal == "*":
        return (PrincipalElement("*", "*", node.origin),), True
    if node.mapping is None:
        if not _hidden(node):
            complain(
                'a principal must be `*` or an object such as {"AWS": …}', node, says="Invalid principal in policy"
            )
        return (), not _hidden(node)
    found: list[PrincipalElement] = []
    complete = not node.open
    for type_, member in node.items():
        if type_ not in _PRINCIPAL_TYPES and _UNSETTLED in type_:
            complete = False
            continue
        if type_ not in _PRINCIPAL_TYPES:
            fix = "use AWS, Service, Federated or CanonicalUser"
            complain(f"there is no principal type `{type_}`", _named(member), fix)
        _check_empty(member, complain)
        elements, all_known = _texts(member, complain)
        complete = complete and all_known
        for element in elements:
            found.append(PrincipalElement(type_, element.text, element.origin))
            check_principal(type_, element, complain)
    return tuple(found), complete


def _conditions(statement: Node, complain: Complaints) -> tuple[tuple[Condition, ...], bool]:
    node = statement.get("Condition")
    if node is None:
        return (), not statement.open
    if node.mapping is None:
        if not _hidden(node):
            complain("`Condition` must be a JSON object", node)
        return (), not _hidden(node)
    found: list[Condition] = []
    complete = not node.open
    for operator, keys in node.items():
        if _UNSETTLED in operator:
            complete = False
            continue
        if operators.read(operator) is None:
            says = f"Invalid Condition type : {operator}"
            complain(f"there is no condition operator `{operator}`", _named(keys), says=says)
        if keys.mapping is None and not keys.unknown:
            complain(f"`{operator}` needs an object of condition keys", keys)
        complete = complete and not (keys.open or keys.unknown)
        for key, values in keys.items():
            if _UNSETTLED in key:
                complete = False
                continue
            check_condition_key(key, _named(values), complain)
            texts, all_known = _texts(values, complain, scalars=True)
            found.append(Condition(operator, key, texts, values.origin, all_known))
    return tuple(found), complete


def _named(member: Node) -> Node:
    """The member, standing where its name does."""
    return Node(member.value, member.key) if member.key is not None else member


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
    services = {text.partition(":")[0].lower() for text in _beginnings(statements, "Action", "NotAction")}
    if services == {"sts"}:
        return Kind.RESOURCE if all(map(_is_about_resources, statements)) else Kind.TRUST
    if services == {"kms"}:
        return Kind.KEY
    resources = _beginnings(statements, "Resource", "NotResource")
    if "s3" in services or any(resource.split(":")[2:3] == ["s3"] for resource in resources):
        return Kind.BUCKET
    return Kind.RESOURCE


def _is_about_resources(statement: Node) -> bool:
    """Whether a statement on STS is a guardrail's or an endpoint's: for everybody, on what it names."""
    who = statement.get("Principal", "AWS") or statement.get("Principal")
    has_resource = statement.get("Resource") is not None or statement.get("NotResource") is not None
    return has_resource and who is not None and [one.literal for one in who.elements()] == ["*"]


def _beginnings(statements: list[Node], *names: str) -> list[str]:
    """The texts of an element in all statements."""
    members = (one.get(name) for one in statements for name in names)
    elements = (element for member in members if member is not None for element in member.elements())
    return [str(element.value) for element in elements if element.text is not None]
