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
from smlint.values import YES, Node
from smlint_rules.examples import DATA, IMAGE, KEY, allow, folder, training

LEVEL = Level.ERROR

_GROUPS = ("InstanceGroups", "InstanceConfigs")  # of a training job's cluster, of a tuning job's alternatives


def check(job: Job) -> Iterator[Finding]:
    for key, types in _volumes(job.workload.request, 0):
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


def _volumes(node: Node, depth: int) -> Iterator[tuple[Node, list[Node]]]:
    """Every volume key of a request and the instance types that it is for."""
    members = node.mapping
    if depth > 12 or members is None:
        for element in (node.sequence or ()) if depth <= 12 else ():
            yield from _volumes(element, depth + 1)
        return
    key = members.get("VolumeKmsKeyId")
    if key is not None and key.text:
        own = [members["InstanceType"]] if "InstanceType" in members else []
        groups = [group for name in _GROUPS if name in members for group in members[name].elements()]
        yield key, own + [t for group in groups if (t := group.get("InstanceType")) is not None]
    variants = members.get("ProductionVariants")
    endpoint_key = members.get("KmsKeyId")
    if variants is not None and endpoint_key is not None and endpoint_key.text:
        yield endpoint_key, [t for v in variants.elements() if (t := v.get("InstanceType")) is not None]
    for member in members.values():
        yield from _volumes(member, depth + 1)


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
