"""Resources of the Cloud Control provider, from configuration to finding."""

from __future__ import annotations

import pytest
from terraform_helpers import facts_of, one

from smlint.engine import lint_files
from smlint.facts import Role
from smlint.finding import Level

CONFIGURATION = """
resource "awscc_kms_key" "data" {
  key_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" }] })
}
resource "awscc_s3_bucket" "data" {
  bucket_name = "acme-data"
  bucket_encryption = {
    server_side_encryption_configuration = [{
      server_side_encryption_by_default = { sse_algorithm = "aws:kms", kms_master_key_id = awscc_kms_key.data.arn }
    }]
  }
}
resource "awscc_iam_role" "serving" {
  role_name = "serving"
  assume_role_policy_document = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }] })
  policies = [{
    policy_name = "runtime"
    policy_document = jsonencode({ Version = "2012-10-17", Statement = [
      { Effect = "Allow", Action = ["logs:*", "ecr:*", "cloudwatch:*"], Resource = "*" },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${awscc_s3_bucket.data.arn}/*" },
      %s
    ] })
  }]
}
resource "awscc_sagemaker_model" "churn" {
  execution_role_arn = awscc_iam_role.serving.arn
  primary_container = {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://${awscc_s3_bucket.data.id}/models/model.tar.gz"
  }
}
"""
DECRYPT = '{ Effect = "Allow", Action = "kms:Decrypt", Resource = awscc_kms_key.data.arn },'


def found(text: str) -> list[tuple[str, int]]:
    findings = lint_files({"main.tf": text, "smlint.toml": 'account = "111122223333"\n'})
    return [(one.rule, one.origin.place().first.line) for one in findings if one.level is not Level.NOTE]


def test_a_model_whose_role_lacks_the_buckets_key() -> None:
    assert [rule for rule, _ in found(CONFIGURATION.replace("%s", ""))] == ["missing-kms-decrypt"]


def test_with_the_key_nothing_is_found() -> None:
    assert found(CONFIGURATION.replace("%s", DECRYPT)) == []


def test_policies_of_their_own_resources() -> None:
    apart = """
resource "awscc_iam_role_policy" "key" {
  role_name       = awscc_iam_role.serving.role_name
  policy_name     = "key"
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [%s] })
}
resource "awscc_s3_bucket_policy" "data" {
  bucket          = awscc_s3_bucket.data.id
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Principal = { AWS = awscc_iam_role.serving.arn }, Action = "s3:GetObject",
    Resource = "${awscc_s3_bucket.data.arn}/*" }] })
}
"""
    text = CONFIGURATION.replace("%s", "") + apart.replace("%s", DECRYPT.rstrip(","))
    assert [rule for rule, _ in found(text)] == ["bucket-policy-denies-role"]


@pytest.mark.parametrize("prefix", ["aws", "awscc"])
def test_a_role_that_may_not_exist_holds_unknown_policies(prefix: str) -> None:
    text = f"""
variable "on" {{}}
resource "{prefix}_iam_role" "r" {{
  count                = var.on ? 1 : 0
  managed_policy_arns  = ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}}
"""
    role = one(facts_of({"main.tf": text}), Role)
    assert [(str(held.arn), held.boundary) for held in role.attachments] == [
        ("⟨count = var.on ? 1 : 0⟩", False),
        ("⟨count = var.on ? 1 : 0⟩", True),
    ]
