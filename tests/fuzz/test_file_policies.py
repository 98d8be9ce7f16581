"""A policy that Terraform reads from a file is that role's and nobody else's: it is linted once."""

import pytest
from tests.fuzz.test_unread_policies import TRAIN, TRUST

from smlint.engine import lint_files
from smlint.finding import Level

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["s3:ListObjects"], "Resource": "*"},
    {"Effect": "Allow", "Action": ["logs:*", "cloudwatch:*", "ecr:*"], "Resource": "*"}
  ]
}
"""
ROLE = 'resource "aws_iam_role" "training" {\n  name = "training"\n  assume_role_policy = file("trust.json")\n}\n'
INLINE = 'resource "aws_iam_role_policy" "it" {\n  role = aws_iam_role.training.id\n  policy = %s\n}\n'
MANAGED = """
resource "aws_iam_policy" "it" {
  policy = %s
}

resource "aws_iam_role_policy_attachment" "it" {
  role       = aws_iam_role.training.name
  policy_arn = aws_iam_policy.it.arn
}
"""


@pytest.mark.parametrize("attached", [INLINE, MANAGED])
@pytest.mark.parametrize("read", ['file("policy.json")', 'templatefile("policy.json", {})'])
def test_a_policy_that_terraform_reads_is_linted_once(attached: str, read: str) -> None:
    files = {"policy.json": POLICY, "trust.json": TRUST, "train.json": TRAIN, "main.tf": ROLE + attached % read}
    found = [one for one in lint_files(files) if one.level >= Level.WARNING]
    assert [one.rule for one in found] == ["unknown-action", "missing-put-object"]
    assert {one.origin.place().path for one in found} == {"policy.json"}
