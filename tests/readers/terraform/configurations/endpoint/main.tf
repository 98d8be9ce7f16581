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

resource "aws_kms_key" "volume" {
  description = "volume"
}

resource "aws_iam_role" "role" {
  name               = "serving"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each   = toset(["AmazonSageMakerFullAccess", "AmazonEC2ContainerRegistryReadOnly"])
  role       = aws_iam_role.role.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_sagemaker_model" "model" {
  name               = "serving"
  execution_role_arn = aws_iam_role.role.arn
  primary_container {
    image          = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    model_data_url = "s3://acme-serving/model.tar.gz"
  }
}

resource "aws_sagemaker_endpoint_configuration" "config" {
  name        = "serving"
  kms_key_arn = aws_kms_key.volume.arn
  production_variants {
    variant_name           = "main"
    model_name             = aws_sagemaker_model.model.name
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
  }
}
