"""How long Terraform takes: `python tests/bench/bench_terraform.py [FOLDER]`. Exits with 1 where it is too long.

FOLDER has one root module a folder (default: a synthetic one of 178 lines, repeated). From text to facts, in one
process, by CPU time: the least of several rounds a folder, and the growth from 100 folders to 1000.
"""

import sys
import time
from pathlib import Path

from smlint.document import Document
from smlint.facts import Settings
from smlint.readers import terraform

MILLISECONDS = 8.0
GROWTH = 1.3
STATEMENT = """
  statement {
    sid       = "S%d"
    actions   = ["s3:GetObject", "s3:PutObject", "kms:Decrypt"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/%d/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = [local.team]
    }
  }
"""
MAIN = """
locals {
  team = "genomics"
  tags = { Team = local.team }
}

resource "aws_s3_bucket" "data" {
  bucket = "acme-${local.team}-%d"
  tags   = local.tags
}

resource "aws_iam_role" "exec" {
  name = "${local.team}-exec"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = data.aws_iam_policy_document.exec.json
}

resource "aws_sagemaker_model" "model" {
  name               = "model"
  execution_role_arn = aws_iam_role.exec.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://${aws_s3_bucket.data.bucket}/model.tar.gz"
  }
}

data "aws_iam_policy_document" "exec" {"""


class Scope:
    """Nothing but the folder's own files."""

    settings = Settings()

    def open(self, path):
        return None

    def names(self, folder):
        return []


def texts(argument):
    if argument is None:
        blocks = "".join(STATEMENT % (n, n) for n in range(12))
        return [f"{MAIN % n}{blocks}}}\n" for n in range(100)]
    return [path.read_text("utf-8") for path in sorted(Path(argument).rglob("*.tf"))]


def read(folders):
    """Each folder's facts, and the CPU time it took."""
    scope = Scope()
    took = []
    for number, text in enumerate(folders):
        document = Document(f"{number}/main.tf", text)
        begun = time.process_time()
        assert list(terraform.read(str(number), [document], scope))
        took.append(time.process_time() - begun)
    return took


def main():
    folders = texts(sys.argv[1] if len(sys.argv) > 1 else None)
    lines = sum(text.count("\n") for text in folders) / len(folders)
    read(folders[:5])
    rounds = [read(folders) for _ in range(3)]
    each = sum(min(times) for times in zip(*rounds, strict=True)) / len(folders) * 1000
    hundred = sum(map(sum, rounds)) / len(rounds) / len(folders)
    many = (folders * (1 + 1000 // len(folders)))[:1000]
    growth = sum(read(many)) / len(many) / hundred
    print(
        f"{lines:.0f} lines a folder: {each:.2f} ms (at most {MILLISECONDS}), "
        f"of 1000 folders {growth:.2f} times as long each (at most {GROWTH})"
    )
    return 1 if each > MILLISECONDS * max(1, lines / 178) or growth > GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
