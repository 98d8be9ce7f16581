"""CloudFormation parameters and Terraform variables: `--param`, `--param-file`.

A file is a list of the AWS CLI, what CDK or CodePipeline keep as `Parameters`, a plain mapping (each as JSON or YAML),
SAM's configuration (TOML), taskcat's (YAML) or `.tfvars`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from smlint.document import Document
from smlint.errors import UsageError, cannot_be_read
from smlint.files.decoding import UndecodableError, decode


class _FaultError(Exception):
    """What is wrong with a file."""


def given(pairs: Iterable[str], files: Iterable[str]) -> dict[str, object]:
    """All parameters of the command line; `NAME=VALUE` wins over files, later over earlier."""
    values: dict[str, object] = {}
    for file in files:
        try:
            values.update(_file(file))
        except (_FaultError, UndecodableError) as problem:
            raise UsageError(f"--param-file {file}: {problem}") from None
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
        raise _FaultError(cannot_be_read(problem)) from None
    if file.endswith(".tfvars"):
        return _tfvars(Document(file, text))
    if file.endswith(".toml"):
        return _sam(text)
    if file.endswith((".yaml", ".yml")):
        return _yaml(Document(file, text))
    try:
        return _shaped(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise _FaultError(f"is no JSON: {problem}") from None


def _sam(text: str) -> dict[str, Any]:
    """The `parameter_overrides` of SAM's configuration: those of the environment `default` before those of others."""
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _FaultError(f"is no TOML: {problem}") from None
    values: dict[str, Any] = {}
    for environment in sorted(data, key=lambda name: name != "default"):
        for command in _mapping(data[environment]).values():
            given = _mapping(_mapping(command).get("parameters")).get("parameter_overrides")
            try:
                for name, value in _overrides(given):
                    values.setdefault(name, value)
            except ValueError as problem:
                raise _FaultError(f"parameter_overrides: {str(problem).lower()}") from None
    if not values:
        raise _FaultError("holds no parameter_overrides")
    return values


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _overrides(given: Any) -> Iterable[tuple[str, str]]:
    """`A=b C="d e"`, `ParameterKey=A,ParameterValue=b`, or a list of such words."""
    import shlex

    words = shlex.split(given) if isinstance(given, str) else given if isinstance(given, list) else []
    for word in map(str, words):
        if word.startswith("ParameterKey="):
            name, _, value = word.removeprefix("ParameterKey=").partition(",ParameterValue=")
        else:
            name, _, value = word.partition("=")
        if name:
            yield name, value


def _yaml(document: Document) -> dict[str, Any]:
    """taskcat's parameters, the project's before those of its tests, or what a JSON file would hold."""
    from smlint.syntax import yaml
    from smlint.values import plain

    read = yaml.parse(document)
    if read.problems or not read.nodes:
        why = read.problems[0].message if read.problems else "is empty"
        raise _FaultError(why)
    data = plain(read.nodes[0])
    if not (isinstance(data, dict) and isinstance(data.get("tests"), dict)):
        return _shaped(data)
    values: dict[str, Any] = {}
    for one in (data.get("project"), *data["tests"].values()):
        for name, value in _mapping(_mapping(one).get("parameters")).items():
            if "$[" not in str(value):  # what taskcat fills in at run time is not known
                values.setdefault(name, value)
    return values


def _shaped(data: Any) -> dict[str, Any]:
    """The AWS CLI's list, `Parameters` of CDK and CodePipeline, or a plain mapping."""
    if isinstance(data, list) and all(isinstance(one, dict) and "ParameterKey" in one for one in data):
        return {str(one["ParameterKey"]): one["ParameterValue"] for one in data if "ParameterValue" in one}
    if isinstance(data, dict):
        inner = data.get("Parameters", data)
        if isinstance(inner, dict):
            return inner
    raise _FaultError("holds no parameters")


def _tfvars(document: Document) -> dict[str, Any]:
    from smlint.files import Tree
    from smlint.readers.terraform.evaluate import evaluate
    from smlint.readers.terraform.known import Invalid
    from smlint.readers.terraform.module import Definition, Module, Root
    from smlint.syntax.hcl import parse
    from smlint.values import plain

    read = parse(document)
    if read.problems:
        raise _FaultError(read.problems[0].message)
    frame = Module(Root("", Tree.of({})), Definition("")).frame
    try:
        return {name: plain(evaluate(one.expression, frame)) for name, one in read.body.attributes.items()}
    except Invalid as problem:
        raise _FaultError(str(problem)) from None
