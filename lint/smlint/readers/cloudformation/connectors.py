"""SAM's connectors: the policies that they attach to the role of their source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from smlint.readers.cloudformation.evaluate import call_of
from smlint.readers.cloudformation.made import as_node, document
from smlint.values import Node

_ROLES = {"AWS::Lambda::Function": "Role", "AWS::StepFunctions::StateMachine": "RoleArn"}


def policies(resources: Mapping[str, Node]) -> dict[str, Node]:
    """A managed policy for every connector between resources of the template, attached as SAM attaches it."""
    made = {}
    for logical, source, connector in _connectors(resources):
        properties = connector.get("Properties")
        role = _role(resources.get(source))
        if properties is None or role is None:
            continue
        statements = [
            statement
            for destination in _ids(properties.get("Destination"))
            for statement in _statements(resources, source, destination, properties.get("Permissions"))
        ]
        if statements:
            made[f"{logical}Policy"] = _policy(connector, role, statements)
    return made


def _connectors(resources: Mapping[str, Node]) -> Iterator[tuple[str, str, Node]]:
    """Name, source and node of every connector: resources of their own, or members of their source."""
    for logical, node in resources.items():
        embedded = node.get("Connectors")
        for name, connector in embedded.items() if embedded is not None else ():
            yield f"{logical}{name}", logical, connector
        if _type(node) == "AWS::Serverless::Connector":
            for source in _ids(node.get("Properties", "Source")):
                yield logical, source, node


def _type(node: Node | None) -> str:
    kind = node.get("Type") if node is not None else None
    return (kind.literal or "") if kind is not None else ""


def _ids(place: Node | None) -> list[str]:
    """The resources that a source or a destination names."""
    found = [element.get("Id") for element in place.elements()] if place is not None else []
    return [named.literal for named in found if named is not None and named.literal is not None]


def _role(source: Node | None) -> str | None:
    """The logical id of the source's role, where the template has it."""
    given = source.get("Properties", _ROLES.get(_type(source), "")) if source is not None else None
    called = call_of(given) if given is not None else None
    if called is None or called[0] != "GetAtt":
        return None
    named = called[1].elements()[0].literal if called[1].elements() else None
    return (named or "").partition(".")[0] or None


def _statements(
    resources: Mapping[str, Node], source: str, destination: str, permissions: Node | None
) -> list[dict[str, Any]]:
    profile = profiles().get(_type(resources.get(source)), {}).get(_type(resources.get(destination)), {})
    wanted = [str(permission.value) for permission in permissions.elements()] if permissions is not None else []
    return [
        {**statement, "Effect": "Allow", "Resource": [_named(text, destination) for text in statement["Resource"]]}
        for permission in wanted
        for statement in profile.get(permission, [])
    ]


def _named(text: str, destination: str) -> str:
    return text.replace("${Arn}", f"${{{destination}.Arn}}").replace("${Name}", f"${{{destination}.Name}}")


def _policy(connector: Node, role: str, statements: list[dict[str, Any]]) -> Node:
    properties = {"PolicyDocument": document(statements, connector.origin), "Roles": [f"${{{role}}}"]}
    return as_node({"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}, connector.origin)


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Mapping[str, Mapping[str, list[dict[str, Any]]]]]:
    """What SAM grants for Read and Write, by the types of source and destination."""
    text = files("smlint.readers.cloudformation").joinpath("sam_connectors.json").read_text("utf-8")
    loaded: Mapping[str, Mapping[str, Mapping[str, list[dict[str, Any]]]]] = json.loads(text)
    return loaded
