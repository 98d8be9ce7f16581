"""Makes lint/smlint/readers/terraform/lists.json: which members of a SageMaker API are lists of structures.

Terraform writes each element of such a list as a block of its own. Needs botocore.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore.session

from smlint.needs import table

OUT = Path(__file__).parent.parent / "lint/smlint/readers/terraform/lists.json"


def main() -> None:
    """Write the table."""
    OUT.write_text(json.dumps(made(), indent=1, sort_keys=True) + "\n", "utf-8")


def made() -> dict[str, list[str]]:
    """The lists of every API behind a Terraform resource."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    names = [name for name, known in table.equivalents().items() if known.terraform]
    return {name: sorted(lists(model.operation_model(name).input_shape, "", 0)) for name in names}


def lists(shape: Any, path: str, depth: int) -> set[str]:
    """The paths of members that are lists of structures."""
    if depth > 9 or shape.type_name != "structure":
        return set()
    found = set()
    for name, member in shape.members.items():
        here = f"{path}.{name}" if path else name
        if member.type_name == "list" and member.member.type_name == "structure":
            found |= {here} | lists(member.member, here, depth + 1)
        else:
            found |= lists(member, here, depth + 1)
    return found


if __name__ == "__main__":
    main()
