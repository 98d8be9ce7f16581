"""CloudFormation parameters and Terraform variables: `--param`, `--param-file`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from smlint.document import Document
from smlint.errors import UsageError
from smlint.files.decoding import UndecodableError, decode


def given(pairs: Iterable[str], files: Iterable[str]) -> dict[str, object]:
    """All parameters of the command line; `NAME=VALUE` wins over files, later over earlier."""
    values: dict[str, object] = {}
    for file in files:
        values.update(_file(file))
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--param {pair}: must be NAME=VALUE")
        values[name] = value
    return values


def _file(file: str) -> dict[str, Any]:
    try:
        with open(file, "rb") as stream:
            text = decode(stream.read())
    except OSError as problem:
        raise UsageError(f"--param-file {file}: cannot be read: {problem.strerror}") from None
    except UndecodableError as problem:
        raise UsageError(f"--param-file {file}: {problem}") from None
    if file.endswith(".tfvars"):
        return _tfvars(Document(file, text))
    try:
        return _shaped(json.loads(text), file)
    except (ValueError, RecursionError) as problem:
        raise UsageError(f"--param-file {file}: is no JSON: {problem}") from None


def _shaped(data: Any, file: str) -> dict[str, Any]:
    """The AWS CLI's list, `Parameters` of CDK and CodePipeline, or a plain mapping."""
    if isinstance(data, list) and all(isinstance(one, dict) and "ParameterKey" in one for one in data):
        return {str(one["ParameterKey"]): one["ParameterValue"] for one in data if "ParameterValue" in one}
    if isinstance(data, dict):
        inner = data.get("Parameters", data)
        if isinstance(inner, dict):
            return inner
    raise UsageError(f"--param-file {file}: holds no parameters")


def _tfvars(document: Document) -> dict[str, Any]:
    from smlint.files import Tree
    from smlint.readers.terraform.evaluate import evaluate
    from smlint.readers.terraform.known import Invalid
    from smlint.readers.terraform.module import Definition, Module, Root
    from smlint.syntax.hcl import parse
    from smlint.values import plain

    read = parse(document)
    if read.problems:
        raise UsageError(f"--param-file {document.path}: {read.problems[0].message}")
    frame = Module(Root("", Tree.of({})), Definition("")).frame
    try:
        return {name: plain(evaluate(one.expression, frame)) for name, one in read.body.attributes.items()}
    except Invalid as problem:
        raise UsageError(f"--param-file {document.path}: {problem}") from None
