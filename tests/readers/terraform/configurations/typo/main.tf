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

variable "actions" { default = ["s3:GetObject", "s3:ListObject"] }

resource "aws_iam_policy" "typo" {
  name = "typo"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = ["arn:aws:s3:::acme", "arn:aws:s3:::acme/*"] }]
  })
}
