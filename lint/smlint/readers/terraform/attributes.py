"""Attributes that the provider makes: ARNs and ids from names, generated names, defaults.

In a pattern `{account}`, `{region}` and `{partition}` are the provider's, any other name is another attribute.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from smlint.readers.terraform.known import Invalid, text_of
from smlint.values import DIGITS, LOWER, Hole, Text, join

if TYPE_CHECKING:
    from smlint.readers.terraform.resources import Instance

_HEX = DIGITS + "abcdef"
_UUID = "????????-????-????-????-????????????"
_GENERATED = "?" * 26

# The argument that holds the name, the one that holds its prefix, and the prefix where neither is given.
_NAMES = {
    "aws_iam_role": ("name", "name_prefix", "terraform-"),
    "aws_iam_policy": ("name", "name_prefix", "terraform-"),
    "aws_iam_role_policy": ("name", "name_prefix", "terraform-"),
    "aws_iam_user_policy": ("name", "name_prefix", "terraform-"),
    "aws_iam_group_policy": ("name", "name_prefix", "terraform-"),
    "aws_s3_bucket": ("bucket", "bucket_prefix", "terraform-"),
    "aws_kms_alias": ("name", "name_prefix", "alias/"),
    "aws_sagemaker_model": ("name", "name_prefix", "terraform-"),
    "aws_sagemaker_endpoint": ("name", "name_prefix", "terraform-"),
    "aws_sagemaker_endpoint_configuration": ("name", "name_prefix", "terraform-"),
    "aws_sfn_state_machine": ("name", "name_prefix", "terraform-"),
    "aws_cloudwatch_event_rule": ("name", "name_prefix", "terraform-"),
    "aws_cloudwatch_log_group": ("name", "name_prefix", "terraform-"),
    "aws_security_group": ("name", "name_prefix", "terraform-"),
}
_S3_DOMAIN = "{bucket}.s3.amazonaws.com"
_KEY = "arn:{partition}:kms:{region}:{account}:key/{key_id}"
_PATTERNS: dict[str, dict[str, str]] = {
    "awscc_iam_role": {
        "id": "{role_name}",
        "path": "/",
        "arn": "arn:{partition}:iam::{account}:role{path}{role_name}",
    },
    "awscc_iam_managed_policy": {
        "id": "{policy_arn}",
        "path": "/",
        "policy_arn": "arn:{partition}:iam::{account}:policy{path}{managed_policy_name}",
    },
    "awscc_s3_bucket": {"id": "{bucket_name}", "arn": "arn:{partition}:s3:::{bucket_name}"},
    "awscc_kms_key": {"id": "{key_id}", "arn": _KEY},
    "awscc_kms_alias": {"id": "{alias_name}"},
    "aws_iam_role": {"id": "{name}", "path": "/", "arn": "arn:{partition}:iam::{account}:role{path}{name}"},
    "aws_iam_policy": {"id": "{arn}", "path": "/", "arn": "arn:{partition}:iam::{account}:policy{path}{name}"},
    "aws_iam_user": {"id": "{name}", "path": "/", "arn": "arn:{partition}:iam::{account}:user{path}{name}"},
    "aws_iam_group": {"id": "{name}", "path": "/", "arn": "arn:{partition}:iam::{account}:group{path}{name}"},
    "aws_iam_instance_profile": {
        "id": "{name}",
        "path": "/",
        "arn": "arn:{partition}:iam::{account}:instance-profile{path}{name}",
    },
    "aws_iam_role_policy": {"id": "{role}:{name}"},
    "aws_iam_service_linked_role": {
        "arn": "arn:{partition}:iam::{account}:role/aws-service-role/{aws_service_name}/{name}",
    },
    "aws_s3_bucket": {
        "id": "{bucket}",
        "arn": "arn:{partition}:s3:::{bucket}",
        "bucket_domain_name": _S3_DOMAIN,
        "bucket_regional_domain_name": "{bucket}.s3.{region}.amazonaws.com",
        "region": "{region}",
    },
    "aws_s3_directory_bucket": {
        "id": "{bucket}",
        "arn": "arn:{partition}:s3express:{region}:{account}:bucket/{bucket}",
    },
    "aws_s3_bucket_policy": {"id": "{bucket}"},
    "aws_s3_bucket_versioning": {"id": "{bucket}"},
    "aws_s3_bucket_public_access_block": {"id": "{bucket}"},
    "aws_s3_bucket_server_side_encryption_configuration": {"id": "{bucket}"},
    "aws_s3_bucket_ownership_controls": {"id": "{bucket}"},
    "aws_s3_object": {"id": "{key}", "arn": "arn:{partition}:s3:::{bucket}/{key}"},
    "aws_s3_bucket_object": {"id": "{key}", "arn": "arn:{partition}:s3:::{bucket}/{key}"},
    "aws_s3_access_point": {"id": "{arn}", "arn": "arn:{partition}:s3:{region}:{account}:accesspoint/{name}"},
    "aws_kms_key": {"id": "{key_id}", "arn": _KEY},
    "aws_kms_external_key": {"id": "{key_id}", "key_id": "{id}", "arn": _KEY},
    "aws_kms_replica_key": {"id": "{key_id}", "arn": _KEY},
    "aws_kms_replica_external_key": {"id": "{key_id}", "arn": _KEY},
    "aws_kms_alias": {"id": "{name}", "arn": "arn:{partition}:kms:{region}:{account}:{name}", "target_key_arn": ""},
    "aws_ecr_repository": {
        "id": "{name}",
        "arn": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
        "registry_id": "{account}",
        "repository_url": "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
    "aws_lambda_function": {
        "id": "{function_name}",
        "arn": "arn:{partition}:lambda:{region}:{account}:function:{function_name}",
    },
    "aws_sfn_state_machine": {
        "id": "{arn}",
        "arn": "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    },
    "aws_sns_topic": {"id": "{arn}", "arn": "arn:{partition}:sns:{region}:{account}:{name}"},
    "aws_sqs_queue": {
        "id": "https://sqs.{region}.amazonaws.com/{account}/{name}",
        "url": "https://sqs.{region}.amazonaws.com/{account}/{name}",
        "arn": "arn:{partition}:sqs:{region}:{account}:{name}",
    },
    "aws_dynamodb_table": {"id": "{name}", "arn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}"},
    "aws_cloudwatch_log_group": {
        "id": "{name}",
        "arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
    },
    "aws_cloudwatch_event_rule": {
        "id": "{name}",
        "arn": "arn:{partition}:events:{region}:{account}:rule/{name}",
    },
    "aws_glue_catalog_database": {
        "id": "{account}:{name}",
        "arn": "arn:{partition}:glue:{region}:{account}:database/{name}",
    },
    "aws_codecommit_repository": {
        "id": "{repository_name}",
        "arn": "arn:{partition}:codecommit:{region}:{account}:{repository_name}",
    },
    "aws_s3control_access_grants_instance": {
        "access_grants_instance_arn": "arn:{partition}:s3:{region}:{account}:access-grants/default",
        "access_grants_instance_id": "default",
        "id": "{account}",
    },
    "aws_sagemaker_model": {"id": "{name}", "arn": "arn:{partition}:sagemaker:{region}:{account}:model/{name}"},
    "aws_sagemaker_endpoint": {
        "id": "{name}",
        "arn": "arn:{partition}:sagemaker:{region}:{account}:endpoint/{name}",
    },
    "aws_sagemaker_endpoint_configuration": {
        "id": "{name}",
        "arn": "arn:{partition}:sagemaker:{region}:{account}:endpoint-config/{name}",
    },
    "aws_sagemaker_notebook_instance": {
        "id": "{name}",
        "arn": "arn:{partition}:sagemaker:{region}:{account}:notebook-instance/{name}",
    },
    "aws_sagemaker_pipeline": {
        "id": "{pipeline_name}",
        "arn": "arn:{partition}:sagemaker:{region}:{account}:pipeline/{pipeline_name}",
    },
    "aws_sagemaker_model_package_group": {
        "id": "{model_package_group_name}",
        "arn": "arn:{partition}:sagemaker:{region}:{account}:model-package-group/{model_package_group_name}",
    },
    "aws_sagemaker_feature_group": {
        "id": "{feature_group_name}",
        "arn": "arn:{partition}:sagemaker:{region}:{account}:feature-group/{feature_group_name}",
    },
    "aws_sagemaker_domain": {"arn": "arn:{partition}:sagemaker:{region}:{account}:domain/{id}"},
}
_BUCKET = LOWER + DIGITS + ".-"
_NAME = LOWER.upper() + _BUCKET + "_+=,@"
# What is known of ids that AWS makes: (pattern, characters).
_IDS = {
    ("awscc_kms_key", "key_id"): (_UUID, _HEX + "-"),
    ("awscc_s3_bucket", "bucket_name"): ("*", _BUCKET),
    ("awscc_iam_role", "role_name"): ("*", _NAME),
    ("awscc_iam_managed_policy", "managed_policy_name"): ("*", _NAME),
    ("aws_kms_key", "key_id"): (_UUID, _HEX + "-"),
    ("aws_kms_external_key", "id"): (_UUID, _HEX + "-"),
    ("aws_kms_replica_key", "key_id"): (_UUID, _HEX + "-"),
    ("aws_kms_replica_external_key", "key_id"): (_UUID, _HEX + "-"),
    ("aws_vpc", "id"): ("vpc-*", _HEX + "vpc-"),
    ("aws_default_vpc", "id"): ("vpc-*", _HEX + "vpc-"),
    ("aws_subnet", "id"): ("subnet-*", _HEX + "subnet-"),
    ("aws_security_group", "id"): ("sg-*", _HEX + "sg-"),
    ("aws_vpc_endpoint", "id"): ("vpce-*", _HEX + "vpce-"),
    ("aws_sagemaker_domain", "id"): ("d-*", _HEX + "ghijklmnopqrstuvwxyz-"),
    ("random_id", "hex"): ("*", _HEX),
    ("random_pet", "id"): ("*", "abcdefghijklmnopqrstuvwxyz-"),
    ("random_integer", "result"): ("*", DIGITS),
    ("random_string", "result"): ("*", None),
}
_FIELD = re.compile(r"\{(\w+)\}")


def generated(resource: Instance, name: str) -> Text | None:
    """An attribute that the configuration does not state; None where nothing is known of it."""
    pattern = _PATTERNS.get(resource.type, {}).get(name)
    if pattern:
        return _filled(resource, pattern)
    made = _NAMES.get(resource.type)
    if made is not None and name == made[0]:
        return _named(resource, name, resource.text(made[1]) or made[2])
    known = _IDS.get((resource.type, name))
    if known is not None:
        # The replica of a multi-Region key has the id of its primary.
        fresh = not resource.type.startswith(("aws_kms_replica", "random_"))
        return join([Hole(resource.hole_name(name), *known, label=f"{resource.label}.{name}", fresh=fresh)])
    return None


def _named(resource: Instance, name: str, prefix: Text) -> Text:
    """A name that begins with a prefix; as one hole where it can be, which messages and fixes call by the attribute."""
    if isinstance(prefix, str):
        label = f"{resource.label}.{name}"
        return join([Hole(resource.hole_name(name), prefix + _GENERATED, prefix + _HEX, label=label)])
    return join([prefix, Hole(resource.hole_name(name), _GENERATED, _HEX, label="suffix")])


@lru_cache(maxsize=256)
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(_FIELD.split(pattern))


def _filled(resource: Instance, pattern: str) -> Text:
    settings = resource.settings
    parts: list[Text] = []
    for at, piece in enumerate(_pieces(pattern)):
        if at % 2 == 0:
            parts.append(piece)
        elif piece in ("account", "region", "partition"):
            parts.append(getattr(settings, piece))
        else:
            try:
                parts.append(text_of(resource.attribute(piece)))
            except Invalid:
                parts.append(join([Hole(resource.hole_name(piece))]))
    return join(parts)
