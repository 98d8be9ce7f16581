"""Which resources an action can act on, and what was meant where a statement names others."""

from __future__ import annotations

from functools import lru_cache

from smlint.iam import catalogue
from smlint.iam.match import arn_matches, arn_parts, matches
from smlint.values import NO, Hole, Text, join, pieces, split
from smlint_rules.policy._arns import pattern, with_wildcards

_BUCKET, _OBJECT, _STREAM = "arn:*:s3:::*", "arn:*:s3:::*/*", "arn:*:logs:*:*:log-group:*:log-stream:*"
_BUCKET_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
# Metrics have no ARN; the datasets that the catalogue lists are another feature's.
_METRICS = "cloudwatch:putmetricdata"
# Services that ask for an action without resource type with `*`. Others ask with an ARN of their own that the
# documentation does not tell: S3's ListAllMyBuckets with arn:aws:s3:::*.
_ASK_WITH_STAR = frozenset({"cloudwatch", "ec2", "ecr", "kms", "xray"})


def formats(action: str) -> tuple[str, ...]:
    """The ARNs that the action takes, as patterns; `*` alone where it takes none, empty where that is not known."""
    return ("*",) if action.lower() == _METRICS else catalogue.arn_formats(action)


@lru_cache(4096)
def may_fit(action: str, resource: Text) -> bool:
    """Whether the resource may be one that the action acts on. A wildcard action fits where any of its actions does."""
    if "*" in action or "?" in action:
        return action == "*" or not (known := catalogue.expand(action)) or any(may_fit(one, resource) for one in known)
    taken = formats(action)
    if taken == ("*",):
        return matches(resource, "*") is not NO or _asked_with_arn(action, resource)
    forms = (with_wildcards(resource), pattern(with_wildcards(resource)))
    return not taken or any(all(arn_matches(form, _example(one)) is not NO for form in forms) for one in taken)


def _asked_with_arn(action: str, resource: Text) -> bool:
    service = action.partition(":")[0].lower()
    parts = arn_parts(with_wildcards(resource))
    if parts is None:
        return not isinstance(resource, str)
    return service not in _ASK_WITH_STAR and matches(parts[2], service) is not NO and "*" in str(parts[5])


@lru_cache(512)
def _example(arn_format: str) -> Text:
    """An ARN of the format, with holes for its names. A bucket's holds no slash, which tells buckets from objects."""
    made: list[str | Hole] = []
    for index, literal in enumerate(arn_format.split("*")):
        bucket = index == 2 and arn_format in (_BUCKET, _OBJECT)
        name = Hole(f"name {index}", like="?*", only=_BUCKET_NAME if bucket else None)
        made += [name, literal] if index else [literal]
    return join(made)


def fitted(action: str, resource: Text) -> Text:
    """The resource that was meant: the bucket of objects, a bucket's objects, a group's streams; else a pattern."""
    if "*" in action or "?" in action:
        action = min(catalogue.expand(action), default=action)
    taken = formats(action)
    if not taken or may_fit(action, resource):
        return resource
    parts = arn_parts(resource)
    service = parts[2] if parts else ""
    if parts and service == "s3" and _OBJECT in taken:
        point = matches("accesspoint/*", parts[5]) is not NO and parts[4] != ""
        return join([*pieces(resource), "/object/*" if point else "/*"])
    if parts and service == "s3" and _BUCKET in taken:
        return split(resource, "/", 1)[0]
    if parts and service == "logs" and _STREAM in taken:
        return join([*pieces(resource), ":*"])
    return taken[0]
