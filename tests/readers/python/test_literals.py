"""S3 URI literals that name variables instead of using them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smlint.facts import Fact, UriLiteral

Read = Callable[..., list[Fact]]
HEADER = "from sagemaker.estimator import Estimator\nbucket = 'acme'\noutput_prefix = 'models'\n"


def literals(facts: list[Fact]) -> list[UriLiteral]:
    return [fact for fact in facts if isinstance(fact, UriLiteral)]


@pytest.mark.parametrize(
    ("source", "names", "braces"),
    [
        ("Estimator('i', output_path='s3://bucket/output_prefix')", ("bucket", "output_prefix"), False),
        ("Estimator('i', output_path='s3://{bucket}/x')", ("bucket",), True),
        ("Estimator('i', output_path='s3://{}/{}/x')", (), True),
        ("Estimator('i', output_path='s3://{0}/{bucket}')", ("bucket",), True),
        ("from settings import BUCKET\nEstimator('i', output_path='s3://{BUCKET}/x')", ("BUCKET",), True),
        ("Estimator('i', output_path='s3://{bucket}/{output_prefix}')", ("bucket", "output_prefix"), True),
        ("out = 's3://bucket/x'\nEstimator('i', output_path=out)", ("bucket",), False),
        ("Estimator('i').fit({'train': 's3://bucket/train'})", ("bucket",), False),
        ("Estimator('i', output_path='s3://acme/output_prefix/x')", ("output_prefix",), False),
        ("def f(name):\n    return Estimator('i', output_path='s3://{name}/x')", ("name",), True),
        (
            "import boto3\nboto3.client('sagemaker').create_model(PrimaryContainer={'ModelDataUrl': 's3://bucket/m'})",
            ("bucket",),
            False,
        ),
    ],
)
def test_suspicious(source: str, names: tuple[str, ...], braces: bool, read: Read) -> None:
    (found,) = literals(read(HEADER + source))
    assert (found.names, found.braces) == (names, braces)
    place = found.origin.place()
    assert place.document.text[place.start : place.end] == repr(found.text)


def test_an_f_string_without_braces(read: Read) -> None:
    (found,) = literals(read(HEADER + "Estimator('i', output_path=f's3://bucket/output_prefix')"))
    assert found.names == ("bucket", "output_prefix")


@pytest.mark.parametrize(
    "source",
    [
        "Estimator('i', output_path=f's3://{bucket}/x')",
        "Estimator('i', output_path='s3://{}/x'.format(bucket))",
        "Estimator('i', output_path='s3://{bucket}/x'.format(bucket=bucket))",
        "T = 's3://{bucket}/x'\nEstimator('i', output_path=T.format(bucket=bucket))",
        "T = 's3://{bucket}/x'\nEstimator('i', output_path=render(T))",
        "T = 's3://{bucket}/x'\nEstimator('i', output_path=T.format_map(vars()))",
        "import string\nEstimator('i', output_path=string.Template('s3://bucket/x').substitute())",
        "print('s3://bucket/output_prefix')",
        '"""Writes to s3://bucket/output_prefix."""',
        "Estimator('i', output_path='s3://{other}/x')",
        "Estimator('i', output_path='s3://${bucket}/x')",
        "Estimator('i', output_path='s3://{{bucket}}/x')",
        "Estimator('i', output_path='s3://acme-bucket/output')",
        "train = 's3://acme/train'\nEstimator('i').fit(train)",
        "Estimator('i', output_path='s3://%s/x' % bucket)",
        "import os\nEstimator('i', output_path='s3://acme/os')",
        "output_prefix = 's3://acme/output_prefix'\nEstimator('i', output_path=output_prefix)",
    ],
)
def test_innocent(source: str, read: Read) -> None:
    assert literals(read(HEADER + source)) == []


def test_each_once(read: Read) -> None:
    source = "out = 's3://bucket/x'\nEstimator('i', output_path=out).fit(out)\nEstimator('j', output_path=out)"
    assert len(literals(read(HEADER + source))) == 1
