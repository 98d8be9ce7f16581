"""An ignore that nothing uses.

What
----
An inline ignore (`# smlint: ignore[missing-logs]`, `Metadata: {smlint: {ignore: [...]}}`, `ignore-file`) names a rule
that finds nothing there, a rule that does not exist, or no rule at all.

Why AWS refuses
---------------
It does not. But an ignore that has outlived its finding hides the next one at that place, and one with a misspelt name
hides nothing.

Fix
---
Remove the ignore, or the name from it; mend the spelling where the finding proposes a name.

Source
------
README, "Ignores"
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.suppressions import Suppression

LEVEL = Level.NOTE


def check(suppression: Suppression) -> Iterator[Finding]:
    """Nothing: what is unused shows when all findings are there, so `smlint.gate` says it."""
    yield from ()


BAD = (
    {
        "template.yaml": """\
Resources:
  Read:
    Type: AWS::IAM::ManagedPolicy
    Metadata:
      smlint:
        ignore: [placeholder-left]
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: arn:aws:s3:::acme-data/*
"""
    },
    {
        "main.tf": """\
data "aws_iam_policy_document" "read" {
  statement {
    # smlint: ignore[unknown-actions] not yet mended
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::acme-data/*"]
  }
}

resource "aws_iam_policy" "read" {
  name   = "read"
  policy = data.aws_iam_policy_document.read.json
}
"""
    },
)
GOOD = (
    {
        "main.tf": """\
data "aws_iam_policy_document" "read" {
  statement {
    # smlint: ignore[unknown-action] kept for the audit
    actions   = ["s3:HeadObject"]
    resources = ["arn:aws:s3:::acme-data/*"]
  }
}

resource "aws_iam_policy" "read" {
  name   = "read"
  policy = data.aws_iam_policy_document.read.json
}
"""
    },
)
