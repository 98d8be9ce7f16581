"""The resources of the Cloud Control provider (`awscc_…`): CloudFormation's, with its names in snake case.

Nested blocks are objects there and policies texts of JSON. What CloudFormation calls the name of a resource identifies
it; a SageMaker resource is a request in the API's own members.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.facts import (
    Attachment,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    Fact,
    Key,
    KeyAlias,
    ManagedPolicy,
    Role,
)
from smlint.iam.policy import Kind
from smlint.needs import table
from smlint.readers import api
from smlint.readers.terraform.facts_common import Maker, attribute, listed, place, policy, policy_in
from smlint.readers.terraform.facts_iam import managed_policies
from smlint.readers.terraform.facts_workloads import Request, created

if TYPE_CHECKING:
    from smlint.readers.terraform.resources import Instance

_SAGEMAKER = "awscc_sagemaker_"


def _role(resource: Instance) -> Iterator[Fact]:
    attached: list[Attachment] = []
    inline, known = listed(resource.get("policies"))
    for entry in inline:
        document = entry.get("policy_document")
        if document is not None:
            attached.append(Attachment(document.origin, policy_in(resource, document, Kind.IDENTITY)))
        known = known and document is not None
    managed, all_managed = managed_policies(resource)
    yield Role(
        resource.origin,
        resource.label,
        arn=attribute(resource, "arn"),
        name=attribute(resource, "role_name"),
        trust=policy(resource, "assume_role_policy_document", Kind.TRUST),
        attachments=[*attached, *managed],
        complete=known and all_managed,
        under=resource.doubt,
    )


def _role_policy(resource: Instance) -> Iterator[Fact]:
    role, found = resource.text("role_name"), policy(resource, "policy_document", Kind.IDENTITY)
    if role is not None and found is not None:
        yield Attachment(resource.origin, found, role=role, name=resource.text("policy_name"))


def _managed_policy(resource: Instance) -> Iterator[Fact]:
    found = policy(resource, "policy_document", Kind.IDENTITY)
    if found is None:
        return
    arn = attribute(resource, "policy_arn")
    yield ManagedPolicy(resource.origin, arn, found, attribute(resource, "managed_policy_name"))
    for role in listed(resource.get("roles"))[0]:
        if role.text is not None:
            yield Attachment(place(role, resource), arn=arn, role=role.text)


def _bucket(resource: Instance) -> Iterator[Fact]:
    name = attribute(resource, "bucket_name")
    yield Bucket(resource.origin, name, resource.label, resource.settings.account)
    encryption = resource.get("bucket_encryption")
    rules = encryption.get("server_side_encryption_configuration") if encryption is not None else None
    for rule in rules.elements() if rules is not None else ():
        default = rule.get("server_side_encryption_by_default")
        algorithm = default.get("sse_algorithm") if default is not None else None
        if default is not None and algorithm is not None and algorithm.text is not None:
            key = default.get("kms_master_key_id")
            yield BucketEncryption(resource.origin, name, algorithm.text, key.text if key is not None else None)


def _bucket_policy(resource: Instance) -> Iterator[Fact]:
    bucket, found = resource.text("bucket"), policy(resource, "policy_document", Kind.BUCKET)
    if bucket is not None and found is not None:
        yield BucketPolicy(resource.origin, bucket, found)


def _key(resource: Instance) -> Iterator[Fact]:
    arn, key_id = attribute(resource, "arn"), attribute(resource, "key_id")
    found = policy(resource, "key_policy", Kind.KEY)
    yield Key(resource.origin, arn, key_id, resource.label, found, resource.flag("multi_region") is True)


def _alias(resource: Instance) -> Iterator[Fact]:
    target = resource.text("target_key_id")
    if target is not None:
        yield KeyAlias(resource.origin, attribute(resource, "alias_name"), target)


def _workload(resource: Instance) -> Iterator[Fact]:
    known = table.by_cloudformation("AWS::SageMaker::" + api.spell(resource.type.removeprefix(_SAGEMAKER)))
    if known is not None:
        yield created(resource, known.name, Request({}, frozenset()))


MAKERS: dict[str, Maker] = {
    "awscc_iam_role": _role,
    "awscc_iam_role_policy": _role_policy,
    "awscc_iam_managed_policy": _managed_policy,
    "awscc_s3_bucket": _bucket,
    "awscc_s3_bucket_policy": _bucket_policy,
    "awscc_kms_key": _key,
    "awscc_kms_alias": _alias,
}


def maker(type: str) -> Maker | None:
    """What makes the facts of a resource type; None for one that says nothing of SageMaker."""
    return MAKERS.get(type) or (_workload if type.startswith(_SAGEMAKER) else None)
