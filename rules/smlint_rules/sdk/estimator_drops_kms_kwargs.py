"""An estimator class that drops the KMS keys.

What
----
A class derives from the SageMaker Python SDK's EstimatorBase (or from Estimator, Framework or one of the framework
estimators), and its `__init__` does not accept `output_kms_key` and `volume_kms_key`, or accepts them and does not
hand them on to `super().__init__`. A class without an `__init__` of its own is fine; so is one that sets the keys
itself, and one that takes `**kwargs` and hands them on. Only version 2 of the SDK has these classes.

Why AWS refuses
---------------
The training job is created without the keys that the caller meant. Its output is encrypted with the AWS managed key,
which a bucket policy that demands a customer key refuses and which no other account can read:

    User: … is not authorized to perform: s3:PutObject … with an explicit deny in a resource-based policy

Fix
---
Take `**kwargs` and hand them on: `super().__init__(role, …, **kwargs)`.

Source
------
AWS re:Post, "How do I resolve the S3 AccessDenied error in SageMaker training jobs"; the SDK's EstimatorBase:
https://sagemaker.readthedocs.io/en/v2/api/training/estimators.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smlint.facts import EstimatorClass
from smlint.finding import Finding, Level

LEVEL = Level.ERROR

KEYS = ("output_kms_key", "volume_kms_key")


def check(estimator: EstimatorClass) -> Iterator[Finding]:
    if not estimator.has_init or not any(base.startswith("sagemaker.") for base in estimator.bases):
        return
    dropped = [key for key in KEYS if _drops(estimator, key)]
    if not dropped:
        return
    accepted = [key for key in dropped if key in estimator.parameters or estimator.accepts_kwargs]
    how = "does not hand on" if accepted == dropped else "does not accept"
    yield Finding(
        message=f"`{estimator.name}.__init__` {how} {' or '.join(f'`{key}`' for key in dropped)}",
        origin=estimator.init or estimator.origin,
        aws="User: … is not authorized to perform: s3:PutObject on resource: … with an explicit deny in a "
        "resource-based policy",
        fix="take **kwargs and hand them on to super().__init__",
        snippet=_handing_on(estimator, dropped),
        resource=f"class/{estimator.name}",
        access=" ".join(dropped),
    )


def _handing_on(estimator: EstimatorClass, dropped: list[str]) -> str:
    """How __init__ begins and calls its base's where it hands the keys on; "" where that is not one call."""
    if not estimator.call:
        return ""
    accepted, given = [estimator.accepted], [estimator.call.removesuffix(")")]
    rest = re.search(r"\*\*(\w+)", estimator.accepted)
    if rest is None:
        accepted.append("**kwargs")
    given += [f"{key}={key}" for key in dropped if key in estimator.parameters]
    if not estimator.forwards_kwargs:
        given.append(f"**{rest[1] if rest else 'kwargs'}")
    return f"def __init__({', '.join(accepted)}):\n    {', '.join(given).replace('(, ', '(')})"


def _drops(estimator: EstimatorClass, key: str) -> bool:
    if key in estimator.forwarded:
        return False
    if estimator.forwards_kwargs:  # a named parameter no longer stands in **kwargs
        return key in estimator.parameters
    return True


_FORGETFUL = """\
from sagemaker.estimator import EstimatorBase


class Boost(EstimatorBase):
    def __init__(self, role, instance_count, instance_type, rounds=200):
        super().__init__(role=role, instance_count=instance_count, instance_type=instance_type)
        self.rounds = rounds
"""

BAD = (
    {"boost.py": _FORGETFUL},
    {
        "net.py": """\
from sagemaker.pytorch import PyTorch


class Net(PyTorch):
    def __init__(self, entry_point, output_kms_key=None, volume_kms_key=None, **kwargs):
        super().__init__(entry_point, **kwargs)
"""
    },
)
GOOD = (
    {
        "boost.py": """\
from sagemaker.estimator import EstimatorBase, Framework


class Boost(EstimatorBase):
    def __init__(self, role, instance_count, instance_type, rounds=200, **kwargs):
        super().__init__(role=role, instance_count=instance_count, instance_type=instance_type, **kwargs)
        self.rounds = rounds


class Encrypted(Framework):
    def __init__(self, role, key):
        super().__init__("train.py", role=role, output_kms_key=key, volume_kms_key=key)


class Plain(Framework):
    def create_model(self, **kwargs):
        raise NotImplementedError
"""
    },
    {
        "scaler.py": """\
from sklearn.base import BaseEstimator


class Scaler(BaseEstimator):
    def __init__(self, factor=1.0):
        self.factor = factor
"""
    },
    {
        "local.py": "class EstimatorBase:\n    pass\n",
        "boost.py": _FORGETFUL.replace("sagemaker.estimator", "local"),
    },
)
