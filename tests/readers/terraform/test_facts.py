"""Resources → facts, variants, roots, providers."""
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest
from terraform_helpers import Files, facts_of, one

from smlint.document import Document, Span
from smlint.facts import (
    AccessGrant,
    AccessGrantsInstance,
    AccessGrantsLocation,
    AccessPoint,
    Attachment,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    Caller,
    Endpoint,
    Guardrail,
    Key,
    KeyAlias,
    KeyGrant,
    KeyPolicy,
    ManagedPolicy,
    Problem,
    Repository,
    Role,
    Subnet,
    Workload,
)
from smlint.needs.images import aws_owned_registry
from smlint.readers import terraform
from smlint.readers.terraform.known import text_of
from smlint.values import YES, Node, Unknown, plain, split

DEPLOYED = {"account": "111122223333", "region": "eu-west-1", "partition": "aws"}
DOCUMENT = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })'


def facts(text: str, **others: str) -> list[Any]:
    return facts_of({"main.tf": text, **others}, **DEPLOYED)


def test_a_role_with_everything() -> None:
    role = one(
        facts(
            'resource "aws_iam_role" "r" {\n  name = "r"\n  path = "/ml/"\n  permissions_boundary = "arn:aws:iam::1:policy/b"\n'
            f'  assume_role_policy = {DOCUMENT}\n  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n'
            f'  inline_policy {{\n    name = "in"\n    policy = {DOCUMENT}\n  }}\n}}\n'
        ),
        Role,
    )
    assert (role.name, role.arn, role.label) == ("r", "arn:aws:iam::111122223333:role/ml/r", "aws_iam_role.r")
    assert [(a.name, a.arn, a.boundary) for a in role.attachments] == [
        ("in", None, False),
        (None, "arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        (None, "arn:aws:iam::1:policy/b", True),
    ]
    assert role.complete
    assert role.trust is not None


def test_an_unknown_list_of_policies_leaves_the_role_incomplete() -> None:
    text = 'variable "arns" {}\nresource "aws_iam_role" "r" {\n  name = "r"\n  managed_policy_arns = var.arns\n}\n'
    assert not one(facts(text), Role).complete


@pytest.mark.parametrize(
    ("kind", "holder", "role"),
    [
        ("aws_iam_role_policy", "role", "x"),
        ("aws_iam_user_policy", "user", "user/x"),
        ("aws_iam_group_policy", "group", "group/x"),
    ],
)
def test_inline_policies(kind: str, holder: str, role: str) -> None:
    attachment = one(facts(f'resource "{kind}" "p" {{\n  {holder} = "x"\n  policy = {DOCUMENT}\n}}\n'), Attachment)
    assert attachment.role == role
    assert attachment.policy is not None


def test_attachments() -> None:
    text = (
        'resource "aws_iam_policy_attachment" "a" {\n  name = "a"\n  roles = ["r1", "r2"]\n  users = ["u"]\n'
        '  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n'
        'resource "aws_iam_role_policy_attachments_exclusive" "e" {\n  role_name = "r3"\n  policy_arns = ["arn:x"]\n}\n'
    )
    assert [fact.role for fact in facts(text)] == ["r1", "r2", "user/u", "r3"]


def test_references_are_the_same_text() -> None:
    found = facts_of(
        {
            "main.tf": 'resource "aws_iam_role" "r" {\n  name_prefix = "x-"\n}\nresource "aws_kms_key" "k" {}\n'
            'resource "aws_kms_alias" "a" {\n  name = "alias/k"\n  target_key_id = aws_kms_key.k.id\n}\n'
            'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n  policy_arn = aws_iam_policy.p.arn\n}\n'
            f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = {DOCUMENT}\n}}\n'
        }
    )
    role, key = one(found, Role), one(found, Key)
    attachment = one(found, Attachment)
    assert attachment.role == role.name
    assert str(role.name) == "⟨aws_iam_role.r.name⟩" and role.name.holes[0].like.startswith("x-??")
    assert attachment.arn == one(found, ManagedPolicy).arn
    assert one(found, KeyAlias).target == key.key_id


def test_a_name_with_an_unknown_prefix() -> None:
    found = facts('variable "p" {}\nresource "aws_s3_bucket" "b" {\n  bucket_prefix = "${var.p}-x"\n}\n')
    assert str(one(found, Bucket).name) == "⟨var.p⟩-x⟨suffix⟩"


def test_buckets() -> None:
    found = facts(
        'resource "aws_s3_bucket" "b" {\n  bucket_prefix = "acme-"\n'
        "  server_side_encryption_configuration {\n    rule {\n      apply_server_side_encryption_by_default {\n"
        '        sse_algorithm = "aws:kms"\n      }\n    }\n  }\n}\n'
        f'resource "aws_s3_bucket_policy" "p" {{\n  bucket = aws_s3_bucket.b.id\n  policy = {DOCUMENT}\n}}\n'
        'resource "aws_s3_access_point" "a" {\n  bucket = aws_s3_bucket.b.bucket\n  name = "ap"\n}\n'
    )
    bucket = one(found, Bucket)
    assert str(bucket.name) == "⟨aws_s3_bucket.b.bucket⟩" and bucket.name.holes[0].like.startswith("acme-??")
    assert one(found, BucketPolicy).bucket == bucket.name
    assert (one(found, BucketEncryption).bucket, one(found, BucketEncryption).algorithm) == (bucket.name, "aws:kms")
    point = one(found, AccessPoint)
    assert (point.bucket, point.arn) == (bucket.name, "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap")


def test_keys() -> None:
    found = facts(
        'resource "aws_kms_key" "k" {\n  multi_region = true\n}\n'
        f'resource "aws_kms_key_policy" "p" {{\n  key_id = aws_kms_key.k.id\n  policy = {DOCUMENT}\n}}\n'
        'resource "aws_kms_grant" "g" {\n  key_id = aws_kms_key.k.key_id\n  grantee_principal = "arn:aws:iam::1:role/r"\n'
        '  operations = ["Decrypt"]\n}\n'
    )
    key = one(found, Key)
    assert key.multi_region
    assert one(found, KeyPolicy).key == key.key_id == one(found, KeyGrant).key
    assert one(found, KeyGrant).operations == ("Decrypt",)


def test_network_and_registry() -> None:
    found = facts(
        'resource "aws_vpc" "v" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\n'
        'resource "aws_vpc_endpoint" "e" {\n  vpc_id = aws_vpc.v.id\n  service_name = "com.amazonaws.eu-west-1.s3"\n}\n'
        f'resource "aws_vpc_endpoint_policy" "p" {{\n  vpc_endpoint_id = aws_vpc_endpoint.e.id\n  policy = {DOCUMENT}\n}}\n'
        'resource "aws_ecr_repository" "r" {\n  name = "train"\n}\n'
        f'resource "aws_ecr_repository_policy" "p" {{\n  repository = aws_ecr_repository.r.name\n  policy = {DOCUMENT}\n}}\n'
    )
    endpoints = [fact for fact in found if isinstance(fact, Endpoint)]
    assert [endpoint.policy is not None for endpoint in endpoints] == [False, True]
    assert endpoints[0].endpoint_id == endpoints[1].endpoint_id
    assert one(found, Subnet).vpc == endpoints[0].vpc
    repositories = [fact for fact in found if isinstance(fact, Repository)]
    assert {repository.arn for repository in repositories} == {"arn:aws:ecr:eu-west-1:111122223333:repository/train"}


def test_access_grants() -> None:
    found = facts(
        'resource "aws_s3control_access_grants_instance" "i" {}\n'
        'resource "aws_s3control_access_grants_location" "l" {\n  iam_role_arn = "arn:aws:iam::1:role/g"\n'
        '  location_scope = "s3://acme/*"\n}\n'
        'resource "aws_s3control_access_grant" "g" {\n'
        "  access_grants_location_id = aws_s3control_access_grants_location.l.access_grants_location_id\n"
        '  permission = "READ"\n  access_grants_location_configuration {\n    s3_sub_prefix = "train/*"\n  }\n'
        '  grantee {\n    grantee_type = "IAM"\n    grantee_identifier = "arn:aws:iam::1:role/r"\n  }\n}\n'
    )
    assert one(found, AccessGrantsInstance).arn == "arn:aws:s3:eu-west-1:111122223333:access-grants/default"
    grant = one(found, AccessGrant)
    assert grant.location == one(found, AccessGrantsLocation).location_id
    assert (grant.prefix, grant.permission, grant.grantee) == ("train/*", "READ", "arn:aws:iam::1:role/r")


def test_guardrails_and_callers() -> None:
    found = facts(
        f'resource "aws_organizations_policy" "p" {{\n  name = "p"\n  type = "RESOURCE_CONTROL_POLICY"\n  content = {DOCUMENT}\n}}\n'
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "arn:aws:iam::1:role/f"\n}\n'
    )
    assert one(found, Guardrail).kind == "rcp"
    assert (one(found, Caller).kind, one(found, Caller).role) == ("lambda", "arn:aws:iam::1:role/f")


def test_a_workload_has_the_apis_shape() -> None:
    workload = one(
        facts(
            'resource "aws_sagemaker_endpoint_configuration" "c" {\n  name = "c"\n  kms_key_arn = "arn:aws:kms:eu-west-1:1:key/k"\n'
            '  tags = { team = "ml" }\n'
            '  production_variants {\n    model_name = "m"\n    serverless_config {\n      memory_size_in_mb = 2048\n    }\n  }\n'
            '  dynamic "production_variants" {\n    for_each = ["n"]\n    content {\n      model_name = production_variants.value\n    }\n  }\n'
            "}\n"
        ),
        Workload,
    )
    assert workload.api == "CreateEndpointConfig"
    assert plain(workload.request) == {
        "EndpointConfigName": "c",
        "KmsKeyId": "arn:aws:kms:eu-west-1:1:key/k",
        "Tags": [{"Key": "team", "Value": "ml"}],
        "ProductionVariants": [
            {"ModelName": "m", "ServerlessConfig": {"MemorySizeInMB": 2048}},
            {"ModelName": "n"},
        ],
    }
    assert workload.names[0] == "c"


def test_what_may_not_exist_decides_nothing() -> None:
    found = facts(
        'variable "on" {\n  type = bool\n}\nresource "aws_iam_role_policy" "p" {\n  count = var.on ? 1 : 0\n  role = "r"\n'
        f'  policy = {DOCUMENT}\n}}\nresource "aws_sagemaker_model" "m" {{\n  count = var.on ? 1 : 0\n  name = "m"\n}}\n'
    )
    assert [statement.effect for statement in one(found, Attachment).policy.statements] == [None]
    assert one(found, Workload).under == "count = var.on ? 1 : 0"


def test_null_is_not_yet_known() -> None:
    text = 'variable "arn" {\n  default = null\n}\nresource "aws_iam_policy" "p" {\n  name = "p"\n  policy = jsonencode({\n'
    text += '    Version = "2012-10-17"\n    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = [var.arn] }]\n  })\n}\n'
    policy = one(facts(text), ManagedPolicy).policy
    assert not policy.violations
    assert not policy.statements[0].resources_complete


def test_providers_by_alias_and_module() -> None:
    found = facts_of(
        {
            "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n  allowed_account_ids = ["111122223333"]\n}\n'
            'provider "aws" {\n  alias = "us"\n  region = "us-east-1"\n'
            '  assume_role {\n    role_arn = "arn:aws:iam::444455556666:role/deploy"\n  }\n}\n'
            'resource "aws_sqs_queue" "q" {}\nresource "aws_lambda_function" "f" {\n  provider = aws.us\n  role = "r"\n}\n'
            'module "m" {\n  source = "./m"\n  providers = { aws = aws.us }\n}\nmodule "n" {\n  source = "./m"\n}\n',
            "m/main.tf": 'resource "aws_ecr_repository" "r" {\n  name = "x"\n}\n',
        }
    )
    arns = [str(fact.arn) for fact in found if isinstance(fact, Repository)]
    assert arns == [
        "arn:⟨partition⟩:ecr:us-east-1:444455556666:repository/x",
        "arn:⟨partition⟩:ecr:eu-west-1:111122223333:repository/x",
    ]


ROLE = 'variable "env" {}\nresource "aws_iam_role" "r" {\n  name = "${var.env}-r"\n}\n'


def _names(files: dict[str, str], **settings: Any) -> list[str]:
    return [str(fact.name) for fact in facts_of(files, **settings) if isinstance(fact, Role)]


def test_variants() -> None:
    assert _names({"main.tf": ROLE, "terraform.tfvars": 'env = "a"\n'}) == ["a-r"]
    assert _names({"main.tf": ROLE, "terraform.tfvars": 'env = "a"\n', "x.auto.tfvars": 'env = "b"\n'}) == ["b-r"]
    assert _names({"main.tf": ROLE, "dev.tfvars": 'env = "d"\n', "prod.tfvars": 'env = "p"\n'}) == ["d-r", "p-r"]
    assert _names({"main.tf": ROLE, "env/prod.tfvars.json": '{"env": "p"}'}) == ["p-r"]
    assert _names({"main.tf": ROLE, "terraform.tfvars": 'env = "a"\n'}, parameters={"env": "z"}) == ["z-r"]
    assert _names({"main.tf": ROLE}, parameters={"TF_VAR_env": "z"}) == ["z-r"]
    assert _names({"main.tf": ROLE}) == ["⟨var.env⟩-r"]


def test_roots() -> None:
    files = {
        "live/prod/main.tf": 'module "a" {\n  source = "../../modules/a"\n}\n',
        "modules/a/main.tf": 'module "b" {\n  source = "./b"\n}\n',
        "modules/a/b/main.tf": "",
        "other/main.tf": "",
    }
    scope = Files(files)
    folders = {path.rpartition("/")[0]: [Document(path, text)] for path, text in files.items()}
    assert terraform.roots(folders, scope) == ["live/prod", "other"]


WELL_KNOWN = """
module "policy" {
  source = "terraform-aws-modules/iam/aws//modules/iam-policy"
  name   = "train"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "${module.bucket.s3_bucket_arn}/*" }] })
}
module "role" {
  source                  = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  create_role             = true
  role_name               = "train"
  trusted_role_services   = ["sagemaker.amazonaws.com"]
  custom_role_policy_arns = [module.policy.arn]
}
module "bucket" {
  source                                = "terraform-aws-modules/s3-bucket/aws"
  bucket                                = "acme"
  attach_deny_insecure_transport_policy = true
  attach_elb_log_delivery_policy        = true
}
module "key" {
  source    = "git::https://github.com/terraform-aws-modules/terraform-aws-kms.git?ref=v3"
  key_users = [module.role.iam_role_arn]
}
module "other" {
  source = "somebody/else/aws"
}
output "x" { value = module.other.anything }
"""


def test_well_known_modules() -> None:
    found = facts(WELL_KNOWN)
    assert not [fact for fact in found if isinstance(fact, Problem)]
    role = one(found, Role)
    assert role.attachments[0].arn == one(found, ManagedPolicy).arn
    assert role.trust.statements[0].principals[0].text == "sagemaker.amazonaws.com"
    assert role.origin.place().first.line == 7
    bucket_policy = one(found, BucketPolicy).policy
    assert (len(bucket_policy.statements), bucket_policy.complete) == (1, False)
    key = one(found, Key)
    assert [str(p.text) for p in key.policy.statements[1].principals] == ["arn:aws:iam::111122223333:role/train"]


def test_managed_policies_and_roles_by_name() -> None:
    found = facts(
        'data "aws_iam_policy" "full" {\n  name = "AmazonSageMakerFullAccess"\n}\n'
        'resource "aws_iam_role" "r" {\n  name = "r"\n  path = "/ml/"\n}\ndata "aws_iam_role" "same" {\n  name = "r"\n}\n'
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = data.aws_iam_role.same.name\n'
        "  policy_arn = data.aws_iam_policy.full.arn\n}\n"
        'resource "aws_lambda_function" "f" {\n  role = data.aws_iam_role.same.arn\n}\n'
    )
    assert one(found, Attachment).arn == "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    assert one(found, Caller).role == one(found, Role).arn


def test_a_prebuilt_image_is_in_a_registry_of_aws() -> None:
    text = """
data "aws_sagemaker_prebuilt_ecr_image" "i" {
  repository_name = "sagemaker-scikit-learn"
}
resource "aws_sagemaker_model" "m" {
  execution_role_arn = "arn:aws:iam::111122223333:role/r"
  primary_container { image = data.aws_sagemaker_prebuilt_ecr_image.i.registry_path }
}
"""
    image = one(facts_of({"main.tf": text}), Workload).request.get("PrimaryContainer", "Image")
    assert aws_owned_registry(split(image.text, ".", 1)[0]) is YES


def test_what_later_maps_may_replace_are_values_of_their_own() -> None:
    text = """
variable "more" {}
locals {
  names = merge({ data = "acme-data", out = "acme-out" }, var.more)
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = [
    "arn:aws:s3:::${local.names.data}/*", "arn:aws:s3:::${local.names.data}/*", "arn:aws:s3:::${local.names.out}/*",
  ] }] })
}
"""
    (statement,) = one(facts_of({"main.tf": text}), ManagedPolicy).policy.statements
    data, again, out = (element.text for element in statement.resources)
    assert data == again != out


def test_texts_of_unknowns_are_the_same_where_they_stand_at_the_same_place() -> None:
    document = Document("main.tf", "first second")
    first, second = (Node(Unknown("it is too large"), Span(document, start, start + 5)) for start in (0, 6))
    assert text_of(first) == text_of(first) != text_of(second)
