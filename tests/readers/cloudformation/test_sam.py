"""SAM: what the transform makes of functions and state machines, compared with AWS's own translator where installed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.readers.cloudformation.reading import of, only, problems, read, read_file, shown

from smlint.facts import Attachment, Caller, ManagedPolicy, Role, Superseded, Workload
from smlint.readers.cloudformation import sam

HEAD = 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\n'

TEMPLATES = {
    "inline": """
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      Policies:
        - Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: sagemaker:CreateModel, Resource: '*'}]
        - Statement: {Effect: Allow, Action: iam:PassRole, Resource: '*'}
""",
    "named": """
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      Policies: [AmazonSageMakerFullAccess, AWSLambdaVPCAccessExecutionRole, 'arn:aws:iam::111122223333:policy/x']
""",
    "one": """
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      Policies: AmazonSageMakerFullAccess
""",
    "templates": """
Parameters: {Bucket: {Type: String}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
      Policies:
        - S3CrudPolicy: {BucketName: !Ref Bucket}
        - SageMakerCreateEndpointPolicy: {EndpointName: fraud}
        - SageMakerCreateEndpointConfigPolicy: {EndpointConfigName: !Sub '${Bucket}-x'}
        - KMSDecryptPolicy: {KeyId: k}
        - EFSWriteAccessPolicy: {FileSystem: f, AccessPoint: p}
""",
    "globals": """
Globals:
  Function: {PermissionsBoundary: 'arn:aws:iam::111122223333:policy/b', RolePath: /x/}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
""",
    "machine": """
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: T, States: {T: {Type: Pass, End: true}}}
      Policies:
        - Statement: [{Effect: Allow, Action: 'sagemaker:*', Resource: '*'}]
        - StepFunctionsExecutionPolicy: {StateMachineName: m}
""",
    "own role": """
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      Role: arn:aws:iam::111122223333:role/x
""",
}
CODE = "InlineCode: x\n      Handler: index.handler\n      Runtime: python3.12"


def source(name: str) -> str:
    return HEAD + TEMPLATES[name].replace("{code}", CODE)


def permissions(role: Role) -> dict[str, Any]:
    """What a role is allowed, in a form that does not depend on how it is written."""
    return {
        "name": role.label,
        "trust": shown(role.trust.node) if role.trust is not None else None,
        "inline": [shown(a.policy.node) for a in role.attachments if a.policy is not None],
        "managed": sorted({shown(a.arn) for a in role.attachments if a.policy is None and not a.boundary}),
        "boundary": [shown(a.arn) for a in role.attachments if a.boundary],
        "path": "/x/" in str(role.arn),
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_roles_are_those_of_the_translator(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("samtranslator", reason="aws-sam-translator is not installed: roles are not compared")
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = transform(yaml_parse(source(name)), {"Bucket": "b"}, _Loader())
    settings = {"partition": "aws", "region": "us-east-1", "parameters": {"Bucket": "b"}}
    expected = read_file("out.json", {"out.json": json.dumps(made)}, **settings)
    found = read(source(name), **settings)
    assert problems(found) == []
    assert [_plain(role) for role in of(Role, found)] == [_plain(role) for role in of(Role, expected)]


def _plain(role: Role) -> dict[str, Any]:
    """The translator leaves Version out or in, and writes lists of one or single values, by its own lights."""
    plain = permissions(role)
    plain["inline"] = [_flat(_without_version(document)) for document in plain["inline"]]
    plain["trust"] = _flat(_without_version(plain["trust"]))
    return plain


def _without_version(document: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in document.items() if name != "Version"}


def _flat(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        return _flat(value[0])
    return {name: _flat(member) for name, member in value.items()} if isinstance(value, dict) else value


class _Loader:
    def load(self) -> dict[str, str]:
        return {}


def test_every_policy_template_is_known() -> None:
    processor = pytest.importorskip("samtranslator.policy_template_processor.processor", reason="no aws-sam-translator")
    templates = processor.PolicyTemplatesProcessor.get_default_policy_templates_json()["Templates"]
    assert set(sam.templates()) == set(templates)
    for name, template in templates.items():
        for ours, theirs in zip(sam.templates()[name], template["Definition"]["Statement"], strict=True):
            actions = theirs["Action"] if isinstance(theirs["Action"], list) else [theirs["Action"]]
            assert ours["Action"] == actions


def test_an_undetermined_choice_of_policies() -> None:
    template = """
Parameters: {Arn: {Type: String}}
Conditions: {C: !Equals [!Ref Arn, x]}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - !If [C, AmazonSageMakerFullAccess, !Ref AWS::NoValue]
        - !If [C, {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}, !Ref AWS::NoValue]
"""
    on, off = (only(Role, read(HEAD + template, partition="aws", parameters={"Arn": value})) for value in ("x", "y"))
    assert (len(on.attachments), len(off.attachments)) == (3, 1)
    assert [attachment.name for attachment in on.attachments if attachment.policy] == ["FRolePolicy1"]


CONNECTED = """
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: x, Handler: index.handler, Runtime: python3.12}
    Connectors: {Start: {Properties: {Destination: {Id: M}, Permissions: [Write]}}}
  M: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: T, States: {T: {Type: Pass, End: true}}}}}
  B: {Type: AWS::S3::Bucket}
  C:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: F}, Destination: {Id: B}, Permissions: [Read, Write]}
"""


def test_connectors() -> None:
    found = read(HEAD + CONNECTED)
    policies = {str(shown(policy.name)): policy for policy in of(ManagedPolicy, found)}
    assert set(policies) == {"⟨FStartPolicy⟩", "⟨CPolicy⟩"}
    actions = [element.text for s in policies["⟨CPolicy⟩"].policy.statements for element in s.actions]
    assert "s3:GetObject" in actions
    assert "s3:PutObject" in actions
    resources = policies["⟨CPolicy⟩"].policy.statements[0].resources
    assert [shown(element.text) for element in resources] == ["arn:⟨partition⟩:s3:::⟨B⟩", "arn:⟨partition⟩:s3:::⟨B⟩/*"]
    role = next(role for role in of(Role, found) if role.label == "FRole")
    assert [attachment.role == role.name for attachment in of(Attachment, found)] == [True, True]


def test_connectors_are_those_of_the_translator(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("samtranslator", reason="aws-sam-translator is not installed: connectors are not compared")
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = json.dumps(transform(yaml_parse(HEAD + CONNECTED), {}, _Loader()))
    settings = {"partition": "aws", "region": "us-east-1"}
    readings = (read_file("o.json", {"o.json": made}, **settings), read(HEAD + CONNECTED, **settings))
    expected, found = (
        {shown(policy.name): _flat(shown(policy.policy.node)) for policy in of(ManagedPolicy, facts)}
        for facts in readings
    )
    assert found == expected


def test_state_machine_in_a_file() -> None:
    machine = (
        '{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createModel",\n'
        ' "Parameters": {"ExecutionRoleArn": "${Role}", "ModelName": "${Other}"}}}}'
    )
    template = """
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machine.asl.json
      DefinitionSubstitutions: {Role: 'arn:r'}
"""
    found = read(HEAD + template, {"machine.asl.json": machine})
    job, role = only(Workload, found), only(Role, found)
    assert shown(job.request) == {"ExecutionRoleArn": "arn:r", "ModelName": "⟨M.Other⟩"}
    assert job.caller == role.arn == only(Caller, found).role
    assert job.origin.place().path == "machine.asl.json"
    assert only(Superseded, found).path == "machine.asl.json"


def test_a_function_without_the_transform_is_expanded_too() -> None:
    found = read("Resources:\n  F: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt GRole.Arn}}\n")
    assert problems(found) == []
    assert shown(only(Caller, found).role) == "⟨GRole.Arn⟩"
