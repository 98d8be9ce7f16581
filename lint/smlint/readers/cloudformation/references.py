"""What `Ref` and `GetAtt` give: the text by which a thing is named everywhere in the facts."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smlint.readers.cloudformation import nested, parameters
from smlint.values import DIGITS, LOWER, Hole, Node, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator

_HEX = DIGITS + "abcdef"
_WORD = string.ascii_letters + DIGITS + "-_"
_IAM_NAME = string.ascii_letters + DIGITS + "+=,.@_-"
_ARN_NAME = _WORD + "./+=,@#$:"
_KEY_ID = "-".join("?" * n for n in (8, 4, 4, 4, 12))
_KEPT = 24  # characters of a logical id that a generated name always keeps


@dataclass(frozen=True, slots=True)
class Kind:
    """How the names and ARNs of a resource type are made.

    service, resource: of the ARN; `{}` stands for the name. named: the property with the name. ref: what `Ref` gives,
    "name", "arn", or an attribute that only AWS knows. arn: the attribute that is the ARN. only: the characters of a
    generated name; folded: it is in lower case. path: the name stands behind a Path property in the ARN.
    """

    service: str
    resource: str
    named: str
    ref: str = "name"
    arn: str = "Arn"
    only: str | None = _WORD
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
    "AWS::KMS::Alias": Kind("kms", "{}", "AliasName", only=_WORD + "/"),
    "AWS::ECR::Repository": Kind("ecr", "repository/{}", "RepositoryName", only=LOWER + DIGITS + "-_./", folded=True),
    "AWS::StepFunctions::StateMachine": Kind("states", "stateMachine:{}", "StateMachineName", "arn", names=("Name",)),
    "AWS::Lambda::Function": Kind("lambda", "function:{}", "FunctionName"),
    "AWS::SNS::Topic": Kind("sns", "{}", "TopicName", "arn", "TopicArn", names=("TopicName",)),
    "AWS::SQS::Queue": Kind("sqs", "{}", "QueueName", "QueueUrl", names=("QueueName",)),
    "AWS::DynamoDB::Table": Kind("dynamodb", "table/{}", "TableName"),
    "AWS::Logs::LogGroup": Kind("logs", "log-group:{}:*", "LogGroupName", only=_WORD + "/.#"),
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
_IDS = {
    "AWS::EC2::VPC": "vpc-*",
    "AWS::EC2::Subnet": "subnet-*",
    "AWS::EC2::VPCEndpoint": "vpce-*",
    "AWS::EC2::SecurityGroup": "sg-*",
    "AWS::SageMaker::Domain": "d-*",
    "AWS::S3::AccessGrantsLocation": "*",
}
_ID_ATTRIBUTES = {
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
    return Kind("sagemaker", f"{dashed}/{{}}", named, "name" if by_name else "arn", arn, names=(named,))


def referred(evaluator: Evaluator, name: str, node: Node) -> Node | None:
    """What `Ref` of a name gives, standing where `node` stands; None for AWS::NoValue."""
    stack = evaluator.stack
    if name.startswith("AWS::"):
        return _pseudo(evaluator, name, node)
    if name in stack.parameters:
        return parameters.value(stack, name, node)
    if name in stack.resources:
        return node.with_value(reference(evaluator, name))
    if not stack.opaque:
        stack.report(node.origin, f"there is no parameter or resource `{name}` in this template")
    return node.with_value(stack.unsettled(name))


def _pseudo(evaluator: Evaluator, name: str, node: Node) -> Node | None:
    settings = evaluator.stack.settings
    known = {"AWS::AccountId": settings.account, "AWS::Region": settings.region, "AWS::Partition": settings.partition}
    if name in known:
        return node.with_value(known[name])
    if name == "AWS::NoValue":
        return None
    if name == "AWS::URLSuffix":
        return node.with_value(_url_suffix(settings.partition))
    if name == "AWS::NotificationARNs":
        return node.with_value(Unknown(name))
    if name == "AWS::StackName" and evaluator.stack.name is not None:
        return node.with_value(evaluator.stack.name)
    if name in ("AWS::StackName", "AWS::StackId"):
        return node.with_value(evaluator.stack.unsettled(name, only=_WORD + (":/" if name == "AWS::StackId" else "")))
    evaluator.stack.report(node.origin, f"there is no pseudo parameter `{name}`")
    return node.with_value(evaluator.stack.unsettled(name))


def _url_suffix(partition: Text) -> Text:
    if isinstance(partition, str):
        return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return join([Hole("url-suffix", like="amazonaws.com*", oneof=("amazonaws.com", "amazonaws.com.cn"))])


def reference(evaluator: Evaluator, logical: str) -> Text:
    """What `Ref` of a resource gives."""
    type_name = type_of(evaluator, logical)
    kind = kind_of(type_name)
    if type_name in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
        return key_id(evaluator, logical)
    if type_name in _IDS:
        return evaluator.stack.generated(f"{logical}.id", _IDS[type_name], _WORD)
    if kind is None:
        return evaluator.stack.unsettled(logical)
    if kind.ref == "arn":
        return arn(evaluator, logical)
    if kind.ref == "name":
        return name_of(evaluator, logical)
    return evaluator.stack.unsettled(f"{logical}.{kind.ref}")


def attribute(evaluator: Evaluator, logical: str, name: str, node: Node) -> Node | None:
    """What `GetAtt` gives, standing where `node` stands."""
    stack = evaluator.stack
    if logical not in stack.resources:
        if not stack.opaque:
            stack.report(node.origin, f"there is no resource `{logical}` in this template")
        return node.with_value(stack.unsettled(f"{logical}.{name}"))
    type_name = type_of(evaluator, logical)
    if name.startswith("Outputs.") and type_name in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
        found = nested.output(evaluator, logical, name.removeprefix("Outputs."))
        return found if found is not None else node.with_value(stack.unsettled(f"{logical}.{name}"))
    return node.with_value(_attribute(evaluator, logical, type_name, name))


def _attribute(evaluator: Evaluator, logical: str, type_name: str, name: str) -> Text:
    kind = kind_of(type_name)
    if type_name in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey") and name in ("Arn", "KeyId"):
        return arn(evaluator, logical) if name == "Arn" else key_id(evaluator, logical)
    if (type_name, name) in _ID_ATTRIBUTES:
        return reference(evaluator, logical)
    if type_name == "AWS::S3::AccessGrantsInstance" and name == "AccessGrantsInstanceArn":
        return grants_instance(evaluator)
    if kind is not None and name in (kind.arn, "Arn"):
        return arn(evaluator, logical)
    if kind is not None and name in (kind.named, *kind.names):
        return name_of(evaluator, logical)
    if type_name == "AWS::S3::Bucket" and name.endswith("DomainName"):
        return _bucket_domain(evaluator, logical, name)
    if type_name == "AWS::ECR::Repository" and name == "RepositoryUri":
        settings = evaluator.stack.settings
        host = [settings.account, ".dkr.ecr.", settings.region, ".", _url_suffix(settings.partition), "/"]
        return join([*host, name_of(evaluator, logical)])
    return evaluator.stack.unsettled(f"{logical}.{name}")


def _bucket_domain(evaluator: Evaluator, logical: str, name: str) -> Text:
    settings = evaluator.stack.settings
    if name == "DomainName":
        middle: Text = ".s3."
    else:
        middle = join([".s3." if name == "RegionalDomainName" else ".s3.dualstack.", settings.region, "."])
    return join([name_of(evaluator, logical), middle, _url_suffix(settings.partition)])


def type_of(evaluator: Evaluator, logical: str) -> str:
    """The type of a resource, "" where it has none."""
    node = evaluator.stack.resources[logical].get("Type")
    return (node.literal or "") if node is not None else ""


def name_of(evaluator: Evaluator, logical: str) -> Text:
    """The physical name of a resource: as given, else a hole with what is known of a generated name."""
    kind = kind_of(type_of(evaluator, logical))
    if kind is None:
        return evaluator.stack.unsettled(logical)
    given = evaluator.property(logical, kind.named)
    text = evaluator.written(given) if given is not None else None
    if text is not None and not (given is not None and given.unknown):
        return text
    kept = logical[:_KEPT].lower() if kind.folded else logical[:_KEPT]
    return evaluator.stack.generated(logical, f"*{kept}*", kind.only)


def arn(evaluator: Evaluator, logical: str) -> Text:
    """The ARN of a resource of a type whose ARNs are known."""
    type_name = type_of(evaluator, logical)
    settings = evaluator.stack.settings
    if type_name in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
        return settings.arn("kms", join(["key/", key_id(evaluator, logical)]))
    kind = kind_of(type_name)
    if kind is None:
        return evaluator.stack.unsettled(f"{logical}.Arn")
    if type_name == "AWS::SageMaker::Domain":
        return settings.arn("sagemaker", join(["domain/", reference(evaluator, logical)]))
    name = name_of(evaluator, logical)
    if kind.path:
        name = join([_path(evaluator, logical), name])
    before, _, after = kind.resource.partition("{}")
    own_account = {"account": settings.account, "region": settings.region} if "accesspoint" in before else {}
    return settings.arn(kind.service, join([before, name, after]), **own_account)


def _path(evaluator: Evaluator, logical: str) -> Text:
    given = evaluator.property(logical, "Path")
    return (evaluator.written(given) if given is not None else None) or "/"


def key_id(evaluator: Evaluator, logical: str) -> Text:
    """The id of a KMS key, which AWS draws."""
    replicated = evaluator.property(logical, "MultiRegion")
    if type_of(evaluator, logical) == "AWS::KMS::ReplicaKey" or (
        replicated is not None and replicated.value is not False
    ):
        return evaluator.stack.unsettled(logical, like="*", only=_HEX + "mrk-")
    return evaluator.stack.generated(logical, _KEY_ID, _HEX + "-")


def grants_instance(evaluator: Evaluator) -> Text:
    """The ARN of the S3 Access Grants instance: one an account and region."""
    settings = evaluator.stack.settings
    return settings.arn("s3", "access-grants/default", region=settings.region, account=settings.account)
