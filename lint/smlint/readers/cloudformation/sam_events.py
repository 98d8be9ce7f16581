"""SAM: what a function's role is granted for its event sources, its dead-letter queue and its destinations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from smlint.readers.cloudformation.evaluate import call_of
from smlint.readers.cloudformation.made import allow, as_node, call, document, is_no_value
from smlint.values import Node

# The managed policy that an event source attaches.
_MANAGED = {
    "DynamoDB": "service-role/AWSLambdaDynamoDBExecutionRole",
    "Kinesis": "service-role/AWSLambdaKinesisExecutionRole",
    "MSK": "service-role/AWSLambdaMSKExecutionRole",
    "SQS": "service-role/AWSLambdaSQSQueueExecutionRole",
}

# What is granted: where the event has a member or an access configuration of this name, actions on a resource; "{}"
# stands for the member's value.
_Grant = tuple[str, list[str], str]
_HERE = "${AWS::Region}:${AWS::AccountId}"
_READ_SECRET = ["secretsmanager:GetSecretValue"]
_KAFKA_SECRETS = (
    "SASL_SCRAM_256_AUTH",
    "SASL_SCRAM_512_AUTH",
    "BASIC_AUTH",
    "CLIENT_CERTIFICATE_TLS_AUTH",
    "SERVER_ROOT_CA_CERTIFICATE",
)
_NETWORK = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
]
_DECRYPT: _Grant = ("SecretsManagerKmsKeyId", ["kms:Decrypt"], f"arn:${{AWS::Partition}}:kms:{_HERE}:key/{{}}")
_REGISTRY: list[_Grant] = [
    ("AccessConfigs", _READ_SECRET, "{}"),
    ("SchemaRegistryURI", ["glue:GetRegistry"], "{}"),
    ("registry", ["glue:GetSchemaVersion"], f"arn:${{AWS::Partition}}:glue:{_HERE}:schema/{{}}/*"),
]
_INLINE: dict[str, list[_Grant]] = {
    "DocumentDB": [
        ("BASIC_AUTH", _READ_SECRET, "{}"),
        ("Cluster", ["rds:DescribeDBClusterParameters"], f"arn:${{AWS::Partition}}:rds:{_HERE}:cluster-pg:*"),
        ("Cluster", ["rds:DescribeDBSubnetGroups"], f"arn:${{AWS::Partition}}:rds:{_HERE}:subgrp:*"),
        ("Cluster", ["rds:DescribeDBClusters"], "{}"),
        ("Cluster", _NETWORK, "*"),
        _DECRYPT,
    ],
    "MQ": [("BASIC_AUTH", _READ_SECRET, "{}"), ("Broker", ["mq:DescribeBroker"], "{}"), _DECRYPT],
    "MSK": [*_REGISTRY, ("CLIENT_CERTIFICATE_TLS_AUTH", _READ_SECRET, "{}")],
    "SelfManagedKafka": [
        *((secret, _READ_SECRET, "{}") for secret in _KAFKA_SECRETS),
        ("VPC_SUBNET", _NETWORK, "*"),
        _DECRYPT,
        *_REGISTRY,
    ],
}

# What sending to a destination of a type takes.
_S3 = [("s3:PutObject", "{}/*"), ("s3:ListBucket", "{}")]
_SENDING = {
    "EventBridge": [("events:PutEvents", "{}")],
    "Lambda": [("lambda:InvokeFunction", "{}")],
    "S3": _S3,
    "S3Bucket": _S3,
    "SNS": [("sns:Publish", "{}")],
    "SQS": [("sqs:SendMessage", "{}")],
}
_MADE = {"SNS": ("Topic", "AWS::SNS::Topic", "TopicArn"), "SQS": ("Queue", "AWS::SQS::Queue", "Arn")}


def managed(properties: Mapping[str, Node]) -> list[str]:
    """The AWS managed policies that the function's event sources attach."""
    found = [_MANAGED.get(kind) for kind, _ in _events(properties)]
    return list(dict.fromkeys(name for name in found if name is not None))


def inline(logical: str, properties: Mapping[str, Node]) -> Iterator[Node]:
    """The policy documents that the function's queues, destinations and event sources put into its role."""
    queue = properties.get("DeadLetterQueue")
    target = queue.get("TargetArn") if queue is not None else None
    if queue is not None and target is not None:
        yield from _sending(queue, target)
    for name, destination in _invoked(properties):
        yield from _sending(destination, _target(logical, name, destination))
    for kind, event in _events(properties):
        yield from _document(_granted(kind, event), event)
        failed = event.get("DestinationConfig", "OnFailure")
        target = failed.get("Destination") if failed is not None else None
        if failed is not None and target is not None:
            yield from _sending(failed, target)


def destinations(logical: str, properties: Mapping[str, Node]) -> dict[str, Node]:
    """The queues and topics that SAM makes for destinations that name none."""
    made = {}
    for name, destination in _invoked(properties):
        kind = _kind(destination)
        if kind in _MADE and _lacking(destination.get("Destination")):
            suffix, type_name, _ = _MADE[kind]
            made[_made_id(logical, name, suffix)] = as_node({"Type": type_name}, destination.origin)
    return made


def _events(properties: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    """Type and properties of each event source; a topic that goes through a queue is read from the queue."""
    events = properties.get("Events")
    for _, event in events.items() if events is not None else ():
        kind, given = _kind(event), event.get("Properties")
        if given is not None:
            through = kind == "SNS" and given.get("SqsSubscription")
            yield ("SQS" if through and through.value is not False else kind), given


def _granted(kind: str, event: Node) -> list[dict[str, Any]]:
    values = list(_named(event))
    return [
        allow(actions, _filled(resource, value))
        for wanted, actions, resource in _INLINE.get(kind, ())
        for name, value in values
        if name == wanted
    ]


def _named(event: Node) -> Iterator[tuple[str, Node]]:
    """The event's members, its access configurations by their types, and its schema registry."""
    yield from event.items()
    yield from _configurations(event.get("SourceAccessConfigurations"))
    registry = event.get("SchemaRegistryConfig")
    if registry is not None:
        for _, uri in _configurations(registry.get("AccessConfigs")):
            yield "AccessConfigs", uri
        yield from _registry(registry.get("SchemaRegistryURI"))


def _configurations(listed: Node | None) -> Iterator[tuple[str, Node]]:
    for configuration in listed.elements() if listed is not None else ():
        uri = configuration.get("URI")
        if uri is not None:
            yield _kind(configuration), uri


def _registry(uri: Node | None) -> Iterator[tuple[str, Node]]:
    """A registry of Glue, and its name; others take no permission."""
    called = call_of(uri) if uri is not None else None
    written = called[1] if called is not None and called[0] == "Sub" else uri
    _, found, name = ((written.literal if written is not None else None) or "").partition(":registry/")
    if uri is not None and found:
        yield "SchemaRegistryURI", uri
        yield "registry", as_node(name, uri.origin)


def _invoked(properties: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    """The destinations of asynchronous invocations."""
    invoked = properties.get("EventInvokeConfig")
    for name in ("OnSuccess", "OnFailure") if invoked is not None else ():
        destination = invoked.get("DestinationConfig", name) if invoked is not None else None
        if destination is not None:
            yield name, destination


def _target(logical: str, name: str, destination: Node) -> Node:
    """Where a destination sends to: as given, and what SAM makes where nothing is given, also in a branch."""
    given, kind = destination.get("Destination"), _kind(destination)
    if kind not in _MADE or not _lacking(given):
        return given or as_node(None, destination.origin)
    suffix, _, attribute = _MADE[kind]
    made = call("GetAtt", f"{_made_id(logical, name, suffix)}.{attribute}", destination.origin)
    branches = _branches(given)
    if given is None or not branches:
        return made
    chosen = [branches[0], *(made if is_no_value(branch) else branch for branch in branches[1:])]
    return Node(chosen, given.origin, tag="!If")


def _lacking(given: Node | None) -> bool:
    """Whether nothing is given, at least in one branch of a choice."""
    return given is None or any(is_no_value(branch) for branch in _branches(given)[1:])


def _branches(given: Node | None) -> list[Node]:
    called = call_of(given) if given is not None else None
    return called[1].sequence or [] if called is not None and called[0] == "If" else []


def _made_id(logical: str, name: str, suffix: str) -> str:
    return f"{logical}EventInvokeConfig{name}{suffix}"


def _sending(destination: Node, target: Node) -> Iterator[Node]:
    allowed = [allow(action, _filled(resource, target)) for action, resource in _SENDING.get(_kind(destination), ())]
    return _document(allowed, destination)


def _document(statements: Sequence[Any], place: Node) -> Iterator[Node]:
    if statements:
        yield document(statements, place.origin)


def _filled(resource: str, value: Node) -> Node:
    """The resource with a value at its "{}"."""
    if resource == "{}":
        return value
    before, place, after = (as_node(part, value.origin) for part in resource.partition("{}"))
    parts = Node([before, value, after] if place.value else [before], value.origin)
    return Node([as_node("", value.origin), parts], value.origin, tag="!Join")


def _kind(described: Node) -> str:
    named = described.get("Type")
    return (named.literal or "") if named is not None else ""
