"""Saved answers of the AWS CLI, told by their shape.

An answer that does not name what it belongs to (a bucket's or key's policy, a list of attached policies) yields the
fact without the name; the estate joins it by what stands in it, by its neighbours or by the configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from posixpath import basename

from smlint import facts
from smlint.document import Document
from smlint.facts import Fact
from smlint.iam.policy import Kind, Policy
from smlint.readers import api as apis
from smlint.readers import pipeline, state_machine
from smlint.readers.scope import Scope
from smlint.record import replace
from smlint.syntax import embedded
from smlint.values import Node, Text, Unknown, join

Reading = Callable[[Node, Scope], Iterator[Fact]]

# Members that hold a document, as itself or as a text.
_DOCUMENTS = frozenset({"PolicyDocument", "AssumeRolePolicyDocument", "Document", "Policy", "policyText", "definition"})
# Answers name other things by ARN as well; what they describe is also dated or has a status.
_ANSWERED = frozenset({"CreationTime", "LastModifiedTime", "CreatedAt", "CreatedBy", "FailureReason", "Status", "Url"})


def recognises(root: Node, path: str) -> bool:
    """Whether the file is an answer that says something of roles, policies, buckets, keys or workloads."""
    return _reading(root) is not None


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """What the answer says."""
    reading = _reading(root)
    if reading is not None:
        yield from reading(root, scope)
        yield from _problems(root)


def _problems(node: Node) -> Iterator[facts.Problem]:
    """Texts that should be documents and do not parse."""
    for name, member in node.items():
        if name in _DOCUMENTS and member.text is not None:
            meant = any(word in str(member.text) for word in ("Statement", "States"))
            yield from embedded.parse_json(member).problems if meant else ()
        else:
            yield from _problems(member)
    for element in node.sequence or ():
        yield from _problems(element)


def _reading(root: Node) -> Reading | None:
    if root.mapping is None:
        return None
    for members, reading in _SHAPES:
        if all(_has(root, member) for member in members):
            return reading
    return _described if _described_api(root) else None


def _has(root: Node, path: str) -> bool:
    """Whether something stands at the path; a list is entered by its first element, and "{" asks for a text of JSON."""
    node: Node | None = root
    for step in path.split("/"):
        if node is not None and node.sequence:
            node = node.sequence[0]
        if step == "{":
            return node is not None and (node.literal or "").lstrip().startswith("{")
        node = node.get(step) if node is not None else None
    return node is not None


def _account(root: Node, scope: Scope) -> Iterator[Fact]:
    """get-account-authorization-details."""
    for list_name, kind in (("UserDetailList", "user"), ("GroupDetailList", "group"), ("RoleDetailList", "role")):
        for principal in _elements(root, list_name):
            yield from _principal(principal, kind)
    for managed in _elements(root, "Policies"):
        yield from _managed_policy(managed)


def _principal(node: Node, kind: str) -> Iterator[facts.Role]:
    word = kind.capitalize()
    name, arn = _text(node, f"{word}Name"), _text(node, "Arn")
    if name is None and arn is None:
        return
    role = facts.Role(node.origin, str(name or arn), arn, name, kind=kind, tags=node.get("Tags"))
    for inline in _elements(node, f"{word}PolicyList"):
        _attach(role, inline)
    for managed in _elements(node, "AttachedManagedPolicies"):
        _attach(role, managed)
    boundary = node.get("PermissionsBoundary", "PermissionsBoundaryArn")
    if boundary is not None:
        role.attachments.append(facts.Attachment(boundary.origin, arn=boundary.text, boundary=True))
    role.trust = _policy(node.get("AssumeRolePolicyDocument"), Kind.TRUST)
    role.complete = role.complete and not _elements(node, "GroupList")
    yield role


def _attach(role: facts.Role, node: Node) -> None:
    attachment = _attachment(node)
    if attachment is None:
        role.complete = False
    else:
        role.attachments.append(attachment)


def _attachment(node: Node, role: Text | None = None) -> facts.Attachment | None:
    """An inline policy or a managed policy's ARN; None where neither can be read."""
    name, arn = _text(node, "PolicyName"), node.get("PolicyArn")
    policy = _policy(node.get("PolicyDocument"), Kind.IDENTITY, str(name or ""))
    if arn is not None and arn.text is not None:
        return facts.Attachment(arn.origin, policy, arn.text, role, name)
    return facts.Attachment(node.origin, policy, role=role, name=name) if policy is not None else None


def _managed_policy(node: Node) -> Iterator[Fact]:
    """A customer's managed policy in its default version; AWS's own are known by their ARN."""
    arn, name = _text(node, "Arn"), _text(node, "PolicyName")
    if arn is None or ":iam::aws:policy/" in str(arn):
        return
    for version in _elements(node, "PolicyVersionList"):
        document = version.get("Document")
        default = version.get("IsDefaultVersion")
        policy = _policy(document, Kind.IDENTITY, str(name or arn))
        if policy is not None and default is not None and default.value is True:
            yield facts.ManagedPolicy(policy.origin, arn, policy, name)


def _role(root: Node, scope: Scope) -> Iterator[Fact]:
    """get-role: the role's policies are other answers."""
    role = root.get("Role")
    if role is not None:
        yield from (replace(fact, bare=True) for fact in _principal(role, "role"))


def _role_policy(root: Node, scope: Scope) -> Iterator[Fact]:
    """get-role-policy."""
    attachment = _attachment(root, _text(root, "RoleName"))
    if attachment is not None:
        yield attachment


def _attached_policies(root: Node, scope: Scope) -> Iterator[Fact]:
    """list-attached-role-policies: the role is not named."""
    for element in _elements(root, "AttachedPolicies"):
        attachment = _attachment(element, role="")
        if attachment is not None:
            yield attachment


def _policy_version(root: Node, scope: Scope) -> Iterator[Fact]:
    """get-policy-version: the policy is not named."""
    yield from _loose(root.get("PolicyVersion", "Document"))


def _resource_policy(root: Node, scope: Scope) -> Iterator[Fact]:
    """get-bucket-policy, get-key-policy: a text in the answer."""
    yield from _loose(root.get("Policy"))


def _loose(node: Node | None) -> Iterator[Fact]:
    from smlint.iam import grammar

    document = _document(node)
    if document is not None and not document.unknown:
        policy = grammar.parse(document, grammar.classify(document) or Kind.IDENTITY)
        yield facts.LoosePolicy(document.origin, policy)


def _bucket_encryption(root: Node, scope: Scope) -> Iterator[Fact]:
    """get-bucket-encryption: the bucket is not named."""
    for rule in _elements(root, "ServerSideEncryptionConfiguration", "Rules"):
        default = rule.get("ApplyServerSideEncryptionByDefault")
        algorithm = _text(default, "SSEAlgorithm") if default is not None else None
        if default is not None and algorithm is not None:
            yield facts.BucketEncryption(default.origin, "", algorithm, _text(default, "KMSMasterKeyID"))


def _key(root: Node, scope: Scope) -> Iterator[Fact]:
    """describe-key."""
    key = root.get("KeyMetadata")
    arn, key_id = (_text(key, "Arn"), _text(key, "KeyId")) if key is not None else (None, None)
    if key is not None and arn is not None and key_id is not None:
        multi_region = key.get("MultiRegion")
        several = multi_region is not None and multi_region.value is True
        yield facts.Key(key.origin, arn, key_id, str(key_id), multi_region=several)


def _aliases(root: Node, scope: Scope) -> Iterator[Fact]:
    """list-aliases."""
    for alias in _elements(root, "Aliases"):
        name, target = _text(alias, "AliasName"), _text(alias, "TargetKeyId")
        if name is not None and target is not None:
            yield facts.KeyAlias(alias.origin, name, target)


def _repository(root: Node, scope: Scope) -> Iterator[Fact]:
    """ecr get-repository-policy."""
    name, account = _text(root, "repositoryName"), _text(root, "registryId")
    if name is not None:
        arn = scope.settings.arn("ecr", join(["repository/", name]), account=account)
        policy = _policy(root.get("policyText"), Kind.RESOURCE)
        yield facts.Repository(root.origin, arn, name, policy)


def _endpoints(root: Node, scope: Scope) -> Iterator[Fact]:
    """ec2 describe-vpc-endpoints."""
    for node in _elements(root, "VpcEndpoints"):
        service, name = _text(node, "ServiceName"), _text(node, "VpcEndpointId")
        if service is not None:
            policy = _policy(node.get("PolicyDocument"), Kind.ENDPOINT)
            yield facts.Endpoint(node.origin, _text(node, "VpcId"), service, name, policy, str(name or service))


def _state_machine(root: Node, scope: Scope) -> Iterator[Fact]:
    """stepfunctions describe-state-machine, and what create-state-machine takes."""
    definition, role = root.get("definition"), root.get("roleArn")
    for parsed in embedded.parse_json(definition).nodes if definition is not None else ():
        origin = role.origin if role is not None else None
        name = str(_text(root, "name") or "state machine")
        yield from state_machine.workloads(parsed, _text(root, "roleArn"), name, scope, origin)


def _described_api(root: Node) -> str | None:
    """The API that created what a SageMaker describe-… answer shows."""
    members = frozenset(root.mapping or ())
    if not members & _ANSWERED:
        return None
    if "AutoMLProblemTypeConfig" in members:
        return "CreateAutoMLJobV2"
    if members & {"JobDefinitionArn", "JobArn", "TrackingServerArn"}:
        return apis.which(Node(_request_members(root), root.origin))
    nouns = (name.removesuffix("Arn") for name in members if name.endswith("Arn"))
    named = sorted(noun for noun in nouns if f"{noun}Name" in members and f"Create{noun}" in apis.apis())
    return f"Create{named[0]}" if named else None


def _request_members(root: Node) -> dict[str, Node]:
    known = frozenset().union(*(api.members for api in apis.apis().values()))
    return {name: member for name, member in root.items() if name in known}


def _described(root: Node, scope: Scope) -> Iterator[Fact]:
    """A describe-… answer: the request's members stand in it under their own names."""
    api = _described_api(root)
    if api is None:
        return
    members = apis.apis()[api].members
    request = root.with_value({name: member for name, member in root.items() if name in members})
    names = [_text(root, name) for name in ("DomainId", "DomainArn") if api == "CreateDomain"]
    own = apis.own_name(api, root)
    label = str(own) if own else basename(root.origin.document.path)
    known = tuple(name for name in (own, *names) if name)
    yield facts.Workload(root.origin, api, request, label, "cli", names=known)
    yield from _propagation(root)
    yield from pipeline.of_request(request, label, scope)


def _propagation(root: Node) -> Iterator[Fact]:
    status = root.get("DomainSettings", "TrustedIdentityPropagationSettings", "Status")
    if status is not None and status.value == "ENABLED":
        role = root.get("DefaultUserSettings", "ExecutionRole")
        yield facts.IdentityPropagation(status.origin, role.text if role is not None else None)


def _document(node: Node | None) -> Node | None:
    """A policy document, given as itself or as a text; None where there is none."""
    if node is None or node.mapping is not None:
        return node
    return next(iter(embedded.parse_json(node).nodes), Node(Unknown("it does not parse"), node.origin))


def _policy(node: Node | None, kind: Kind, name: str = "") -> Policy | None:
    from smlint.iam import grammar

    document = _document(node)
    return grammar.parse(document, kind, name) if document is not None else None


def _elements(node: Node, *path: str) -> Iterable[Node]:
    found = node.get(*path)
    return found.sequence or () if found is not None else ()


def _text(node: Node, name: str) -> Text | None:
    member = node.get(name)
    return member.text or None if member is not None else None


# The members that tell an answer, the most telling first; "/" leads into a member.
_SHAPES: tuple[tuple[tuple[str, ...], Reading], ...] = (
    (("RoleDetailList",), _account),
    (("UserDetailList", "Policies"), _account),
    (("Role/AssumeRolePolicyDocument",), _role),
    (("RoleName", "PolicyName", "PolicyDocument"), _role_policy),
    (("AttachedPolicies/PolicyArn",), _attached_policies),
    (("PolicyVersion/Document",), _policy_version),
    (("ServerSideEncryptionConfiguration/Rules",), _bucket_encryption),
    (("KeyMetadata/KeyId",), _key),
    (("Aliases/AliasName",), _aliases),
    (("repositoryName", "policyText"), _repository),
    (("VpcEndpoints/VpcEndpointId",), _endpoints),
    (("definition/{", "roleArn"), _state_machine),
    (("Policy/{",), _resource_policy),
    (("Policy/Statement",), _resource_policy),
)
