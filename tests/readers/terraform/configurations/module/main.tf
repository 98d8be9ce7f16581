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

module "bucket" {
  source = "./modules/bucket"
  name   = "acme-Routing"
}

module "model" {
  source   = "./modules/model"
  for_each = { a = "one", b = "two" }
  name     = each.value
  bucket   = module.bucket.name
}
