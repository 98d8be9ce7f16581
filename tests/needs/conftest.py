"""What the tests of the needs share: a small world, and workloads from plain data."""

from __future__ import annotations

from typing import Any

import pytest

from smlint.document import Document, Span
from smlint.facts import BucketEncryption, Workload
from smlint.needs.access import Access
from smlint.syntax import json as json_syntax
from smlint.values import Node, Template, Text

ROLE = "arn:aws:iam::111122223333:role/ml/train"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
BUCKET_KEY = "arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-12ab-34cd-56ef-1234567890ab"
NOWHERE = Span(Document("somewhere", ""), 0, 0)


class SmallWorld:
    """An account in eu-west-1 in which the tests put buckets, aliases, access points and models."""

    account: Text = "111122223333"
    region: Text = "eu-west-1"
    partition: Text = "aws"

    def __init__(self) -> None:
        self.keys: dict[Text, Text | None] = {}
        self.algorithms: dict[Text, Text] = {}
        self.aliases: dict[Text, Text] = {}
        self.access_points: dict[Text, Text] = {}
        self.requests: dict[tuple[str, Text], Workload] = {}

    def encrypt(self, bucket: Text, key: Text | None, algorithm: Text = "aws:kms") -> None:
        self.keys[bucket] = key
        self.algorithms[bucket] = algorithm

    def encryption(self, bucket: Text) -> BucketEncryption | None:
        if bucket not in self.keys:
            return None
        return BucketEncryption(NOWHERE, bucket, self.algorithms[bucket], self.keys[bucket])

    def key_arn(self, key: Text, role: Text | None) -> Text | None:
        if isinstance(key, Template) or (key.startswith("arn:aws:kms") and ":key/" in key):
            return key
        if "alias/" in key:
            return self.aliases.get(key.rpartition(":")[2])
        return f"arn:aws:kms:eu-west-1:111122223333:key/{key}"

    def bucket_of(self, access_point: Text) -> Text | None:
        return self.access_points.get(access_point)

    def named(self, api: str, name: Text) -> Workload | None:
        return self.requests.get((api, name))


def node(value: Any) -> Node:
    """Plain data as nodes; a Template, an Unknown or a ready Node in it stays what it is."""
    if isinstance(value, Node):
        return value
    if isinstance(value, dict):
        return Node({name: node(member) for name, member in value.items()}, NOWHERE)
    if isinstance(value, list):
        return Node([node(member) for member in value], NOWHERE)
    return Node(value, NOWHERE)


def workload(api: str, request: dict[str, Any], **more: Any) -> Workload:
    """A workload with the request."""
    return Workload(NOWHERE, api, node(request), api, "request", **more)


@pytest.fixture
def world() -> SmallWorld:
    return SmallWorld()


def at(path: str, value: Any, root: dict[str, Any] | None = None) -> dict[str, Any]:
    """The request that has only the value at a path: at("A[].B", 1) == {"A": [{"B": 1}]}; put into `root` if given."""
    root = {} if root is None else root
    steps = path.split(".")
    here = root
    for index, step in enumerate(steps):
        name, is_list, is_map = step.rstrip("[]{}"), step.endswith("[]"), step.endswith("{}")
        last = index == len(steps) - 1
        if is_list:
            items = here.setdefault(name, [])
            if last:
                items.append(value)
            else:
                if not items:
                    items.append({})
                here = items[0]
        elif last:
            here[name] = {"any": value} if is_map else value
        else:
            here = here.setdefault(name, {})
    return root


def actions(found: list[Access], need: str | None = None) -> set[str]:
    """The actions among the accesses, of one need or of all."""
    return {access.action for access in found if need is None or access.need.value == need}


def one(found: list[Access], action: str, path: str | None = None) -> Access:
    """The only access with the action (and path)."""
    those = [access for access in found if access.action == action and path in (None, access.path)]
    assert len(those) == 1, [(access.action, access.path, str(access.resource)) for access in found]
    return those[0]


def read(text: str) -> Node:
    """JSON text as nodes with origins."""
    return json_syntax.parse(Document("request.json", text)).nodes[0]
