"""The data source aws_iam_policy_document: the JSON that the provider makes of its blocks, with the blocks' origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smlint.document import Origin
from smlint.readers.terraform.documents import document_of
from smlint.readers.terraform.known import Invalid, text_of
from smlint.values import Node, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.terraform.arguments import Arguments
    from smlint.readers.terraform.resources import Instance

_ELEMENTS = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
VERSION = "2012-10-17"


def policy_document(resource: Instance) -> Node:
    """The document: source documents, then its own statements, then the overriding documents; a Sid replaces a Sid."""
    merged = _Merged()
    for source in _documents(resource, "source_policy_documents", "source_json"):
        merged.add(source)
    own = _statements(resource)
    version = resource.get("version") or Node(VERSION, resource.origin)
    members = {"Version": version, "Statement": own}
    identity = resource.get("policy_id")
    if identity is not None:
        members["Id"] = identity
    merged.add(Node(members, resource.origin))
    for override in _documents(resource, "override_policy_documents", "override_json"):
        merged.add(override)
    return Node(merged.members(version, resource.origin), resource.origin)


class _Merged:
    def __init__(self) -> None:
        self.statements: list[Node] = []
        self.version: Node | None = None
        self.identity: Node | None = None
        self.open = False

    def members(self, version: Node, origin: Origin) -> dict[str, Node]:
        """The merged document."""
        made = {"Version": self.version or version}
        if self.identity is not None:
            made["Id"] = self.identity
        if self.statements or self.open:
            made["Statement"] = Node(list(self.statements), origin, open=self.open)
        return made

    def add(self, document: Node) -> None:
        """Merge a document's statements, and its version where it is the newer one."""
        statements = document.get("Statement")
        if document.mapping is None or (statements is not None and statements.unknown):
            self._anything()
            return
        version = document.get("Version")
        if version is not None and (self.version is None or str(version.value) > str(self.version.value)):
            self.version = version
        self.identity = document.get("Id") or self.identity
        if statements is None:
            return
        self.open = self.open or statements.open
        for statement in statements.elements():
            self._put(statement)

    def _put(self, statement: Node) -> None:
        sid = statement.get("Sid")
        text = sid.literal if sid is not None else None
        if text:
            for at, existing in enumerate(self.statements):
                other = existing.get("Sid")
                if other is not None and other.value == text:
                    self.statements[at] = statement
                    return
        self.statements.append(statement)

    def _anything(self) -> None:
        """An unknown document: it may add statements and replace those that have a Sid."""
        self.open = True
        named = [statement for statement in self.statements if statement.get("Sid") is not None]
        self.statements = [statement for statement in self.statements if statement not in named]


def _documents(resource: Instance, name: str, old: str) -> list[Node]:
    made: list[Node] = []
    single = resource.get(old)
    if single is not None:
        made.append(document_of(single))
    listed = resource.get(name)
    if listed is None:
        return made
    if listed.sequence is None:
        return [*made, Node(Unknown(name), listed.origin)]
    made += [document_of(item) for item in listed.sequence if item.value not in (None, "")]
    if listed.open:
        made.append(Node(Unknown(name), listed.origin))
    return made


def _statements(resource: Instance) -> Node:
    made: list[Node] = []
    complete = True
    for type, block, doubt in resource.arguments.all_blocks():
        if type != "statement":
            continue
        if doubt:
            complete = False
        else:
            made.append(_statement(block))
    return Node(made, resource.origin, open=not complete)


def _statement(block: Arguments) -> Node:
    members: dict[str, Node] = {"Effect": Node("Allow", block.origin)}
    for name, key, node in block.given():
        element = _ELEMENTS.get(name)
        if element is not None and (node.value not in ("", []) or node.open):
            node = _variables(node) if "resources" in name else node
            members[element] = Node(node.value, node.origin, key, node.used, "", node.open)
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principal = _principals(block, name)
        if principal is not None:
            members[element] = principal
    condition = _conditions(block)
    if condition is not None:
        members["Condition"] = condition
    return Node(members, block.origin)


def _variables(node: Node) -> Node:
    """`&{…}` stands for IAM's `${…}`."""
    value = node.value
    if isinstance(value, list):
        return Node([_variables(item) for item in value], node.origin, node.key, node.used, node.tag, node.open)
    text = node.text
    return node if text is None or "&{" not in str(text) else node.with_value(_unescaped(text))


def _unescaped(text: Text) -> Text:
    if isinstance(text, str):
        return text.replace("&{", "${")
    return join(part.replace("&{", "${") if isinstance(part, str) else part for part in text.parts)


def _principals(block: Arguments, name: str) -> Node | None:
    found = block.blocks(name)
    doubtful = any(doubt for type, _, doubt in block.all_blocks() if type == name)
    if not found:
        return None
    if doubtful:
        return Node(Unknown(name), found[0].origin)
    members: dict[str, Node] = {}
    for inner in found:
        type = inner.text("type")
        listed = inner.get("identifiers")
        if not isinstance(type, str) or listed is None:
            return Node(Unknown(name), inner.origin)
        identifiers = _variables(listed)
        if type == "*" and len(found) == 1 and [item.value for item in identifiers.elements()] == ["*"]:
            return Node("*", identifiers.elements()[0].origin, inner.origin)
        _extend(members, type, identifiers, inner.origin)
    return Node(members, found[0].origin)


def _extend(members: dict[str, Node], name: str, values: Node, key: Origin) -> None:
    """Add the values to the member's list."""
    existing = members.get(name)
    if existing is None:
        members[name] = Node(values.value, values.origin, key, values.used, "", values.open)
    elif existing.unknown or values.unknown:
        members[name] = Node(Unknown(name), values.origin, key)
    else:
        joined = [*existing.elements(), *values.elements()]
        members[name] = Node(joined, existing.origin, existing.key, open=existing.open or values.open)


def _conditions(block: Arguments) -> Node | None:
    members: dict[str, Node] = {}
    found = [(inner, doubt) for type, inner, doubt in block.all_blocks() if type == "condition"]
    for inner, doubt in found:
        try:
            operator, key = inner.text("test"), inner.text("variable")
        except Invalid:
            operator = key = None
        test, variable, values = inner.get("test"), inner.get("variable"), inner.get("values")
        if doubt or not isinstance(operator, str) or not (key and test and variable and values):
            return Node(Unknown("condition"), inner.origin)
        keys = members.setdefault(operator, Node({}, inner.origin, test.origin))
        assert keys.mapping is not None
        _extend(keys.mapping, str(text_of(Node(key, inner.origin))), _variables(values), variable.origin)
    return Node(members, found[0][0].origin) if found else None
