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
    "merged globals": """
Globals:
  Function:
    EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SNS}}}
""",
    "tracing by a parameter": """
Parameters: {Mode: {Type: String, Default: Disabled}, Other: {Type: String, Default: PassThrough}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      Tracing: !Ref Mode
  G:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      Tracing: !Ref Other
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
EVENTS = {
    "streams": """
        A:
          Type: Kinesis
          Properties: {Stream: 'arn:aws:kinesis:us-east-1:111122223333:stream/s', StartingPosition: LATEST}
        B:
          Type: DynamoDB
          Properties: {Stream: 'arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/x', StartingPosition: LATEST}
        C: {Type: SQS, Properties: {Queue: arn:aws:sqs:us-east-1:111122223333:q}}
""",
    "topic through a queue": """
        A: {Type: SNS, Properties: {Topic: arn:aws:sns:us-east-1:111122223333:t, SqsSubscription: true}}
""",
    "topic": """
        A: {Type: SNS, Properties: {Topic: arn:aws:sns:us-east-1:111122223333:t}}
""",
    "failures": """
        A:
          Type: Kinesis
          Properties:
            Stream: arn:aws:kinesis:us-east-1:111122223333:stream/s
            StartingPosition: LATEST
            DestinationConfig: {OnFailure: {Type: S3, Destination: 'arn:aws:s3:::failed'}}
""",
    "broker": """
        A:
          Type: MQ
          Properties:
            Broker: arn:aws:mq:us-east-1:111122223333:broker:b
            Queues: [q]
            SourceAccessConfigurations:
              - {Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:s'}
            SecretsManagerKmsKeyId: k
""",
    "managed Kafka": """
        A:
          Type: MSK
          Properties:
            Stream: arn:aws:kafka:us-east-1:111122223333:cluster/c/1
            StartingPosition: LATEST
            Topics: [t]
            SourceAccessConfigurations:
              - {Type: CLIENT_CERTIFICATE_TLS_AUTH, URI: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:s'}
            SchemaRegistryConfig:
              SchemaRegistryURI: arn:aws:glue:us-east-1:111122223333:registry/r
              EventRecordFormat: JSON
              SchemaValidationConfigs: [{Attribute: KEY}]
              AccessConfigs: [{Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:r'}]
""",
    "own Kafka": """
        A:
          Type: SelfManagedKafka
          Properties:
            KafkaBootstrapServers: ['a:9092']
            Topics: [t]
            SourceAccessConfigurations:
              - {Type: SASL_SCRAM_512_AUTH, URI: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:s'}
              - {Type: VPC_SUBNET, URI: 'subnet:subnet-1'}
              - {Type: VPC_SECURITY_GROUP, URI: 'security_group:sg-1'}
""",
    "documents": """
        A:
          Type: DocumentDB
          Properties:
            Cluster: arn:aws:rds:us-east-1:111122223333:cluster:c
            DatabaseName: d
            StartingPosition: LATEST
            SourceAccessConfigurations:
              - {Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:s'}
""",
}
TEMPLATES |= {
    name: f"""
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {{code}}
      Events:{events}"""
    for name, events in EVENTS.items()
}
DESTINATIONS = """
Parameters: {Queue: {Type: String}}
Conditions: {Own: !Equals [!Ref Queue, '']}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      {code}
      DeadLetterQueue: {Type: SNS, TargetArn: arn:aws:sns:us-east-1:111122223333:dead}
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {Type: SQS, Destination: !If [Own, !Ref AWS::NoValue, !Ref Queue]}
          OnFailure: {Type: S3Bucket, Destination: 'arn:aws:s3:::failed'}
"""
TEMPLATES["destinations"] = DESTINATIONS
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
    given = {"Bucket": "b", "Queue": "arn:aws:sqs:us-east-1:111122223333:q"}
    made = transform(yaml_parse(source(name)), given, _Loader())
    settings = {"partition": "aws", "region": "us-east-1", "parameters": given}
    expected = read_file("out.json", {"out.json": json.dumps(made)}, **settings)
    found = read(source(name), **settings)
    assert problems(found) == []
    assert [_plain(role) for role in of(Role, found)] == [_plain(role) for role in of(Role, expected)]


def _plain(role: Role) -> dict[str, Any]:
    """Without what differs in writing only: Version, lists of one, case and order of what is said, or how often."""
    plain = permissions(role)
    plain["inline"] = sorted({json.dumps(_flat(document), sort_keys=True) for document in plain["inline"]})
    plain["trust"] = _flat(plain["trust"])
    return plain


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        flat: list[Any] = []
        flat += [element for element in map(_flat, value) if element not in flat]
        return flat[0] if len(flat) == 1 else flat
    if isinstance(value, dict):
        return {name: _flat(member) for name, member in value.items() if name != "Version"}
    return value.replace("sns:publish", "sns:Publish") if isinstance(value, str) else value


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


def granted(template: str, **parameters: str) -> list[tuple[str, str]]:
    """Actions and resources of the inline policies of the only role."""
    role = only(Role, read(HEAD + template.replace("{code}", CODE), partition="aws", parameters=parameters))
    policies = [shown(attachment.policy.node) for attachment in role.attachments if attachment.policy is not None]
    return [(str(s["Action"]), s["Resource"]) for policy in policies for s in policy["Statement"]]


def test_queues_and_destinations() -> None:
    assert granted(DESTINATIONS, Queue="arn:q") == [
        ("sns:Publish", "arn:aws:sns:us-east-1:111122223333:dead"),
        ("sqs:SendMessage", "arn:q"),
        ("s3:PutObject", "arn:aws:s3:::failed/*"),
        ("s3:ListBucket", "arn:aws:s3:::failed"),
    ]
    own = granted(DESTINATIONS, Queue="")[1]
    assert own == ("sqs:SendMessage", "arn:aws:sqs:⟨region⟩:⟨account⟩:⟨FEventInvokeConfigOnSuccessQueue.QueueName⟩")


def test_event_sources() -> None:
    assert granted(TEMPLATES["broker"]) == [
        ("['secretsmanager:GetSecretValue']", "arn:aws:secretsmanager:us-east-1:111122223333:secret:s"),
        ("['mq:DescribeBroker']", "arn:aws:mq:us-east-1:111122223333:broker:b"),
        ("['kms:Decrypt']", "arn:aws:kms:⟨region⟩:⟨account⟩:key/k"),
    ]
    role = only(Role, read(source("streams"), partition="aws"))
    assert [str(shown(attachment.arn)).rpartition("/")[2] for attachment in role.attachments] == [
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
    ]


def test_globals_are_merged() -> None:
    assert [action for action, _ in granted(TEMPLATES["merged globals"])] == ["sns:Publish", "sqs:SendMessage"]


@pytest.mark.parametrize(
    "odd",
    [
        "Events: 3",
        "Events: {A: 3, B: {Type: [], Properties: x}, C: {Type: MQ, Properties: {SourceAccessConfigurations: 7}}}",
        "EventInvokeConfig: {DestinationConfig: {OnSuccess: [], OnFailure: {Type: SQS, Destination: !If [x]}}}",
        "DeadLetterQueue: {TargetArn: []}",
    ],
)
def test_odd_events(odd: str) -> None:
    template = "Resources: {F: {Type: AWS::Serverless::Function, Properties: {" + odd + "}}}\n"
    assert only(Role, read(HEAD + template)).label == "FRole"


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
