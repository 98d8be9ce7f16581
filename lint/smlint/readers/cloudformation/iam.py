"""IAM's resource types: roles, users, groups and what is attached to them."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import Attachment, Fact, ManagedPolicy, Role
from smlint.iam.policy import Kind, Policy
from smlint.readers.cloudformation.resource import Resource
from smlint.readers.cloudformation.sam import FROM_TEMPLATE
from smlint.values import Hole, Node, Text, join

_HOLDERS = (("Roles", ""), ("Users", "user/"), ("Groups", "group/"))


def role(resource: Resource) -> Iterator[Fact]:
    trust = resource.policy(resource.get("AssumeRolePolicyDocument"), Kind.TRUST)
    yield _principal(resource, "role", trust=trust)


def user(resource: Resource) -> Iterator[Fact]:
    fact = _principal(resource, "user")
    groups = resource.get("Groups")
    fact.complete = fact.complete and (groups is None or groups.value == [])
    yield fact


def group(resource: Resource) -> Iterator[Fact]:
    yield _principal(resource, "group")


def _principal(resource: Resource, kind: str, trust: Policy | None = None) -> Role:
    attachments, complete = _attachments(resource)
    return Role(
        resource.origin,
        resource.logical,
        resource.arn,
        resource.name,
        trust,
        attachments,
        complete,
        kind,
        resource.construct,
        tags=resource.get("Tags"),
    )


def _attachments(resource: Resource) -> tuple[list[Attachment], bool]:
    """What the resource itself attaches, and whether that is all that its lists hold."""
    inline, inline_known = _elements(resource.get("Policies"))
    managed, managed_known = _elements(resource.get("ManagedPolicyArns"))
    attachments = []
    for entry in inline:
        name = resource.written(entry.get("PolicyName"))
        policy = resource.policy(entry.get("PolicyDocument"), Kind.IDENTITY, name)
        if policy is not None:
            given = entry.get(FROM_TEMPLATE) is not None
            attachments.append(Attachment(entry.origin, policy, name=name, given=given))
        inline_known = inline_known and (policy is not None or entry.mapping is not None)
    attachments += [Attachment(arn.origin, arn=arn.text) for arn in managed if arn.text is not None]
    known = inline_known and managed_known and not resource.properties.open
    complete = known and all(arn.text is not None for arn in managed)
    boundary = resource.get("PermissionsBoundary")
    if boundary is not None:
        attachments.append(Attachment(boundary.origin, arn=boundary.text, boundary=True))
    return attachments, complete


def _elements(node: Node | None) -> tuple[list[Node], bool]:
    """The known elements of a list, and whether they are all."""
    if node is None:
        return [], True
    elements = node.sequence or []
    return [e for e in elements if not e.unknown], node.sequence is not None and not node.open and all(
        not element.unknown for element in elements
    )


def policy(resource: Resource) -> Iterator[Fact]:
    """AWS::IAM::Policy: one document inline in several roles, users and groups."""
    name = resource.text("PolicyName")
    document = resource.policy(resource.get("PolicyDocument"), Kind.IDENTITY, name)
    if document is None:
        return
    for holder in _holders(resource) or [join([Hole("nobody")])]:
        yield Attachment(resource.origin, document, role=holder, name=name)


def holder_policy(resource: Resource) -> Iterator[Fact]:
    """AWS::IAM::RolePolicy, UserPolicy and GroupPolicy: one document inline in one of them."""
    kind = resource.type.rpartition("::")[2].removesuffix("Policy")
    name, holder = resource.text("PolicyName"), resource.text(f"{kind}Name")
    document = resource.policy(resource.get("PolicyDocument"), Kind.IDENTITY, name)
    if document is not None and holder is not None:
        prefix = "" if kind == "Role" else f"{kind.lower()}/"
        yield Attachment(resource.origin, document, role=join([prefix, holder]), name=name)


def managed_policy(resource: Resource) -> Iterator[Fact]:
    document = resource.policy(resource.get("PolicyDocument"), Kind.IDENTITY, resource.logical)
    if document is None:
        return
    yield ManagedPolicy(resource.origin, resource.arn, document, resource.name)
    for holder in _holders(resource):
        yield Attachment(resource.origin, arn=resource.arn, role=holder)


def _holders(resource: Resource) -> list[Text]:
    """The roles, users and groups that a policy names."""
    holders: list[Text] = []
    for member, prefix in _HOLDERS:
        listed = resource.get(member)
        names = [resource.written(name) for name in listed.elements()] if listed is not None else []
        holders += [join([prefix, name]) for name in names if name is not None]
    return holders


def service_linked_role(resource: Resource) -> Iterator[Fact]:
    """A role whose policies AWS writes."""
    service = resource.text("AWSServiceName") or ""
    name = resource.reference
    arn = resource.evaluator.stack.settings.arn("iam", join(["role/aws-service-role/", service, "/", name]))
    yield Role(resource.origin, resource.logical, arn, name, complete=False, construct=resource.construct)


READERS = {
    "AWS::IAM::Role": role,
    "AWS::IAM::User": user,
    "AWS::IAM::Group": group,
    "AWS::IAM::Policy": policy,
    "AWS::IAM::RolePolicy": holder_policy,
    "AWS::IAM::UserPolicy": holder_policy,
    "AWS::IAM::GroupPolicy": holder_policy,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::IAM::ServiceLinkedRole": service_linked_role,
}
