"""Container images: the repository an image URI names, and the registries that AWS owns."""

from __future__ import annotations

from functools import lru_cache

from smlint.facts import AWS_REGISTRY
from smlint.needs.access import World
from smlint.values import UNKNOWN, YES, Text, Truth, join, split


def aws_owned_registry(account: Text) -> Truth:
    """Whether the registry of an account is one in which AWS publishes its own images."""
    if not isinstance(account, str):
        return YES if account.parts == (AWS_REGISTRY,) else UNKNOWN
    return Truth.of(account in _accounts())


def repository(image: Text, world: World) -> tuple[Text, Text] | None:
    """The registry's account and the repository's ARN of an image URI; None for an image that is not in ECR."""
    host, *rest = split(image, "/", 1)
    labels = split(host, ".")
    if not rest or len(labels) < 5 or labels[1] not in ("dkr", "dkr-ecr"):
        return None
    region = labels[2] if labels[1] == "dkr-ecr" else labels[3]
    if labels[1] == "dkr" and labels[2] not in ("ecr", "ecr-fips"):
        return None
    account = labels[0]
    name = split(split(rest[0], "@", 1)[0], ":", 1)[0]
    return account, join(["arn:", world.partition, ":ecr:", region, ":", account, ":repository/", name])


@lru_cache(maxsize=1)
def _accounts() -> frozenset[str]:
    from pathlib import Path

    text = Path(__file__).with_name("aws_registries.txt").read_text(encoding="ascii")
    return frozenset(line for line in text.split() if line.isdigit())
