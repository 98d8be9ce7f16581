"""An S3 URI with the names of variables instead of their values.

What
----
A string in Python code is an S3 URI that was meant to be put together: `"s3://bucket/output_prefix"` where `bucket` and
`output_prefix` are variables, or `"s3://{bucket}/{prefix}"` and `"s3://{}/train"` without the `f` or `.format`.
Strings that are formatted later, templates of other tools and comments are left alone.

Why AWS refuses
---------------
The job asks for a bucket that is called `bucket` or `{bucket}`. No bucket of yours is, so the role may not read it, or
the URI is rejected:

    ValidationException: S3 URI s3://{bucket}/… is not valid

Fix
---
Write an f-string: `f"s3://{bucket}/{output_prefix}"`.

Source
------
The example notebooks of "How to use SageMaker AI execution roles", whose `inputbucket/object` are to be replaced:
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import UriLiteral
from smlint.finding import Finding, Level

LEVEL = Level.WARNING


def check(literal: UriLiteral) -> Iterator[Finding]:
    named = " and ".join(f"`{name}`" for name in literal.names)
    several = len(literal.names) > 1
    if literal.braces:
        message = f"`{literal.text}` is not formatted: the braces stay in the URI"
    else:
        message = (
            f"`{literal.text}` has the name{'s' if several else ''} of {named}, not the value{'s' if several else ''}"
        )
    yield Finding(
        message=message,
        origin=literal.origin,
        fix="write an f-string" if literal.names else "format it, or write an f-string",
        snippet=f'f"{literal.text if literal.braces else _with_braces(literal)}"' if literal.names else "",
        resource=f"uri/{literal.text}",
    )


def _with_braces(literal: UriLiteral) -> str:
    scheme, _, path = literal.text.partition("://")
    parts = (f"{{{part}}}" if part in literal.names else part for part in path.split("/"))
    return f"{scheme}://{'/'.join(parts)}"


BAD = (
    {
        "train.py": """\
from sagemaker.estimator import Estimator

bucket = "acme-data"
output_prefix = "models"
estimator = Estimator(
    image_uri="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    role="arn:aws:iam::111122223333:role/train",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    output_path="s3://bucket/output_prefix",
)
"""
    },
    {
        "train.py": """\
from sagemaker.estimator import Estimator

bucket = "acme-data"
estimator = Estimator(
    image_uri="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    role="arn:aws:iam::111122223333:role/train",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    output_path="s3://{bucket}/models",
)
"""
    },
)
GOOD = (
    {
        "train.py": """\
from sagemaker.estimator import Estimator

TEMPLATE = "s3://{bucket}/{prefix}/output"
bucket = "acme-data"
estimator = Estimator(
    image_uri="141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    role="arn:aws:iam::111122223333:role/train",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    output_path=f"s3://{bucket}/models",
    code_location=TEMPLATE.format(bucket=bucket, prefix="code"),
)
"""
    },
)
