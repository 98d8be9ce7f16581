"""Roles that trust SageMaker and that no workload uses are checked against the APIs they are probably made for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from smlint.estate.entities import Role
from smlint.estate.estate import Estate
from smlint.facts import Workload
from smlint.iam.decision import Layers, decide
from smlint.iam.glob import beginning
from smlint.iam.match import arn_matches, arn_parts
from smlint.iam.match_statement import allows
from smlint.iam.policy import Statement
from smlint.iam.request import Context, Principal, Request
from smlint.needs import table
from smlint.needs.access import Access, Need
from smlint.needs.evaluate import always
from smlint.values import NO, Hole, Node, Text, join, pieces, split
from smlint.verdicts.refusal import OWN_BUCKET

_DATA = ("s3:GetObject", "s3:PutObject", "ecr:BatchGetImage")
_LOG_GROUPS = ":log-group:/aws/sagemaker/"
_KEY = Hole("key", like="?*", label="key")
_SOURCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"


def assumed_accesses(estate: Estate) -> Iterator[tuple[Role, Access]]:
    """What `assume-apis` ask of the SageMaker roles without a workload, and their own buckets with them."""
    for role in estate.roles:
        if role.kind != "role" or role.jobs or not role.complete or not trusts_sagemaker(role):
            continue
        for name in estate.settings.assume_apis:
            api = table.api(name)
            if api is None:
                continue
            stub = Workload(role.origin, name, Node({}, role.origin), role.label, "assumed", role=role.arn or role.name)
            needed = list(always(name, estate, stub))
            if _logs_elsewhere(role, needed):
                continue
            if _made_for(role, needed):
                yield from ((role, access) for access in needed)
            yield from ((role, access) for access in _own_buckets(role, stub, _lists(api), estate.partition))


def _lists(api: table.Api) -> bool:
    """Whether the API lists what it reads; a model's data is one object unless its request says otherwise."""
    listed = {field.path for field in api.fields if {"S3_READ_PREFIX", "S3_SYNC_PREFIX"} & set(field.bundles)}
    single = {field.path for field in api.fields if "S3_READ_OBJECT" in field.bundles}
    return bool(listed) and not listed & single


def trusts_sagemaker(role: Role) -> bool:
    """Whether the trust policy lets sagemaker.amazonaws.com assume the role."""
    if not names_sagemaker(role):
        return False
    request = Request(
        Principal.service("sagemaker.amazonaws.com"), "sts:AssumeRole", role.arn or "*", role.account, Context()
    )
    return not decide(request, Layers(resource=role.trust, trust=True)).refused


def names_sagemaker(role: Role) -> bool:
    """Whether an Allow of the trust policy names SageMaker."""
    return role.trust is not None and any(
        statement.effect == "Allow"
        and any(p.type == "Service" and "sagemaker" in str(p.text) for p in statement.principals)
        for statement in role.trust.statements
    )


def _made_for(role: Role, needed: list[Access]) -> bool:
    """Whether the role's own statements grant some of what every job needs; else it is made for something else.

    So is one that may read and write no objects and pull no image: it can log, as the roles of all services can.
    """
    actions = {access.action for access in needed}
    return any(allows(statement, *actions) for statement in role.own_statements) and any(
        _may_allow(statement, *_DATA) for statement in role.statements
    )


def _may_allow(statement: Statement, *actions: str) -> bool:
    """Whether the statement allows one of the actions, or all but some."""
    return allows(statement, *actions) or (statement.effect == "Allow" and statement.negated_actions)


def _logs_elsewhere(role: Role, needed: list[Access]) -> bool:
    """Whether the role may log for other SageMaker APIs (`/aws/sagemaker/Clusters`) only: it is made for those."""
    wanted = {access.action: access.resource for access in needed if access.action.startswith("logs:")}
    granted = [
        element.text
        for statement in role.statements
        if _may_allow(statement, *wanted)
        for element in statement.resources
    ]
    return any(_LOG_GROUPS in str(text) for text in granted) and not any(
        arn_matches(text, group) is not NO for text in granted for group in wanted.values()
    )


def _own_buckets(role: Role, stub: Workload, lists: bool, partition: Text) -> Iterator[Access]:
    """Listing each bucket that the role's own statements let it read, and reading below what they name."""
    seen: set[Text] = set()
    for statement in role.own_statements:
        if statement.conditions or statement.negated_resources or not allows(statement, "s3:GetObject"):
            continue
        for element in statement.resources:
            named = _one_bucket(element.text, partition)
            if named is None or named.name in seen:
                continue
            seen.add(named.name)
            node = Node(element.text, element.origin)
            if lists:
                yield _access(stub, "s3:ListBucket", named.arn, "bucket", named.name, node)
            if named.prefix is not None:
                keys = join([named.arn, "/", named.prefix, _KEY])
                yield _access(stub, "s3:GetObject", keys, "object", named.name, node)


class _OneBucket(NamedTuple):
    """What an object pattern names: a bucket, and the literal beginning of the keys in it; None where it varies."""

    name: Text
    arn: Text
    prefix: Text | None


def _one_bucket(resource: Text, partition: Text) -> _OneBucket | None:
    """The bucket of an object pattern, where it names just one; in our partition, where it leaves that open."""
    parts = arn_parts(resource)
    if parts is None or parts[2] != "s3" or parts[4] != "":
        return None
    name, *keys = split(parts[5], "/", 1)
    wild = any(isinstance(piece, str) and set(piece) & set("*?$") for piece in pieces(name))
    if wild or not keys or not name:
        return None
    (rest,) = keys
    prefix = beginning(rest) if isinstance(rest, str) else split(rest, "*", 1)[0]
    varies = any(isinstance(piece, str) and "${" in piece for piece in pieces(prefix))
    its_own = isinstance(parts[1], str) and parts[1] and "*" not in parts[1]
    return _OneBucket(
        name, join(["arn:", parts[1] if its_own else partition, ":s3:::", name]), None if varies else prefix
    )


def _access(stub: Workload, action: str, resource: Text, kind: str, bucket: Text, field: Node) -> Access:
    context: dict[str, tuple[Text, ...] | None] = {"aws:securetransport": ("true",)}
    return Access(
        stub,
        action,
        resource,
        kind,
        Need.REQUIRED,
        OWN_BUCKET,
        field=field,
        context=context,
        bucket=bucket,
        source=_SOURCE,
    )
