"""Finds and reads the configuration file. Every fault is one line that names file, line and the nearest known key."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smlint.config.model import BucketEntry, Config, GuardrailEntry, JobEntry, KeyEntry, RoleEntry
from smlint.document import Document, Span
from smlint.errors import UsageError, cannot_be_read
from smlint.facts import Settings
from smlint.files.decoding import UndecodableError, decode
from smlint.files.store import MAX_BYTES
from smlint.finding import LEVELS, Level
from smlint.spelling import hint

if TYPE_CHECKING:
    from smlint.config.positions import KeyPath

FILES = ("smlint.toml", ".smlint.toml", "pyproject.toml")
# From the files of own rules (relative to the root) to every name that select, ignore and severity may use.
Names = Callable[[Sequence[str]], Collection[str]]
# The partitions besides `aws`, by what the names of their regions begin with.
AREAS = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "eu-isoe": "aws-iso-e",
    "us-isof": "aws-iso-f",
    "eusc-de": "aws-eusc",
}
_PARTITIONS = ("aws", *AREAS.values())


def wrong_place(name: str, value: str) -> str:
    """What is wrong with an account, a region or a partition; "" where nothing is."""
    if name == "account":
        right = len(value) == 12 and value.isascii() and value.isdigit()
        return "" if right else f"must be twelve digits, not `{value}`"
    if name == "partition":
        return "" if value in _PARTITIONS else f"must be one of {', '.join(_PARTITIONS[:3])}{hint(value, _PARTITIONS)}"
    area, _, number = value.rpartition("-")
    right = "-" in area and area.replace("-", "").isalpha() and area.islower() and number.isdigit()
    return "" if right else f"must be a region like `eu-west-1`, not `{value}`"


def find(path: str) -> str | None:
    """The nearest configuration file at or above a path. A pyproject.toml without [tool.smlint] is none."""
    folder = os.path.realpath(path)
    folder = folder if os.path.isdir(folder) else os.path.dirname(folder)
    while True:
        for name in FILES:
            file = os.path.join(folder, name)
            if os.path.isfile(file) and (name != "pyproject.toml" or _is_ours(file)):
                return file
        folder, previous = os.path.dirname(folder), folder
        if folder == previous:
            return None


def _is_ours(file: str) -> bool:
    try:
        with open(file, "rb") as stream:
            return b"tool.smlint" in stream.read(MAX_BYTES)
    except OSError:
        return False


def load(file: str, root: str, names: Names) -> Config:
    """Read a configuration file; `names` gives the rules and groups there are, own rules' files being known."""
    real = os.path.realpath(file)
    relative = os.path.relpath(real, root).replace(os.sep, "/")
    outside = relative.startswith("../")
    shown = file if outside else relative
    try:
        with open(real, "rb") as stream:
            text = decode(stream.read(MAX_BYTES))
    except OSError as problem:
        raise UsageError(f"{shown}: {cannot_be_read(problem)}") from None
    except UndecodableError as problem:
        raise UsageError(f"{shown}: {problem}") from None
    # An organisation's file outside the repository speaks of the repository's paths.
    base = "" if outside else posixpath.dirname(relative)
    in_pyproject = os.path.basename(real) == "pyproject.toml"
    return parse(Document(shown, text), base, names, root=root, in_pyproject=in_pyproject)


def parse(document: Document, base: str, names: Names, *, root: str = ".", in_pyproject: bool = False) -> Config:
    """The configuration that a TOML document holds; `base` is its folder relative to the root."""
    import tomllib

    try:
        data = tomllib.loads(document.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as problem:
        raise UsageError(f"{document.path}: is no TOML: {_lowered(str(problem))}") from None
    except RecursionError:
        raise UsageError(f"{document.path}: is nested too deeply") from None
    prefix: KeyPath = ("tool", "smlint") if in_pyproject else ()
    for part in prefix:
        data = data.get(str(part), {})
        if not isinstance(data, dict):
            raise UsageError(f"{document.path}: `{part}` must be a table")
    return _Reader(document, base, root, prefix, names).config(data)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


class _Reader:
    """Turns the tables into dataclasses and complains at the line of the key."""

    def __init__(self, document: Document, base: str, root: str, prefix: KeyPath, names: Names) -> None:
        from smlint.config.positions import key_lines

        self.document = document
        self.base = base
        self.root = root
        self.prefix = prefix
        self.names_given = names
        self.known_names: Collection[str] = ()
        self.lines = key_lines(document.text)

    def line(self, path: KeyPath) -> int:
        """The line of a key, of its table where the key itself stands in an inline table."""
        whole = self.prefix + path
        while whole and whole not in self.lines:
            whole = whole[:-1]
        return self.lines.get(whole, 1)

    def fail(self, path: KeyPath, message: str) -> UsageError:
        return UsageError(f"{self.document.path}:{self.line(path)}: {message}")

    def span(self, path: KeyPath) -> Span:
        line = self.line(path)
        start = self.document.line_starts[line - 1]
        return Span(self.document, start, start + max(1, len(self.document.line(line))))

    def check_keys(self, table: Mapping[str, Any], known: tuple[str, ...], path: KeyPath, where: str = "") -> None:
        for key in table:
            if key not in known:
                raise self.fail((*path, key), f"unknown key `{key}`{where}{hint(key, known)}")

    # Values of one kind; `path` leads to the key.
    def text(self, table: Mapping[str, Any], path: KeyPath) -> str | None:
        value = table.get(str(path[-1]))
        if value is not None and not isinstance(value, str):
            raise self.fail(path, f"`{path[-1]}` must be a string")
        return value

    def texts(self, table: Mapping[str, Any], path: KeyPath, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = table.get(str(path[-1]), list(default))
        if not isinstance(value, list) or not all(isinstance(element, str) for element in value):
            raise self.fail(path, f"`{path[-1]}` must be a list of strings")
        return tuple(value)

    def table(self, table: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any]:
        value = table.get(str(path[-1]), {})
        if not isinstance(value, dict):
            raise self.fail(path, f"`{path[-1]}` must be a table")
        return value

    def names(self, values: tuple[str, ...], path: KeyPath) -> tuple[str, ...]:
        for name in values:
            if name not in self.known_names:
                raise self.fail(path, f"`{name}` is neither a rule nor a group{hint(name, self.known_names)}")
        return values

    def level(self, value: object, path: KeyPath, also: tuple[str, ...] = ()) -> Level | None:
        if isinstance(value, str) and value in LEVELS:
            return LEVELS[value]
        if value in also:
            return None
        allowed = (*LEVELS, *also)
        raise self.fail(path, f"`{path[-1]}` must be one of {', '.join(allowed)}{hint(str(value), allowed)}")

    def apis(self, values: tuple[str, ...], path: KeyPath) -> tuple[str, ...]:
        """Names of APIs: a misspelt one would be passed over in silence."""
        from smlint.iam import catalogue
        from smlint.needs import table
        from smlint.values import NO

        for name in values:
            if table.api(name) is None and catalogue.exists(f"sagemaker:{name}") is NO:
                raise self.fail(path, f"`{name}` is no API of SageMaker{hint(name, table.apis())}")
        return values

    def file(self, path: str | None) -> str | None:
        """A path of the configuration relative to the root; ARNs are left alone."""
        if path is None or path.startswith("arn:"):
            return path
        return posixpath.normpath(posixpath.join(self.base, path))

    def place(self, table: Mapping[str, Any], path: KeyPath) -> str | None:
        """An account, region or partition."""
        value = self.text(table, path)
        wrong = wrong_place(str(path[-1]), value) if value is not None else ""
        if wrong:
            raise self.fail(path, f"`{path[-1]}` {wrong}")
        return value

    def config(self, data: Mapping[str, Any]) -> Config:
        self.check_keys(data, KEYS, ())
        rules = self.own_rules(data)
        self.known_names = self.names_given(rules)
        severity = self.table(data, ("severity",))
        for name in severity:
            self.names((name,), ("severity", name))
        ignores = self.table(data, ("per-file-ignores",))
        defaults = Config()
        return Config(
            select=self.names(self.texts(data, ("select",), defaults.select), ("select",)),
            ignore=self.names(self.texts(data, ("ignore",)), ("ignore",)),
            fail_on=self.level(data.get("fail-on", "warning"), ("fail-on",), also=("never",)),
            exclude=self.texts(data, ("exclude",)),
            settings=self.settings(data),
            rules=rules,
            severity={name: self.severity(value, name) for name, value in severity.items()},
            per_file_ignores=tuple(
                (glob, self.names(self.texts(ignores, ("per-file-ignores", glob)), ("per-file-ignores", glob)))
                for glob in ignores
            ),
            roles=self.entries(data, "role", self.role),
            buckets=self.entries(data, "bucket", self.bucket),
            keys=self.entries(data, "key", self.key),
            jobs=self.entries(data, "job", self.job),
            guardrails=self.entries(data, "guardrail", self.guardrail),
            base=self.base,
            path=self.document.path,
        )

    def own_rules(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """The files that the patterns of `rules` mean, relative to the root."""
        import glob

        found: list[str] = []
        for pattern in self.texts(data, ("rules",)):
            whole = posixpath.normpath(posixpath.join(self.base, pattern))
            files = sorted(glob.glob(whole, root_dir=self.root, recursive=True))
            if not files or whole.startswith(("../", "/")):
                raise self.fail(("rules",), f"`{pattern}` matches no file below the root")
            found += files
        return tuple(dict.fromkeys(found))

    def severity(self, value: object, name: str) -> Level:
        return self.level(value, ("severity", name)) or Level.NOTE

    def settings(self, data: Mapping[str, Any]) -> Settings:
        known = {name: self.place(data, (name,)) for name in ("account", "region", "partition")}
        propagation = data.get("trusted-identity-propagation", False)
        if not isinstance(propagation, bool):
            raise self.fail(("trusted-identity-propagation",), "`trusted-identity-propagation` must be true or false")
        places = {name: value for name, value in known.items() if value}
        path: KeyPath = ("assume-apis",)
        return Settings(
            **places,
            parameters=dict(self.table(data, ("parameters",))),
            identity_propagation=propagation,
            assume_apis=self.apis(self.texts(data, path), path) if path[0] in data else Settings().assume_apis,
        )

    def entries(self, data: Mapping[str, Any], name: str, read: Callable[[Any, KeyPath], Any]) -> tuple[Any, ...]:
        tables = data.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.fail((name,), f"`{name}` must be tables written as [[{name}]]")
        for index, table in enumerate(tables):
            self.check_keys(table, ENTRY_KEYS[name], (name, index), f" in [[{name}]]")
        return tuple(read(table, (name, index)) for index, table in enumerate(tables))

    def role(self, table: Mapping[str, Any], path: KeyPath) -> RoleEntry:
        name, arn = self.text(table, (*path, "name")), self.text(table, (*path, "arn"))
        if not name and not arn:
            raise self.fail(path, "[[role]] needs a `name` or an `arn`")
        return RoleEntry(
            self.span(path),
            name=name,
            arn=arn,
            account=self.place(table, (*path, "account")),
            policies=tuple(self.file(policy) or "" for policy in self.texts(table, (*path, "policies"))),
            trust=self.file(self.text(table, (*path, "trust"))),
            boundary=self.file(self.text(table, (*path, "boundary"))),
        )

    def bucket(self, table: Mapping[str, Any], path: KeyPath) -> BucketEntry:
        return BucketEntry(
            self.span(path),
            name=self.required(table, (*path, "name")),
            account=self.place(table, (*path, "account")),
            policy=self.file(self.text(table, (*path, "policy"))),
            kms_key=self.text(table, (*path, "kms-key")),
        )

    def key(self, table: Mapping[str, Any], path: KeyPath) -> KeyEntry:
        policy = self.file(self.text(table, (*path, "policy")))
        return KeyEntry(self.span(path), arn=self.required(table, (*path, "arn")), policy=policy)

    def job(self, table: Mapping[str, Any], path: KeyPath) -> JobEntry:
        api, request = self.text(table, (*path, "api")), self.text(table, (*path, "request"))
        if not api and not request:
            raise self.fail(path, "[[job]] needs an `api` or a `request`")
        if api:
            self.apis((api,), (*path, "api"))
        return JobEntry(
            self.span(path),
            api=api,
            request=self.file(request),
            role=self.text(table, (*path, "role")),
            caller=self.text(table, (*path, "caller")),
        )

    def guardrail(self, table: Mapping[str, Any], path: KeyPath) -> GuardrailEntry:
        kind = self.required(table, (*path, "kind"))
        if kind not in ("scp", "rcp"):
            raise self.fail((*path, "kind"), f"`kind` must be scp or rcp, not `{kind}`")
        return GuardrailEntry(self.span(path), kind, self.file(self.required(table, (*path, "policy"))) or "")

    def required(self, table: Mapping[str, Any], path: KeyPath) -> str:
        value = self.text(table, path)
        if not value:
            raise self.fail(path[:-1], f"[[{path[0]}]] needs `{path[-1]}`")
        return value


ENTRY_KEYS = {
    "role": ("name", "arn", "account", "policies", "trust", "boundary"),
    "bucket": ("name", "account", "policy", "kms-key"),
    "key": ("arn", "policy"),
    "job": ("api", "request", "role", "caller"),
    "guardrail": ("kind", "policy"),
}
KEYS = (
    *("select", "ignore", "fail-on", "exclude", "account", "region", "partition"),
    *("trusted-identity-propagation", "assume-apis", "rules", "parameters", "severity", "per-file-ignores"),
    *ENTRY_KEYS,
)
