"""The grant names the prefix itself, or another prefix, and not the keys below it.

What
----
The role has a statement for the right action in the right bucket, but its Resource names other keys than those that the
workload reads or writes: `arn:aws:s3:::bucket/path` without `/*`, or another prefix.

Why AWS refuses
---------------
An object ARN is matched to its last character. `bucket/path` is the single key `path`; SageMaker reads and writes
`path/…` below it.

Fix
---
Write the prefix with `/*` at its end.

Source
------
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Origin
from smlint.finding import Finding, Level
from smlint.fixes.names import Names
from smlint.fixes.snippet import snippet
from smlint.iam.match import arn_parts
from smlint.iam.policy import Element
from smlint.values import Text, head, split
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal, one_or_many
from smlint.verdicts.spots import element_spot
from smlint_rules.examples import DATA, LIST, RUNTIME, allow, folder

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.PREFIX or not refusal.required:
        return
    named = _of_bucket(refusal)
    yield finding(
        refusal,
        f"{quoted([element.text for element in named])} does not cover the keys that {whose(refusal, 'uses')}: "
        f"{quoted(refusal.grantable)}",
        LEVEL,
        fix=f"allow {some(refusal.actions)} on the keys below the prefix: make these the statement's resources",
        snippet=snippet(Names(refusal).of(_resources(refusal)), _where(refusal)),
        place=element_spot(refusal.statement, named[0]) if refusal.statement and named else refusal.place,
    )


def _resources(refusal: Refusal) -> Text | list[Text]:
    """What the statement is to name: what it names, but for a prefix itself where its keys are meant."""
    wanted = refusal.grantable
    listed = [element.text for element in refusal.statement.resources] if refusal.statement is not None else []
    meant = [
        text for text in listed if isinstance(text, str) and any(head(key).startswith(f"{text}/") for key in wanted)
    ]
    return one_or_many(list(dict.fromkeys([*(text for text in listed if text not in meant), *wanted])))


def _where(refusal: Refusal) -> Origin:
    statement = refusal.statement
    return element_spot(statement, statement.resources[0]) if statement is not None else refusal.place


def _of_bucket(refusal: Refusal) -> list[Element]:
    """The resources of the statement that lie in the bucket, without those of the bucket itself."""
    resources = refusal.statement.resources if refusal.statement is not None else ()
    found = []
    for element in resources:
        parts = arn_parts(element.text)
        if parts is not None and split(parts[5], "/", 1)[0] in refusal.buckets and parts[5] not in refusal.buckets:
            found.append(element)
    return found


_READ = allow("s3:GetObject", "arn:aws:s3:::acme-data/train/*")
BAD = (
    folder(RUNTIME, LIST, _READ, allow("s3:PutObject", "arn:aws:s3:::acme-data/models")),
    folder(RUNTIME, LIST, _READ, allow("s3:PutObject", "arn:aws:s3:::acme-data/output/*")),
)
GOOD = (folder(*DATA), folder(RUNTIME, LIST, _READ, allow("s3:PutObject", "arn:aws:s3:::acme-data/models/*")))
