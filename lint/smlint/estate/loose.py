"""Loose policy files: to whom they belong when no configuration says so.

The identity documents of one folder are one unnamed role's policies, a trust document beside them its trust policy,
job requests beside them its workloads. A bucket policy belongs to the bucket that its Resource names, a key policy to
the key that it or a neighbouring file names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from posixpath import dirname

from smlint import facts
from smlint.document import Origin
from smlint.estate.entities import Bucket, Held, Key, Role
from smlint.estate.estate import Estate
from smlint.estate.names import account_of, last_name
from smlint.iam.match import arn_parts
from smlint.iam.policy import Kind, Policy
from smlint.values import Node, Text, below, split

_REQUESTS = ("request", "cli", "config", "kubernetes")


def join_loose(
    estate: Estate, loose: list[facts.LoosePolicy], workloads: list[facts.Workload], problems: list[facts.Problem]
) -> dict[str, Role]:
    """Give every loose policy its place in the estate; returns the unnamed role of each folder that has one."""
    unread = {_folder(problem.origin) for problem in problems if _hides_policy(problem, loose)}
    folders: dict[str, list[facts.LoosePolicy]] = defaultdict(list)
    for fact in loose:
        folders[_folder(fact.origin)].append(fact)
        estate.policies.append(fact.policy)
    requests: dict[str, list[facts.Workload]] = defaultdict(list)
    for workload in workloads:
        if workload.source in _REQUESTS:
            requests[_folder(workload.origin)].append(workload)
    roles: dict[str, Role] = {}
    for folder, documents in folders.items():
        for fact in documents:
            if fact.policy.kind is Kind.BUCKET:
                _bucket(estate, fact.policy)
            elif fact.policy.kind is Kind.KEY:
                _key(estate, fact.policy, requests[folder])
        role = _role(estate, documents, requests[folder], list(roles.values()))
        if role is not None:
            role.complete = role.complete and folder not in unread
            roles[folder] = role
    return roles


def _hides_policy(problem: facts.Problem, loose: list[facts.LoosePolicy]) -> bool:
    """Whether a policy file does not parse, so that what it grants is unknown."""
    document = problem.origin.document
    return '"Statement"' in document.text and all(fact.origin.document is not document for fact in loose)


def _folder(origin: Origin) -> str:
    return dirname(origin.document.path)


def _bucket(estate: Estate, policy: Policy) -> None:
    names = {name for name in map(_bucket_name, _resources(policy)) if name is not None}
    if len(names) == 1:
        name = names.pop()
        bucket = estate.buckets.setdefault(name, Bucket(name))
        bucket.policy = bucket.policy or policy


def _resources(policy: Policy) -> Iterator[Text]:
    for statement in policy.statements:
        yield from (element.text for element in statement.resources)


def _bucket_name(resource: Text) -> Text | None:
    parts = arn_parts(resource)
    if parts is None or parts[2] != "s3" or parts[4] != "":
        return None
    name = split(parts[5], "/", 1)[0]
    return name.rstrip("*") if isinstance(name, str) else name


def _key(estate: Estate, policy: Policy, neighbours: list[facts.Workload]) -> None:
    arns = {resource for resource in _resources(policy) if resource != "*" and arn_parts(resource) is not None}
    named = arns or {text for workload in neighbours for text in _key_fields(workload.request)}
    if len(named) == 1:
        reference = named.pop()
        arn = estate.key_arn(reference) or reference
        key = estate.key(reference) or estate.keys.setdefault(last_name(arn), Key(arn, last_name(arn)))
        key.policy = key.policy or policy


def _key_fields(request: Node) -> Iterator[Text]:
    """The values of every …KmsKeyId member of a request."""
    for node in below(request):
        for name, member in node.items():
            if name.endswith("KmsKeyId") and member.text:
                yield member.text


def _role(
    estate: Estate, documents: list[facts.LoosePolicy], requests: list[facts.Workload], others: list[Role]
) -> Role | None:
    """The role of one folder; `others`: those of other folders, which may describe one of the same name."""
    identity = [fact for fact in documents if fact.policy.kind is Kind.IDENTITY]
    trust = [fact for fact in documents if fact.policy.kind is Kind.TRUST]
    if not (identity or trust) or not (requests or trust):
        return None
    references = {estate.role_reference(request) for request in requests} - {None}
    arns = {reference for reference in references if reference is not None and _is_free(estate, reference, others)}
    arn = arns.pop() if len(arns) == 1 else None
    first = (identity or trust)[0]
    folder = f"the folder {_folder(first.origin)}" if _folder(first.origin) else "this folder"
    label = str(last_name(arn)) if arn is not None else f"the role of {folder}"
    role = Role(first.policy.origin, label, arn, last_name(arn) if arn else None, account_of(arn) or estate.account)
    role.trust = trust[0].policy if len(trust) == 1 else None
    role.complete = bool(identity) and all(fact.policy.complete for fact in identity)
    role.identity = [Held(fact.policy, facts.Attachment(fact.origin, fact.policy)) for fact in identity]
    estate.add_role(role)
    return role


def _is_free(estate: Estate, reference: Text, others: list[Role]) -> bool:
    """Whether no file but other folders' loose ones shows the role."""
    known = estate.role(reference)
    return known is None or any(known is other for other in others)
