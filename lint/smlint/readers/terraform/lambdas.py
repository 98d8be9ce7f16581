"""Lambda functions: their roles as callers, and what their Python code starts with them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smlint.document import Document
from smlint.facts import Caller, Fact
from smlint.readers.python import handlers

if TYPE_CHECKING:
    from smlint.readers.terraform.resources import Instance


def function(resource: Instance) -> Iterator[Fact]:
    role = resource.text("role")
    if role is None:
        return
    yield Caller(resource.origin, resource.label, role, "lambda")
    document = _code(resource)
    if document is not None:
        yield from handlers.started(document, role, resource.origin, resource.scope)


def _code(resource: Instance) -> Document | None:
    """The Python file that the handler is in, of what the module packs for the function."""
    module, package = handlers.module_of(resource.text("handler")), resource.text("filename")
    if module is None or package is None or not handlers.is_python(resource.text("runtime")):
        return None
    archive = resource.find("archive_file", "output_path", package, mode="data")
    if archive is None:
        return None
    folder, file = archive.text("source_dir"), archive.text("source_file")
    path = posixpath.join(folder, module) if isinstance(folder, str) else file
    if not isinstance(path, str) or path.startswith("/"):
        return None
    return resource.scope.open(posixpath.normpath(posixpath.join(resource.where.folder, path)))
