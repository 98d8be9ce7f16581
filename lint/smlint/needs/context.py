"""The condition keys of the requests that SageMaker makes with the role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smlint.needs.access import World
from smlint.needs.subjects import Subject, is_aws_managed, key_arn
from smlint.values import Hole, Node, Text, join

Context = Mapping[str, tuple[Text, ...] | None]
_NETWORK = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip")
ENCRYPTION = "s3:x-amz-server-side-encryption"
KEY_ID = f"{ENCRYPTION}-aws-kms-key-id"
# Of the role's account.
MANAGED_KEY: Text = join([Hole("AWS managed key", like="arn:*:kms:*:*:*", label="alias/aws/s3")])
_SECURE: Context = {"aws:securetransport": ("true",)}
# Absent where a service uses its role: they tell of a service's own call, or of one on behalf of another.
_OF_SERVICES = (
    *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
)
_LISTING = ("s3:prefix", "s3:delimiter", "s3:max-keys")


def whereabouts(nodes: Sequence[Node], more: bool) -> Context:
    """From where the requests come: not from a VPC of the account, where there is no network configuration."""
    return _SECURE if nodes or more else {**_SECURE, **dict.fromkeys(_NETWORK)}


def of_s3(name: str, read: Subject) -> Context:
    """The keys of a request to S3; a service that uses its role is no service that calls on behalf of another."""
    if read.location is None:
        return {}
    found: dict[str, tuple[Text, ...] | None] = {"aws:viaawsservice": ("false",), **dict.fromkeys(_OF_SERVICES)}
    if name == "ListBucket":
        found["s3:prefix"] = (read.location.key,)
    else:
        found.update(dict.fromkeys(_LISTING))
    if read.location.access_point:
        found["s3:dataaccesspointarn"] = (read.location.arn,)
    return found


def of_session(*, writes: bool) -> Context:
    """The key of a session for a directory bucket: writing takes one that may write, reading is served by either."""
    return {"s3express:sessionmode": ("ReadWrite",)} if writes else {}


def of_metrics() -> Context:
    """The namespace of SageMaker's metrics: /aws/sagemaker/TrainingJobs, AWS/SageMaker and others."""
    return {"cloudwatch:namespace": (join([Hole("SageMaker's namespace", like="*age*aker*")]),)}


def of_pass_role(service: Text) -> Context:
    """The service that is told of a role that is passed; some write a key for it that no request has."""
    return {"iam:passedtoservice": (service,), "iam:passedtoreception": None}


def of_kms(name: str, services: tuple[Text, ...]) -> Context:
    """The keys of a request to KMS, which another service makes for the role."""
    found: Context = {**_SECURE, "kms:grantisforawsresource": ("true",)} if name == "CreateGrant" else _SECURE
    if len(services) != 1:
        return found
    return {**found, "kms:viaservice": services, "aws:viaawsservice": ("true",)}


def of_upload(key: Node | None, settled: bool, role: Text | None, world: World) -> Context:
    """The encryption headers of an upload: SageMaker asks for aws:kms, with the key of the request if there is one."""
    if not settled:
        return {}
    if key is None or key.text is None:
        return {ENCRYPTION: ("aws:kms",), KEY_ID: None}
    if is_aws_managed(key.text):
        return {ENCRYPTION: ("aws:kms",), KEY_ID: (MANAGED_KEY,)}
    known = key_arn(key.text, world, role)
    if known is None:
        return {ENCRYPTION: ("aws:kms",)}
    return {ENCRYPTION: ("aws:kms",), KEY_ID: (known,)}
