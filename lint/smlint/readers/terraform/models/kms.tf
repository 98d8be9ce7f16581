variable "create" { default = true }
variable "multi_region" { default = false }
variable "policy" { default = null }
variable "enable_default_policy" { default = true }
variable "key_owners" { default = [] }
variable "key_administrators" { default = [] }
variable "key_users" { default = [] }
variable "key_service_users" { default = [] }
variable "key_statements" { default = [] }
variable "source_policy_documents" { default = [] }
variable "override_policy_documents" { default = [] }
variable "aliases" { default = [] }
variable "grants" { default = {} }
variable "unread" { default = [] }

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}

locals {
  use    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
  grant  = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
  manage = [
    for verb in [
      "Create*", "Describe*", "Enable*", "List*", "Put*", "Update*", "Revoke*", "Disable*", "Get*", "Delete*",
      "TagResource", "UntagResource", "ScheduleKeyDeletion", "CancelKeyDeletion", "ReplicateKey", "ImportKeyMaterial",
    ] : "kms:${verb}"
  ]
  parts = [
    { sid = "Owners", actions = ["kms:*"], who = var.key_owners, only_services = false },
    { sid = "Administrators", actions = local.manage, who = var.key_administrators, only_services = false },
    { sid = "Users", actions = local.use, who = var.key_users, only_services = false },
    { sid = "ServiceUsers", actions = local.grant, who = var.key_service_users, only_services = true },
  ]
}

data "aws_iam_policy_document" "this" {
  source_policy_documents   = concat(var.source_policy_documents, [for name in var.unread : local.unknown])
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.enable_default_policy ? [1] : []
    content {
      actions   = ["kms:*"]
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = ["arn:${data.aws_partition.this.partition}:iam::${data.aws_caller_identity.this.account_id}:root"]
      }
    }
  }
  dynamic "statement" {
    for_each = [for part in local.parts : part if length(part.who) > 0]
    content {
      actions   = statement.value.actions
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = statement.value.who
      }
      dynamic "condition" {
        for_each = statement.value.only_services ? [1] : []
        content {
          test     = "Bool"
          variable = "kms:GrantIsForAWSResource"
          values   = ["true"]
        }
      }
    }
  }
  dynamic "statement" {
    for_each = var.key_statements == null ? [] : var.key_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(coalesce(statement.value.principals, []), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = try(coalesce(statement.value.not_principals, []), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(statement.value.condition, statement.value.conditions, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_kms_key" "this" {
  count        = var.create ? 1 : 0
  multi_region = var.multi_region
  policy       = coalesce(var.policy, data.aws_iam_policy_document.this.json)
}

resource "aws_kms_alias" "this" {
  for_each      = { for alias in var.aliases : alias => alias if var.create }
  name          = "alias/${each.value}"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_kms_grant" "this" {
  for_each          = var.create ? var.grants : {}
  key_id            = aws_kms_key.this[0].key_id
  grantee_principal = each.value.grantee_principal
  operations        = each.value.operations
}

output "key_arn" { value = one(aws_kms_key.this[*].arn) }
output "key_id" { value = one(aws_kms_key.this[*].key_id) }
output "aliases" { value = aws_kms_alias.this }
