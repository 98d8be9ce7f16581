"""Every property that the readers ask for exists in CloudFormation's own schemas, as cfn-lint ships them."""

from __future__ import annotations

import ast
import inspect
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest

from smlint.readers.cloudformation import kinds, reading, sagemaker

cfnlint = pytest.importorskip("cfnlint", reason="cfn-lint is not installed: its schemas are not compared")

# A replica is always of many regions; the two kinds of keys share a reader.
SHARED = {("AWS::KMS::ReplicaKey", ("MultiRegion",))}
# Types whose ARN no attribute gives.
NO_ARN = {
    "AWS::Athena::WorkGroup",
    "AWS::CodePipeline::Pipeline",
    "AWS::Glue::Crawler",
    "AWS::Glue::Database",
    "AWS::Glue::Job",
    "AWS::KMS::Alias",
    "AWS::SSM::Parameter",
}


@lru_cache(maxsize=1)
def folder() -> Path:
    return Path(cfnlint.__file__).parent / "data" / "schemas"


@lru_cache(maxsize=1)
def types() -> dict[str, str]:
    loaded: dict[str, str] = json.loads((folder() / "providers" / "us-east-1.json").read_text())
    return loaded


@cache
def schema(type_name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder() / "resources" / f"{types()[type_name]}.json").read_text())
    return loaded


def known(type_name: str, path: tuple[str, ...]) -> bool:
    whole = schema(type_name)
    nodes = [whole]
    for step in path:
        found = []
        for node in nodes:
            found += [
                branch["properties"][step] for branch in _branches(whole, node) if step in branch.get("properties", {})
            ]
        nodes = found
    return bool(nodes)


def _branches(whole: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema with its references, alternatives and items followed."""
    if "$ref" in node:
        node = whole["definitions"][node["$ref"].rpartition("/")[2]]
    branches = [node]
    for word in ("anyOf", "oneOf", "allOf"):
        for option in node.get(word, []):
            branches += _branches(whole, option)
    if isinstance(node.get("items"), dict):
        branches += _branches(whole, node["items"])
    return branches


def asked(function: Any) -> set[tuple[str, ...]]:
    """The paths of literal names that a function asks of its resource."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(function))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("get", "text")
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "resource"
            and node.args
            and all(isinstance(argument, ast.Constant) for argument in node.args)
        ):
            found.add(tuple(str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)))
    return found


PATHS = sorted(
    {
        (type_name, path)
        for type_name, reader in reading.READERS.items()
        if type_name.startswith("AWS::")
        for path in asked(reader)
    }
    - SHARED
)


def test_there_is_something_to_compare() -> None:
    assert len(PATHS) > 40


@pytest.mark.parametrize(("type_name", "path"), PATHS)
def test_property_exists(type_name: str, path: tuple[str, ...]) -> None:
    assert known(type_name, path)


@pytest.mark.parametrize("type_name", sorted(name for name in kinds.KINDS if not name.startswith("AWS::SageMaker")))
def test_names_and_attributes_exist(type_name: str) -> None:
    kind = kinds.KINDS[type_name]
    assert known(type_name, (kind.named,))
    if type_name not in NO_ARN:
        assert f"/properties/{kind.arn}" in schema(type_name)["readOnlyProperties"]


@pytest.mark.parametrize("type_name", sorted(name for name in types() if name.startswith(sagemaker.PREFIX)))
def test_reference_of_sagemaker_types(type_name: str) -> None:
    """`Ref` gives the primary identifier: an ARN, or a name, or names together."""
    kind = kinds.kind_of(type_name)
    assert kind is not None
    identifier = schema(type_name)["primaryIdentifier"]
    arn = len(identifier) == 1 and identifier[0].endswith("Arn")
    if type_name not in kinds.IDS and not identifier[0].endswith("/Id"):
        assert (kind.ref == "arn") == arn
    if kind.ref == "name" and len(identifier) == 1 and "Device/" not in identifier[0]:
        assert identifier[0] == f"/properties/{kind.named}"
