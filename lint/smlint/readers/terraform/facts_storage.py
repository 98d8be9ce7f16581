"""Buckets, access points, access grants, keys, repositories, networks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.facts import (
    AccessGrant,
    AccessGrantsInstance,
    AccessGrantsLocation,
    AccessPoint,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    Endpoint,
    Fact,
    Key,
    KeyAlias,
    KeyGrant,
    KeyPolicy,
    Repository,
    Subnet,
)
from smlint.iam.policy import Kind
from smlint.readers.terraform.facts_common import Maker, attribute, policy, texts
from smlint.values import Text, join

if TYPE_CHECKING:
    from smlint.readers.terraform.arguments import Arguments
    from smlint.readers.terraform.resources import Instance


def _bucket(resource: Instance) -> Iterator[Fact]:
    name = attribute(resource, "bucket")
    yield Bucket(resource.origin, name, resource.label, resource.settings.account)
    found = policy(resource, "policy", Kind.BUCKET)
    if found is not None:
        yield BucketPolicy(resource.origin, name, found)
    for block in resource.blocks("server_side_encryption_configuration"):
        yield from _rules(resource, block.blocks("rule"), name)


def _encryption(resource: Instance) -> Iterator[Fact]:
    bucket = resource.text("bucket")
    if bucket is not None and not resource.doubt:
        yield from _rules(resource, resource.blocks("rule"), bucket)


def _rules(resource: Instance, rules: list[Arguments], bucket: Text) -> Iterator[Fact]:
    for rule in rules:
        for default in rule.blocks("apply_server_side_encryption_by_default"):
            algorithm = default.text("sse_algorithm")
            if algorithm is not None:
                yield BucketEncryption(default.origin, bucket, algorithm, default.text("kms_master_key_id") or None)


def _bucket_policy(resource: Instance) -> Iterator[Fact]:
    bucket, found = resource.text("bucket"), policy(resource, "policy", Kind.BUCKET)
    if bucket is not None and found is not None:
        yield BucketPolicy(resource.origin, bucket, found)


def _access_point(resource: Instance) -> Iterator[Fact]:
    bucket = resource.text("bucket")
    if bucket is not None:
        found = policy(resource, "policy", Kind.BUCKET)
        yield AccessPoint(resource.origin, attribute(resource, "arn"), bucket, attribute(resource, "alias"), found)


def _grants_instance(resource: Instance) -> Iterator[Fact]:
    yield AccessGrantsInstance(resource.origin, attribute(resource, "access_grants_instance_arn"))


def _grants_location(resource: Instance) -> Iterator[Fact]:
    scope = resource.text("location_scope")
    if scope is not None:
        identity = attribute(resource, "access_grants_location_id")
        yield AccessGrantsLocation(resource.origin, identity, scope, resource.text("iam_role_arn"))


def _grant(resource: Instance) -> Iterator[Fact]:
    location, permission = resource.text("access_grants_location_id"), resource.text("permission")
    if location is None or permission is None:
        return
    inside = [block.text("s3_sub_prefix") for block in resource.blocks("access_grants_location_configuration")]
    grantees = [block.text("grantee_identifier") for block in resource.blocks("grantee")]
    prefix = next((text for text in inside if text is not None), "")
    grantee = next((text for text in grantees if text is not None), None)
    yield AccessGrant(resource.origin, location, permission, prefix, grantee)


def _key(resource: Instance) -> Iterator[Fact]:
    yield Key(
        resource.origin,
        attribute(resource, "arn"),
        attribute(resource, "key_id"),
        resource.label,
        policy(resource, "policy", Kind.KEY),
        resource.flag("multi_region") is True,
    )


def _key_policy(resource: Instance) -> Iterator[Fact]:
    key, found = resource.text("key_id"), policy(resource, "policy", Kind.KEY)
    if key is not None and found is not None:
        yield KeyPolicy(resource.origin, key, found)


def _alias(resource: Instance) -> Iterator[Fact]:
    target = resource.text("target_key_id")
    if target is not None:
        yield KeyAlias(resource.origin, attribute(resource, "name"), target)


def _key_grant(resource: Instance) -> Iterator[Fact]:
    key, grantee = resource.text("key_id"), resource.text("grantee_principal")
    if key is not None and grantee is not None:
        operations = tuple(str(text) for text in texts(resource.get("operations")))
        yield KeyGrant(resource.origin, key, grantee, operations)


def _repository(resource: Instance) -> Iterator[Fact]:
    yield Repository(resource.origin, attribute(resource, "arn"), attribute(resource, "name"))


def _repository_policy(resource: Instance) -> Iterator[Fact]:
    name, found = resource.text("repository"), policy(resource, "policy", Kind.RESOURCE)
    if name is not None and found is not None:
        arn = resource.settings.arn("ecr", join(["repository/", name]))
        yield Repository(resource.origin, arn, name, found)


def _endpoint(resource: Instance) -> Iterator[Fact]:
    service = resource.text("service_name")
    if service is not None:
        yield Endpoint(
            resource.origin,
            resource.text("vpc_id"),
            service,
            attribute(resource, "id"),
            policy(resource, "policy", Kind.ENDPOINT),
            resource.label,
        )


def _endpoint_policy(resource: Instance) -> Iterator[Fact]:
    """A policy that stands apart from its endpoint."""
    identity, found = resource.text("vpc_endpoint_id"), policy(resource, "policy", Kind.ENDPOINT)
    endpoint = None if identity is None else resource.find("aws_vpc_endpoint", "id", identity)
    if endpoint is not None and found is not None:
        service = endpoint.text("service_name") or ""
        yield Endpoint(endpoint.origin, endpoint.text("vpc_id"), service, identity, found, endpoint.label)


def _subnet(resource: Instance) -> Iterator[Fact]:
    yield Subnet(resource.origin, attribute(resource, "id"), resource.text("vpc_id"))


MAKERS: dict[str, Maker] = {
    "aws_ecr_repository": _repository,
    "aws_ecr_repository_policy": _repository_policy,
    "aws_kms_alias": _alias,
    "aws_kms_external_key": _key,
    "aws_kms_grant": _key_grant,
    "aws_kms_key": _key,
    "aws_kms_key_policy": _key_policy,
    "aws_kms_replica_external_key": _key,
    "aws_kms_replica_key": _key,
    "aws_s3_access_point": _access_point,
    "aws_s3_bucket": _bucket,
    "aws_s3_bucket_policy": _bucket_policy,
    "aws_s3_bucket_server_side_encryption_configuration": _encryption,
    "aws_s3_directory_bucket": _bucket,
    "aws_s3control_access_grant": _grant,
    "aws_s3control_access_grants_instance": _grants_instance,
    "aws_s3control_access_grants_location": _grants_location,
    "aws_security_group": _subnet,
    "aws_subnet": _subnet,
    "aws_vpc_endpoint": _endpoint,
    "aws_vpc_endpoint_policy": _endpoint_policy,
}
