"""The AWS managed key aws/s3 cannot be used across accounts.

What
----
A job writes to another account's bucket without naming a KMS key, or reads from another account's bucket that
encrypts with the AWS managed key `aws/s3`.

Why AWS refuses
---------------
Without a key SageMaker encrypts its output with the AWS managed key of the role's account. The policy of an AWS
managed key cannot be changed, so no other account can ever use it: the owner cannot read what was written, and the
role cannot read what the owner encrypted with it. Data encrypted with SSE-S3 is fine.

Fix
---
Name a customer managed key in the request (OutputDataConfig.KmsKeyId) whose policy allows both accounts; for input,
encrypt the data with such a key.

Source
------
https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Bucket, Job
from smlint.estate.estate import Estate
from smlint.finding import Finding, Level, Related
from smlint.iam.match import equal
from smlint.needs.access import Access
from smlint.needs.context import ENCRYPTION, KEY_ID, MANAGED_KEY
from smlint.needs.subjects import is_aws_managed
from smlint.values import NO
from smlint.verdicts.judge import role_account
from smlint_rules.examples import DATA, folder

LEVEL = Level.ERROR


def check(job: Job, estate: Estate) -> Iterator[Finding]:
    seen: set[int] = set()
    for access in job.accesses:
        bucket = estate.bucket(access.bucket) if access.bucket is not None else None
        if bucket is None or access.field is None or id(access.field) in seen or not _abroad(job, bucket):
            continue
        if access.action == "s3:PutObject" and _takes_default_key(access):
            seen.add(id(access.field))
            yield _finding(job, access, bucket, "writes to", "name a customer managed key in the request")
        elif access.action == "s3:GetObject" and _with_managed_key(bucket):
            seen.add(id(access.field))
            yield _finding(job, access, bucket, "reads from", "encrypt the data with a customer managed key")


def _takes_default_key(access: Access) -> bool:
    """Whether the upload asks for SSE-KMS and names no key, or the AWS managed one."""
    key = access.context.get(KEY_ID, ())
    return (key is None or key == (MANAGED_KEY,)) and access.context.get(ENCRYPTION) == ("aws:kms",)


def _abroad(job: Job, bucket: Bucket) -> bool:
    mine = role_account(job.role) if job.role is not None else None
    return bucket.account is not None and mine is not None and equal(bucket.account, mine) is NO


def _with_managed_key(bucket: Bucket) -> bool:
    encryption = bucket.encryption
    if encryption is None or not str(encryption.algorithm).startswith("aws:kms"):
        return False
    return encryption.key is None or is_aws_managed(encryption.key)


def _finding(job: Job, access: Access, bucket: Bucket, does: str, fix: str) -> Finding:
    assert access.field is not None
    why = (
        "without a key SageMaker takes the AWS managed key aws/s3 of its own account"
        if does == "writes to"
        else "that bucket encrypts with its account's AWS managed key aws/s3"
    )
    evidence = [Related(f"`{bucket.name}` belongs to account {bucket.account}", bucket.origin)] if bucket.origin else []
    return Finding(
        f"`{job.label}` {does} `{bucket.name}` of another account, and {why}, which no other account can use",
        access.field.use,
        aws="User: … is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because "
        "the resource does not exist in this Region, no resource-based policies allow access, or a resource-based "
        "policy explicitly denies access",
        fix=f"{fix} whose policy allows both accounts",
        related=tuple(evidence),
        resource=f"bucket/{bucket.name}",
        access=f"{access.path} with aws/s3",
        workload=(job.label,),
    )


_CONFIG = """account = "111122223333"

[[bucket]]
name = "acme-data"
account = "444455556666"
policy = "bucket.json"
{}
"""
_SHARED = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"AWS": "arn:aws:iam::111122223333:role/train"},
      "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject"],
      "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
    }
  ]
}"""
BAD = (
    folder(*DATA, smlint_toml=_CONFIG.format(""), bucket_json=_SHARED),
    folder(*DATA, smlint_toml=_CONFIG.format('kms-key = "aws/s3"'), bucket_json=_SHARED),
)
GOOD = (folder(*DATA),)
