"""Pipeline definitions: every step that calls an API is a workload."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smlint.document import Document
from smlint.facts import Caller, Fact, Workload
from smlint.readers import kubernetes, pipeline, request
from smlint.readers.scope import Scope
from smlint.syntax import json as json_syntax
from smlint.values import Template, plain

FactsOf = Callable[..., list[Fact]]


def definition(*steps: Any, parameters: Any = ()) -> dict[str, Any]:
    return {"Version": "2020-12-01", "Parameters": list(parameters), "Steps": list(steps)}


def step(kind: str, name: str = "Step", **arguments: Any) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Arguments": arguments}


def found(facts: list[Fact]) -> list[Workload]:
    return [fact for fact in facts if isinstance(fact, Workload)]


@pytest.mark.parametrize(
    ("kind", "api"),
    [
        ("Training", "CreateTrainingJob"),
        ("Processing", "CreateProcessingJob"),
        ("Tuning", "CreateHyperParameterTuningJob"),
        ("Transform", "CreateTransformJob"),
        ("Model", "CreateModel"),
        ("RegisterModel", "CreateModelPackage"),
        ("AutoML", "CreateAutoMLJob"),
        ("QualityCheck", "CreateProcessingJob"),
        ("ClarifyCheck", "CreateProcessingJob"),
        ("EndpointConfig", "CreateEndpointConfig"),
        ("Endpoint", "CreateEndpoint"),
        ("InferenceComponent", "CreateInferenceComponent"),
    ],
)
def test_step_types(kind: str, api: str, facts_of: FactsOf) -> None:
    (workload,) = found(facts_of(pipeline, definition(step(kind, RoleArn="r"))))
    assert (workload.api, workload.label, workload.source) == (api, "Step", "pipeline")


def test_automl_of_the_second_version(facts_of: FactsOf) -> None:
    (workload,) = found(facts_of(pipeline, definition(step("AutoML", AutoMLJobInputDataConfig=[]))))
    assert workload.api == "CreateAutoMLJobV2"


@pytest.mark.parametrize("kind", ["Lambda", "Callback", "EMR", "Fail", "Lineage", "New"])
def test_other_steps(kind: str, facts_of: FactsOf) -> None:
    assert facts_of(pipeline, definition({"Name": "x", "Type": kind})) == []


def test_condition_steps_hold_steps(facts_of: FactsOf) -> None:
    inner = step("Condition", IfSteps=[step("Training")], ElseSteps=[step("Fail")])
    steps = step("Condition", IfSteps=[step("Processing")], ElseSteps=[inner])
    assert [workload.api for workload in found(facts_of(pipeline, definition(steps)))] == [
        "CreateProcessingJob",
        "CreateTrainingJob",
    ]


def test_references(facts_of: FactsOf) -> None:
    arguments = {
        "RoleArn": {"Get": "Parameters.Role"},
        "OutputDataConfig": {
            "S3OutputPath": {
                "Std:Join": {
                    "On": "/",
                    "Values": ["s3:/", {"Get": "Parameters.Bucket"}, {"Get": "Execution.PipelineExecutionId"}, 3],
                }
            }
        },
        "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": {"Get": "Steps.Prepare.Output.S3Uri"}}}}],
        "ResourceConfig": {"InstanceCount": {"Get": "Parameters.Count"}, "VolumeKmsKeyId": {"Std:New": {}}},
    }
    parameters = [
        {"Name": "Role", "Type": "String"},
        {"Name": "Bucket", "Type": "String", "DefaultValue": "data"},
        {"Name": "Count", "Type": "Integer"},
    ]
    (workload,) = found(facts_of(pipeline, definition(step("Training", **arguments), parameters=parameters)))
    assert plain(workload.request) == {
        "RoleArn": "⟨Role⟩",
        "OutputDataConfig": {"S3OutputPath": "s3://data/⟨Execution.PipelineExecutionId⟩/3"},
        "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": "⟨unknown⟩"}}}],
        "ResourceConfig": {"InstanceCount": "⟨unknown⟩", "VolumeKmsKeyId": "⟨unknown⟩"},
    }


def test_a_default_stands_where_the_parameter_is_defined(facts_of: FactsOf) -> None:
    parameters = [{"Name": "Uri", "DefaultValue": "s3://data/in"}]
    steps = step("Transform", TransformInput={"DataSource": {"Get": "Parameters.Uri"}})
    (workload,) = found(facts_of(pipeline, definition(steps, parameters=parameters)))
    uri = workload.request.get("TransformInput", "DataSource")
    assert uri is not None and uri.value == "s3://data/in" and uri.used is not None
    assert uri.origin.place().first.line < uri.used.place().first.line


def test_a_step_refers_to_a_models_name(facts_of: FactsOf) -> None:
    steps = [step("Model", "Make"), step("Transform", "Score", ModelName={"Get": "Steps.Make.ModelName"})]
    model, transform = found(facts_of(pipeline, definition(*steps)))
    name = transform.request.get("ModelName")
    assert name is not None and isinstance(name.value, Template)
    assert name.value in model.names


def test_the_pipelines_role_is_caller_and_role(scope: Scope) -> None:
    steps = [step("Training", RoleArn="arn:aws:iam::1:role/job"), step("Processing"), step("Transform")]
    document = Document("x.json", json.dumps(definition(*steps)))
    (root,) = json_syntax.parse(document).nodes
    caller, *jobs = pipeline.workloads(root, "arn:aws:iam::1:role/pipeline", "nightly", scope)
    assert isinstance(caller, Caller) and caller.kind == "pipeline"
    assert [job.role for job in found(jobs)] == [None, "arn:aws:iam::1:role/pipeline", None]
    assert {job.caller for job in found(jobs)} == {"arn:aws:iam::1:role/pipeline"}


def test_a_definition_inside_a_request(facts_of: FactsOf) -> None:
    content = {
        "PipelineName": "nightly",
        "RoleArn": "r",
        "PipelineDefinition": json.dumps(definition(step("Training"))),
    }
    created, caller, job = facts_of(request, content)
    assert isinstance(created, Workload) and created.api == "CreatePipeline"
    assert isinstance(caller, Caller) and isinstance(job, Workload) and job.caller == "r"
    manifest = {
        "apiVersion": "sagemaker.services.k8s.aws/v1alpha1",
        "kind": "Pipeline",
        "spec": {"pipelineName": "nightly", "roleARN": "r", "pipelineDefinition": content["PipelineDefinition"]},
    }
    assert len(facts_of(kubernetes, manifest)) == 3


@pytest.mark.parametrize(
    "content",
    [
        definition("text", 3, None, {}, {"Type": []}),
        definition({"Type": "Condition", "Arguments": 3}),
        {"Version": "2020-12-01", "Steps": "x"},
        {"Version": "2020-12-01", "Steps": [], "Parameters": "x"},
    ],
)
def test_wrong_types(content: Any, facts_of: FactsOf) -> None:
    assert facts_of(pipeline, content) == []


@pytest.mark.parametrize("arguments", [None, 3, "x", [1], {"Get": "Parameters.None"}])
def test_arguments_of_another_kind_leave_the_request_open(arguments: Any, facts_of: FactsOf) -> None:
    (workload,) = found(facts_of(pipeline, definition({"Type": "Training", "Arguments": arguments})))
    assert workload.request.mapping == {} and workload.request.open


@pytest.mark.parametrize("joined", [3, {}, {"On": 3, "Values": "x"}, {"Values": [None, {"Get": 3}, []]}])
def test_joins_of_another_kind(joined: Any, facts_of: FactsOf) -> None:
    (workload,) = found(facts_of(pipeline, definition(step("Training", RoleArn={"Std:Join": joined}))))
    assert workload.request.get("RoleArn") is not None
