"""Roles, users, groups, their policies and what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.document import Origin, Span
from smlint.facts import Attachment, Fact, Guardrail, ManagedPolicy, Role
from smlint.iam.policy import Kind
from smlint.readers.terraform.facts_common import (
    Maker,
    attribute,
    listed,
    place,
    policy,
    policy_in,
    texts,
)
from smlint.readers.terraform.known import Invalid, text_of
from smlint.values import Hole, Node, Text, join

if TYPE_CHECKING:
    from smlint.readers.terraform.resources import Instance


def _principal(kind: str) -> Maker:
    def make(resource: Instance) -> Iterator[Fact]:
        attached, complete = _attachments(resource)
        yield Role(
            resource.origin,
            resource.label,
            arn=attribute(resource, "arn"),
            name=attribute(resource, "name"),
            trust=policy(resource, "assume_role_policy", Kind.TRUST),
            attachments=attached,
            complete=complete,
            kind=kind,
            under=resource.doubt,
            tags=resource.get("tags"),
        )

    return make


def _attachments(resource: Instance) -> tuple[list[Attachment], bool]:
    made: list[Attachment] = []
    for block in resource.blocks("inline_policy"):
        node = block.get("policy")
        if node is not None:
            made.append(Attachment(node.origin, policy_in(resource, node, Kind.IDENTITY), name=block.text("name")))
    managed, complete = managed_policies(resource)
    return [*made, *managed], complete


def managed_policies(resource: Instance) -> tuple[list[Attachment], bool]:
    """The managed policies and the boundary that a principal's own arguments attach, and whether these are all."""
    arns, complete = listed(resource.get("managed_policy_arns"))
    made = [_managed(resource, item, None) for item in arns]
    boundary = resource.get("permissions_boundary")
    if boundary is not None and boundary.value != "":
        attachment = _managed(resource, boundary, None)
        attachment.boundary = True
        made.append(attachment)
    return made, complete


def _managed(resource: Instance, arn: Node, to: Text | None) -> Attachment:
    """The attachment of a managed policy; one that may not exist is of an unknown policy."""
    try:
        text = text_of(arn)
    except Invalid:
        text = join([Hole(resource.hole_name("policy_arn"))])
    if resource.doubt:
        text = join([Hole(resource.hole_name("policy_arn"), label=resource.doubt)])
    at = place(arn, resource)
    return Attachment(at, arn=text, role=to, by=None if _within(at, resource.origin) else resource.origin)


def _within(inner: Origin, outer: Origin) -> bool:
    """Whether a place lies in a block; in a plan it always does."""
    if not isinstance(inner, Span) or not isinstance(outer, Span):
        return True
    return inner.document is outer.document and outer.start <= inner.start and inner.end <= outer.end


def _inline(holder: str) -> Maker:
    def make(resource: Instance) -> Iterator[Fact]:
        found = policy(resource, "policy", Kind.IDENTITY)
        role = resource.text(holder)
        if found is not None and role is not None:
            yield Attachment(resource.origin, found, role=_to(holder, role), name=attribute(resource, "name"))

    return make


def _to(holder: str, name: Text) -> Text:
    return name if holder in ("role", "roles", "role_name") else join([f"{holder.split('_')[0].rstrip('s')}/", name])


def _attach(holder: str) -> Maker:
    def make(resource: Instance) -> Iterator[Fact]:
        arn, role = resource.get("policy_arn"), resource.text(holder)
        if arn is not None and role is not None:
            yield _managed(resource, arn, _to(holder, role))

    return make


def _attach_many(resource: Instance) -> Iterator[Fact]:
    arn = resource.get("policy_arn")
    for holder in ("roles", "users", "groups"):
        for name in texts(resource.get(holder)):
            if arn is not None:
                yield _managed(resource, arn, _to(holder, name))


def _exclusive(holder: str) -> Maker:
    def make(resource: Instance) -> Iterator[Fact]:
        role = resource.text(holder)
        for arn in listed(resource.get("policy_arns"))[0]:
            if role is not None:
                yield _managed(resource, arn, _to(holder, role))

    return make


def _managed_policy(resource: Instance) -> Iterator[Fact]:
    found = policy(resource, "policy", Kind.IDENTITY)
    if found is not None:
        yield ManagedPolicy(resource.origin, attribute(resource, "arn"), found, attribute(resource, "name"))


def _organizations(resource: Instance) -> Iterator[Fact]:
    kind = {"RESOURCE_CONTROL_POLICY": Kind.RCP}.get(str(resource.text("type")), Kind.SCP)
    if resource.text("type") in (None, "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        found = policy(resource, "content", kind)
        if found is not None:
            yield Guardrail(resource.origin, kind.value, found)


MAKERS: dict[str, Maker] = {
    "aws_iam_group": _principal("group"),
    "aws_iam_group_policy": _inline("group"),
    "aws_iam_group_policy_attachment": _attach("group"),
    "aws_iam_group_policy_attachments_exclusive": _exclusive("group_name"),
    "aws_iam_policy": _managed_policy,
    "aws_iam_policy_attachment": _attach_many,
    "aws_iam_role": _principal("role"),
    "aws_iam_role_policy": _inline("role"),
    "aws_iam_role_policy_attachment": _attach("role"),
    "aws_iam_role_policy_attachments_exclusive": _exclusive("role_name"),
    "aws_iam_user": _principal("user"),
    "aws_iam_user_policy": _inline("user"),
    "aws_iam_user_policy_attachment": _attach("user"),
    "aws_iam_user_policy_attachments_exclusive": _exclusive("user_name"),
    "aws_organizations_policy": _organizations,
}
