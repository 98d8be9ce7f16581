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

resource "aws_s3_bucket" "models" {
  bucket = "acme-eta-models"
}

resource "aws_iam_role" "inference" {
  name               = "eta"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "inference" {
  statement {
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::acme-eta-models", "arn:aws:s3:::acme-eta-models/*"]
  }
  statement {
    actions   = ["logs:*", "cloudwatch:PutMetricData", "ecr:*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "inference" {
  name   = "eta"
  policy = data.aws_iam_policy_document.inference.json
}

resource "aws_iam_role_policy_attachment" "inference" {
  role       = aws_iam_role.inference.name
  policy_arn = aws_iam_policy.inference.arn
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_bucket.models.id
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Quarantine",
          "Effect": "Deny",
          "Principal": "*",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::acme-eta-models/*"
        }
      ]
    }
  EOT
}

resource "aws_sagemaker_model" "eta" {
  name               = "eta"
  execution_role_arn = aws_iam_role.inference.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://${aws_s3_bucket.models.bucket}/eta/model.tar.gz"
  }
}
