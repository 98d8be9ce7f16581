"""Classes that derive from the SDK's estimators."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from smlint.facts import EstimatorClass, Fact, Workload
from smlint.values import plain

Read = Callable[..., list[Fact]]
IMPORT = "from sagemaker.estimator import EstimatorBase, Estimator, Framework\n"


def classes(facts: list[Fact]) -> list[EstimatorClass]:
    return [fact for fact in facts if isinstance(fact, EstimatorClass)]


def jobs(facts: list[Fact]) -> list[Workload]:
    return [fact for fact in facts if isinstance(fact, Workload)]


@pytest.mark.parametrize(
    ("body", "forwarded", "unnamed"),
    [
        ("def __init__(self, role):\n        super().__init__(role, 1)", {"role", "instance_count"}, False),
        ("def __init__(self, role, **kwargs):\n        super().__init__(role=role, **kwargs)", {"role"}, True),
        ("def __init__(self, *args, **kwargs):\n        super(Job, self).__init__(*args, **kwargs)", set(), True),
        ("def __init__(self, role):\n        EstimatorBase.__init__(self, role)", {"role"}, False),
        ("def __init__(self, k):\n        super().__init__(volume_kms_key=k)", {"volume_kms_key"}, False),
        ("def __init__(self, k):\n        more = {'output_kms_key': k}\n        super().__init__(**more)", {"output_kms_key"}, False),
        ("def __init__(self, k):\n        more = {}\n        more['x'] = k\n        super().__init__(**more)", set(), True),
        ("def __init__(self, k):\n        super().__init__()\n        self.output_kms_key = k", {"output_kms_key"}, False),
    ],
)  # fmt: skip
def test_what_is_passed_on(body: str, forwarded: set[str], unnamed: bool, read: Read) -> None:
    (found,) = classes(read(f"{IMPORT}class Job(EstimatorBase):\n    {body}\n"))
    assert found.has_init and found.init is not None and found.bases == ("sagemaker.estimator.EstimatorBase",)
    assert (set(found.forwarded), found.forwards_kwargs) == (forwarded, unnamed)


def test_parameters(read: Read) -> None:
    (found,) = classes(read(f"{IMPORT}class Job(Framework):\n    def __init__(self, a, *, b=1, **c):\n        pass\n"))
    assert found.parameters == ("a", "b") and found.accepts_kwargs
    assert found.origin.place().first.line == 2


def test_inherited_init(read: Read) -> None:
    (found,) = classes(read(f"{IMPORT}class Job(Estimator):\n    pass\n"))
    assert not found.has_init and found.init is None


def test_classes_of_the_file_between(read: Read) -> None:
    source = f"""{IMPORT}
class Open(EstimatorBase):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

class Closed(Open):
    def __init__(self, role):
        super().__init__(role=role)

class Further(Closed):
    pass
"""
    opened, closed, further = classes(read(source))
    assert opened.bases == closed.bases == ("sagemaker.estimator.EstimatorBase",)
    assert further.bases == ("Closed",)


@pytest.mark.parametrize(
    "source",
    [
        "from sklearn.base import BaseEstimator\nclass A(BaseEstimator): pass",
        "from sagemaker.predictor import Predictor\nclass A(Predictor): pass",
        "class EstimatorBase: pass\nclass A(EstimatorBase): pass",
        "class A(A): pass",
        "from .estimators import EstimatorBase\nclass A(EstimatorBase): pass",
    ],
)
def test_other_classes(source: str, read: Read) -> None:
    assert classes(read(f"# sagemaker\n{source}\n")) == []


def test_building_one_is_building_its_base(read: Read) -> None:
    source = f"""{IMPORT}
KEY = 'alias/key'

class Job(Estimator):
    def __init__(self, image, team, size='ml.m5.large', **kwargs):
        kwargs.setdefault('output_path', f's3://{{team}}/out')
        super().__init__(image_uri=image, instance_type=size, instance_count=1, **kwargs)
        self.volume_kms_key = KEY

class Small(Job):
    def __init__(self, team, **kwargs):
        super().__init__('image', team, size='ml.t3.medium', **kwargs)

Small('fraud', role='r', output_kms_key='alias/out').fit('s3://fraud/in')
"""
    (found,) = jobs(read(source))
    request = plain(found.request)
    assert request["ResourceConfig"] == {
        "InstanceType": "ml.t3.medium",
        "InstanceCount": 1,
        "VolumeKmsKeyId": "alias/key",
    }
    assert request["OutputDataConfig"] == {"S3OutputPath": "s3://fraud/out", "KmsKeyId": "alias/out"}
    assert request["RoleArn"] == "r" and request["AlgorithmSpecification"]["TrainingImage"] == "image"


def test_building_one_whose_init_says_nothing(read: Read) -> None:
    (found,) = jobs(read(f"{IMPORT}class Job(Estimator):\n    def __init__(self):\n        pass\nJob().fit()\n"))
    assert found.request.open
