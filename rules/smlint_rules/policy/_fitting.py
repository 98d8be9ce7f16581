"""Which resources an action can act on, and what was meant where a statement names others."""

from __future__ import annotations

from functools import lru_cache

from smlint.iam import catalogue
from smlint.iam.glob import beginning, widened
from smlint.iam.match import arn_matches, arn_of, arn_parts, lower, matches
from smlint.values import NO, UNKNOWN, YES, Hole, Text, Truth, head, join, pieces, split
from smlint_rules.policy._arns import with_wildcards

_BUCKET, _OBJECT, _STREAM = "arn:*:s3:::*", "arn:*:s3:::*/*", "arn:*:logs:*:*:log-group:*:log-stream:*"
_REGION = 2  # which of a format's placeholders the region is
# Services that ask for an action without resource type with `*`. Of others the documentation does not tell: SNS asks
# for ListTopics with an ARN.
_ASK_WITH_STAR = frozenset({"ec2", "ecr", "kms", "xray"})
# Metrics have no ARN; the datasets that the catalogue lists for these actions have.
_METRICS = frozenset({"cloudwatch:putmetricdata", "cloudwatch:getmetricdata", "cloudwatch:listmetrics"})
_LIST_BUCKETS = "s3:listallmybuckets"  # asked for with arn:aws:s3:::*


@lru_cache(2048)
def formats(action: str) -> tuple[str, ...]:
    """The ARNs that the action takes, as patterns; `*` alone where it takes none, empty where that is not known."""
    return ("*",) if action.lower() in _METRICS else catalogue.arn_formats(action)


@lru_cache(512)
def may_fit(action: str, resource: Text) -> bool:
    """Whether the resource may be one that the action acts on. A wildcard action fits where any of its actions does."""
    if "*" in action or "?" in action:
        return action == "*" or not (known := catalogue.expand(action)) or any(may_fit(one, resource) for one in known)
    taken = formats(action)
    if taken == ("*",):
        return matches(resource, "*") is not NO or _asked_with_arn(action.lower(), resource)
    parts = arn_parts(with_wildcards(resource))
    return not taken or parts is None or any(_can_be(parts, one) for one in taken)


@lru_cache(512)
def _can_be(parts: tuple[Text, ...], arn_format: str) -> bool:
    """Whether a resource can be of the format: with its holes as they are, and as wildcards."""
    if arn_format in (_BUCKET, _OBJECT):
        without_account = all(
            matches(part, one) is not NO for part, one in zip(parts[2:5], ("s3", "", ""), strict=True)
        )
        return without_account and _has_slash(parts[5]) is not Truth.of(arn_format == _BUCKET)
    plain = _plainly(parts, arn_format)
    if plain is not UNKNOWN:
        return plain is YES
    form, example = lower(arn_of(parts)), _example(arn_format)
    if arn_matches(form, example) is NO:
        return False
    return isinstance(form, str) or arn_matches(widened(form), example) is not NO


def _plainly(parts: tuple[Text, ...], arn_format: str) -> Truth:
    """Whether it can be, as far as the literals that begin each part tell: they do for nearly all resources."""
    certain = "s3" not in arn_format
    for part, taken in zip(parts[2:], arn_format.lower().split(":", len(parts) - 1)[2:], strict=True):
        ours, theirs = _start(part).lower(), taken.partition("*")[0]
        if not (ours.startswith(theirs) or theirs.startswith(ours)):
            return NO
        if theirs == taken != ours == part:
            return NO
        certain = certain and (part == taken or (taken == f"{theirs}*" and ours.startswith(theirs)))
    return YES if certain else UNKNOWN


def _start(text: Text) -> str:
    """The literal characters before the first wildcard or hole."""
    return beginning(head(text))


def _has_slash(resource: Text) -> Truth:
    """Whether the name in an S3 ARN goes beyond the bucket; unknown where a wildcard or a hole may hold the slash."""
    held = pieces(resource)
    if any("/" in piece for piece in held if isinstance(piece, str)):
        return YES
    open_ = (
        ("*" in one or "?" in one) if isinstance(one, str) else one.only is None or "/" in one.only for one in held
    )
    return UNKNOWN if any(open_) else NO


def _asked_with_arn(action: str, resource: Text) -> bool:
    """Whether the service may ask for an action without resource type with this ARN."""
    parts = arn_parts(with_wildcards(resource))
    if parts is None:
        return not isinstance(resource, str)
    if action in _METRICS:
        return matches("dataset/*", parts[5]) is not NO
    if action == _LIST_BUCKETS:
        return parts[5] == "*"
    return action.partition(":")[0] not in _ASK_WITH_STAR


@lru_cache(512)
def _example(arn_format: str) -> Text:
    """An ARN of the format in lower case, with holes for its names."""
    # An access point's account is not empty, which tells it from a bucket; only one for several regions names none.
    some = "?*" if arn_format.startswith("arn:*:s3:") else "*"
    made: list[str | Hole] = []
    for index, literal in enumerate(arn_format.lower().split("*")):
        like = "*" if index == _REGION else some
        made += [Hole(f"name {index}", like=like), literal] if index else [literal]
    return join(made)


def fitted(action: str, resource: Text) -> Text:
    """The resource that was meant: the bucket of objects, a bucket's objects, a group's streams; else a
    pattern where the resource is."""
    action = some_action(action)
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
    return _where(taken[0], parts) if parts and taken != ("*",) else taken[0]


def some_action(action: str) -> str:
    """The action itself, of a pattern the first action that it matches: requests ask for no patterns."""
    return min(catalogue.expand(action), default=action) if "*" in action or "?" in action else action


def _where(arn_format: str, parts: tuple[Text, ...]) -> Text:
    """The format with the partition, region and account of another ARN, as far as that one names them."""
    own = zip(arn_format.split(":", 5), (*parts[:5], ""), strict=True)
    return arn_of([theirs if form == "*" and theirs != "" else form for form, theirs in own])
