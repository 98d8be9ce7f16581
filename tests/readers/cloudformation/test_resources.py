"""What each resource type becomes."""

from __future__ import annotations

import pytest
from tests.readers.cloudformation.reading import of, only, problems, read, read_file, shown

from smlint import facts as f
from smlint.iam.policy import Kind

ACCOUNT = {"account": "111122223333", "region": "eu-west-1", "partition": "aws"}
DOCUMENT = "{Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}"


def resources(text: str, **settings: object) -> list[f.Fact]:
    return read(
        "Resources:\n" + "".join(f"  {line}\n" for line in text.strip().splitlines()), **{**ACCOUNT, **settings}
    )


def test_role() -> None:
    role = only(
        f.Role,
        resources(
            f"""
R:
  Type: AWS::IAM::Role
  Metadata: {{'aws:cdk:path': Stack/R/Resource}}
  Properties:
    RoleName: train
    Path: /ml/
    AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: x}}, Action: 'sts:AssumeRole'}}]}}
    Policies: [{{PolicyName: p, PolicyDocument: {DOCUMENT}}}]
    ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSageMakerFullAccess, !Ref M]
    PermissionsBoundary: !Ref M
M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{ManagedPolicyName: m, PolicyDocument: {DOCUMENT}}}}}
"""
        ),
    )
    assert (role.arn, role.name, role.construct) == (
        "arn:aws:iam::111122223333:role/ml/train",
        "train",
        "Stack/R/Resource",
    )
    assert role.trust is not None
    assert role.trust.kind is Kind.TRUST
    assert [(a.policy is not None, shown(a.arn), a.boundary) for a in role.attachments] == [
        (True, None, False),
        (False, "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", False),
        (False, "arn:aws:iam::111122223333:policy/m", False),
        (False, "arn:aws:iam::111122223333:policy/m", True),
    ]
    assert role.complete


@pytest.mark.parametrize(
    ("properties", "complete"),
    [
        ("ManagedPolicyArns: !Ref Arns", False),
        ("ManagedPolicyArns: !Split [',', !Ref Arn]", False),
        ("ManagedPolicyArns: [!Ref Arn]", True),  # an attachment with an unknown ARN: the estate decides
        ("Policies: !If [C, [], []]", False),
        ("Fn::Transform: {Name: Macro}", False),
    ],
)
def test_unknown_policies_of_a_role(properties: str, complete: bool) -> None:
    template = f"""
Parameters: {{Arns: {{Type: CommaDelimitedList}}, Arn: {{Type: String}}}}
Conditions: {{C: !Equals [!GetAZs '', x]}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: []}}
      {properties}
"""
    assert only(f.Role, read(template)).complete is complete


def test_policies_name_their_holders_as_the_roles_are_named() -> None:
    found = resources(
        f"""
R: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}}}}}
P:
  Type: AWS::IAM::Policy
  Properties: {{PolicyName: p, PolicyDocument: {DOCUMENT}, Roles: [!Ref R], Users: [u], Groups: [g]}}
Q: {{Type: AWS::IAM::RolePolicy, Properties: {{PolicyName: q, PolicyDocument: {DOCUMENT}, RoleName: !Ref R}}}}
S: {{Type: AWS::IAM::UserPolicy, Properties: {{PolicyName: s, PolicyDocument: {DOCUMENT}, UserName: u}}}}
M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {DOCUMENT}, Roles: [!Ref R]}}}}
"""
    )
    role = only(f.Role, found)
    assert [shown(attachment.role) for attachment in of(f.Attachment, found)] == [
        "⟨R⟩",
        "user/u",
        "group/g",
        "⟨R⟩",
        "user/u",
        "⟨R⟩",
    ]
    assert [a.role == role.name for a in of(f.Attachment, found)] == [True, False, False, True, False, True]
    assert only(f.ManagedPolicy, found).arn == of(f.Attachment, found)[-1].arn


def test_bucket_with_encryption_and_policy() -> None:
    found = resources(
        """
K: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: []}}}
A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/data, TargetKeyId: !Ref K}}
B:
  Type: AWS::S3::Bucket
  Properties:
    BucketEncryption:
      ServerSideEncryptionConfiguration:
        - ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: !GetAtt K.Arn}
P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: {Statement: []}}}
"""
    )
    bucket, key = only(f.Bucket, found), only(f.Key, found)
    hole = bucket.name.holes[0]  # type: ignore[union-attr]
    assert hole.like == "*b*"
    assert only(f.BucketPolicy, found).bucket == bucket.name
    encryption = only(f.BucketEncryption, found)
    assert (encryption.algorithm, encryption.key) == ("aws:kms", key.arn)
    assert only(f.KeyAlias, found).target == key.key_id
    assert shown(key.arn) == "arn:aws:kms:eu-west-1:111122223333:key/⟨K⟩"


@pytest.mark.parametrize(
    ("name", "like"),
    [("!Ref AWS::NoValue", "*databucket*"), ("!GetAZs ''", "*"), ("!Ref P", "*")],
)
def test_only_a_generated_name_holds_the_logical_id(name: str, like: str) -> None:
    template = "Parameters: {P: {Type: String}}\nResources:\n  DataBucket:\n    Type: AWS::S3::Bucket\n"
    bucket = only(f.Bucket, read(f"{template}    Properties:\n      BucketName: {name}\n"))
    assert [hole.like for hole in bucket.name.holes] == [like]  # type: ignore[union-attr]


def test_access_grants_and_access_points() -> None:
    found = resources(
        """
I: {Type: AWS::S3::AccessGrantsInstance}
L: {Type: AWS::S3::AccessGrantsLocation, Properties: {LocationScope: s3://b, IamRoleArn: 'arn:aws:iam::1:role/r'}}
G:
  Type: AWS::S3::AccessGrant
  Properties:
    AccessGrantsLocationId: !Ref L
    AccessGrantsLocationConfiguration: {S3SubPrefix: a/*}
    Permission: READ
    Grantee: {GranteeType: IAM, GranteeIdentifier: x}
H:
  Type: AWS::S3::AccessGrant
  Properties: {AccessGrantsLocationId: !GetAtt L.AccessGrantsLocationId, Permission: WRITE}
A: {Type: AWS::S3::AccessPoint, Properties: {Name: ap, Bucket: b}}
D: {Type: AWS::S3Express::DirectoryBucket, Properties: {BucketName: b--euw1-az1--x-s3}}
"""
    )
    location = only(f.AccessGrantsLocation, found)
    grants = of(f.AccessGrant, found)
    assert [(grant.location == location.location_id, grant.prefix) for grant in grants] == [(True, "a/*"), (True, "")]
    assert only(f.AccessGrantsInstance, found).arn == "arn:aws:s3:eu-west-1:111122223333:access-grants/default"
    assert only(f.AccessPoint, found).arn == "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"
    assert only(f.Bucket, found).name == "b--euw1-az1--x-s3"


def test_endpoint_subnet_repository_and_guardrail() -> None:
    found = resources(
        """
V: {Type: AWS::EC2::VPC}
S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V}}
G: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !GetAtt V.VpcId}}
E: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref V, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3'}}
J: {Type: AWS::SageMaker::ProcessingJob, Properties: {NetworkConfig: {VpcConfig: {Subnets: [!Ref S]}}}}
R: {Type: AWS::ECR::Repository, Properties: {RepositoryName: train, RepositoryPolicyText: {Statement: []}}}
M: {Type: AWS::SageMaker::Model, Properties: {PrimaryContainer: {Image: !Sub '${R.RepositoryUri}:1'}}}
P: {Type: AWS::Organizations::Policy, Properties: {Type: RESOURCE_CONTROL_POLICY, Content: '{"Statement": []}'}}
"""
    )
    endpoint, (subnet, group) = only(f.Endpoint, found), of(f.Subnet, found)
    assert endpoint.vpc == subnet.vpc == group.vpc
    assert endpoint.service == "com.amazonaws.eu-west-1.s3"
    job, model = of(f.Workload, found)
    subnets = job.request.get("NetworkConfig", "VpcConfig", "Subnets")
    assert subnets is not None
    assert subnets.elements()[0].text == subnet.subnet_id
    image = model.request.get("PrimaryContainer", "Image")
    assert shown(image) == "111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1"
    assert only(f.Repository, found).arn == "arn:aws:ecr:eu-west-1:111122223333:repository/train"
    assert only(f.Guardrail, found).kind == "rcp"


def test_sagemaker_requests_have_the_shape_of_the_api() -> None:
    image, project, model = of(
        f.Workload,
        resources(
            """
I: {Type: AWS::SageMaker::Image, Properties: {ImageName: i, ImageRoleArn: r, ImageDisplayName: d}}
P: {Type: AWS::SageMaker::Project, Properties: {TemplateProviderDetails: [{CfnTemplateProviderDetail: {RoleARN: r}}]}}
M: {Type: AWS::SageMaker::Model, Properties: {ModelName: m, ExecutionRoleArn: r}}
"""
        ),
    )
    assert (image.api, shown(image.request)) == ("CreateImage", {"ImageName": "i", "DisplayName": "d", "RoleArn": "r"})
    assert shown(project.request) == {"TemplateProviders": [{"CfnTemplateProvider": {"RoleARN": "r"}}]}
    assert [shown(name) for name in model.names] == ["m", "arn:aws:sagemaker:eu-west-1:111122223333:model/m"]


def test_a_pipelines_definition_stands_elsewhere_in_the_api() -> None:
    inline, stored = of(
        f.Workload,
        resources(
            """
A: {Type: AWS::SageMaker::Pipeline, Properties: {PipelineDefinition: {PipelineDefinitionBody: text}}}
B: {Type: AWS::SageMaker::Pipeline, Properties: {PipelineDefinition: {PipelineDefinitionS3Location: {Bucket: b}}}}
"""
        ),
    )
    assert shown(inline.request) == {"PipelineDefinition": "text"}
    assert shown(stored.request) == {"PipelineDefinitionS3Location": {"Bucket": "b"}}


STEP = '{"Name": "T", "Type": "Training", "Arguments": {"RoleArn": "${R.Arn}"}}'


def test_pipeline_steps_have_the_pipeline_role_as_caller() -> None:
    found = resources(
        f"""
R: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}}}}}
P:
  Type: AWS::SageMaker::Pipeline
  Properties:
    RoleArn: !GetAtt R.Arn
    PipelineDefinition:
      PipelineDefinitionBody: !Sub |
        {{
          "Version": "2020-12-01",
          "Steps": [{STEP}]
        }}
"""
    )
    step = next(workload for workload in of(f.Workload, found) if workload.api == "CreateTrainingJob")
    role = only(f.Role, found)
    assert step.caller == role.arn
    argument = step.request.get("RoleArn")
    assert argument is not None
    assert argument.text == role.arn
    assert step.origin.place().first.line == 11


MACHINE = '{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "Parameters": {"RoleArn": "%s"}}}}'
TRAIN = "arn:aws:states:::sagemaker:createTrainingJob.sync"


@pytest.mark.parametrize(
    "definition",
    [
        f"DefinitionString: '{MACHINE % (TRAIN, 'arn:x')}'",
        f"Definition: {MACHINE % (TRAIN, 'arn:x')}",
        f"DefinitionString: {{'Fn::ToJsonString': {MACHINE % (TRAIN, 'arn:x')}}}",
        f"DefinitionString: !Join ['', ['{MACHINE[:20]}', '{(MACHINE % (TRAIN, 'arn:x'))[20:]}']]",
        f"{{DefinitionString: '{MACHINE % (TRAIN, '${Role}')}', DefinitionSubstitutions: {{Role: 'arn:x'}}}}",
        "{DefinitionS3Location: ./machine.json, DefinitionSubstitutions: {Role: 'arn:x'}}",
        "{DefinitionS3Location: {Bucket: b, Key: machine.json}, DefinitionSubstitutions: {Role: 'arn:x'}}",
    ],
)
def test_state_machine(definition: str) -> None:
    inner = definition.removeprefix("{").removesuffix("}") if definition.startswith("{D") else definition
    found = read(
        f"Resources:\n  M: {{Type: AWS::StepFunctions::StateMachine, Properties: {{RoleArn: 'arn:m', {inner}}}}}\n",
        {"machine.json": MACHINE % (TRAIN, "${Role}")},
    )
    assert problems(found) == []
    job = only(f.Workload, found)
    assert (job.api, job.caller, job.sync) == ("CreateTrainingJob", "arn:m", "sync")
    assert shown(job.request) == {"RoleArn": "arn:x"}
    assert [fact.path for fact in of(f.Superseded, found)] == (["machine.json"] if "S3Location" in definition else [])


def test_substitutions_beside_values_of_the_template() -> None:
    definition = MACHINE % (TRAIN, "arn:${!Account}:${AWS::AccountId}/${!Name}-${AWS::Region}${!Other}")
    found = read(
        "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
        f"      DefinitionString: !Sub '{definition}'\n"
        "      DefinitionSubstitutions: {Name: !Ref 'AWS::Region', Account: x}\n"
    )
    assert shown(only(f.Workload, found).request) == {"RoleArn": "arn:x:⟨account⟩/⟨region⟩-⟨region⟩⟨M.Other⟩"}


def test_schedules_and_rules() -> None:
    job, pipeline = of(
        f.Workload,
        resources(
            """
P: {Type: AWS::SageMaker::Pipeline, Properties: {PipelineName: p}}
S:
  Type: AWS::Scheduler::Schedule
  Properties:
    Target:
      Arn: arn:aws:scheduler:::aws-sdk:sagemaker:createTrainingJob
      RoleArn: arn:s
      Input: '{"RoleArn": "arn:x"}'
R:
  Type: AWS::Events::Rule
  Properties:
    Targets: [{Id: t, Arn: !Sub 'arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:pipeline/${P}', RoleArn: arn:r}]
"""
        ),
    )[1:]
    assert (job.api, job.caller, shown(job.request)) == ("CreateTrainingJob", "arn:s", {"RoleArn": "arn:x"})
    assert (pipeline.api, pipeline.caller) == ("StartPipelineExecution", "arn:r")
    assert shown(pipeline.request) == {"PipelineName": "p"}


def test_lambda_code_starts_jobs_with_the_function_role() -> None:
    code = "import boto3\n\ndef handler(event, context):\n    boto3.client('sagemaker').create_model(ModelName='m')\n"
    inline = "".join(f"          {line}\n" for line in code.splitlines())
    function = "Runtime: python3.12\n      Handler: src.app.handler\n      Role: 'arn:l'\n      "
    head = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      "
    for found in (
        read(f"{head}{function}Code:\n        ZipFile: |\n{inline}"),
        read(f"{head}{function}Code: code\n", {"code/src/app.py": code}),
    ):
        job = only(f.Workload, found)
        assert (job.api, job.caller) == ("CreateModel", "arn:l")
        assert job.origin.place().first.line in (4, 13)
        assert only(f.Caller, found).kind == "lambda"


def test_custom_resource_of_the_cdk_calls_with_its_provider_role() -> None:
    call = '{"service": "SageMaker", "action": "createModel", "parameters": {"ModelName": "m"}}'
    found = resources(
        f"""
F: {{Type: AWS::Lambda::Function, Properties: {{Role: 'arn:l', Code: {{ZipFile: ''}}}}}}
C: {{Type: Custom::AWS, Properties: {{ServiceToken: !GetAtt F.Arn, Create: '{call}'}}}}
"""
    )
    job = only(f.Workload, found)
    assert (job.api, job.caller, shown(job.request)) == ("CreateModel", "arn:l", {"ModelName": "m"})


def test_loops_and_includes() -> None:
    template = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'one,two'}}
Resources:
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - Bucket${Name}: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'b-${Name}'}}
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
"""
    found = read(template, {"more.yaml": "Extra: {Type: AWS::S3::Bucket, Properties: {BucketName: extra}}\n"})
    assert [bucket.name for bucket in of(f.Bucket, found)] == ["b-one", "b-two", "extra"]


def test_a_policy_that_is_a_text_is_read_in_its_place() -> None:
    policy = '{"Statement": [\n          {"Effect": "Allow", "Action": "s3:*",\n           "Resource": "${B.Arn}"}]}'
    found = read(
        "Resources:\n  B: {Type: AWS::S3::Bucket}\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n"
        f"      Bucket: !Ref B\n      PolicyDocument: !Sub |\n        {policy}\n"
    )
    statement = only(f.BucketPolicy, found).policy.statements[0]
    assert shown(statement.resources[0].text) == "arn:⟨partition⟩:s3:::⟨B⟩"
    assert statement.resources[0].origin.place().first.line == 10


def test_json_template_with_an_unusual_name() -> None:
    found = read_file("x.cfn", {"x.cfn": '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}'})
    assert shown(only(f.Bucket, found).name) == "⟨B⟩"
