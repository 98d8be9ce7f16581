variable "create" { default = true }
variable "name" { default = null }
variable "use_name_prefix" { default = true }
variable "path" { default = "/" }
variable "permissions_boundary" { default = null }
variable "trust_policy_permissions" { default = {} }
variable "policies" { default = {} }
variable "create_inline_policy" { default = false }
variable "inline_policy_permissions" { default = {} }
variable "source_inline_policy_documents" { default = [] }
variable "override_inline_policy_documents" { default = [] }
variable "unread" { default = [] }

data "aws_iam_policy_document" "trust" {
  source_policy_documents = [for name in var.unread : local.unknown]

  dynamic "statement" {
    for_each = coalesce(var.trust_policy_permissions, {})
    iterator = each_one
    content {
      sid     = try(coalesce(each_one.value.sid, each_one.key), each_one.key)
      effect  = try(each_one.value.effect, null)
      actions = try(each_one.value.actions, null)

      dynamic "principals" {
        for_each = try(coalesce(each_one.value.principals, []), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(coalesce(each_one.value.condition, []), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

data "aws_iam_policy_document" "inline" {
  source_policy_documents   = concat(var.source_inline_policy_documents, [for name in var.unread : local.unknown])
  override_policy_documents = var.override_inline_policy_documents

  dynamic "statement" {
    for_each = coalesce(var.inline_policy_permissions, {})
    iterator = each_one
    content {
      sid           = try(coalesce(each_one.value.sid, each_one.key), each_one.key)
      effect        = try(each_one.value.effect, null)
      actions       = try(each_one.value.actions, null)
      not_actions   = try(each_one.value.not_actions, null)
      resources     = try(each_one.value.resources, null)
      not_resources = try(each_one.value.not_resources, null)

      dynamic "condition" {
        for_each = try(coalesce(each_one.value.condition, []), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = var.create ? var.policies : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create && var.create_inline_policy ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline.json
}

output "name" { value = one(aws_iam_role.this[*].name) }
output "arn" { value = one(aws_iam_role.this[*].arn) }
