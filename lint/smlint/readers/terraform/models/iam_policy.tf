variable "create" { default = true }
variable "create_policy" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = "/" }
variable "policy" { default = null }

resource "aws_iam_policy" "this" {
  count       = var.create && var.create_policy ? 1 : 0
  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = var.policy
}

output "id" { value = one(aws_iam_policy.this[*].arn) }
output "arn" { value = one(aws_iam_policy.this[*].arn) }
output "name" { value = one(aws_iam_policy.this[*].name) }
output "path" { value = var.path }
output "policy" { value = var.policy }
