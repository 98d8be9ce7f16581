"""AWS managed policies, bundled: looked up by ARN or name, one read without the rest.

`tools/managed_policies.py` writes the data from the copy in moto (Apache-2.0); `date` says how new it is. A policy that
AWS added later is not in it.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from smlint.iam import data, grammar
from smlint.iam.match import arn_parts
from smlint.iam.policy import Kind, Policy
from smlint.values import Text, join

_FILE = os.path.join(os.path.dirname(__file__), "managed_policies.data")
_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@lru_cache(1)
def _head() -> tuple[dict[str, Any], int]:
    """What the data says of itself, and where the documents begin."""
    with open(_FILE, "rb") as file:
        line = file.readline()
    head: dict[str, Any] = json.loads(line)
    return head, len(line)


def date() -> str:
    """The day of the newest policy in the data."""
    return str(_head()[0]["date"])


def names() -> tuple[str, ...]:
    """The names of all the policies."""
    return tuple(_head()[0]["policies"])


def path(name: str) -> str:
    """The path of a policy that is given by its name alone: "/service-role/"; "/" where there is none of the name."""
    known = _head()[0]["policies"].get(name)
    return "/" if known is None else str(known[0])


def exists(arn: Text) -> bool:
    """Whether there is an AWS managed policy with the ARN, its path included, whatever the partition.

    False only where the data has none; a name that is not wholly known is given the benefit of the doubt.
    """
    parts = arn_parts(arn)
    if parts is None or not isinstance(parts[5], str):
        return not isinstance(arn, str)
    return _name(parts) is not None


def is_aws_managed(arn: Text) -> bool:
    """Whether the ARN is that of an AWS managed policy, existing or not."""
    parts = arn_parts(arn)
    return parts is not None and parts[2] == "iam" and parts[4] == "aws"


def lookup(arn_or_name: Text) -> Policy | None:
    """The default version of the AWS managed policy with an ARN or a bare name; None where there is none.

    In another partition than `aws`, the ARNs in the policy are of that partition, as AWS publishes them there.
    """
    parts = arn_parts(arn_or_name)
    if parts is not None:
        name = _name(parts)
        return None if name is None else _policy(name, parts[1])
    if isinstance(arn_or_name, str) and arn_or_name in _head()[0]["policies"]:
        return _policy(arn_or_name, "aws")
    return None


def _name(parts: tuple[Text, ...]) -> str | None:
    """The name of the policy that an ARN means."""
    resource = parts[5]
    if parts[2] != "iam" or parts[4] != "aws" or not isinstance(resource, str) or not resource.startswith("policy/"):
        return None
    path, name = resource[len("policy") :].rsplit("/", 1)
    known = _head()[0]["policies"].get(name)
    return name if known is not None and known[0] == f"{path}/" else None


@lru_cache(256)
def _policy(name: str, partition: Text) -> Policy:
    head, start = _head()
    _, _, offset, length = head["policies"][name]
    with open(_FILE, "rb") as file:
        file.seek(start + offset)
        document = json.loads(zlib.decompress(file.read(length)))
    return grammar.parse(data.node(document, name, _moved_to(partition)), Kind.IDENTITY, name)


def _moved_to(partition: Text) -> Callable[[str], Text]:
    """Writes ARNs of the partition `aws` as those of another."""

    def moved(text: str) -> Text:
        return join(["arn:", partition, text[len("arn:aws") :]]) if text.startswith("arn:aws:") else text

    return moved


@lru_cache(4)
def full_access(kind: Kind) -> Policy:
    """FullAWSAccess (Kind.SCP) or RCPFullAWSAccess (Kind.RCP), which stand beside an organisation's own guardrails."""
    statement = {**_ALL, "Principal": "*"} if kind is Kind.RCP else _ALL
    name = "RCPFullAWSAccess" if kind is Kind.RCP else "FullAWSAccess"
    return grammar.parse(data.node({"Version": "2012-10-17", "Statement": [statement]}, name), kind, name)
