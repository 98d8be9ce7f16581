"""Taking ARNs and names apart, holes included."""

from __future__ import annotations

from smlint.iam.match import arn_parts
from smlint.values import Text, split


def resource_of(text: Text) -> Text:
    """The resource part of an ARN; a text that is no ARN is its own."""
    parts = arn_parts(text)
    return parts[5] if parts else text


def account_of(text: Text | None) -> Text | None:
    """The account of an ARN, None where it is none or has none."""
    parts = arn_parts(text) if text is not None else None
    return (parts[4] or None) if parts else None


def last_name(text: Text) -> Text:
    """What follows the last "/" of an ARN's resource: the name of a role, the id of a key. "TrainRole" is its own."""
    return split(resource_of(text), "/")[-1]
