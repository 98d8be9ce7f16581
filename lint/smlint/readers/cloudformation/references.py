"""What `Ref` and `GetAtt` give: the text by which a thing is named everywhere in the facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smlint.readers.cloudformation import nested, parameters, store
from smlint.readers.cloudformation.kinds import ID_ATTRIBUTES, IDS, WORD, kind_of
from smlint.values import DIGITS, Hole, Node, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator

_HEX = DIGITS + "abcdef"
_UUID = (8, 4, 4, 4, 12)  # hexadecimal digits between the hyphens
_KEY_ID = "-".join("?" * n for n in _UUID)
_PROPERTY = re.compile(r"\{(\w+)\}")
_KEPT = 24  # characters of a logical id that a generated name always keeps


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
    if name == "AWS::StackName":
        return node.with_value(_stack_name(evaluator))
    if name == "AWS::StackId":
        return node.with_value(_stack_id(evaluator))
    evaluator.stack.report(node.origin, f"there is no pseudo parameter `{name}`")
    return node.with_value(evaluator.stack.unsettled(name))


def _stack_name(evaluator: Evaluator) -> Text:
    known = evaluator.stack.name
    return evaluator.stack.unsettled("AWS::StackName", only=WORD) if known is None else known


def _stack_id(evaluator: Evaluator) -> Text:
    """The stack's ARN: parts of the UUID at its end are what templates make unique names of."""
    stack, settings = evaluator.stack, evaluator.stack.settings
    parts: list[Text] = ["stack/", _stack_name(evaluator), "/"]
    for place, length in enumerate(_UUID):
        digits = stack.unsettled(f"part {place} of AWS::StackId", "?" * length, _HEX)
        parts += ["-", digits] if place else [digits]
    return settings.arn("cloudformation", join(parts), region=settings.region, account=settings.account)


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
    if type_name in IDS:
        return evaluator.stack.generated(f"{logical}.id", IDS[type_name], WORD)
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
    if (type_name, name) in ID_ATTRIBUTES:
        return reference(evaluator, logical)
    if type_name == "AWS::S3::AccessGrantsInstance" and name == "AccessGrantsInstanceArn":
        return grants_instance(evaluator)
    if kind is not None and name in (kind.arn, "Arn"):
        return arn(evaluator, logical)
    if kind is not None and name in (kind.named, *kind.names):
        return name_of(evaluator, logical)
    if type_name == store.PARAMETER and name == "Value":
        stored = evaluator.property(logical, "Value")
        return (evaluator.written(stored) if stored is not None else None) or evaluator.stack.unsettled(
            f"{logical}.Value"
        )
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
    return evaluator.once(_name_of, logical)


def _name_of(evaluator: Evaluator, logical: str) -> Text:
    kind = kind_of(type_of(evaluator, logical))
    if kind is None:
        return evaluator.stack.unsettled(logical)
    # Called by what gives it: where `Ref` gives something else, an attribute may.
    label = f"{logical}.{kind.names[0]}" if kind.names and kind.ref != "name" else logical
    given = evaluator.property(logical, kind.named)
    if given is not None:
        text = evaluator.written(given) if not given.unknown else None
        return text if text is not None else evaluator.stack.unsettled(label, only=kind.only)
    kept = logical[:_KEPT].lower() if kind.folded else logical[:_KEPT]
    return evaluator.stack.generated(label, f"*{kept}*", kind.only)


def arn(evaluator: Evaluator, logical: str) -> Text:
    """The ARN of a resource of a type whose ARNs are known."""
    return evaluator.once(_arn, logical)


def _arn(evaluator: Evaluator, logical: str) -> Text:
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
    within = [_place(evaluator, logical, at, piece) for at, piece in enumerate(_PROPERTY.split(before))]
    return settings.arn(kind.service, join([*within, name, after]), **own_account)


def _place(evaluator: Evaluator, logical: str, at: int, piece: str) -> Text:
    """A piece of an ARN: every second one is a property whose value stands there."""
    if at % 2 == 0:
        return piece
    given = evaluator.property(logical, piece)
    written = evaluator.written(given) if given is not None else None
    return evaluator.stack.unsettled(f"{logical}.{piece}") if written is None else written


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
