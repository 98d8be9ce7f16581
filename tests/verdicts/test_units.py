"""Names that several templates and Terraform configurations use: each means its own."""

from __future__ import annotations

import pytest

from smlint.engine import lint_files

TRUST = (
    '{Statement = [{Effect = "Allow", Action = "sts:AssumeRole", Principal = {Service = "sagemaker.amazonaws.com"}}]}'
)
DEPLOYMENT = f"""
resource "aws_iam_role" "train" {{
  name               = "train"
  assume_role_policy = jsonencode({TRUST})
}}
resource "aws_iam_policy" "read" {{
  name   = "read"
  policy = jsonencode({{Version = "2012-10-17", Statement = [
    {{Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-BUCKET/*"}}
  ]}})
}}
resource "aws_iam_role_policy_attachment" "full" {{
  role       = aws_iam_role.train.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}}
resource "aws_iam_role_policy_attachment" "read" {{
  role       = aws_iam_role.train.name
  policy_arn = aws_iam_policy.read.arn
}}
resource "aws_sagemaker_model" "churn" {{
  name               = "churn"
  execution_role_arn = aws_iam_role.train.arn
  primary_container {{
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-churn:1"
    model_data_url = "s3://acme-data/model.tar.gz"
  }}
}}
"""
TEMPLATE = """Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: train
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]
  Read:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: read
      Roles: [!Ref Role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-BUCKET/*"}
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/train
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-churn:1
        ModelDataUrl: s3://acme-data/model.tar.gz
"""


@pytest.mark.parametrize(("file", "text"), [("main.tf", DEPLOYMENT), ("stack.yaml", TEMPLATE)])
def test_the_role_of_a_job_is_that_of_its_own_configuration(file: str, text: str) -> None:
    right, wrong = text.replace("BUCKET", "data"), text.replace("BUCKET", "other")
    (found,) = lint_files({f"dev/{file}": right, f"prod/{file}": wrong})
    assert found.rule == "missing-get-object" and found.origin.place().path == f"prod/{file}"


def test_variants_of_a_configuration() -> None:
    text = 'variable "bucket" {}\n' + DEPLOYMENT.replace("acme-BUCKET", "${var.bucket}")
    (found,) = lint_files(
        {
            "main.tf": text,
            "dev.tfvars": 'bucket = "acme-data"\n',
            "prod.tfvars": 'bucket = "acme-other"\n',
        }
    )
    assert found.rule == "missing-get-object"


def test_what_may_hang_on_either_role_makes_both_unknown() -> None:
    role = DEPLOYMENT[: DEPLOYMENT.index('resource "aws_iam_policy"')]
    model = DEPLOYMENT[DEPLOYMENT.index('resource "aws_sagemaker_model"') :]
    grant = """
resource "aws_iam_role_policy_attachment" "all" {
  role       = "train"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
    files = {"dev/main.tf": role + model, "prod/main.tf": role + model}
    assert len(lint_files(files)) > 1
    assert lint_files({**files, "grants/main.tf": grant}) == []
