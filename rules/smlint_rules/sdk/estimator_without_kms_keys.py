"""An estimator without the KMS keys that its bucket or role asks for.

What
----
A job that is made in Python writes to a bucket whose policy, or with a role whose policy, admits objects only with a
customer's key (a Deny, or an Allow with a condition, on `s3:x-amz-server-side-encryption` or
`s3:x-amz-server-side-encryption-aws-kms-key-id`), and the estimator is built without `output_kms_key`, or with another
key. For jobs that come from Python this stands instead of encryption-condition-denies.

Why AWS refuses
---------------
Without `output_kms_key` SageMaker writes the model with the AWS managed key and names no key of yours, so the condition
is not met when the job, hours later, uploads its result:

    User: … is not authorized to perform: s3:PutObject … because no identity-based policy allows the s3:PutObject action

Fix
---
Pass `output_kms_key` and, for the instances' volumes, `volume_kms_key` with the key that the condition names.

Source
------
AWS re:Post, "How do I resolve the S3 AccessDenied error in SageMaker training jobs";
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level, Related
from smlint.needs.context import KEY_ID
from smlint.verdicts.refusal import Cause, Refusal

LEVEL = Level.WARNING

# What the keys of the output and of the instances' volumes are called where a job is made.
_NAMES = {
    "v2": ("output_kms_key", "volume_kms_key"),
    "v3": ("kms_key_id", "volume_kms_key_id"),
    "boto3": ("KmsKeyId", "VolumeKmsKeyId"),
}


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is Cause.ENCRYPTION and refusal.wants_key:
        for job in refusal.jobs:
            if job.workload.source == "python":
                yield _finding(refusal, job)


def _finding(refusal: Refusal, job: Job) -> Finding:
    access = next(item.access for item in refusal.refused if item.job is job)
    output, volume = _NAMES.get(job.workload.sdk, _NAMES["v2"])
    built = "names another key" if access.context.get(KEY_ID) else f"is built without `{output}`"
    allowed = f"because no identity-based policy allows the {access.action} action"
    because = "with an explicit deny" if refusal.denied else allowed
    key = _key(refusal)
    return Finding(
        message=f"`{job.label}` {built}, and {access.action} on `{access.resource}` is for a customer's key only",
        origin=job.origin,
        aws=f"User: … is not authorized to perform: {access.action} on resource: {access.resource} {because}",
        fix=f"pass the key that the condition asks for as the output's `{output}`, and for volumes as `{volume}`",
        snippet=f'"{output}": "{key}",' if job.workload.sdk == "boto3" else f'{output}="{key}",',
        related=(Related("the condition that asks for the key", refusal.place),),
        resource=f"role/{refusal.role.label}",
        access=f"{access.action} on {access.resource}",
        workload=(job.label,),
    )


def _key(refusal: Refusal) -> str:
    """The key that the condition names, where it names one."""
    found = (item.condition for item in refusal.refused if item.condition is not None)
    keys = [value.text for one in found if one.key_name == KEY_ID for value in one.values]
    return str(keys[0]) if keys else "arn:aws:kms:…:key/…"


_ROLE = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "train" {
  name               = "train"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "train" {
  role = aws_iam_role.train.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:GetObject"]
        Resource = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
      },
      {
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "arn:aws:s3:::acme-data/*"
        Condition = {
          StringEquals = {
            "s3:x-amz-server-side-encryption-aws-kms-key-id" = "arn:aws:kms:eu-west-1:111122223333:key/data"
          }
        }
      },
      {
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"]
        Resource = "arn:aws:kms:eu-west-1:111122223333:key/data"
      },
      {
        Effect   = "Allow"
        Action   = ["cloudwatch:PutMetricData", "logs:*", "ecr:*"]
        Resource = "*"
      },
    ]
  })
}
"""
_SETTINGS = 'account = "111122223333"\nregion = "eu-west-1"\n'
_TRAIN = """\
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    role="arn:aws:iam::111122223333:role/train",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    output_path="s3://acme-data/models",
    disable_profiler=True,
    debugger_hook_config=False,
)
estimator.fit({"train": "s3://acme-data/train/"})
"""
_KEYS = """\
    output_kms_key="arn:aws:kms:eu-west-1:111122223333:key/data",
    volume_kms_key="arn:aws:kms:eu-west-1:111122223333:key/data",
)
estimator.fit("""

BAD = ({"smlint.toml": _SETTINGS, "role.tf": _ROLE, "train.py": _TRAIN},)
GOOD = ({"smlint.toml": _SETTINGS, "role.tf": _ROLE, "train.py": _TRAIN.replace(")\nestimator.fit(", _KEYS)},)
