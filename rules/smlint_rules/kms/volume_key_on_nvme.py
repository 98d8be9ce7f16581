"""A volume key with an instance type that stores locally.

What
----
A request names a KMS key for its volumes, and the instance type keeps its data on local NVMe disks.

Why AWS refuses
---------------
Local NVMe storage is encrypted by the instance's hardware; no volume is attached that a key could encrypt. SageMaker
refuses the request with a ValidationException.

Fix
---
Leave the key out for these instance types, or take an instance type without local storage.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level, Related
from smlint.needs.instances import nvme
from smlint.values import YES, Node, below
from smlint_rules.examples import DATA, IMAGE, KEY, allow, folder, training

LEVEL = Level.ERROR

_GROUPS = ("InstanceGroups", "InstanceConfigs")  # of a training job's cluster, of a tuning job's alternatives


def check(job: Job) -> Iterator[Finding]:
    if job.api == "CreatePipeline":
        return  # its steps are jobs of their own
    for key, types in _volumes(job.workload.request):
        refusing = [kind for kind in types if kind.literal is not None and nvme(kind.literal) is YES]
        # With several instance types (groups, variants) one local type is enough to refuse the key.
        if refusing:
            yield Finding(
                f"`{refusing[0].literal}` keeps its data on local NVMe disks: SageMaker refuses a volume key with it",
                key.key or key.origin,
                aws="ValidationException: VolumeKmsKeyId is not supported for instance types with local storage",
                fix="leave the key out, or take an instance type without local storage",
                related=(Related("the instance type", refusing[0].origin),),
                resource=f"job/{job.label}",
                access=f"volume key on {refusing[0].literal}",
                workload=(job.label,),
            )


def _volumes(request: Node) -> Iterator[tuple[Node, list[Node]]]:
    """Every volume key of a request and the instance types that it is for."""
    for node in below(request):
        key, endpoint_key = node.get("VolumeKmsKeyId"), node.get("KmsKeyId")
        if key is not None and key.text:
            yield key, _types([node, *_listed(node, *_GROUPS)])
        variants = _listed(node, "ProductionVariants")
        if variants and endpoint_key is not None and endpoint_key.text:
            yield endpoint_key, _types(variants)


def _listed(node: Node, *names: str) -> list[Node]:
    members = (node.get(name) for name in names)
    return [element for member in members if member is not None for element in member.elements()]


def _types(nodes: list[Node]) -> list[Node]:
    return [found for node in nodes if (found := node.get("InstanceType")) is not None]


def _request(instance_type: str) -> str:
    return training(
        ResourceConfig={"InstanceType": instance_type, "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
    )


_GRANT = allow("kms:CreateGrant", KEY)
_TUNING = """{
  "HyperParameterTuningJobName": "churn",
  "HyperParameterTuningJobConfig": {"Strategy": "Bayesian", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
  "TrainingJobDefinition": {
    "RoleArn": "arn:aws:iam::111122223333:role/train",
    "AlgorithmSpecification": {"TrainingImage": "IMAGE", "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://acme-data/models/"},
    "HyperParameterTuningResourceConfig": {
      "InstanceConfigs": [
        {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
      ],
      "VolumeKmsKeyId": "KEY"
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600}
  }
}""".replace("IMAGE", IMAGE).replace("KEY", KEY)
BAD = (
    folder(*DATA, _GRANT, request=_request("ml.g5.xlarge")),
    folder(*DATA, _GRANT, request=_TUNING),
)
GOOD = (folder(*DATA, _GRANT, request=_request("ml.m5.xlarge")), folder(*DATA))
