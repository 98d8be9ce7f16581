"""SAM: functions and state machines as the CloudFormation resources that the transform makes of them.

Only what bears on permissions is made: the function or state machine itself and its generated role.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any

from smlint.document import Origin
from smlint.iam import managed
from smlint.readers.cloudformation import connectors
from smlint.readers.cloudformation.evaluate import call_of
from smlint.values import Node, Value

PREFIX = "AWS::Serverless::"
_VERSION = "2012-10-17"
_KEPT = ("FunctionName", "Handler", "Runtime")
_LAMBDA = "service-role/AWSLambdaBasicExecutionRole"
_LAMBDA_DURABLE = "service-role/AWSLambdaBasicDurableExecutionRolePolicy"
_TRACING = "AWSXrayWriteOnlyAccess"
_LAMBDA_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"


def expanded(resources: Mapping[str, Node], globals_: Mapping[str, Node]) -> dict[str, Node]:
    """The resources with SAM's own replaced by what they become."""
    made: dict[str, Node] = {}
    for logical, node in resources.items():
        kind = node.get("Type")
        maker = _MAKERS.get(kind.literal or "") if kind is not None else None
        if maker is None or kind is None:
            made[logical] = node
        else:
            noun = (kind.literal or "").removeprefix(PREFIX)
            made.update(maker(logical, node, _properties(node, globals_.get(noun))))
    made.update(connectors.policies(made))
    return made


def _properties(node: Node, common: Node | None) -> dict[str, Node]:
    """The resource's properties, with the template's Globals behind them."""
    own = node.get("Properties")
    return {**dict(common.items() if common is not None else ()), **dict(own.items() if own is not None else ())}


def _function(logical: str, node: Node, properties: dict[str, Node]) -> dict[str, Node]:
    own = [_LAMBDA_DURABLE if "DurableConfig" in properties else _LAMBDA, *_tracing(properties)]
    own += [_LAMBDA_VPC] if "VpcConfig" in properties else []
    made = _with_role(logical, node, properties, "lambda.amazonaws.com", own)
    kept = {name: value for name, value in properties.items() if name in _KEPT}
    if "CodeUri" in properties:
        kept["Code"] = properties["CodeUri"]
    if "InlineCode" in properties:
        kept["Code"] = _node({"ZipFile": properties["InlineCode"]}, properties["InlineCode"].origin)
    kept["Role"] = properties.get("Role") or _call("GetAtt", f"{logical}Role.Arn", node.origin)
    return {logical: _resource(node, "AWS::Lambda::Function", kept), **made}


def _state_machine(logical: str, node: Node, properties: dict[str, Node]) -> dict[str, Node]:
    made = _with_role(logical, node, properties, "states.amazonaws.com", _tracing(properties))
    names = {
        "Name": "StateMachineName",
        "Definition": "Definition",
        "DefinitionUri": "DefinitionS3Location",
        "DefinitionSubstitutions": "DefinitionSubstitutions",
    }
    kept = {names[name]: value for name, value in properties.items() if name in names}
    kept["RoleArn"] = properties.get("Role") or _call("GetAtt", f"{logical}Role.Arn", node.origin)
    return {logical: _resource(node, "AWS::StepFunctions::StateMachine", kept), **made}


def _tracing(properties: dict[str, Node]) -> list[str]:
    tracing = properties.get("Tracing")
    on = tracing.get("Enabled") if tracing is not None and tracing.mapping is not None else tracing
    return [_TRACING] if on is not None and on.value not in ("Disabled", False) else []


def _table(logical: str, node: Node, properties: dict[str, Node]) -> dict[str, Node]:
    kept = {name: value for name, value in properties.items() if name == "TableName"}
    return {logical: _resource(node, "AWS::DynamoDB::Table", kept)}


def _with_role(logical: str, node: Node, properties: dict[str, Node], service: str, own: list[str]) -> dict[str, Node]:
    """The role that SAM makes where the resource names none."""
    if "Role" in properties:
        return {}
    given = properties.get("Policies")
    place = given.origin if given is not None else node.origin
    entries = given.elements() if given is not None else []
    arns = [_managed_arn(_node(name, node.origin)) for name in own]
    arns += [_each_branch(entry, _managed_arn) for entry in entries if _has_managed(entry)]
    named = f"{logical}RolePolicy"
    inline = [
        _each_branch(entry, partial(_inline, name=f"{named}{position}"))
        for position, entry in enumerate(entries)
        if not _has_managed(entry)
    ]
    role = {
        "AssumeRolePolicyDocument": properties.get("AssumeRolePolicyDocument") or _trust(service, node.origin),
        "ManagedPolicyArns": _node(arns, place),
        "Policies": _node(inline, place),
    }
    for name, target in (("RolePath", "Path"), ("PermissionsBoundary", "PermissionsBoundary")):
        if name in properties:
            role[target] = properties[name]
    return {f"{logical}Role": _resource(node, "AWS::IAM::Role", role)}


# Marks an inline policy whose statements SAM writes.
FROM_TEMPLATE = "SamPolicyTemplate"


def _has_managed(entry: Node) -> bool:
    """Whether an entry names a managed policy rather than holding statements or a policy template."""
    called = call_of(entry)
    if called is None:
        return entry.mapping is None
    if called[0] != "If":
        return True
    branches = (called[1].sequence or [])[1:]
    return all(_has_managed(branch) for branch in branches)


def _each_branch(entry: Node, convert: Callable[[Node], Node]) -> Node:
    """The entry converted; where it is a choice, each branch of it."""
    called = call_of(entry)
    if called is None or called[0] != "If" or len(called[1].sequence or []) != 3:
        return entry if _is_no_value(entry) else convert(entry)
    condition, *branches = called[1].sequence or []
    converted = [condition, *(_each_branch(branch, convert) for branch in branches)]
    return Node(converted, entry.origin, tag="!If")


def _is_no_value(entry: Node) -> bool:
    called = call_of(entry)
    return called is not None and called[0] == "Ref" and called[1].literal == "AWS::NoValue"


def _managed_arn(entry: Node) -> Node:
    """The ARN of a managed policy of AWS that is given by its name."""
    name = entry.literal
    if name is None or entry.tag or name.startswith("arn:"):
        return entry
    return _call("Sub", f"arn:${{AWS::Partition}}:iam::aws:policy{managed.path(name)}{name}", entry.origin)


def _inline(entry: Node, name: str) -> Node:
    """An inline policy of a role: the statements as given, or those of a policy template."""
    members = entry.mapping
    if members is None:
        return entry
    inline = {"PolicyName": _node(name, entry.origin), "PolicyDocument": entry}
    if "Statement" not in members and len(members) == 1:
        ((template, values),) = members.items()
        if template in templates():
            inline["PolicyDocument"] = _from_template(template, values, entry.origin)
            inline[FROM_TEMPLATE] = _node(template, entry.origin)
    return _node(inline, entry.origin)


def _from_template(name: str, values: Node, origin: Origin) -> Node:
    statements = []
    for statement in templates()[name]:
        members = {"Effect": _node("Allow", origin)}
        members |= {part: _data(value, values, origin) for part, value in statement.items()}
        statements.append(_node(members, origin))
    return _node({"Version": _node(_VERSION, origin), "Statement": _node(statements, origin)}, origin)


def _data(value: Any, values: Node, origin: Origin) -> Node:
    """A part of a policy template, every text a `!Sub` with the values that the user gives."""
    if isinstance(value, dict):
        return _node({name: _data(member, values, origin) for name, member in value.items()}, origin)
    if isinstance(value, list):
        return _node([_data(element, values, origin) for element in value], origin)
    if "${" not in value:
        return _node(value, origin)
    return Node([_node(value, origin), values], origin, tag="!Sub")


@lru_cache(maxsize=1)
def templates() -> Mapping[str, list[dict[str, Any]]]:
    """SAM's policy templates: their statements, with `${Parameter}` where a value goes."""
    text = files("smlint.readers.cloudformation").joinpath("sam_policies.json").read_text("utf-8")
    loaded: Mapping[str, list[dict[str, Any]]] = json.loads(text)
    return loaded


def _trust(service: str, origin: Origin) -> Node:
    statement = {
        "Effect": _node("Allow", origin),
        "Principal": _node({"Service": _node(service, origin)}, origin),
        "Action": _node("sts:AssumeRole", origin),
    }
    document = {"Version": _node(_VERSION, origin), "Statement": _node([_node(statement, origin)], origin)}
    return _node(document, origin)


def _resource(node: Node, type_name: str, properties: dict[str, Node]) -> Node:
    """A resource that stands where SAM's stands, under the same condition."""
    members = {name: member for name, member in node.items() if name in ("Condition", "Metadata", "Connectors")}
    members |= {"Type": _node(type_name, node.origin), "Properties": _node(properties, node.origin)}
    return Node(members, node.origin, node.key)


def _call(function: str, argument: str, origin: Origin) -> Node:
    return Node(argument, origin, tag=f"!{function}")


def _node(value: Value, origin: Origin) -> Node:
    return Node(value, origin)


Maker = Callable[[str, Node, dict[str, Node]], dict[str, Node]]
_MAKERS: dict[str, Maker] = {
    "AWS::Serverless::Function": _function,
    "AWS::Serverless::StateMachine": _state_machine,
    "AWS::Serverless::SimpleTable": _table,
}
