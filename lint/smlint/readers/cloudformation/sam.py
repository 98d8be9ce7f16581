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
from smlint.readers.cloudformation import connectors, parameters, sam_events
from smlint.readers.cloudformation.evaluate import call_of
from smlint.readers.cloudformation.made import as_node, call, document, is_no_value
from smlint.readers.cloudformation.stack import Stack
from smlint.values import Node

PREFIX = "AWS::Serverless::"
_KEPT = ("Environment", "FunctionName", "Handler", "Runtime")
_LAMBDA = "service-role/AWSLambdaBasicExecutionRole"
_LAMBDA_DURABLE = "service-role/AWSLambdaBasicDurableExecutionRolePolicy"
_TRACING = "AWSXrayWriteOnlyAccess"
_LAMBDA_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"


def expanded(stack: Stack) -> dict[str, Node]:
    """The stack's resources with SAM's own replaced by what they become."""
    made: dict[str, Node] = {}
    common = stack.section("Globals")
    for logical, node in stack.resources.items():
        kind = node.get("Type")
        maker = _MAKERS.get(kind.literal or "") if kind is not None else None
        if maker is None or kind is None:
            made[logical] = node
        else:
            noun = (kind.literal or "").removeprefix(PREFIX)
            made.update(maker(logical, node, _properties(stack, node, common.get(noun))))
    made.update(connectors.policies(made))
    return made


def _properties(stack: Stack, node: Node, common: Node | None) -> dict[str, Node]:
    """The resource's properties, with the template's Globals behind them and the parameters that they are put in."""
    own = node.get("Properties") or Node({}, node.origin)
    whole = _merged(common, own) if common is not None else own
    return {name: _given(stack, value) for name, value in whole.items()}


def _given(stack: Stack, node: Node) -> Node:
    called = call_of(node)
    name = called[1].literal if called is not None and called[0] == "Ref" else None
    return parameters.value(stack, name, node) if name in stack.parameters else node


def _merged(common: Node, own: Node) -> Node:
    """Globals and a resource's own value: mappings are united, lists joined, else the own value holds."""
    if call_of(common) is not None or call_of(own) is not None:
        return own
    if common.sequence is not None and own.sequence is not None:
        return own.with_value([*common.sequence, *own.sequence])
    if common.mapping is None or own.mapping is None:
        return own
    both = {name: _merged(member, own.mapping.get(name, member)) for name, member in common.mapping.items()}
    return own.with_value(both | {name: member for name, member in own.mapping.items() if name not in both})


def _function(logical: str, node: Node, properties: dict[str, Node]) -> dict[str, Node]:
    own = [_LAMBDA_DURABLE if "DurableConfig" in properties else _LAMBDA, *_tracing(properties)]
    own += [_LAMBDA_VPC] if "VpcConfig" in properties else []
    own += sam_events.managed(properties)
    granted = list(sam_events.inline(logical, properties))
    made = _with_role(logical, node, properties, "lambda.amazonaws.com", own, granted)
    kept = {name: value for name, value in properties.items() if name in _KEPT}
    if "CodeUri" in properties:
        kept["Code"] = properties["CodeUri"]
    if "InlineCode" in properties:
        kept["Code"] = as_node({"ZipFile": properties["InlineCode"]}, properties["InlineCode"].origin)
    kept["Role"] = properties.get("Role") or call("GetAtt", f"{logical}Role.Arn", node.origin)
    return {
        logical: _resource(node, "AWS::Lambda::Function", kept),
        **made,
        **sam_events.destinations(logical, properties),
    }


def _state_machine(logical: str, node: Node, properties: dict[str, Node]) -> dict[str, Node]:
    made = _with_role(logical, node, properties, "states.amazonaws.com", _tracing(properties), [])
    names = {
        "Name": "StateMachineName",
        "Definition": "Definition",
        "DefinitionUri": "DefinitionS3Location",
        "DefinitionSubstitutions": "DefinitionSubstitutions",
    }
    kept = {names[name]: value for name, value in properties.items() if name in names}
    kept["RoleArn"] = properties.get("Role") or call("GetAtt", f"{logical}Role.Arn", node.origin)
    return {logical: _resource(node, "AWS::StepFunctions::StateMachine", kept), **made}


def _tracing(properties: dict[str, Node]) -> list[str]:
    tracing = properties.get("Tracing")
    on = tracing.get("Enabled") if tracing is not None and tracing.mapping is not None else tracing
    return [_TRACING] if on is not None and on.value not in ("Disabled", "", None, False) else []


def _table(logical: str, node: Node, properties: dict[str, Node]) -> dict[str, Node]:
    kept = {name: value for name, value in properties.items() if name == "TableName"}
    return {logical: _resource(node, "AWS::DynamoDB::Table", kept)}


def _with_role(
    logical: str, node: Node, properties: dict[str, Node], service: str, own: list[str], granted: list[Node]
) -> dict[str, Node]:
    """The role that SAM makes where the resource names none.

    own, granted: the managed policies and the documents that SAM adds to what the user's Policies say.
    """
    if "Role" in properties:
        return {}
    given = properties.get("Policies")
    place = given.origin if given is not None else node.origin
    entries = given.elements() if given is not None else []
    arns = [_managed_arn(as_node(name, node.origin)) for name in own]
    arns += [_each_branch(entry, _managed_arn) for entry in entries if _has_managed(entry)]
    named = f"{logical}RolePolicy"
    inline = [as_node({"PolicyDocument": document, FROM_TEMPLATE: service}, document.origin) for document in granted]
    inline += [
        _each_branch(entry, partial(_inline, name=f"{named}{position}"))
        for position, entry in enumerate(entries)
        if not _has_managed(entry)
    ]
    role = {
        "AssumeRolePolicyDocument": properties.get("AssumeRolePolicyDocument") or _trust(service, node.origin),
        "ManagedPolicyArns": as_node(arns, place),
        "Policies": as_node(inline, place),
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
        return entry if is_no_value(entry) else convert(entry)
    condition, *branches = called[1].sequence or []
    converted = [condition, *(_each_branch(branch, convert) for branch in branches)]
    return Node(converted, entry.origin, tag="!If")


def _managed_arn(entry: Node) -> Node:
    """The ARN of a managed policy of AWS that is given by its name."""
    name = entry.literal
    if name is None or entry.tag or name.startswith(("arn:", "{{")):
        return entry
    return call("Sub", f"arn:${{AWS::Partition}}:iam::aws:policy{managed.path(name)}{name}", entry.origin)


def _inline(entry: Node, name: str) -> Node:
    """An inline policy of a role: the statements as given, or those of a policy template."""
    members = entry.mapping
    if members is None:
        return entry
    inline = {"PolicyName": as_node(name, entry.origin), "PolicyDocument": entry}
    if "Statement" not in members and len(members) == 1:
        ((template, values),) = members.items()
        if template in templates():
            inline["PolicyDocument"] = _from_template(template, values, entry.origin)
            inline[FROM_TEMPLATE] = as_node(template, entry.origin)
    return as_node(inline, entry.origin)


def _from_template(name: str, values: Node, origin: Origin) -> Node:
    statements = [{"Effect": "Allow", **statement} for statement in templates()[name]]
    return document([_data(statement, values, origin) for statement in statements], origin)


def _data(value: Any, values: Node, origin: Origin) -> Node:
    """A part of a policy template, every text a `!Sub` with the values that the user gives."""
    if isinstance(value, dict):
        return as_node({name: _data(member, values, origin) for name, member in value.items()}, origin)
    if isinstance(value, list):
        return as_node([_data(element, values, origin) for element in value], origin)
    return Node([Node(value, origin), values], origin, tag="!Sub") if "${" in value else Node(value, origin)


@lru_cache(maxsize=1)
def templates() -> Mapping[str, list[dict[str, Any]]]:
    """SAM's policy templates: their statements, with `${Parameter}` where a value goes."""
    text = files("smlint.readers.cloudformation").joinpath("sam_policies.json").read_text("utf-8")
    loaded: Mapping[str, list[dict[str, Any]]] = json.loads(text)
    return loaded


def _trust(service: str, origin: Origin) -> Node:
    return document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}], origin)


def _resource(node: Node, type_name: str, properties: dict[str, Node]) -> Node:
    """A resource that stands where SAM's stands, under the same condition."""
    members = {name: member for name, member in node.items() if name in ("Condition", "Metadata", "Connectors")}
    members |= {"Type": as_node(type_name, node.origin), "Properties": as_node(properties, node.origin)}
    return Node(members, node.origin, node.key)


Maker = Callable[[str, Node, dict[str, Node]], dict[str, Node]]
_MAKERS: dict[str, Maker] = {
    "AWS::Serverless::Function": _function,
    "AWS::Serverless::StateMachine": _state_machine,
    "AWS::Serverless::SimpleTable": _table,
}
