"""How the resources of a type are named: what their ARNs are made of, and what `Ref` gives."""

from __future__ import annotations

import string

from smlint.record import dataclass
from smlint.values import DIGITS, LOWER

WORD = string.ascii_letters + DIGITS + "-_"
_IAM_NAME = string.ascii_letters + DIGITS + "+=,.@_-"


@dataclass(frozen=True, slots=True)
class Kind:
    """How the names and ARNs of a resource type are made.

    service, resource: of the ARN; `{}` stands for the name, `{Property}` for a property's value. named: the property
    with the name. ref: what `Ref` gives, "name", "arn", or an attribute that only AWS knows. arn: the attribute that is
    the ARN. only: the characters of a generated name; folded: it is in lower case. path: the name stands behind a Path
    property in the ARN.
    """

    service: str
    resource: str
    named: str
    ref: str = "name"
    arn: str = "Arn"
    only: str | None = WORD
    folded: bool = False
    path: bool = False
    names: tuple[str, ...] = ()


def _iam(resource: str, named: str, ref: str = "name", arn: str = "Arn") -> Kind:
    return Kind("iam", resource + "{}", named, ref, arn, only=_IAM_NAME, path=True)


KINDS: dict[str, Kind] = {
    "AWS::IAM::Role": _iam("role", "RoleName"),
    "AWS::IAM::User": _iam("user", "UserName"),
    "AWS::IAM::Group": _iam("group", "GroupName"),
    "AWS::IAM::InstanceProfile": _iam("instance-profile", "InstanceProfileName"),
    "AWS::IAM::ManagedPolicy": _iam("policy", "ManagedPolicyName", "arn", "PolicyArn"),
    "AWS::S3::Bucket": Kind("s3", "{}", "BucketName", only=LOWER + DIGITS + "-.", folded=True),
    "AWS::S3Express::DirectoryBucket": Kind(
        "s3express", "bucket/{}", "BucketName", only=LOWER + DIGITS + "-", folded=True
    ),
    "AWS::S3::AccessPoint": Kind("s3", "accesspoint/{}", "Name", only=LOWER + DIGITS + "-", folded=True),
    "AWS::KMS::Alias": Kind("kms", "{}", "AliasName", only=WORD + "/"),
    "AWS::ECR::Repository": Kind("ecr", "repository/{}", "RepositoryName", only=LOWER + DIGITS + "-_./", folded=True),
    "AWS::StepFunctions::StateMachine": Kind("states", "stateMachine:{}", "StateMachineName", "arn", names=("Name",)),
    "AWS::Lambda::Function": Kind("lambda", "function:{}", "FunctionName"),
    "AWS::SNS::Topic": Kind("sns", "{}", "TopicName", "arn", "TopicArn", names=("TopicName",)),
    "AWS::SQS::Queue": Kind("sqs", "{}", "QueueName", "QueueUrl", names=("QueueName",)),
    "AWS::SSM::Parameter": Kind("ssm", "parameter/{}", "Name", only=WORD + "/."),
    "AWS::DynamoDB::Table": Kind("dynamodb", "table/{}", "TableName"),
    "AWS::Logs::LogGroup": Kind("logs", "log-group:{}:*", "LogGroupName", only=WORD + "/.#"),
    "AWS::Events::Rule": Kind("events", "rule/{}", "Name"),
    "AWS::CodeBuild::Project": Kind("codebuild", "project/{}", "Name"),
    "AWS::CodePipeline::Pipeline": Kind("codepipeline", "{}", "Name"),
    "AWS::Glue::Database": Kind("glue", "database/{}", "DatabaseName"),
    "AWS::Glue::Crawler": Kind("glue", "crawler/{}", "Name"),
    "AWS::Glue::Job": Kind("glue", "job/{}", "Name"),
    "AWS::Athena::WorkGroup": Kind("athena", "workgroup/{}", "Name"),
    "AWS::CloudWatch::Alarm": Kind("cloudwatch", "alarm:{}", "AlarmName"),
}

# What `Ref` gives for types whose primary identifier is neither a name nor an ARN: an id with a known beginning.
IDS = {
    "AWS::EC2::VPC": "vpc-*",
    "AWS::EC2::Subnet": "subnet-*",
    "AWS::EC2::VPCEndpoint": "vpce-*",
    "AWS::EC2::SecurityGroup": "sg-*",
    "AWS::SageMaker::Domain": "d-*",
    "AWS::S3::AccessGrantsLocation": "*",
}
ID_ATTRIBUTES = {
    ("AWS::EC2::VPC", "VpcId"),
    ("AWS::EC2::Subnet", "SubnetId"),
    ("AWS::EC2::VPCEndpoint", "Id"),
    ("AWS::EC2::SecurityGroup", "GroupId"),
    ("AWS::EC2::SecurityGroup", "Id"),
    ("AWS::S3::AccessGrantsLocation", "AccessGrantsLocationId"),
    ("AWS::SageMaker::Domain", "DomainId"),
}

# SageMaker's types whose `Ref` is no ARN but the name, an id, or names with a bar between them.
_SAGEMAKER_BY_NAME = {
    "App",
    "AppImageConfig",
    "Device",
    "DeviceFleet",
    "FeatureGroup",
    "InferenceExperiment",
    "MlflowTrackingServer",
    "ModelCard",
    "Pipeline",
    "Space",
    "StudioLifecycleConfig",
    "UserProfile",
}
_WITHIN = {
    "App": "{DomainId}/{UserProfileName}/{AppType}/",
    "Space": "{DomainId}/",
    "UserProfile": "{DomainId}/",
}
_SAGEMAKER_NAMES = {
    "AIWorkloadConfig": "AIWorkloadConfigName",
    "DataQualityJobDefinition": "JobDefinitionName",
    "InferenceExperiment": "Name",
    "MlflowApp": "Name",
    "MlflowTrackingServer": "TrackingServerName",
    "ModelBiasJobDefinition": "JobDefinitionName",
    "ModelExplainabilityJobDefinition": "JobDefinitionName",
    "ModelQualityJobDefinition": "JobDefinitionName",
    "PartnerApp": "Name",
}


def kind_of(type_name: str) -> Kind | None:
    """How a type's resources are named; None for types of which it is not known."""
    if type_name.startswith("AWS::SageMaker::") and type_name not in KINDS:
        KINDS[type_name] = _sagemaker(type_name.rpartition("::")[2])
    return KINDS.get(type_name)


def _sagemaker(name: str) -> Kind:
    dashed = "".join(
        f"-{letter.lower()}" if letter.isupper() and place else letter.lower() for place, letter in enumerate(name)
    )
    by_name = name in _SAGEMAKER_BY_NAME
    named = _SAGEMAKER_NAMES.get(name, f"{name}Name")
    arn = "JobDefinitionArn" if named == "JobDefinitionName" else f"{name}Arn"
    return Kind(
        "sagemaker", f"{dashed}/{_WITHIN.get(name, '')}{{}}", named, "name" if by_name else "arn", arn, names=(named,)
    )
