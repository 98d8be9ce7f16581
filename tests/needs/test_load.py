"""What is wrong in a needs file is said with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from smlint.needs.load import load_api, load_bundles
from smlint.needs.table import Equivalents, TableError

GOOD = """\
api: CreateThing
role:
  fields:
    - path: RoleArn
trust:
  principals: [sagemaker.amazonaws.com]
caller:
  pass-role: true
fields:
  - path: Input.S3Uri
    needs: [S3_READ_PREFIX]
    when:
      - { field: Input.Kind, equals: Prefix, default: Prefix }
    source: [sagemaker-roles, "API reference, Input"]
"""


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "create_thing.yaml"
    path.write_text(text, encoding="utf-8")
    return load_api(path, Equivalents())


def test_a_good_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "create_thing.yaml"
    path.write_text(GOOD, encoding="utf-8")
    api = load_api(path, Equivalents())
    assert api.fields[0].when[0].default == "Prefix"
    assert api.fields[0].source == (
        "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html, API reference, Input"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    needs: [S3_READ_PREFIX]", "    need: [S3_READ_PREFIX]", "create_thing.yaml:11: `need` must be one of"),
        ("    needs: [S3_READ_PREFIX]", "    needs: S3_READ_PREFIX", "create_thing.yaml:11: `needs` must be a list"),
        ("    needs: [S3_READ_PREFIX]", "    bundels: []", "create_thing.yaml:11: `bundels` is not known here"),
        ("equals: Prefix, ", "", "create_thing.yaml:13: a condition has exactly one of"),
        ("equals: Prefix, ", "one-of: Prefix, ", "create_thing.yaml:13: `one-of` must be a list"),
        ("  - path: Input.S3Uri\n", "  - about: x\n", "create_thing.yaml:10: `path` is missing"),
        ("api: CreateThing", "api: [CreateThing]", "create_thing.yaml:1: `api` must be a str"),
        ("caller:\n", "caller: [\n", "create_thing.yaml:"),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(TableError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert str(caught.value).startswith(message)


def test_a_file_that_is_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"create_thing\.yaml:1: a mapping is expected"):
        load(tmp_path, "- api\n")


def test_groups_spread_their_fields(tmp_path: Path) -> None:
    path = tmp_path / "create_thing.yaml"
    group = """\
groups:
  - under:
      - path: Primary
      - path: Others[]
        terraform: other
    fields:
      - path: ModelUrl
        needs: [S3_READ_OBJECT]
        key: KmsKeyId
        when:
          - { field: Mode, equals: Single }
      - path: Secret
        terraform: null
"""
    path.write_text(GOOD + group, encoding="utf-8")
    fields = {field.path: field for field in load_api(path, Equivalents()).fields}
    assert fields["Others[].ModelUrl"].terraform == "other.model_url"
    assert fields["Others[].ModelUrl"].when[0].field == "Others[].Mode"
    assert fields["Others[].ModelUrl"].key == "Others[].KmsKeyId"
    assert fields["Primary.ModelUrl"].terraform == "primary.model_url"
    assert fields["Primary.Secret"].terraform is None


def test_bundle_faults(tmp_path: Path) -> None:
    path = tmp_path / "bundles.yaml"
    path.write_text("A:\n  actions:\n    - { action: s3:GetObject, resource: '*', kind: none }\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"bundles\.yaml:3: `need` is missing"):
        load_bundles(path)
