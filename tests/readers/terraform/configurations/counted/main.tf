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

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

variable "buckets" {
  type    = list(string)
  default = ["acme-one", "acme-two"]
}
variable "enabled" { default = true }

locals {
  statements = concat(
    [for bucket in var.buckets : { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${bucket}" }],
    [{ Effect = "Allow", Action = ["logs:*", "ecr:*", "cloudwatch:*"], Resource = "*" }],
  )
}

resource "aws_iam_role" "role" {
  count              = var.enabled ? 1 : 0
  name               = "counted"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "role" {
  count  = var.enabled ? 1 : 0
  role   = aws_iam_role.role[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_sagemaker_model" "model" {
  count              = length(var.buckets)
  name               = "model-${count.index}"
  execution_role_arn = aws_iam_role.role[0].arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://${var.buckets[count.index]}/model.tar.gz"
  }
}
