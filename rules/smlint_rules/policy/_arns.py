"""ARNs that can match nothing, and what was meant by them."""

from __future__ import annotations

import re
from functools import lru_cache

from smlint.facts import ACCOUNT, REGION
from smlint.iam.match import arn_of, arn_parts, matches
from smlint.record import dataclass
from smlint.values import NO, Hole, Text, head, join, pieces

# Services all of whose ARNs have a region and an account.
_REGIONAL = frozenset(
    {"ecr", "kms", "logs", "sagemaker", "sns", "sqs", "secretsmanager", "dynamodb", "athena", "states"}
)
# What ARNs of S3 name with a region or an account; a bucket's and an object's have neither.
_S3_WITH_ACCOUNT = ("accesspoint/*", "accesspoint:*", "job/*", "access-grants/*", "storage-lens*/*", "async-request/*")
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_SHORT_ACCOUNT = re.compile(r"[0-9]+\Z")
_WORD = re.compile(r"[A-Za-z0-9-]+\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an ARN matches nothing. meant: the ARN as it was probably meant, `*` where that is not known."""

    message: str
    fix: str
    meant: Text


def with_wildcards(text: Text) -> Text:
    """The text with policy variables, and whatever else a `${…}` stands for, as `*`."""
    if not any("${" in piece for piece in pieces(text) if isinstance(piece, str)):
        return text
    return join(_VARIABLE.sub("*", piece) if isinstance(piece, str) else piece for piece in pieces(text))


def fault(text: Text, partition: Text) -> Fault | None:
    """What is wrong with an ARN; None where nothing is, or where the text may be something else. `partition`: ours."""
    text = with_wildcards(text)
    parts = arn_parts(text)
    if parts is None:
        # Whether a last `*` stands for the parts that are left out is not documented.
        open_ended = isinstance(text, str) and (text.endswith(":*") or (text.endswith("*") and text.count(":") < 3))
        return _too_short(text) if isinstance(text, str) and text.startswith("arn:") and not open_ended else None
    return (
        _wrong_partition(parts, partition)
        or (_bucket(parts) if parts[2] == "s3" else None)
        or (_global(parts) if parts[2] == "iam" else None)
        or _no_region(parts)
        or _no_account(parts)
    )


def _too_short(text: str) -> Fault:
    parts = text.split(":")
    service, last = ([*parts, "*", "*"])[2], parts[-1]
    where = "" if service == "s3" else "*"
    meant = f"arn:{parts[1] or '*'}:{service}:{where}:{where}:{last if len(parts) > 3 else '*'}"
    return Fault(
        f"`{text}` has {len(parts)} of an ARN's six parts",
        "write all six parts, empty ones too: arn:partition:service:region:account:resource",
        meant,
    )


def _wrong_partition(parts: tuple[Text, ...], partition: Text) -> Fault | None:
    own = parts[1]
    if not isinstance(own, str) or "*" in own or "?" in own:
        return None
    ours = partition if isinstance(partition, str) else ""
    if own != "aws" and not own.startswith("aws-"):
        what = f"there is no partition `{own}`"
    elif ours not in ("", own, "*"):
        what = f"that is another partition than `{ours}`, where this is deployed"
    else:
        return None
    return Fault(f"`{arn_of(parts)}`: {what}", f"write arn:{ours or 'aws'}:…", arn_of(["arn", ours or "*", *parts[2:]]))


def _bucket(parts: tuple[Text, ...]) -> Fault | None:
    region, account, resource = parts[3:]
    if head(resource).startswith("arn:"):
        return Fault(f"`{arn_of(parts)}` holds an ARN in an ARN", f"write `{resource}`", resource)
    if isinstance(resource, str) and (not resource or resource.startswith(("s3://", "/"))):
        meant = arn_of([*parts[:3], "", "", resource.removeprefix("s3://").lstrip("/") or "*"])
        return Fault(f"`{arn_of(parts)}` names no bucket", f"write `{meant}`", meant)
    filled = [name for name, part in (("a region", region), ("an account", account)) if matches(part, "") is NO]
    if not filled or any(matches(one, resource) is not NO for one in _S3_WITH_ACCOUNT):
        return None
    meant = arn_of([*parts[:3], "", "", resource])
    has = " and ".join(filled)
    return Fault(f"`{arn_of(parts)}` has {has}, and ARNs of buckets and objects have none", f"write `{meant}`", meant)


def _global(parts: tuple[Text, ...]) -> Fault | None:
    if matches(parts[3], "") is not NO:
        return None
    meant = arn_of([*parts[:3], "", *parts[4:]])
    return Fault(f"`{arn_of(parts)}` has a region, and IAM's ARNs have none", f"write `{meant}`", meant)


@lru_cache(1024)
def _can_be(part: str, hole: Hole) -> bool:
    """Whether a part of an ARN can be what stands in the hole; few parts stand in very many ARNs."""
    return matches(part, join([hole])) is not NO


def _no_region(parts: tuple[Text, ...]) -> Fault | None:
    region = parts[3]
    if parts[2] not in _REGIONAL or not isinstance(region, str) or not (region == "" or _WORD.match(region)):
        return None
    if _can_be(region, REGION) or region.lower().replace("_", "-") in ("region", "aws-region"):
        return None
    meant = arn_of([*parts[:3], "*", *parts[4:]])
    why = f": `{region}` is none" if region else ""
    return Fault(f"`{arn_of(parts)}` names no region{why}", "write the region, or `*` for every region", meant)


def _no_account(parts: tuple[Text, ...]) -> Fault | None:
    account = parts[4]
    if not isinstance(account, str) or _can_be(account, ACCOUNT):
        return None
    if not (_SHORT_ACCOUNT.match(account) or (account == "" and parts[2] in _REGIONAL)):
        return None
    meant = arn_of([*parts[:4], "*", parts[5]])
    why = f": `{account}` has not twelve digits" if account else ""
    return Fault(f"`{arn_of(parts)}` names no account{why}", "write the account's twelve digits, or `*`", meant)
