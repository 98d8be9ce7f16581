"""Manifests of the SageMaker controllers."""

from __future__ import annotations

from collections.abc import Callable

from smlint.facts import Fact, Workload
from smlint.readers import kubernetes
from smlint.values import plain

FactsOf = Callable[..., list[Fact]]
MANIFEST = """\
apiVersion: sagemaker.services.k8s.aws/v1alpha1
kind: TrainingJob
metadata:
  name: xgboost
spec:
  trainingJobName: churn
  roleARN: arn:aws:iam::111122223333:role/train
  hyperParameters:
    max_depth: "5"
  outputDataConfig:
    s3OutputPath: s3://acme/out
    kmsKeyID: alias/ml
  inputDataConfig:
    - channelName: train
      dataSource:
        s3DataSource: {s3URI: s3://acme/in, s3DataType: S3Prefix}
  vpcConfig:
    securityGroupIDs: [sg-1]
"""


def test_spec_is_a_request(facts_of: FactsOf) -> None:
    (workload,) = facts_of(kubernetes, MANIFEST, "job.yaml")
    assert isinstance(workload, Workload)
    assert (workload.api, workload.label, workload.source) == ("CreateTrainingJob", "churn", "kubernetes")
    assert plain(workload.request) == {
        "TrainingJobName": "churn",
        "RoleArn": "arn:aws:iam::111122223333:role/train",
        "HyperParameters": {"max_depth": "5"},
        "OutputDataConfig": {"S3OutputPath": "s3://acme/out", "KmsKeyId": "alias/ml"},
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {"S3Uri": "s3://acme/in", "S3DataType": "S3Prefix"}},
            }
        ],
        "VpcConfig": {"SecurityGroupIds": ["sg-1"]},
    }


def test_place(facts_of: FactsOf) -> None:
    (workload,) = facts_of(kubernetes, MANIFEST, "job.yaml")
    assert isinstance(workload, Workload)
    key = workload.request.get("OutputDataConfig", "KmsKeyId")
    assert key is not None and key.origin.place().first.line == 12


def test_other_manifests(facts_of: FactsOf) -> None:
    assert facts_of(kubernetes, MANIFEST.replace("TrainingJob\n", "Domestic\n"), "job.yaml") == []
    assert facts_of(kubernetes, MANIFEST.replace("sagemaker.services", "apps"), "job.yaml") == []
    assert facts_of(kubernetes, "apiVersion: [1]\nkind: 3\n", "job.yaml") == []
