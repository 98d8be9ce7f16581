"""AmazonSageMakerFullAccess does not cover the bucket.

What
----
The role's only grants on S3 objects come from the AWS managed policy AmazonSageMakerFullAccess, and the bucket or key
that the workload uses has none of the words in its name that the policy asks for.

Why AWS refuses
---------------
AmazonSageMakerFullAccess allows `s3:GetObject` and `s3:PutObject` only where the object's ARN contains `SageMaker`,
`Sagemaker`, `sagemaker` or `aws-glue` (case-sensitive), or where the object is tagged `SageMaker=true`. It may list
every bucket, so the job starts and fails when it reads the first object.

Fix
---
Give the role a policy of its own for this bucket, or use a bucket whose name contains `sagemaker`.

Source
------
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html,
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import Example, training, trust

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.FULL_ACCESS or not refusal.required:
        return
    yield finding(
        refusal,
        f"AmazonSageMakerFullAccess does not reach {quoted(refusal.buckets)}, which {whose(refusal, 'uses')}: "
        "neither the bucket nor the key contains `SageMaker`, `Sagemaker`, `sagemaker` or `aws-glue`",
        LEVEL,
        fix=f"allow {some(refusal.actions)} on the keys in a policy of the role's own",
        snippet=granted(refusal),
    )


def _folder(uri: str) -> Example:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}
    return {
        "smlint.toml": '[[role]]\nname = "train"\n'
        'policies = ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]\ntrust = "trust.json"\n',
        "trust.json": trust(),
        "job.json": training(
            InputDataConfig=[{"ChannelName": "train", "DataSource": source}],
            OutputDataConfig={"S3OutputPath": "s3://acme-sagemaker-models/churn/"},
        ),
    }


BAD = (_folder("s3://acme-data/train/"), _folder("s3://acme-SAGEMAKER-data/train/"))
GOOD = (_folder("s3://acme-sagemaker-data/train/"), _folder("s3://acme-data/sagemaker/train/"))
