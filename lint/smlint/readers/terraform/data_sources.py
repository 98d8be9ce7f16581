"""Data sources that can be computed without asking AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smlint.document import Span
from smlint.facts import AWS_REGISTRY
from smlint.readers.terraform.functions.encoding import relocated
from smlint.readers.terraform.known import JsonText, text_of
from smlint.readers.terraform.rendered import Rendered
from smlint.values import Hole, Node, Text, join, pieces, split

if TYPE_CHECKING:
    from smlint.readers.terraform.resources import Resource


def data_attribute(resource: Resource, name: str) -> Node | None:
    """An attribute of a data source; None where only its arguments and the provider can say."""
    read = _SOURCES.get(resource.type)
    return None if read is None else read(resource, name)


def _policy_document(resource: Resource, name: str) -> Node | None:
    if name not in ("json", "minified_json"):
        return None
    from smlint.readers.terraform.policy_document import policy_document

    return JsonText(policy_document(resource), resource.origin)


def _caller(resource: Resource, name: str) -> Node | None:
    return Node(resource.settings.account, resource.origin) if name in ("account_id", "id") else None


def _region(resource: Resource, name: str) -> Node | None:
    return Node(resource.settings.region, resource.origin) if name in ("name", "id", "region") else None


def _partition(resource: Resource, name: str) -> Node | None:
    suffix = "amazonaws.com.cn" if resource.settings.partition == "aws-cn" else "amazonaws.com"
    known: dict[str, Text] = {
        "partition": resource.settings.partition,
        "id": resource.settings.partition,
        "dns_suffix": suffix,
        "reverse_dns_prefix": ".".join(reversed(suffix.split("."))),
    }
    return Node(known[name], resource.origin) if name in known else None


def _managed_policy(resource: Resource, name: str) -> Node | None:
    """A managed policy by name: AWS's own, or one that this module defines."""
    given = resource.get("arn")
    if name == "policy":
        return _managed_document(resource, given or resource.get("name"))
    if name not in ("arn", "id"):
        return None
    if given is not None:
        return given
    wanted = resource.get("name")
    if wanted is None or wanted.literal is None:
        return None
    own = resource.find("aws_iam_policy", "name", text_of(wanted))
    if own is not None:
        return own.attribute("arn")
    from smlint.iam import managed

    if managed.lookup(wanted.literal) is None:
        return None
    named = f":iam::aws:policy{managed.path(wanted.literal)}{wanted.literal}"
    return Node(join(["arn:", resource.settings.partition, named]), wanted.origin)


def _managed_document(resource: Resource, named: Node | None) -> Node | None:
    from smlint.iam import managed

    text = named.text if named is not None else None
    wanted = str(text).rsplit("/", 1)[-1] if text is not None and ":iam::aws:policy/" in str(text) else text
    policy = managed.lookup(wanted) if isinstance(wanted, str) else None
    return None if policy is None else JsonText(relocated(policy.node, resource.origin), resource.origin)


def _by_name(type: str, argument: str, patterns: dict[str, str]) -> Callable[[Resource, str], Node | None]:
    """A data source that stands for a resource of that name."""

    def read(resource: Resource, name: str) -> Node | None:
        wanted = resource.get(argument)
        if wanted is None:
            return None
        own = resource.find(type, argument, text_of(wanted))
        if own is not None:
            return own.attribute(name)
        pattern = patterns.get(name)
        if pattern is None:
            return None
        settings = resource.settings
        unsaid = Hole(resource.hole_name("path"), label="path")
        values: dict[str, Text] = {
            "{partition}": settings.partition,
            "{account}": settings.account,
            "{region}": settings.region,
            "{path}": join([unsaid]),
            "{name}": text_of(wanted),
        }
        return Node(join(values.get(part, part) for part in _pieces(pattern)), resource.origin)

    return read


def _key(resource: Resource, name: str) -> Node | None:
    """A key that is looked up by its id, its ARN or an alias."""
    return _found_key(resource, "key_id", name == "arn") if name in ("arn", "id") else None


def _alias(resource: Resource, name: str) -> Node | None:
    """An alias by its name."""
    if name in ("target_key_arn", "target_key_id"):
        return _found_key(resource, "name", name == "target_key_arn")
    arn = {"arn": "arn:{partition}:kms:{region}:{account}:{name}"}
    return _by_name("aws_kms_alias", "name", arn)(resource, name)


def _found_key(resource: Resource, argument: str, whole: bool) -> Node | None:
    """The ARN or the id of the key; an alias that this module does not define is all that is known of its key."""
    key = resource.text(argument)
    if key is None:
        return None
    alias = split(key, ":", 5)[-1]
    own = resource.find("aws_kms_alias", "name", alias)
    if own is not None:
        key = own.text("target_key_id") or key
    elif str(alias).startswith("alias/"):
        key = join([Hole(f"key {alias}", label=str(alias))])
    arn = key if str(key).startswith("arn:") else resource.settings.arn("kms", join(["key/", *pieces(key)]))
    return Node(arn if whole else split(arn, "/")[-1], resource.origin)


def _pieces(pattern: str) -> list[str]:
    return [part for part in pattern.replace("{", "\0{").replace("}", "}\0").split("\0") if part]


def _arn(resource: Resource, name: str) -> Node | None:
    arn = resource.text("arn")
    if not isinstance(arn, str) or arn.count(":") < 5:
        return None
    parts = dict(zip(("", "partition", "service", "region", "account", "resource"), arn.split(":", 5), strict=True))
    return Node(parts[name], resource.origin) if name in parts else None


def _template_file(resource: Resource, name: str) -> Node | None:
    """The old template_file: its template is a text with `${…}` of its variables."""
    template = resource.get("template")
    if name != "rendered" or not isinstance(template, Rendered) or template.literal is None:
        return None
    from smlint.readers.terraform.evaluate import Frame
    from smlint.readers.terraform.rendered import Writer
    from smlint.syntax.hcl.templates import parse_template

    document = template.origin.document
    whole = document.text == template.literal
    variables = resource.get("vars")
    if not whole or (variables is not None and variables.mapping is None):
        return None
    parsed = parse_template(document)
    if parsed is None:
        return None
    names = dict(variables.mapping) if variables is not None and variables.mapping is not None else {}
    frame = Frame(resource.module.template_scope(), names, resource.label)
    writer = Writer(frame, document)
    writer.parts(parsed.parts, frame)
    return Rendered(join(writer.texts), template.origin, writer.runs)


def _local_file(resource: Resource, name: str) -> Node | None:
    from smlint.readers.terraform.functions.files import opened

    given = resource.get("filename")
    if name != "content" or given is None:
        return None
    document = opened(given, resource.configured.frame)
    if document is None:
        return None
    return Rendered(document.text, Span(document, 0, len(document.text)), [(0, 0, True)])


def _stored(resource: Resource, name: str) -> Node | None:
    from smlint.readers.terraform.store import read

    return read(resource, name)


def _prebuilt_image(resource: Resource, name: str) -> Node | None:
    if name != "registry_path":
        return None
    repository, tag = resource.text("repository_name") or "", resource.text("image_tag") or "latest"
    region = resource.text("region") or resource.settings.region
    return Node(join([AWS_REGISTRY, ".dkr.ecr.", region, ".amazonaws.com/", repository, ":", tag]), resource.origin)


_SOURCES: dict[str, Callable[[Resource, str], Node | None]] = {
    "aws_arn": _arn,
    "aws_caller_identity": _caller,
    "aws_iam_policy": _managed_policy,
    "aws_iam_policy_document": _policy_document,
    "aws_iam_role": _by_name(
        "aws_iam_role", "name", {"arn": "arn:{partition}:iam::{account}:role{path}/{name}", "id": "{name}"}
    ),
    "aws_partition": _partition,
    "aws_region": _region,
    "aws_s3_bucket": _by_name("aws_s3_bucket", "bucket", {"arn": "arn:{partition}:s3:::{name}", "id": "{name}"}),
    "aws_kms_alias": _alias,
    "aws_kms_key": _key,
    "aws_ecr_repository": _by_name(
        "aws_ecr_repository",
        "name",
        {
            "arn": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
            "repository_url": "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
            "registry_id": "{account}",
        },
    ),
    "aws_sagemaker_prebuilt_ecr_image": _prebuilt_image,
    "aws_ssm_parameter": _stored,
    "local_file": _local_file,
    "template_file": _template_file,
}
