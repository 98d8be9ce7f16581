"""The parameter store: what a root module of the repository puts there, and what is unknown."""

from __future__ import annotations

import pytest
from terraform_helpers import facts_of, one

from smlint.facts import Bucket

STORE = """
variable "env" { default = "dev" }
resource "aws_ssm_parameter" "a" {
  name  = "/ml/${var.env}/bucket"
  type  = "String"
  value = "data"
}
resource "aws_ssm_parameter" "b" {
  name           = "/ml/open"
  type           = "String"
  insecure_value = "open"
}
resource "aws_ssm_parameter" "c" {
  count = 2
  name  = "/ml/twice"
  type  = "String"
  value = "twice-${count.index}"
}
resource "aws_ssm_parameter" "d" {
  for_each = toset(["x", "y"])
  name     = "/ml/${each.key}"
  type     = "String"
  value    = each.key
}
"""
READER = """
data "aws_ssm_parameter" "p" {{ name = {} }}
resource "aws_s3_bucket" "b" {{ bucket = data.aws_ssm_parameter.p.{} }}
"""
UNKNOWN = "⟨data.aws_ssm_parameter.p.value⟩"


def bucket(files: dict[str, str]) -> str:
    return str(one(facts_of(files), Bucket).name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('"/ml/dev/bucket"', "data"),
        ('"/ml/open"', "open"),
        ('"/ml/y"', "y"),
        ('"/ml/twice"', UNKNOWN),
        ('"/ml/none"', UNKNOWN),
        ("var.unset", UNKNOWN),
    ],
)
def test_of_another_root_module(name: str, expected: str) -> None:
    reader = READER.format(name, "value") + 'variable "unset" {}\n'
    assert bucket({"reader/main.tf": reader, "store/main.tf": STORE}) == expected


def test_of_the_module_itself() -> None:
    assert bucket({"main.tf": READER.format('"/ml/dev/bucket"', "value") + STORE}) == "data"
    assert bucket({"main.tf": READER.format("aws_ssm_parameter.b.name", "insecure_value") + STORE}) == "open"


def test_variants_that_differ_are_unknown() -> None:
    files = {"reader/main.tf": READER.format('"/ml/env"', "value")}
    files["store/main.tf"] = (
        'variable "env" {}\nresource "aws_ssm_parameter" "e" {\n  name = "/ml/env"\n  value = var.env\n}\n'
    )
    assert bucket({**files, "store/terraform.tfvars": 'env = "dev"\n'}) == "dev"
    both = {"store/dev.tfvars": 'env = "dev"\n', "store/prod.tfvars": 'env = "prod"\n'}
    assert bucket({**files, **both}) == UNKNOWN


def test_a_module_that_is_called_is_no_root() -> None:
    files = {
        "reader/main.tf": READER.format('"/ml/dev/bucket"', "value"),
        "store/main.tf": STORE,
        "caller/main.tf": 'module "s" {\n  source = "../store"\n  env = "prod"\n}\n',
    }
    assert bucket(files) == UNKNOWN


def test_values_that_need_each_other_are_unknown() -> None:
    store = """
data "aws_ssm_parameter" "p" {{ name = "/{}" }}
resource "aws_ssm_parameter" "o" {{
  name  = "/{}"
  value = data.aws_ssm_parameter.p.value
}}
"""
    files = {"a/main.tf": store.format("b", "a"), "b/main.tf": store.format("a", "b")}
    assert bucket({**files, "reader/main.tf": READER.format('"/a"', "value")}) == UNKNOWN
