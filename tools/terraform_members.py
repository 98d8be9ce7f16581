"""Makes lint/smlint/readers/terraform/sagemaker.json: which API a Terraform resource calls, how its fields are named.

Run with the fact table's path; needs botocore. Only what the general spelling rule (snake_case to the API's names) does
not give is written down: renamed fields, and which members are lists.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import botocore.session
import yaml

OUT = Path(__file__).parent.parent / "lint/smlint/readers/terraform/sagemaker.json"
NAMES = {
    "CreateDomain": "DomainName",
    "CreateUserProfile": "UserProfileName",
    "CreateImageVersion": "ImageName",
}


def main(facts: str) -> None:
    """Write the table."""
    table = yaml.safe_load(Path(facts).read_text("utf-8"))
    model = botocore.session.get_session().get_service_model("sagemaker")
    made: dict[str, Any] = {}
    for api in table["apis"]:
        type = (api.get("equivalents") or {}).get("terraform")
        if type and type not in made and api["api"] in model.operation_names and api["api"].startswith("Create"):
            made[type] = entry(api, model.operation_model(api["api"]).input_shape)
    OUT.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")


def entry(api: dict[str, Any], shape: Any) -> dict[str, Any]:
    """One resource type."""
    roles = [field for field in api["role"]["fields"] if field.get("terraform") and not field.get("secondary_role")]
    names: dict[str, str] = {}
    for field in [*api["fields"], *api["role"]["fields"]]:
        if field.get("terraform"):
            names |= renamed(field["api"], field["terraform"])
    own = NAMES.get(api["api"], api["api"].removeprefix("Create") + "Name")
    own = next((name for name in (own, "EndpointConfigName", "JobDefinitionName") if name in shape.members), "")
    if (own and own != "EndpointConfigName") or api["api"] == "CreateEndpointConfig":
        names["name"] = own
    return {
        "api": api["api"],
        "role": roles[0]["api"] if roles else "",
        "names": names,
        "lists": sorted(lists(shape, "", 0)),
    }


def renamed(api: str, terraform: str) -> dict[str, str]:
    """The steps of a path that are spelt otherwise."""
    ours = [step.rstrip("[]{}") for step in api.split(".")]
    theirs = terraform.split(".")
    if len(ours) != len(theirs):
        return {}
    made = {}
    for at, (name, step) in enumerate(zip(ours, theirs, strict=True)):
        if name.lower() != step.replace("_", ""):
            made[".".join(theirs[: at + 1])] = name
    return made


def lists(shape: Any, path: str, depth: int) -> set[str]:
    """The paths of members that are lists of structures."""
    if depth > 9 or shape.type_name != "structure":
        return set()
    made = set()
    for name, member in shape.members.items():
        here = f"{path}.{name}" if path else name
        if member.type_name == "list" and member.member.type_name == "structure":
            made |= {here} | lists(member.member, here, depth + 1)
        else:
            made |= lists(member, here, depth + 1)
    return made


if __name__ == "__main__":
    main(sys.argv[1])
