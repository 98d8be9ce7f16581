"""What reading leaves behind: nobody looks for garbage while smlint runs, so readers must not pile it up."""

import gc

import pytest

from smlint.document import Document
from smlint.readers.reading import Unit
from smlint_rules.examples import OBJECTS, RUNTIME, folder

PROGRAM = """\
import boto3

class Trainer:
    def __init__(self, role):
        self.role = role
    def train(self, name):
        return boto3.client("sagemaker").create_model(ModelName=name, ExecutionRoleArn=self.role)

trainer = Trainer("arn:aws:iam::111122223333:role/train")
trainer.train("churn")
"""
MODULE = """\
variable "name" { default = "data" }
locals { bucket = "acme-${var.name}" }
resource "aws_s3_bucket" "data" { bucket = local.bucket }
"""
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "acme-${AWS::Region}"}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement: {Effect: Deny, Principal: "*", Action: "s3:*", Resource: !GetAtt Bucket.Arn}
"""
POLICY = folder(RUNTIME, OBJECTS)["policy.json"]


@pytest.mark.parametrize(
    ("path", "text", "module"),
    [("train.py", PROGRAM, None), ("main.tf", MODULE, ""), ("a.yaml", TEMPLATE, None), ("policy.json", POLICY, None)],
)
def test_no_garbage_is_left(scope, path, text, module):
    unit = Unit([Document(path, text)], module)
    assert unit.read(scope).facts  # what is made once, is made
    gc.collect()
    gc.disable()
    try:
        reading = unit.read(scope)
        left = gc.collect()
    finally:
        gc.enable()
    assert reading.facts
    assert left < 10
