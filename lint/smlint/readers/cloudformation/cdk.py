"""The CDK's cloud assembly: what `manifest.json` says of a template beside it, its stack's name and environment."""

from __future__ import annotations

import json
import posixpath
from typing import Any

from smlint.readers.repository import once
from smlint.readers.scope import Scope
from smlint.record import dataclass

_UNKNOWN = ("unknown-account", "unknown-region", "")


@dataclass(frozen=True, slots=True)
class Deployed:
    """Where a stack goes; None where the assembly does not say."""

    name: str | None = None
    account: str | None = None
    region: str | None = None


def deployed(scope: Scope, path: str) -> Deployed:
    """What the assembly in the template's folder says of it."""
    folder, name = posixpath.split(path)
    if not name.endswith(".template.json"):
        return Deployed()
    stacks = once(scope, ("assembly", folder), lambda scope: _stacks(scope, folder))
    return dict(stacks).get(name, Deployed())


def _stacks(scope: Scope, folder: str) -> list[tuple[str, Deployed]]:
    document = scope.open(posixpath.join(folder, "manifest.json"))
    try:
        artifacts = json.loads(document.text)["artifacts"] if document is not None else {}
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
    stacks = artifacts.values() if isinstance(artifacts, dict) else ()
    return [found for artifact in stacks if (found := _stack(artifact)) is not None]


def _stack(artifact: Any) -> tuple[str, Deployed] | None:
    if not isinstance(artifact, dict) or artifact.get("type") != "aws:cloudformation:stack":
        return None
    properties = artifact.get("properties")
    template = properties.get("templateFile") if isinstance(properties, dict) else None
    if not isinstance(properties, dict) or not isinstance(template, str):
        return None
    account, _, region = str(artifact.get("environment", "")).removeprefix("aws://").partition("/")
    name = properties.get("stackName")
    return template, Deployed(
        name if isinstance(name, str) else None,
        None if account in _UNKNOWN else account,
        None if region in _UNKNOWN else region,
    )
