"""The configuration: `smlint.toml`, `.smlint.toml` or `[tool.smlint]` in `pyproject.toml`."""

from smlint.config.model import BucketEntry, Config, GuardrailEntry, JobEntry, KeyEntry, RoleEntry
from smlint.config.reading import find, load, parse

__all__ = [
    "BucketEntry",
    "Config",
    "GuardrailEntry",
    "JobEntry",
    "KeyEntry",
    "RoleEntry",
    "find",
    "load",
    "parse",
]
