"""Job request files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smlint.facts import Fact, Workload
from smlint.readers import api as apis
from smlint.readers import request
from smlint.values import plain

FactsOf = Callable[..., list[Fact]]
ROLE = "arn:aws:iam::111122223333:role/train"
TRAINING = {
    "TrainingJobName": "churn",
    "RoleArn": ROLE,
    "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "1.dkr.ecr.eu-west-1.amazonaws.com/x"},
    "OutputDataConfig": {"S3OutputPath": "s3://b/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


def workload(facts: list[Fact]) -> Workload:
    (fact,) = facts
    assert isinstance(fact, Workload)
    return fact


def test_request_as_json(facts_of: FactsOf) -> None:
    found = workload(facts_of(request, TRAINING))
    assert (found.api, found.label, found.source, found.names) == ("CreateTrainingJob", "churn", "request", ("churn",))
    assert plain(found.request) == TRAINING


def test_request_as_yaml(facts_of: FactsOf) -> None:
    text = "TransformJobName: score\nModelName: churn\nTransformInput: {}\nTransformResources: {}\n"
    found = workload(facts_of(request, text + "TransformOutput:\n  S3OutputPath: s3://b\nTags: []\n", "job.yaml"))
    assert found.api == "CreateTransformJob"
    place = found.request.get("TransformOutput", "S3OutputPath")
    assert place is not None and place.origin.place().first.line == 6


@pytest.mark.parametrize("name", sorted(apis.apis()))
def test_every_api_is_told_by_its_members(name: str, facts_of: FactsOf) -> None:
    """A request with all members of an API is that API's; two pairs differ in nothing but what they do."""
    same = {"UpdateDeviceFleet": "CreateDeviceFleet"}
    content: dict[str, Any] = dict.fromkeys(apis.apis()[name].members, "x")
    if name.endswith("VectorEnrichmentJob"):
        content["InputConfig"] = {"DataSourceConfig": {}, "DocumentType": "CSV"}
        content["Arn"] = "arn:aws:sagemaker-geospatial:us-west-2:1:vector-enrichment-job/x"
    assert workload(facts_of(request, content)).api == same.get(name, name)


def test_a_complete_request_of_common_names_is_told(facts_of: FactsOf) -> None:
    content = {"JobName": "sizing", "JobType": "Default", "RoleArn": ROLE, "InputConfig": {"ModelName": "churn"}}
    assert workload(facts_of(request, content)).api == "CreateInferenceRecommendationsJob"
    assert facts_of(request, {name: content[name] for name in ("JobName", "RoleArn")}) == []


@pytest.mark.parametrize(
    ("content", "api"),
    [
        ({"ImageName": "kernel", "RoleArn": ROLE}, "CreateImage"),
        ({"EndpointName": "e", "EndpointConfigName": "c"}, "CreateEndpoint"),
        ({"InferenceComponentName": "c", "RuntimeConfig": {"CopyCount": 2}}, "UpdateInferenceComponent"),
        ({key: value for key, value in TRAINING.items() if key != "TrainingJobName"}, "CreateTrainingJob"),
        ({**TRAINING, "Rolearn": "x"}, "CreateTrainingJob"),
    ],
)
def test_sparse_requests(content: Any, api: str, facts_of: FactsOf) -> None:
    assert workload(facts_of(request, content)).api == api


@pytest.mark.parametrize(
    "content",
    [
        {"Name": "x", "Tags": []},
        {"ModelName": "x", "Tags": []},
        {"ProjectName": "x", "ProjectDescription": "y"},
        {"PipelineName": "deploy"},
        {"ClusterName": "kube", "VpcConfig": {}},
        {"name": "package", "version": "1", "dependencies": {}},
        [],
        "text",
        12,
    ],
)
def test_other_files_are_none(content: Any, facts_of: FactsOf) -> None:
    assert facts_of(request, content if not isinstance(content, str) else '"text"') == []


def test_unfilled_members_of_a_skeleton_are_absent(facts_of: FactsOf) -> None:
    skeleton = {
        **TRAINING,
        "HyperParameters": {"KeyName": ""},
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": "s3://b/out", "CompressionType": "GZIP"},
        "VpcConfig": {"SecurityGroupIds": [""], "Subnets": [""]},
        "CheckpointConfig": {"S3Uri": "", "LocalPath": ""},
        "DebugRuleConfigurations": [
            {
                "RuleConfigurationName": "",
                "LocalPath": "",
                "RuleEvaluatorImage": "",
                "InstanceType": "ml.t3.medium",
                "VolumeSizeInGB": 0,
            }
        ],
        "RemoteDebugConfig": {"EnableRemoteDebug": True},
    }
    found = plain(workload(facts_of(request, skeleton)).request)
    for absent in ("HyperParameters", "VpcConfig", "CheckpointConfig", "DebugRuleConfigurations"):
        assert absent not in found
    assert found["OutputDataConfig"] == {"S3OutputPath": "s3://b/out", "CompressionType": "GZIP"}
    assert found["RemoteDebugConfig"] == {"EnableRemoteDebug": "⟨unknown⟩"}
    assert found["ResourceConfig"] == TRAINING["ResourceConfig"]


@pytest.mark.parametrize("name", sorted(apis.apis()))
def test_a_skeleton_as_it_is_generated_says_nothing(name: str, facts_of: FactsOf) -> None:
    session = pytest.importorskip("botocore.session").get_session()
    generator = pytest.importorskip("botocore.utils").ArgumentGenerator()
    models = [session.get_service_model(service) for service in ("sagemaker", "sagemaker-geospatial")]
    (model,) = [model for model in models if name in model.operation_names]
    skeleton = generator.generate_skeleton(model.operation_model(name).input_shape)
    for found in facts_of(request, json.dumps(skeleton, default=lambda time: time.isoformat())):
        assert isinstance(found, Workload)
        assert all(leaf == "⟨unknown⟩" or apis.is_choice(leaf) for leaf in leaves(plain(found.request)))


def leaves(value: Any) -> list[str]:
    inner = list(value.values()) if isinstance(value, dict) else value
    return [leaf for part in inner for leaf in leaves(part)] if isinstance(inner, list) else [value]


def test_an_empty_environment_value_is_the_authors(facts_of: FactsOf) -> None:
    content = {**TRAINING, "Environment": {"PREFIX": ""}, "RemoteDebugConfig": {"EnableRemoteDebug": True}}
    assert plain(workload(facts_of(request, content)).request) == content


def test_wrong_types_are_kept_for_the_rules(facts_of: FactsOf) -> None:
    content = {**TRAINING, "OutputDataConfig": "s3://b/out", "ResourceConfig": 3, "InputDataConfig": {"a": None}}
    assert plain(workload(facts_of(request, content)).request) == content


def test_depth_is_bounded(facts_of: FactsOf) -> None:
    deep: Any = ""
    for _ in range(150):
        deep = {"S3Uri": deep}
    assert workload(facts_of(request, {**TRAINING, "CheckpointConfig": deep})).api == "CreateTrainingJob"
