"""What decides whether a job's requests get out of its VPC, and what an organisation allows at all."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import Endpoint, Fact, Guardrail, Subnet
from smlint.iam.policy import Kind
from smlint.readers.cloudformation.resource import Resource

_GUARDRAILS = {"SERVICE_CONTROL_POLICY": Kind.SCP, "RESOURCE_CONTROL_POLICY": Kind.RCP}


def endpoint(resource: Resource) -> Iterator[Fact]:
    service = resource.text("ServiceName")
    if service is not None:
        policy = resource.policy(resource.get("PolicyDocument"), Kind.ENDPOINT)
        yield Endpoint(
            resource.origin, resource.text("VpcId"), service, resource.reference, policy, label=resource.logical
        )


def subnet(resource: Resource) -> Iterator[Fact]:
    """A subnet or a security group: both lead to their VPC."""
    yield Subnet(resource.origin, resource.reference, resource.text("VpcId"))


def guardrail(resource: Resource) -> Iterator[Fact]:
    kind = _GUARDRAILS.get(str(resource.text("Type")))
    policy = resource.policy(resource.get("Content"), kind) if kind is not None else None
    if kind is not None and policy is not None:
        yield Guardrail(resource.origin, kind.value, policy)


READERS = {
    "AWS::EC2::VPCEndpoint": endpoint,
    "AWS::EC2::Subnet": subnet,
    "AWS::EC2::SecurityGroup": subnet,
    "AWS::Organizations::Policy": guardrail,
}
