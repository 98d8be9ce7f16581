terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "dummy"
  secret_key                  = "dummy"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

locals {
  buckets = ["one", "two"]
  more    = ["s3:PutObject"]
  deny    = false
}

data "aws_iam_policy_document" "simple" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "simple" { value = data.aws_iam_policy_document.simple.json }

data "aws_iam_policy_document" "defaults" {
  statement {
    actions   = ["s3:GetObject"]
  }
}

output "defaults" { value = data.aws_iam_policy_document.defaults.json }

data "aws_iam_policy_document" "effect" {
  statement {
    effect = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "effect" { value = data.aws_iam_policy_document.effect.json }

data "aws_iam_policy_document" "sid" {
  statement {
    sid = "One"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "sid" { value = data.aws_iam_policy_document.sid.json }

data "aws_iam_policy_document" "empty_sid" {
  statement {
    sid = ""
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "empty_sid" { value = data.aws_iam_policy_document.empty_sid.json }

data "aws_iam_policy_document" "two_actions" {
  statement {
    actions = ["s3:PutObject", "s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "two_actions" { value = data.aws_iam_policy_document.two_actions.json }

data "aws_iam_policy_document" "two_resources" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b", "arn:aws:s3:::a"]
  }
}

output "two_resources" { value = data.aws_iam_policy_document.two_resources.json }

data "aws_iam_policy_document" "repeated_actions" {
  statement {
    actions = ["s3:GetObject", "s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "repeated_actions" { value = data.aws_iam_policy_document.repeated_actions.json }

data "aws_iam_policy_document" "not_actions" {
  statement {
    effect = "Deny"
    not_actions = ["iam:*", "sts:*"]
    resources = ["*"]
  }
}

output "not_actions" { value = data.aws_iam_policy_document.not_actions.json }

data "aws_iam_policy_document" "not_resources" {
  statement {
    effect = "Deny"
    actions   = ["s3:GetObject"]
    not_resources = ["arn:aws:s3:::b/*"]
  }
}

output "not_resources" { value = data.aws_iam_policy_document.not_resources.json }

data "aws_iam_policy_document" "two_statements" {
  statement {
    sid = "A"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
  statement {
    sid = "B"
    actions = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::b"]
  }
}

output "two_statements" { value = data.aws_iam_policy_document.two_statements.json }

data "aws_iam_policy_document" "same_no_sid" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "same_no_sid" { value = data.aws_iam_policy_document.same_no_sid.json }

data "aws_iam_policy_document" "version_old" {
  version = "2008-10-17"
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "version_old" { value = data.aws_iam_policy_document.version_old.json }

data "aws_iam_policy_document" "policy_id" {
  policy_id = "MyPolicy"
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "policy_id" { value = data.aws_iam_policy_document.policy_id.json }

data "aws_iam_policy_document" "no_statement" {
}

output "no_statement" { value = data.aws_iam_policy_document.no_statement.json }

data "aws_iam_policy_document" "empty_lists" {
  statement {
    actions = []
    not_actions = ["s3:*"]
    resources = []
    not_resources = ["arn:aws:s3:::x"]
  }
}

output "empty_lists" { value = data.aws_iam_policy_document.empty_lists.json }

data "aws_iam_policy_document" "service" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

output "service" { value = data.aws_iam_policy_document.service.json }

data "aws_iam_policy_document" "two_services" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

output "two_services" { value = data.aws_iam_policy_document.two_services.json }

data "aws_iam_policy_document" "aws_root" {
  statement {
    actions = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}

output "aws_root" { value = data.aws_iam_policy_document.aws_root.json }

data "aws_iam_policy_document" "star_star" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

output "star_star" { value = data.aws_iam_policy_document.star_star.json }

data "aws_iam_policy_document" "aws_star" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

output "aws_star" { value = data.aws_iam_policy_document.aws_star.json }

data "aws_iam_policy_document" "star_with_aws" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}

output "star_with_aws" { value = data.aws_iam_policy_document.star_with_aws.json }

data "aws_iam_policy_document" "service_and_aws" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}

output "service_and_aws" { value = data.aws_iam_policy_document.service_and_aws.json }

data "aws_iam_policy_document" "aws_twice" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/a"]
    }
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/b"]
    }
  }
}

output "aws_twice" { value = data.aws_iam_policy_document.aws_twice.json }

data "aws_iam_policy_document" "federated" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/x"]
    }
  }
}

output "federated" { value = data.aws_iam_policy_document.federated.json }

data "aws_iam_policy_document" "canonical" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "CanonicalUser"
      identifiers = ["abc"]
    }
  }
}

output "canonical" { value = data.aws_iam_policy_document.canonical.json }

data "aws_iam_policy_document" "not_principals" {
  statement {
    effect = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    not_principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:root"]
    }
  }
}

output "not_principals" { value = data.aws_iam_policy_document.not_principals.json }

data "aws_iam_policy_document" "not_principals_one" {
  statement {
    effect = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    not_principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/a"]
    }
  }
}

output "not_principals_one" { value = data.aws_iam_policy_document.not_principals_one.json }

data "aws_iam_policy_document" "condition" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpc"
      values   = ["vpc-1"]
    }
  }
}

output "condition" { value = data.aws_iam_policy_document.condition.json }

data "aws_iam_policy_document" "condition_values" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["", "home/", "home/*"]
    }
  }
}

output "condition_values" { value = data.aws_iam_policy_document.condition_values.json }

data "aws_iam_policy_document" "condition_two_tests" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["a"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
}

output "condition_two_tests" { value = data.aws_iam_policy_document.condition_two_tests.json }

data "aws_iam_policy_document" "condition_same_test" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["a"]
    }
    condition {
      test     = "StringLike"
      variable = "s3:delimiter"
      values   = ["/"]
    }
  }
}

output "condition_same_test" { value = data.aws_iam_policy_document.condition_same_test.json }

data "aws_iam_policy_document" "condition_same_key" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["a"]
    }
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["b"]
    }
  }
}

output "condition_same_key" { value = data.aws_iam_policy_document.condition_same_key.json }

data "aws_iam_policy_document" "condition_number" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "NumericLessThan"
      variable = "s3:max-keys"
      values   = [10]
    }
  }
}

output "condition_number" { value = data.aws_iam_policy_document.condition_number.json }

data "aws_iam_policy_document" "condition_bool" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}

output "condition_bool" { value = data.aws_iam_policy_document.condition_bool.json }

data "aws_iam_policy_document" "condition_for_all" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:TagKeys"
      values   = ["a", "b"]
    }
  }
}

output "condition_for_all" { value = data.aws_iam_policy_document.condition_for_all.json }

data "aws_iam_policy_document" "variables" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/&{aws:username}/*"]
  }
}

output "variables" { value = data.aws_iam_policy_document.variables.json }

data "aws_iam_policy_document" "variables_condition" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["home/&{aws:username}/*"]
    }
  }
}

output "variables_condition" { value = data.aws_iam_policy_document.variables_condition.json }

data "aws_iam_policy_document" "variables_principal" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "AWS"
      identifiers = ["&{aws:x}"]
    }
  }
}

output "variables_principal" { value = data.aws_iam_policy_document.variables_principal.json }

data "aws_iam_policy_document" "variables_literal" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/$${aws:username}/*"]
  }
}

output "variables_literal" { value = data.aws_iam_policy_document.variables_literal.json }

data "aws_iam_policy_document" "variables_actions" {
  statement {
    actions = ["s3:&{x}"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "variables_actions" { value = data.aws_iam_policy_document.variables_actions.json }

data "aws_iam_policy_document" "source_one" {
  source_policy_documents = [data.aws_iam_policy_document.sid.json]
}

output "source_one" { value = data.aws_iam_policy_document.source_one.json }

data "aws_iam_policy_document" "source_and_own" {
  source_policy_documents = [data.aws_iam_policy_document.sid.json]
  statement {
    sid = "Two"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "source_and_own" { value = data.aws_iam_policy_document.source_and_own.json }

data "aws_iam_policy_document" "source_replaced" {
  source_policy_documents = [data.aws_iam_policy_document.two_statements.json]
  statement {
    sid = "A"
    actions = ["s3:*"]
    resources = ["*"]
  }
}

output "source_replaced" { value = data.aws_iam_policy_document.source_replaced.json }

data "aws_iam_policy_document" "source_no_sid" {
  source_policy_documents = [data.aws_iam_policy_document.simple.json]
  statement {
    actions = ["s3:*"]
    resources = ["*"]
  }
}

output "source_no_sid" { value = data.aws_iam_policy_document.source_no_sid.json }

data "aws_iam_policy_document" "source_two" {
  source_policy_documents = [data.aws_iam_policy_document.sid.json, data.aws_iam_policy_document.simple.json]
}

output "source_two" { value = data.aws_iam_policy_document.source_two.json }

data "aws_iam_policy_document" "source_json" {
  source_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "J", Effect = "Allow", Action = "s3:*", Resource = "*" }] })]
}

output "source_json" { value = data.aws_iam_policy_document.source_json.json }

data "aws_iam_policy_document" "source_id" {
  source_policy_documents = [data.aws_iam_policy_document.policy_id.json]
}

output "source_id" { value = data.aws_iam_policy_document.source_id.json }

data "aws_iam_policy_document" "override_one" {
  override_policy_documents = [data.aws_iam_policy_document.sid.json]
  statement {
    sid = "One"
    actions = ["s3:*"]
    resources = ["*"]
  }
}

output "override_one" { value = data.aws_iam_policy_document.override_one.json }

data "aws_iam_policy_document" "override_adds" {
  override_policy_documents = [data.aws_iam_policy_document.sid.json]
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "override_adds" { value = data.aws_iam_policy_document.override_adds.json }

data "aws_iam_policy_document" "override_no_sid" {
  override_policy_documents = [data.aws_iam_policy_document.simple.json]
  statement {
    sid = "One"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "override_no_sid" { value = data.aws_iam_policy_document.override_no_sid.json }

data "aws_iam_policy_document" "override_two" {
  override_policy_documents = [data.aws_iam_policy_document.sid.json, data.aws_iam_policy_document.source_replaced.json]
}

output "override_two" { value = data.aws_iam_policy_document.override_two.json }

data "aws_iam_policy_document" "source_and_override" {
  source_policy_documents   = [data.aws_iam_policy_document.two_statements.json]
  override_policy_documents = [data.aws_iam_policy_document.source_replaced.json]
  statement {
    sid = "Own"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "source_and_override" { value = data.aws_iam_policy_document.source_and_override.json }

data "aws_iam_policy_document" "source_empty" {
  source_policy_documents = ["", data.aws_iam_policy_document.sid.json]
}

output "source_empty" { value = data.aws_iam_policy_document.source_empty.json }

data "aws_iam_policy_document" "source_older" {
  source_policy_documents = [data.aws_iam_policy_document.version_old.json]
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "source_older" { value = data.aws_iam_policy_document.source_older.json }

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = local.buckets
    content {
      sid       = "B${statement.key}"
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::${statement.value}/*"]
    }
  }
}

output "dynamic" { value = data.aws_iam_policy_document.dynamic.json }

data "aws_iam_policy_document" "dynamic_map" {
  dynamic "statement" {
    for_each = { x = "1", y = "2" }
    iterator = item
    content {
      sid       = title(item.key)
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::${item.value}/*"]
    }
  }
}

output "dynamic_map" { value = data.aws_iam_policy_document.dynamic_map.json }

data "aws_iam_policy_document" "dynamic_set" {
  dynamic "statement" {
    for_each = toset(local.buckets)
    content {
      sid       = statement.key
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::${statement.value}/*"]
    }
  }
}

output "dynamic_set" { value = data.aws_iam_policy_document.dynamic_set.json }

data "aws_iam_policy_document" "dynamic_empty" {
  dynamic "statement" {
    for_each = []
    content {
      actions   = ["s3:GetObject"]
      resources = ["*"]
    }
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "dynamic_empty" { value = data.aws_iam_policy_document.dynamic_empty.json }

data "aws_iam_policy_document" "dynamic_condition" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
    dynamic "condition" {
      for_each = { "aws:SourceVpc" = ["vpc-1"], "aws:SourceVpce" = ["vpce-1", "vpce-2"] }
      content {
        test     = "StringEquals"
        variable = condition.key
        values   = condition.value
      }
    }
    dynamic "principals" {
      for_each = ["a", "b"]
      content {
        type        = "AWS"
        identifiers = ["arn:aws:iam::111122223333:role/${principals.value}"]
      }
    }
  }
}

output "dynamic_condition" { value = data.aws_iam_policy_document.dynamic_condition.json }

data "aws_iam_policy_document" "expressions" {
  statement {
    actions   = concat(["s3:GetObject"], local.more)
    resources = [for b in local.buckets : "arn:aws:s3:::${b}/*"]
  }
}

output "expressions" { value = data.aws_iam_policy_document.expressions.json }

data "aws_iam_policy_document" "conditional_effect" {
  statement {
    effect = local.deny ? "Deny" : "Allow"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "conditional_effect" { value = data.aws_iam_policy_document.conditional_effect.json }

data "aws_iam_policy_document" "null_sid" {
  statement {
    sid = null
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}

output "null_sid" { value = data.aws_iam_policy_document.null_sid.json }

data "aws_iam_policy_document" "null_effect" {
  statement {
    effect = null
    actions   = ["s3:GetObject"]
    resources = local.deny ? ["x"] : null
    not_resources = ["y"]
  }
}

output "null_effect" { value = data.aws_iam_policy_document.null_effect.json }

data "aws_iam_policy_document" "formatted" {
  statement {
    actions   = ["s3:GetObject"]
    resources = formatlist("arn:aws:s3:::%s", sort(local.buckets))
  }
}

output "formatted" { value = data.aws_iam_policy_document.formatted.json }

data "aws_iam_policy_document" "heredoc_source" {
  source_policy_documents = [<<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{"Sid": "H", "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::${local.buckets[0]}/*"}]
    }
  EOT
  ]
}

output "heredoc_source" { value = data.aws_iam_policy_document.heredoc_source.json }

data "aws_iam_policy_document" "html" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/<a>&b"]
  }
}

output "html" { value = data.aws_iam_policy_document.html.json }

data "aws_iam_policy_document" "unicode" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/é"]
  }
}

output "unicode" { value = data.aws_iam_policy_document.unicode.json }
