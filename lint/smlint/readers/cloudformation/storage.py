"""S3 and ECR: buckets, their policies and encryption, access points, access grants, repositories."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import (
    AccessGrant,
    AccessGrantsInstance,
    AccessGrantsLocation,
    AccessPoint,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    Fact,
    Repository,
)
from smlint.iam.policy import Kind
from smlint.readers.cloudformation import references
from smlint.readers.cloudformation.resource import Resource


def bucket(resource: Resource) -> Iterator[Fact]:
    account = resource.evaluator.stack.settings.account
    name = resource.name
    yield Bucket(resource.origin, name, resource.logical, account if isinstance(account, str) else None)
    rules = resource.get("BucketEncryption", "ServerSideEncryptionConfiguration")
    for rule in rules.elements() if rules is not None else []:
        default = rule.get("ServerSideEncryptionByDefault")
        algorithm = resource.written(default.get("SSEAlgorithm")) if default is not None else None
        if default is not None and algorithm is not None:
            key = resource.written(default.get("KMSMasterKeyID"))
            yield BucketEncryption(default.origin, name, algorithm, key)
            return


def bucket_policy(resource: Resource) -> Iterator[Fact]:
    name = resource.text("Bucket")
    policy = resource.policy(resource.get("PolicyDocument"), Kind.BUCKET)
    if name is not None and policy is not None:
        yield BucketPolicy(resource.origin, name, policy)


def access_point(resource: Resource) -> Iterator[Fact]:
    bucket_name = resource.text("Bucket")
    if bucket_name is None:
        return
    alias = references.attribute(resource.evaluator, resource.logical, "Alias", resource.node)
    policy = resource.policy(resource.get("Policy"), Kind.BUCKET)
    yield AccessPoint(resource.origin, resource.arn, bucket_name, alias.text if alias is not None else None, policy)


def grants_instance(resource: Resource) -> Iterator[Fact]:
    yield AccessGrantsInstance(resource.origin, references.grants_instance(resource.evaluator))


def grants_location(resource: Resource) -> Iterator[Fact]:
    scope = resource.text("LocationScope")
    if scope is not None:
        yield AccessGrantsLocation(resource.origin, resource.reference, scope, resource.text("IamRoleArn"))


def grant(resource: Resource) -> Iterator[Fact]:
    location, permission = resource.text("AccessGrantsLocationId"), resource.text("Permission")
    if location is not None and permission is not None:
        prefix = resource.text("AccessGrantsLocationConfiguration", "S3SubPrefix") or ""
        grantee = resource.text("Grantee", "GranteeIdentifier")
        yield AccessGrant(resource.origin, location, permission, prefix, grantee)


def repository(resource: Resource) -> Iterator[Fact]:
    policy = resource.policy(resource.get("RepositoryPolicyText"), Kind.RESOURCE)
    yield Repository(resource.origin, resource.arn, resource.name, policy)


READERS = {
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::S3::AccessPoint": access_point,
    "AWS::S3::AccessGrantsInstance": grants_instance,
    "AWS::S3::AccessGrantsLocation": grants_location,
    "AWS::S3::AccessGrant": grant,
    "AWS::S3Express::DirectoryBucket": bucket,
    "AWS::S3Express::BucketPolicy": bucket_policy,
    "AWS::ECR::Repository": repository,
}
