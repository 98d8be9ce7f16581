"""Registry modules that everybody uses: what their arguments say of policies, roles, buckets and keys.

`models/` has a few lines of HCL for each: the part of its interface that decides over permissions. A model's origins
all lead to the call; arguments keep their own. An argument that a model does not know makes its policies incomplete.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from smlint.document import Document, Runs
from smlint.readers.terraform.module import Definition, define
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.tree import Block

_SOURCE = re.compile(
    r"(?:^|/)terraform-aws-modules/(?:terraform-aws-)?(iam|s3-bucket|kms)(?:/aws|\.git)?(?://modules/([\w-]+))?(?:\?|$)"
)
_MODELS = {
    ("iam", "iam-policy"): "iam_policy",
    ("iam", "iam-role"): "iam_role",
    ("iam", "iam-assumable-role"): "iam_assumable_role",
    ("s3-bucket", None): "s3_bucket",
    ("kms", None): "kms",
}
# Arguments that have nothing to do with permissions.
_HARMLESS = re.compile(
    r"source|version|count|for_each|providers|depends_on|tags|\w*description|force_\w+|max_session_duration|region"
    r"|create_instance_profile|versioning|lifecycle_rule|logging|website|cors_rule|acl|object_\w+|control_object_ownership"
    r"|block_public_\w+|ignore_public_acls|restrict_public_buckets|intelligent_tiering|metric_configuration|grant|owner"
    r"|inventory_configuration|replication_configuration|acceleration_status|request_payer|expected_bucket_owner"
    r"|deletion_window_in_days|enable_key_rotation|is_enabled|key_usage|customer_master_key_spec|rotation_period_in_days"
    r"|aliases_use_name_prefix|bypass_policy_lockout_safety_check|transition_default_minimum_object_size"
    r"|computed_aliases|allowed_kms_key_arn"
)


def model(block: Block) -> Definition | None:
    """The model of the module that a call's source names; None where it is not one of these."""
    attribute = block.body.attributes.get("source")
    if attribute is None or not isinstance(attribute.expression, tree.Literal):
        return None
    found = _SOURCE.search(str(attribute.expression.value))
    name = _MODELS.get((found[1], found[2])) if found is not None else None
    if name is None:
        return None
    at = block.span.start
    document = Document(block.span.document.path, _text(name), (block.span.document, Runs(((0, at, False),))))
    return define("", [document])


def unread(block: Block, definition: Definition) -> list[str]:
    """The call's arguments that the model knows nothing of."""
    return [
        name for name in block.body.attributes if name not in definition.variables and not _HARMLESS.fullmatch(name)
    ]


@lru_cache(maxsize=8)
def _text(name: str) -> str:
    return files("smlint.readers.terraform").joinpath("models", f"{name}.tf").read_text("utf-8")
