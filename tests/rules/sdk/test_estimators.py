"""estimator-drops-kms-kwargs and uri-placeholder-literal on facts; estimator-without-kms-keys on whole folders."""

from __future__ import annotations

import pytest

from smlint.document import Document, Span
from smlint.engine import lint_files
from smlint.facts import EstimatorClass, UriLiteral
from smlint.rule import Example, all_rules

AT = Span(Document("boost.py", "x"), 0, 1)
BASE = "sagemaker.estimator.EstimatorBase"
KEYS = ("output_kms_key", "volume_kms_key")


def dropped(**about: object) -> list[str]:
    given = {"bases": (BASE,), "has_init": True} | about
    estimator = EstimatorClass(AT, "Boost", **given)  # type: ignore[arg-type]
    return [found.access for found in all_rules()["estimator-drops-kms-kwargs"].check(estimator, None)]


@pytest.mark.parametrize(
    ("about", "keys"),
    [
        ({}, " ".join(KEYS)),
        ({"parameters": KEYS}, " ".join(KEYS)),
        ({"accepts_kwargs": True}, " ".join(KEYS)),
        ({"parameters": KEYS, "forwarded": KEYS[:1]}, "volume_kms_key"),
        ({"parameters": KEYS[:1], "accepts_kwargs": True, "forwards_kwargs": True}, "output_kms_key"),
        ({"bases": ("sagemaker.pytorch.PyTorch",)}, " ".join(KEYS)),
    ],
)
def test_keys_that_are_dropped(about: dict[str, object], keys: str) -> None:
    assert dropped(**about) == [keys]


@pytest.mark.parametrize(
    "about",
    [
        {"has_init": False},
        {"forwarded": KEYS},
        {"accepts_kwargs": True, "forwards_kwargs": True},
        {"parameters": KEYS, "forwarded": KEYS, "accepts_kwargs": True, "forwards_kwargs": True},
        {"forwards_kwargs": True},
        {"bases": ("local.EstimatorBase",)},
        {"bases": ("sklearn.base.BaseEstimator",)},
        {"bases": ("EncryptedEstimator",)},
    ],
)
def test_keys_that_are_handed_on(about: dict[str, object]) -> None:
    assert dropped(**about) == []


def test_the_message_says_what_is_wrong() -> None:
    rule = all_rules()["estimator-drops-kms-kwargs"]
    (found,) = rule.check(EstimatorClass(AT, "Boost", (BASE,), has_init=True), None)
    assert found.message == "`Boost.__init__` does not accept `output_kms_key` or `volume_kms_key`"
    (found,) = rule.check(EstimatorClass(AT, "Boost", (BASE,), has_init=True, parameters=KEYS), None)
    assert found.message == "`Boost.__init__` does not hand on `output_kms_key` or `volume_kms_key`"


@pytest.mark.parametrize(
    ("literal", "message", "snippet"),
    [
        (
            UriLiteral(AT, "s3://bucket/output_prefix", ("bucket", "output_prefix")),
            "`s3://bucket/output_prefix` has the names of `bucket` and `output_prefix`, not the values",
            'f"s3://{bucket}/{output_prefix}"',
        ),
        (
            UriLiteral(AT, "s3://bucket/models", ("bucket",)),
            "`s3://bucket/models` has the name of `bucket`, not the value",
            'f"s3://{bucket}/models"',
        ),
        (
            UriLiteral(AT, "s3://{bucket}/models", ("bucket",), braces=True),
            "`s3://{bucket}/models` is not formatted: the braces stay in the URI",
            'f"s3://{bucket}/models"',
        ),
    ],
)
def test_uris(literal: UriLiteral, message: str, snippet: str) -> None:
    (found,) = all_rules()["uri-placeholder-literal"].check(literal, None)
    assert (found.message, found.snippet) == (message, snippet)


@pytest.mark.parametrize("example", all_rules()["estimator-drops-kms-kwargs"].bad)
def test_what_hands_the_keys_on_is_written_out(example: Example) -> None:
    ((path, text),) = example.items()
    (found,) = lint_files(example)
    begins, calls = found.snippet.splitlines()
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if "def __init__" in line)
    lines[at : at + 2] = [f"    {begins}", f"    {calls}"]
    assert not lint_files({path: "\n".join(lines)})


def test_of_several_calls_none_is_written_out() -> None:
    text = all_rules()["estimator-drops-kms-kwargs"].bad[0]["boost.py"]
    again = "        super().__init__(role=role, instance_count=1, instance_type=instance_type)\n"
    (found,) = lint_files({"boost.py": text + again})
    assert found.snippet == "" and found.fix


def test_an_estimator_without_keys_names_the_key_of_the_condition() -> None:
    rule = all_rules()["estimator-without-kms-keys"]
    found = [one for one in lint_files(rule.bad[0]) if one.rule == rule.name]
    (finding,) = found
    assert finding.origin.place().path == "train.py"
    assert 'output_kms_key="arn:aws:kms:eu-west-1:111122223333:key/data"' in finding.snippet
    assert finding.related[0].origin.place().path == "role.tf"
    assert not [one for one in lint_files(rule.bad[0]) if one.rule == "encryption-condition-denies"]


def test_a_deny_of_the_bucket_policy() -> None:
    rule = all_rules()["estimator-without-kms-keys"]
    bucket = """\
resource "aws_s3_bucket_policy" "data" {
  bucket = "acme-data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::acme-data/*"
      Condition = {
        StringNotEquals = {
          "s3:x-amz-server-side-encryption-aws-kms-key-id" = "arn:aws:kms:eu-west-1:111122223333:key/data"
        }
      }
    }]
  })
}
"""
    role = rule.bad[0]["role.tf"]
    start = role.index("        Condition = {")
    unconditional = role[:start] + role[role.index("      },\n", start) :]
    folder = rule.bad[0] | {"role.tf": unconditional, "bucket.tf": bucket}
    (finding,) = [one for one in lint_files(folder) if one.rule == rule.name]
    assert "with an explicit deny" in finding.aws
    keyed = folder | {"train.py": rule.good[0]["train.py"]}
    assert not [one for one in lint_files(keyed) if one.rule == rule.name]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('kwargs.pop("output_kms_key", None)', ["output_kms_key"]),
        ('del kwargs["volume_kms_key"]', ["volume_kms_key"]),
        ('self.output_kms_key = kwargs.pop("output_kms_key", None)', []),
        ('kwargs.pop("rounds", None)', []),
        ('kwargs["output_kms_key"] = "alias/models"', []),
    ],
)
def test_a_key_that_is_taken_out_of_the_keywords_is_dropped(line: str, found: list[str]) -> None:
    code = f"""from sagemaker.estimator import EstimatorBase


class Boost(EstimatorBase):
    def __init__(self, role, **kwargs):
        {line}
        super().__init__(role, 1, "ml.m5.xlarge", **kwargs)
"""
    findings = lint_files({"boost.py": code})
    assert [finding.access for finding in findings if finding.rule == "estimator-drops-kms-kwargs"] == found


def test_a_condition_that_no_key_meets_is_not_the_estimators() -> None:
    rule = all_rules()["estimator-without-kms-keys"]
    role = rule.bad[0]["role.tf"].replace(
        '-aws-kms-key-id" = "arn:aws:kms:eu-west-1:111122223333:key/data', '" = "AES256'
    )
    for program in (rule.bad[0]["train.py"], rule.good[0]["train.py"]):
        found = {one.rule: one for one in lint_files({**rule.bad[0], "role.tf": role, "train.py": program})}
        assert "estimator-without-kms-keys" not in found
        assert "admit `aws:kms`" in found["encryption-condition-denies"].fix


def test_the_key_is_called_as_where_the_job_is_made() -> None:
    rule = all_rules()["estimator-without-kms-keys"]
    program = """\
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    RoleArn="arn:aws:iam::111122223333:role/train",
    AlgorithmSpecification={"TrainingInputMode": "File"},
    OutputDataConfig={"S3OutputPath": "s3://acme-data/models/"},
    ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
    StoppingCondition={"MaxRuntimeInSeconds": 60},
)
"""
    (found,) = [one for one in lint_files({**rule.bad[0], "train.py": program}) if one.rule == rule.name]
    assert "is built without `KmsKeyId`" in found.message
    other = program.replace('models/"}', 'models/", "KmsKeyId": "other"}')
    (found,) = [one for one in lint_files({**rule.bad[0], "train.py": other}) if one.rule == rule.name]
    assert "names another key" in found.message
