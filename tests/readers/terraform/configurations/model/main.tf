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

variable "stage" { default = "dev" }

resource "aws_iam_role" "model" {
  name               = "${var.stage}-model"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "model" {
  name = "read"
  role = aws_iam_role.model.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:ListBucket"], Resource = "arn:aws:s3:::acme-${var.stage}/*" },
      { Effect = "Allow", Action = ["logs:*", "cloudwatch:PutMetricData", "ecr:*"], Resource = "*" },
    ]
  })
}

resource "aws_sagemaker_model" "model" {
  name               = "churn"
  execution_role_arn = aws_iam_role.model.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://acme-${var.stage}/churn/model.tar.gz"
  }
}
