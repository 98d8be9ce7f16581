"""The condition keys of the requests that SageMaker makes with the role."""

from __future__ import annotations

from collections.abc import Mapping

from smlint.needs.access import Access, World
from smlint.needs.roles import network
from smlint.needs.subjects import Subject, is_aws_managed, key_arn
from smlint.values import Node, Text

Context = dict[str, tuple[Text, ...] | None]
_NETWORK = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip")
_SSE = "s3:x-amz-server-side-encryption"


def context(access: Access, read: Subject, key: tuple[Node | None, bool], passed_to: str, world: World) -> Context:
    """What is known of the access's condition keys; what is not listed is not known."""
    service, _, name = access.action.partition(":")
    found: Context = {"aws:securetransport": ("true",)}
    if service == "kms":
        found |= _kms(access, name)
    else:
        found |= _where(access)
    if service == "s3" and read.location is not None:
        found["aws:viaawsservice"] = ("false",)
        if name == "ListBucket":
            found["s3:prefix"] = (read.location.key,)
        if read.location.access_point:
            found["s3:dataaccesspointarn"] = (read.location.arn,)
        if name == "PutObject":
            found |= _encryption(key, access.role, world)
    if access.action == "iam:PassRole":
        found["iam:passedtoservice"] = (passed_to,)
    return found


def _where(access: Access) -> Context:
    """From where the request comes: not from a VPC of the account, where the workload has no network configuration."""
    nodes, more = network(access.workload)
    return {} if nodes or more else dict.fromkeys(_NETWORK)


def _kms(access: Access, name: str) -> Context:
    found: Context = {"kms:grantisforawsresource": ("true",)} if name == "CreateGrant" else {}
    if len(access.via_services) == 1:
        found |= {"kms:viaservice": access.via_services, "aws:viaawsservice": ("true",)}
    return found


def _encryption(
    key: tuple[Node | None, bool], role: Text | None, world: World
) -> Mapping[str, tuple[Text, ...] | None]:
    """The encryption headers of an upload: SageMaker asks for aws:kms, with the key of the request if there is one."""
    node, settled = key
    if not settled:
        return {}
    if node is None:
        return {_SSE: ("aws:kms",), f"{_SSE}-aws-kms-key-id": None}
    if node.text is None:
        return {}
    found: Context = {_SSE: ("aws:kms",)}
    known = None if is_aws_managed(node.text) else key_arn(node.text, world, role)
    if known is not None:
        found[f"{_SSE}-aws-kms-key-id"] = (known,)
    return found
