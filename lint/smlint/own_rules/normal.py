"""The normal form that own rules ask about: one shape, whichever file and format a thing comes from.

request: the request in the API's own shape and names: {"TrainingJobName", "RoleArn", "InputDataConfig": [...], ...}
role:    {"RoleName", "Arn", "AssumeRolePolicyDocument", "Policies": [{"PolicyName", "PolicyArn", "PolicyDocument"}],
          "PermissionsBoundary": {the same}}; a policy that AWS manages, or that no file shows, has no
          PolicyDocument
bucket:  {"Bucket", "Policy", "Encryption": {"SSEAlgorithm", "KMSMasterKeyID"}}
key:     {"KeyId", "Arn", "Policy", "Grants": [{"GranteePrincipal", "Operations"}]}

Policy documents are {"Version", "Statement": [{"Sid", "Effect", "Action", "Resource", "Principal", "Condition", …}]},
where Statement, Action, Resource, each kind of Principal and the values of a Condition are always lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch

from smlint.document import Document, Origin, Span
from smlint.estate.entities import Bucket, Held, Job, Key, Role
from smlint.facts import Attachment, BucketEncryption, KeyGrant
from smlint.iam.policy import Element, Policy, Statement
from smlint.values import Node, Text

NOWHERE = Span(Document("", ""), 0, 0)


@singledispatch
def form(subject: object) -> Node:
    """The normal form of a job, role, bucket or key."""
    raise TypeError(f"{type(subject).__name__} has no normal form")


@form.register
def _request(job: Job) -> Node:
    return job.workload.request


@form.register
def _role(role: Role) -> Node:
    at = role.origin
    held = [*map(_held, role.identity), *(_unread(one) for one in role.unread if not one.boundary)]
    boundary = next((_unread(one) for one in role.unread if one.boundary), None)
    members = {
        "RoleName": _text(role.name, at),
        "Arn": _text(role.arn, at),
        "AssumeRolePolicyDocument": _policy(role.trust),
        "Policies": _sequence(held, at, role.complete),
        "PermissionsBoundary": _held(role.boundary) if role.boundary else boundary,
    }
    return _mapping(at, members, role.boundary_known or boundary is not None)


@form.register
def _bucket(bucket: Bucket) -> Node:
    at = _place(bucket.origin, bucket.policy, bucket.encryption)
    members = {
        "Bucket": _text(bucket.name, at),
        "Policy": _policy(bucket.policy),
        "Encryption": _encryption(bucket.encryption) if bucket.encryption else None,
    }
    return _mapping(at, members)


def _place(origin: Origin | None, *others: Policy | BucketEncryption | KeyGrant | None) -> Origin:
    """Where the thing stands, else where something of it does."""
    return origin or next((other.origin for other in others if other is not None), NOWHERE)


def _encryption(encryption: BucketEncryption) -> Node:
    at = encryption.origin
    return _mapping(at, {"SSEAlgorithm": _text(encryption.algorithm, at), "KMSMasterKeyID": _text(encryption.key, at)})


@form.register
def _key(key: Key) -> Node:
    at = _place(key.origin, key.policy, *key.grants)
    members = {
        "KeyId": _text(key.key_id, at),
        "Arn": _text(key.arn, at),
        "Policy": _policy(key.policy),
        "Grants": _sequence((_grant(grant) for grant in key.grants), at),
    }
    return _mapping(at, members)


def _grant(grant: KeyGrant) -> Node:
    at = grant.origin
    operations = _sequence((Node(operation, at) for operation in grant.operations), at)
    return _mapping(at, {"GranteePrincipal": _text(grant.grantee, at), "Operations": operations})


def _held(held: Held) -> Node:
    at = held.edit
    members = {
        "PolicyName": _text(held.attachment.name or held.policy.name or None, at),
        "PolicyArn": _text(held.attachment.arn, at),
        "PolicyDocument": None if held.aws else _policy(held.policy),
    }
    return _mapping(at, members)


def _unread(attachment: Attachment) -> Node:
    """A policy whose document the repository does not have."""
    at = attachment.origin
    members = {"PolicyName": _text(attachment.name, at), "PolicyArn": _text(attachment.arn, at)}
    return _mapping(at, members, complete=False)


def _policy(policy: Policy | None) -> Node | None:
    if policy is None:
        return None
    statements = _sequence((_statement(statement) for statement in policy.statements), policy.origin, policy.complete)
    return _mapping(policy.origin, {"Version": _text(policy.version, policy.origin), "Statement": statements})


def _statement(statement: Statement) -> Node:
    at = statement.origin
    action = "NotAction" if statement.negated_actions else "Action"
    resource = "NotResource" if statement.negated_resources else "Resource"
    principal = "NotPrincipal" if statement.negated_principals else "Principal"
    members = {
        "Sid": _text(statement.sid, at),
        "Effect": _text(statement.effect, at),
        action: _texts(statement.actions, at, statement.actions_complete),
        resource: _texts(statement.resources, at, statement.resources_complete) if statement.has_resource else None,
        principal: _principals(statement) if statement.has_principal else None,
        "Condition": _conditions(statement) if statement.conditions or not statement.conditions_complete else None,
    }
    return _mapping(at, members)


def _principals(statement: Statement) -> Node:
    kinds: dict[str, list[Node]] = {}
    for principal in statement.principals:
        kind = "AWS" if principal.type == "*" else principal.type
        kinds.setdefault(kind, []).append(Node(principal.text, principal.origin))
    lists = {kind: _sequence(texts, statement.origin) for kind, texts in kinds.items()}
    return _mapping(statement.origin, lists, statement.principals_complete)


def _conditions(statement: Statement) -> Node:
    operators: dict[str, dict[str, Node]] = {}
    for condition in statement.conditions:
        values = _texts(condition.values, condition.origin, condition.complete)
        operators.setdefault(condition.operator, {})[condition.key] = values
    members = {operator: Node(keys, statement.origin) for operator, keys in operators.items()}
    return _mapping(statement.origin, members, statement.conditions_complete)


def _texts(elements: Iterable[Element], at: Origin, complete: bool) -> Node:
    return _sequence((Node(element.text, element.origin) for element in elements), at, complete)


def _text(text: Text | None, at: Origin) -> Node | None:
    return None if text is None else Node(text, at)


def _sequence(nodes: Iterable[Node], at: Origin, complete: bool = True) -> Node:
    return Node(list(nodes), at, open=not complete)


def _mapping(at: Origin, members: Mapping[str, Node | None], complete: bool = True) -> Node:
    return Node({name: member for name, member in members.items() if member is not None}, at, open=not complete)
