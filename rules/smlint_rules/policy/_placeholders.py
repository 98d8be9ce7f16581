"""Words that AWS's documentation puts where names belong."""

from __future__ import annotations

import re

from smlint.iam.match import arn_of, arn_parts
from smlint.values import Text, join, pieces, split

# Bucket names: the whole name, a number at its end included. Nobody can create a bucket that begins with amzn-s3-demo-.
_BUCKET = re.compile(
    r"(?:awsdoc-example-bucket|doc-example-bucket|inputbucket|outputbucket)[0-9]*\Z|amzn-s3-demo-", re.I
)
_ACCOUNTS = frozenset({"account-id", "accountid", "your-account-id", "aws-account-id", "account"})
_REGIONS = frozenset({"region", "aws-region", "your-region"})
_GRANTS_ROLE = "S3-ACCESS-GRANT-ROLE"


def find(text: Text) -> tuple[str, Text] | None:
    """The placeholder that an ARN has, and the ARN with `*` for each; None where it has none."""
    known = arn_parts(text)
    if known is None:
        return None
    parts = list(known)
    found: list[str] = []
    for index, words in ((3, _REGIONS), (4, _ACCOUNTS)):
        if _bare(parts[index]) in words:
            found.append(str(parts[index]))
            parts[index] = "*"
    name, *rest = split(parts[5], "/", 1) if parts[2] in ("s3", "iam") else [parts[5]]
    if parts[2] == "s3" and isinstance(name, str) and _BUCKET.match(name.rstrip("*?")):
        found.append(name.rstrip("*?"))
        parts[5] = _joined("*", rest)
    if parts[2] == "iam" and rest and rest[0] == _GRANTS_ROLE:
        found.append(_GRANTS_ROLE)
        parts[5] = _joined(name, ["*"])
    return (found[0], arn_of(parts)) if found else None


def _bare(part: Text) -> str:
    """A part without the marks that people put around placeholders."""
    return part.strip("<>[]").lower().replace("_", "-") if isinstance(part, str) else ""


def _joined(name: Text, rest: list[Text]) -> Text:
    return join([*pieces(name), *(piece for part in rest for piece in ("/", *pieces(part)))])
