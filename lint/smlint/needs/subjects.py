"""What a field's value names, as the words that the resources of the needs files are made of.

Words of a subject whose value is None make every action that uses them fall away: there is nothing to access.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from smlint.needs.access import World
from smlint.needs.images import aws_owned_registry, repository
from smlint.needs.s3 import Location, locate
from smlint.record import dataclass
from smlint.values import YES, Hole, Text, join, pieces, split

Words: TypeAlias = "Mapping[str, Text | None]"


@dataclass(frozen=True, slots=True)
class Subject:
    """words: what stands for {bucket}, {object} … in a resource. aws_owned: the image is in a registry of AWS."""

    words: Words
    location: Location | None = None
    key: Text | None = None
    aws_owned: bool = False


def subject(of: str, value: Text, world: World, role: Text | None) -> Subject | None:
    """What a value names, read as `of` (one of KINDS) says; None where it names nothing of that kind."""
    return KINDS[of](value, world, role)


def _s3(value: Text, world: World, role: Text | None) -> Subject | None:
    found = locate(value, world)
    if found is None:
        return None
    key = default_key(found, world)
    arn = None if key is None else key_arn(key, world, role)
    words: dict[str, Text | None] = {
        "bucket": found.arn,
        "object": found.object(found.key) if found.key else None,
        "objects": found.beginning,
        "below": found.below,
        "key": arn,
        "default_key": arn,
    }
    return Subject(words, location=found, key=key)


def default_key(location: Location, world: World) -> Text | None:
    """The customer's key with which the bucket encrypts by default; None for none, the AWS managed one, or unknown."""
    encryption = world.encryption(location.bucket) if location.bucket is not None else None
    if encryption is None or encryption.key is None or encryption.algorithm == "AES256":
        return None
    return encryption.key


def key_arn(key: Text, world: World, role: Text | None) -> Text | None:
    """The ARN of a key; None for an AWS managed key, which needs no permission."""
    if is_aws_managed(key):
        return None
    known = world.key_arn(key, role)
    if known is not None:
        return known
    alias = Hole(f"key {key}", label=str(key))
    return join(["arn:", world.partition, ":kms:", world.region, ":", world.account, ":key/", alias])


def is_aws_managed(key: Text) -> bool:
    """Whether a key is written as the alias of an AWS managed key (`alias/aws/s3`, also as an ARN, also `aws/s3`)."""
    text = "".join(part if isinstance(part, str) else "\0" for part in pieces(key))
    return text.startswith("aws/") or "alias/aws/" in text


def _key(value: Text, world: World, role: Text | None) -> Subject | None:
    if value == "":
        return None
    return Subject({"key": key_arn(value, world, role)}, key=value)


def _image(value: Text, world: World, role: Text | None) -> Subject | None:
    found = repository(value, world)
    if found is None:
        return None
    return Subject({"repository": found[1]}, aws_owned=aws_owned_registry(found[0]) is YES)


def _queue(value: Text, world: World, role: Text | None) -> Subject | None:
    """`https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`"""
    host, *path = split(value, "/")[2:] or [""]
    labels = split(host, ".")
    if len(path) != 2 or len(labels) < 4 or labels[0] != "sqs":
        return None
    return Subject({"queue": join(["arn:", world.partition, ":sqs:", labels[1], ":", path[0], ":", path[1]])})


def _arn(value: Text, world: World, role: Text | None) -> Subject | None:
    """An ARN; what begins otherwise names nothing."""
    first = pieces(value)[0]
    return Subject({"value": value}) if isinstance(first, Hole) or first.startswith("arn:") else None


def _value(value: Text, world: World, role: Text | None) -> Subject | None:
    return Subject({"value": value}) if value != "" else None


KINDS: dict[str, Callable[[Text, World, Text | None], Subject | None]] = {
    "s3": _s3,
    "key": _key,
    "image": _image,
    "queue": _queue,
    "arn": _arn,
    "value": _value,
}
