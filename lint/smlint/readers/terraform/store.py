"""The parameter store of Systems Manager: what the root modules of the repository put into it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from smlint.document import Document
from smlint.readers.repository import holding, once
from smlint.readers.scope import Scope
from smlint.readers.terraform.expansion import objects_in
from smlint.readers.terraform.known import Exhausted, Invalid
from smlint.readers.terraform.resources import Resource
from smlint.values import Node, Text

PARAMETER = "aws_ssm_parameter"
_SUFFIXES = (".tf", ".tf.json", ".tfvars", ".tfvars.json")


def read(resource: Resource, name: str) -> Node | None:
    """The value of a data source `aws_ssm_parameter`: of the resource beside it, or of one in another root module."""
    wanted = resource.get("name")
    if name not in ("value", "insecure_value") or wanted is None or wanted.text is None:
        return None
    beside = resource.find(PARAMETER, "name", wanted.text)
    value = _value(beside) if isinstance(beside, Resource) else _stored(resource.scope, wanted.text)
    return Node(value, resource.origin) if value is not None else None


def _value(parameter: Resource) -> Text | None:
    given = parameter.get("value") or parameter.get("insecure_value")
    return given.text if given is not None else None


def _stored(scope: Scope, name: Text) -> Text | None:
    """The value of the parameter of that name; None where no root module says, or they differ."""
    entries = once(scope, PARAMETER, _entries)  # what a value itself takes from the store is not followed
    found = {value for known, value in entries if known == name}
    return found.pop() if len(found) == 1 else None


def _entries(scope: Scope) -> Iterator[tuple[Text, Text]]:
    from smlint.readers.terraform.root_modules import root_folders

    folders: dict[str, list[Document]] = {}
    for document in holding(scope, _SUFFIXES):
        folders.setdefault(posixpath.dirname(document.path), []).append(document)
    for folder in root_folders(folders):
        if any(PARAMETER in document.text for document in folders[folder]):
            yield from _of_root(folder, folders[folder], scope)


def _of_root(folder: str, documents: list[Document], scope: Scope) -> Iterator[tuple[Text, Text]]:
    from smlint.readers.terraform.root_modules import variants

    for module in variants(folder, documents, scope):
        for mode, type, name in module.resources():
            if (mode, type) != ("resource", PARAMETER):
                continue
            try:
                block = module.definition.resources[mode, type, name]
                for found in objects_in(module.resource(mode, type, name, block.span)):
                    named = found.get("name") if isinstance(found, Resource) else None
                    value = _value(found) if isinstance(found, Resource) else None
                    if named is not None and named.text is not None and value is not None:
                        yield named.text, value
            except (Invalid, Exhausted):
                continue
