"""The needs files: what every API's request implies. One file an API is loaded, when that API is first asked for.

The files and their words are explained in smlint_rules/needs/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from smlint.needs.access import By, Need
from smlint.needs.spelling import snake
from smlint.record import dataclass
from smlint.values import Scalar

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,80}")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field (by default the field itself) must be; `default`: what AWS takes where it is missing."""

    test: str
    value: Any
    field: str = ""
    default: Scalar = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action on a resource, whose {words} the field's value fills in. passed_to: the service a role is passed to."""

    action: str
    resource: str
    kind: str
    need: Need
    by: By | None = None
    source: str = ""
    passed_to: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Actions that go together. of: how the field's value is read ("s3", "key", "image", "value", "")."""

    name: str
    of: str
    actions: tuple[Action, ...]
    includes: tuple[str, ...] = ()
    by: By = By.ROLE
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field and what it implies. follow: fields of other APIs that the value leads to, and whose value then counts.

    cloudformation, terraform: the field's path there; None where it does not exist.
    key: the field that names the KMS key with which the output that this field names is encrypted.
    role: the field that names the role that acts, where it is not the execution role.
    """

    path: str
    bundles: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    of: str = ""
    when: tuple[Condition, ...] = ()
    follow: tuple[str, ...] = ()
    key: str = ""
    role: str = ""
    need: Need | None = None
    by: By | None = None
    cloudformation: str | None = None
    terraform: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class RoleField:
    """A field that names a role. other: what the role is for, where it is not the execution role."""

    path: str
    other: str = ""
    cloudformation: str | None = None
    terraform: str | None = None


@dataclass(frozen=True, slots=True)
class Through:
    """Where the role comes from when the request names none: the role of the request of `api` that `field` names.

    role: the field that names it there, where it is only one of several.
    """

    field: str
    api: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Equivalents:
    """What the API is called elsewhere."""

    cloudformation: str | None = None
    terraform: str | None = None
    pipeline_steps: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Api:
    name: str
    service: str
    roles: tuple[RoleField, ...]
    through: tuple[Through, ...]
    trust: tuple[str, ...]
    source_arn: str
    pass_role: bool
    passed_to_service: str
    log_groups: tuple[str, ...]
    network: tuple[str, ...]
    always: tuple[str, ...]
    fields: tuple[Field, ...]
    equivalents: Equivalents

    @property
    def execution_roles(self) -> tuple[RoleField, ...]:
        """The fields that name execution roles, without those of other services."""
        return tuple(role for role in self.roles if not role.other)

    def cloudformation_paths(self) -> dict[str, str]:
        """The paths of the API's CloudFormation resource and what they are called here; empty without such a type."""
        if self.equivalents.cloudformation is None:
            return {}
        fields: tuple[RoleField | Field, ...] = (*self.roles, *self.fields)
        return {field.cloudformation: field.path for field in fields if field.cloudformation is not None}

    def terraform_paths(self) -> dict[str, str]:
        """The paths of the API's Terraform resource and what they are called here; empty without such a type."""
        if self.equivalents.terraform is None:
            return {}
        fields: tuple[RoleField | Field, ...] = (*self.roles, *self.fields)
        return {field.terraform: field.path for field in fields if field.terraform is not None}


class TableError(Exception):
    """A needs file that is not as it must be: "create_model.yaml:12: …"."""


def folder() -> Path:
    """Where the needs files are."""
    from pathlib import Path

    import smlint_rules

    return Path(smlint_rules.__file__).parent / "needs"


def file_name(name: str) -> str:
    """The name of an API's file: "CreateAutoMLJobV2" → "create_auto_ml_job_v2.yaml"."""
    return snake(name) + ".yaml"


@lru_cache(maxsize=256)
def api(name: str) -> Api | None:
    """What is known of an API; None for one that has no file. "UpdateImage" is answered by the file of CreateImage."""
    from smlint.needs.load import load_api

    if not _NAME.fullmatch(name):
        return None
    path = folder() / file_name(name)
    if path.is_file():
        return load_api(path, equivalents().get(name, Equivalents()))
    for main, names in equivalents().items():
        if name in names.also:
            return api(main)
    return None


@lru_cache(maxsize=1)
def bundles() -> Mapping[str, Bundle]:
    """All bundles, by name."""
    from smlint.needs.load import load_bundles

    return load_bundles(folder() / "bundles.yaml")


@lru_cache(maxsize=1)
def equivalents() -> Mapping[str, Equivalents]:
    """What every API is called elsewhere."""
    from smlint.needs.load import load_equivalents

    return load_equivalents(folder() / "equivalents.yaml")


def apis() -> tuple[str, ...]:
    """The names of all APIs that have a file."""
    return tuple(equivalents())


def by_cloudformation(resource_type: str) -> Api | None:
    """The API behind a CloudFormation resource type; the Create one where there are several."""
    return _first(lambda known: known.cloudformation == resource_type)


def by_terraform(resource_type: str) -> Api | None:
    """The API behind a Terraform resource type."""
    return _first(lambda known: known.terraform == resource_type)


def by_pipeline_step(step_type: str) -> Api | None:
    """The API that a step type of a pipeline calls; None for steps that call none (Lambda, Condition, Fail)."""
    return _first(lambda known: step_type in known.pipeline_steps)


def _first(suits: Callable[[Equivalents], bool]) -> Api | None:
    return next((api(name) for name, known in equivalents().items() if suits(known)), None)
