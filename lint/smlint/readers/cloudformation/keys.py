"""KMS: keys with their policies, and aliases."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import Fact, Key, KeyAlias
from smlint.iam.policy import Kind
from smlint.readers.cloudformation.resource import Resource


def key(resource: Resource) -> Iterator[Fact]:
    policy = resource.policy(resource.get("KeyPolicy"), Kind.KEY)
    replica = resource.type == "AWS::KMS::ReplicaKey"
    multi_region = resource.get("MultiRegion")
    yield Key(
        resource.origin,
        resource.arn,
        resource.reference,
        resource.logical,
        policy,
        replica or (multi_region is not None and multi_region.value is True),
    )


def alias(resource: Resource) -> Iterator[Fact]:
    name, target = resource.text("AliasName"), resource.text("TargetKeyId")
    if name is not None and target is not None:
        yield KeyAlias(resource.origin, name, target)


READERS = {"AWS::KMS::Key": key, "AWS::KMS::ReplicaKey": key, "AWS::KMS::Alias": alias}
