"""Reads the needs files. What is wrong in one is said with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from smlint.needs.access import By, Need
from smlint.needs.conditions import TESTS
from smlint.needs.subjects import KINDS
from smlint.needs.table import (
    Action,
    Api,
    Bundle,
    Condition,
    Equivalents,
    Field,
    RoleField,
    TableError,
    Through,
)

if TYPE_CHECKING:
    from pathlib import Path

_T = TypeVar("_T")
_NEEDS = {need.value: need for need in Need}
_BY = {"role": By.ROLE, "caller": By.CALLER, "either": By.EITHER}
_PAGES = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_OF = {"": "", **{of: of for of in KINDS}}


class _FaultError(Exception):
    """What is wrong, and the way to it from the file's root."""

    def __init__(self, message: str, *way: str | int) -> None:
        super().__init__(message)
        self.way = way


class _Table:
    """A mapping of a needs file, whose members must all be taken."""

    def __init__(self, value: Any, *way: str | int) -> None:
        if not isinstance(value, dict):
            raise _FaultError("a mapping is expected", *way)
        self.value, self.way, self.taken = value, way, set[str]()

    def take(self, name: str, kind: type[_T], default: _T | None = None) -> _T:
        self.taken.add(name)
        if name not in self.value and default is not None:
            return default
        if name not in self.value:
            raise _FaultError(f"`{name}` is missing", *self.way)
        value = self.value[name]
        if not isinstance(value, kind):
            raise _FaultError(f"`{name}` must be a {kind.__name__}", *self.way, name)
        return value

    def choice(self, name: str, choices: Mapping[str, _T]) -> _T | None:
        self.taken.add(name)
        if name not in self.value:
            return None
        if not isinstance(self.value[name], str) or self.value[name] not in choices:
            raise _FaultError(f"`{name}` must be one of {', '.join(choices)}", *self.way, name)
        return choices[self.value[name]]

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.take(name, list, [])
        if not all(isinstance(text, str) for text in found):
            raise _FaultError(f"`{name}` must be a list of texts", *self.way, name)
        return tuple(found)

    def tables(self, name: str) -> Iterator[_Table]:
        for index, value in enumerate(self.take(name, list, [])):
            yield _Table(value, *self.way, name, index)

    def remarks(self, *names: str) -> None:
        """Texts that are there for whoever reads the file."""
        for name in names:
            self.take(name, str, "")

    def sources(self) -> str:
        """Pages of the developer guide by their name, anything else as it stands."""
        pages = (text if " " in text or ":" in text else f"{_PAGES}{text}.html" for text in self.texts("source"))
        return ", ".join(pages)

    def done(self) -> None:
        for name in self.value:
            if name not in self.taken:
                known = ", ".join(sorted(self.taken))
                raise _FaultError(f"`{name}` is not known here; known are {known}", *self.way, name)


def load_api(path: Path, equivalents: Equivalents) -> Api:
    """The API that a file describes."""
    return _load(path, lambda value: _api(_Table(value), equivalents))


def load_bundles(path: Path) -> dict[str, Bundle]:
    """The bundles of the bundle file."""
    return _load(path, lambda value: {name: _bundle(name, _Table(body, name)) for name, body in _mapping(value)})


def load_equivalents(path: Path) -> dict[str, Equivalents]:
    """The names of all APIs elsewhere."""
    return _load(path, lambda value: {name: _equivalents(_Table(body, name)) for name, body in _mapping(value)})


def _load(path: Path, build: Callable[[Any], _T]) -> _T:
    import yaml

    text = path.read_text(encoding="utf-8")
    try:
        return build(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TableError(f"{path.name}:{line}: {error.problem}") from None
    except _FaultError as fault:
        raise TableError(f"{path.name}:{_line(text, fault.way)}: {fault}") from None


def _line(text: str, way: tuple[str | int, ...]) -> int:
    """The line of the value at a way; the nearest one above where the way ends early."""
    import yaml

    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 0
    for step in way:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            key, node = next(pair for pair in node.value if pair[0].value == step)
            line = key.start_mark.line
    return line + 1


def _mapping(value: Any) -> Iterator[tuple[str, Any]]:
    return iter(_Table(value).value.items())


def _api(table: _Table, equivalents: Equivalents) -> Api:
    role = _Table(table.take("role", dict), "role")
    trust = _Table(table.take("trust", dict), "trust")
    caller = _Table(table.take("caller", dict), "caller")
    found = Api(
        name=table.take("api", str),
        service=table.take("service", str, "sagemaker"),
        roles=tuple(_role(part) for part in role.tables("fields")),
        through=tuple(_through(part) for part in role.tables("through")),
        trust=trust.texts("principals"),
        source_arn=trust.take("source-arn", str, ""),
        pass_role=caller.take("pass-role", bool, False),
        passed_to_service=caller.take("passed-to-service", str, "sagemaker.amazonaws.com"),
        log_groups=table.texts("log-groups"),
        network=table.texts("network"),
        always=table.texts("always"),
        fields=(*(_field(part) for part in table.tables("fields")), *_grouped(table)),
        equivalents=equivalents,
    )
    table.remarks("about")
    role.take("required", bool, False)
    for part in (role, trust, caller, table):
        part.done()
    return found


def _role(table: _Table) -> RoleField:
    path = table.take("path", str)
    role = RoleField(path, table.take("other", str, ""), *_elsewhere(table, path))
    table.done()
    return role


def _through(table: _Table) -> Through:
    through = Through(table.take("field", str), table.take("api", str), table.take("role", str, ""))
    table.done()
    return through


def _elsewhere(table: _Table, path: str) -> tuple[str | None, str | None]:
    """The path in CloudFormation (by default the API's) and in Terraform (by default its snake case)."""
    from smlint.needs.spelling import terraform_path

    table.taken |= {"cloudformation", "terraform"}
    cloudformation = table.value.get("cloudformation", path)
    terraform = table.value.get("terraform", terraform_path(path))
    return cloudformation, terraform


def _grouped(table: _Table) -> Iterator[Field]:
    """The fields of the groups: what stands alike under several fields of the request, written once."""
    for group in table.tables("groups"):
        for under in group.tables("under"):
            prefix, terraform = under.take("path", str), under.take("terraform", str, "")
            under.done()
            for part in group.tables("fields"):
                yield _field(_Table(_under(part, prefix, terraform), *part.way))
        group.done()


def _under(part: _Table, prefix: str, terraform: str) -> dict[str, Any]:
    """A group's field with its paths taken from the request's root."""
    from smlint.needs.spelling import terraform_path

    moved = dict(part.value)
    for name in ("path", "key", "cloudformation"):
        if isinstance(moved.get(name), str):
            moved[name] = f"{prefix}.{moved[name]}"
    if isinstance(part.value.get("when"), list):
        moved["when"] = [_condition_under(condition, prefix) for condition in part.value["when"]]
    if moved.get("terraform", "") is not None:
        own = moved.get("terraform") or terraform_path(str(part.value.get("path")))
        moved["terraform"] = f"{terraform or terraform_path(prefix)}.{own}"
    return moved


def _condition_under(condition: Any, prefix: str) -> Any:
    if not isinstance(condition, dict) or not isinstance(condition.get("field"), str):
        return condition
    return {**condition, "field": f"{prefix}.{condition['field']}"}


def _field(table: _Table) -> Field:
    path = table.take("path", str)
    cloudformation, terraform = _elsewhere(table, path)
    found = Field(
        path=path,
        bundles=table.texts("needs"),
        actions=tuple(_action(part) for part in table.tables("actions")),
        of=table.choice("of", _OF) or "",
        when=tuple(_condition(part) for part in table.tables("when")),
        follow=table.texts("follow"),
        key=table.take("key", str, ""),
        role=table.take("role", str, ""),
        need=table.choice("need", _NEEDS),
        by=table.choice("by", _BY),
        cloudformation=cloudformation,
        terraform=terraform,
        source=table.sources(),
    )
    table.remarks("about")
    table.done()
    return found


def _condition(table: _Table) -> Condition:
    tests = [name for name in TESTS if name in table.value]
    if len(tests) != 1:
        raise _FaultError(f"a condition has exactly one of {', '.join(TESTS)}", *table.way)
    table.taken |= {tests[0], "default"}
    condition = Condition(tests[0], table.value[tests[0]], table.take("field", str, ""), table.value.get("default"))
    if tests[0] in ("one-of", "not-one-of", "contains", "not-contains") and not isinstance(condition.value, list):
        raise _FaultError(f"`{tests[0]}` must be a list", *table.way, tests[0])
    table.done()
    return condition


def _bundle(name: str, table: _Table) -> Bundle:
    bundle = Bundle(
        name=name,
        of=table.choice("of", _OF) or "",
        actions=tuple(_action(part) for part in _spelled_out(table)),
        includes=table.texts("includes"),
        by=table.choice("by", _BY) or By.ROLE,
        via=table.texts("via"),
    )
    table.remarks("about")
    table.done()
    return bundle


def _spelled_out(table: _Table) -> Iterator[_Table]:
    """The actions of a bundle with what the bundle says once for all of them; an action alone may be a plain text."""
    shared = {name: table.value[name] for name in ("resource", "kind", "need", "source") if name in table.value}
    table.taken |= set(shared)
    for index, value in enumerate(table.take("actions", list)):
        own = {"action": value} if isinstance(value, str) else value
        yield _Table({**shared, **own} if isinstance(own, dict) else own, *table.way, "actions", index)


def _action(table: _Table) -> Action:
    need = table.choice("need", _NEEDS)
    if need is None:
        raise _FaultError("`need` is missing", *table.way)
    action = Action(
        action=table.take("action", str),
        resource=table.take("resource", str),
        kind=table.take("kind", str),
        need=need,
        by=table.choice("by", _BY),
        source=table.sources(),
        passed_to=table.take("passed-to", str, ""),
    )
    table.remarks("note")
    table.done()
    return action


def _equivalents(table: _Table) -> Equivalents:
    found = Equivalents(
        cloudformation=table.take("cloudformation", str, "") or None,
        terraform=table.take("terraform", str, "") or None,
        pipeline_steps=table.texts("pipeline-steps"),
        also=table.texts("also"),
    )
    table.done()
    return found
