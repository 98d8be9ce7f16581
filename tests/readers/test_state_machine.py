"""State machines: which tasks are SageMaker calls, and what is known of their requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smlint.document import Document
from smlint.facts import Caller, Fact, Workload
from smlint.readers import state_machine
from smlint.readers.scope import Scope
from smlint.syntax import json as json_syntax
from smlint.values import Template, plain

FactsOf = Callable[..., list[Fact]]
PROCESSING = "arn:aws:states:::sagemaker:createProcessingJob.sync"


def task(resource: str, **members: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True, **members}


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def only(facts: list[Fact]) -> Workload:
    (fact,) = facts
    assert isinstance(fact, Workload)
    return fact


@pytest.mark.parametrize(
    ("resource", "api", "pattern"),
    [
        (PROCESSING, "CreateProcessingJob", "sync"),
        ("arn:aws-cn:states:::sagemaker:createTrainingJob", "CreateTrainingJob", ""),
        ("arn:aws-us-gov:states:::sagemaker:createEndpoint", "CreateEndpoint", ""),
        ("arn:aws:states:::aws-sdk:sagemaker:createAutoMLJobV2", "CreateAutoMLJobV2", ""),
        ("arn:aws:states:::aws-sdk:sagemaker:createModel.waitForTaskToken", "CreateModel", "waitForTaskToken"),
        ("arn:aws:states:::aws-sdk:sagemakergeospatial:startEarthObservationJob", "StartEarthObservationJob", ""),
        ("arn:${AWS::Partition}:states:::sagemaker:createTransformJob.sync", "CreateTransformJob", "sync"),
    ],
)
def test_integrations(resource: str, api: str, pattern: str, facts_of: FactsOf) -> None:
    found = only(facts_of(state_machine, machine(Run=task(resource, Parameters={"RoleArn": "r"}))))
    assert (found.api, found.sync, found.label, found.source) == (api, pattern, "Run", "step-functions")


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::lambda:invoke",
        "arn:aws:states:::aws-sdk:sagemaker:describeTrainingJob",
        "arn:aws:states:::aws-sdk:s3:putObject",
        "arn:aws:lambda:eu-west-1:111122223333:function:sagemaker",
        "arn:aws:states:::sagemaker",
        "",
    ],
)
def test_other_tasks(resource: str, facts_of: FactsOf) -> None:
    assert facts_of(state_machine, machine(Run=task(resource))) == []


def test_jsonpath_members(facts_of: FactsOf) -> None:
    parameters = {
        "ProcessingJobName.$": "$$.Execution.Name",
        "RoleArn": "arn:aws:iam::111122223333:role/r",
        "AppSpecification": {"ImageUri.$": "$.image"},
        "ProcessingInputs": [{"S3Input": {"S3Uri.$": "States.Format('s3://{}/in, {}/{}', $.bucket, 'x', 3)"}}],
    }
    found = only(facts_of(state_machine, machine(Run=task(PROCESSING, Parameters=parameters)))).request
    assert plain(found) == {
        "ProcessingJobName": "⟨unknown⟩",
        "RoleArn": "arn:aws:iam::111122223333:role/r",
        "AppSpecification": {"ImageUri": "⟨unknown⟩"},
        "ProcessingInputs": [{"S3Input": {"S3Uri": "s3://⟨$.bucket⟩/in, x/3"}}],
    }


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"States.Format('s3://b/\{x\}/{}', $.a)", "s3://b/{x}/⟨$.a⟩"),
        ("States.Format('{}', States.ArrayGetItem($.a, 0))", "⟨States.ArrayGetItem($.a, 0)⟩"),
        ("States.Format('{}/{}', $.a)", "⟨$.a⟩/⟨⟩"),
        ("States.Format('s3://${Data}/{}', $.a)", "s3://⟨Data⟩/⟨$.a⟩"),
        ("States.Format('s3://{}/{}', '${Data}', '${Data}')", "s3://⟨Data⟩/⟨Data⟩"),
        ("States.Format('{}', $.a.${Path})", "⟨$.a.⟩"),
        ("States.Format()", "⟨unknown⟩"),
        ("States.Format($.template, 1)", "⟨unknown⟩"),
        ("States.UUID()", "⟨unknown⟩"),
        (7, "⟨unknown⟩"),
    ],
)
def test_intrinsic_functions(expression: Any, text: str, facts_of: FactsOf) -> None:
    found = only(facts_of(state_machine, machine(Run=task(PROCESSING, Parameters={"X.$": expression})))).request.get(
        "X"
    )
    assert found is not None
    shown = plain(found)
    assert shown == text or (text == "⟨$.a⟩/⟨⟩" and shown.startswith("⟨$.a⟩/⟨asl"))


def test_jsonata(facts_of: FactsOf) -> None:
    arguments = {"RoleArn": "{% $states.input.role %}", "Tags": [{"Key": "team.$", "Value": "ml"}]}
    definition = machine(Run=task(PROCESSING, Arguments=arguments, QueryLanguage="JSONata"))
    found = only(facts_of(state_machine, definition)).request
    assert plain(found) == {"RoleArn": "⟨unknown⟩", "Tags": [{"Key": "team.$", "Value": "ml"}]}
    whole = {**machine(Run=task(PROCESSING, Arguments="{% $states.input %}")), "QueryLanguage": "JSONata"}
    assert only(facts_of(state_machine, whole)).request.open


def test_the_input_is_the_request(facts_of: FactsOf) -> None:
    found = only(facts_of(state_machine, machine(Run=task(PROCESSING)))).request
    assert found.open and found.mapping == {}


def test_nested_flows(facts_of: FactsOf) -> None:
    inner = machine(Inner=task(PROCESSING, Parameters={}))
    definition = machine(
        Each={"Type": "Map", "ItemProcessor": inner},
        Old={
            "Type": "Map",
            "Iterator": {"StartAt": "M", "States": {"M": {"Type": "Parallel", "Branches": [inner, inner]}}},
        },
    )
    assert len(facts_of(state_machine, definition)) == 3


def test_substitutions_in_a_file_are_holes(facts_of: FactsOf) -> None:
    parameters = {"RoleArn": "${Role}", "OutputDataConfig": {"S3OutputPath": "s3://${Bucket}/out"}}
    found = only(facts_of(state_machine, machine(Run=task(PROCESSING, Parameters=parameters)))).request
    assert plain(found) == {"RoleArn": "⟨Role⟩", "OutputDataConfig": {"S3OutputPath": "s3://⟨Bucket⟩/out"}}
    role = found.get("RoleArn")
    assert role is not None and isinstance(role.value, Template)


def test_the_caller_is_a_fact(scope: Scope) -> None:
    text = Document("x.json", json.dumps(machine(Run=task(PROCESSING, Parameters={}))))
    (root,) = json_syntax.parse(text).nodes
    caller, found = state_machine.workloads(root, "arn:aws:iam::1:role/machine", "Train", scope, root.origin)
    assert isinstance(caller, Caller) and isinstance(found, Workload)
    assert caller.role == found.caller == "arn:aws:iam::1:role/machine"
    assert caller.label == "state machine Train"


@pytest.mark.parametrize(
    ("credentials", "caller"),
    [
        ({"RoleArn": "arn:aws:iam::2:role/target"}, "arn:aws:iam::2:role/target"),
        ({"RoleArn.$": "$.role"}, None),
        ({"RoleArn": "{% $states.input.role %}"}, None),
    ],
)
def test_a_state_may_assume_a_role_for_its_call(credentials: Any, caller: str | None, scope: Scope) -> None:
    text = json.dumps(machine(Run=task(PROCESSING, Parameters={}, Credentials=credentials)))
    (root,) = json_syntax.parse(Document("x.json", text)).nodes
    facts = state_machine.workloads(root, "arn:aws:iam::1:role/machine", "Train", scope, root.origin)
    assert [fact.caller for fact in facts if isinstance(fact, Workload)] == [caller]


@pytest.mark.parametrize("states", ["text", [], {"Run": "text"}, {"Run": {"Resource": 3}}, {"Run": {"Branches": "x"}}])
def test_wrong_types(states: Any, facts_of: FactsOf) -> None:
    assert facts_of(state_machine, {"StartAt": "Run", "States": states}) == []


def test_depth_is_bounded(facts_of: FactsOf) -> None:
    definition: Any = machine(Run=task(PROCESSING, Parameters={}))
    for _ in range(45):
        definition = machine(Map={"Type": "Map", "ItemProcessor": definition})
    assert facts_of(state_machine, definition) == []
