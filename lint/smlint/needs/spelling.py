"""How a field of the API is spelt elsewhere."""

from __future__ import annotations

import re

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake(name: str) -> str:
    """ "S3OutputPath" → "s3_output_path"."""
    return _WORD_START.sub("_", name).lower()


def terraform_path(path: str) -> str:
    """The path in Terraform's usual spelling: "InputDataConfig[].InputMode" → "input_data_config.input_mode"."""
    return ".".join(snake(step) for step in path.replace("[]", "").replace("{}", "").replace("{json}", "").split("."))
