"""Data classes that cost nothing until they are used.

A start of smlint defines some 150 data classes and uses a few dozen. The standard library compiles several functions
for each of them at once, which took more time than linting a file. Here `__init__` is compiled when the first instance
is made; comparison, hash and representation need no compilation. What is there means what it means in `dataclasses`,
but that `frozen` is kept by the type checker alone: a check at run time makes every instance three times as dear.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

C = TypeVar("C", bound=type)
T = TypeVar("T")
_MISSING: Any = object()


class _Field:
    """How a member is made and whether it takes part in comparison and representation."""

    __slots__ = ("compare", "default", "factory", "init", "repr")

    def __init__(self, default: Any, factory: Any, compare: bool, init: bool, repr: bool) -> None:
        self.default = default
        self.factory = factory
        self.compare = compare
        self.init = init
        self.repr = repr


def field(
    *,
    default: Any = _MISSING,
    default_factory: Any = _MISSING,
    compare: bool = True,
    init: bool = True,
    repr: bool = True,
) -> Any:
    """A member with more than a plain default."""
    return _Field(default, default_factory, compare, init, repr)


@overload
def dataclass(cls: C, /) -> C: ...
@overload
def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[C], C]: ...
@dataclass_transform(field_specifiers=(field,))
def dataclass(cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True) -> Any:
    """Make a class with annotated members a data class."""

    def make(cls: type) -> type:
        return _made(cls, frozen, slots, eq)

    return make if cls is None else make(cls)


def replace(record: T, /, **changes: Any) -> T:
    """A copy of a record with some members changed."""
    fields: dict[str, _Field] = type(record).__record__  # type: ignore[attr-defined]
    for name, one in fields.items():
        if one.init and name not in changes:
            changes[name] = getattr(record, name)
    return type(record)(**changes)


def _made(cls: type, frozen: bool, slots: bool, eq: bool) -> type:
    own = {name: _own(cls, name) for name in cls.__annotations__}
    fields: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        fields.update(base.__dict__.get("__record__", {}))
    inherited = set(fields)
    fields.update(own)
    body = dict(cls.__dict__)
    for name in (*own, "__dict__", "__weakref__"):
        body.pop(name, None)
    if slots:
        body["__slots__"] = tuple(name for name in own if name not in inherited)
    body["__record__"] = fields
    body["__match_args__"] = tuple(name for name, one in fields.items() if one.init)
    body["__init__"] = _first_init()
    body.setdefault("__repr__", _repr)
    if eq:
        compared = tuple(name for name, one in fields.items() if one.compare)
        body["__eq__"] = _equality(compared)
        if body.get("__hash__") is None:
            body["__hash__"] = _hashing(compared) if frozen else None
    return type(cls)(cls.__name__, cls.__bases__, body)


def _own(cls: type, name: str) -> _Field:
    value = cls.__dict__.get(name, _MISSING)
    return value if isinstance(value, _Field) else _Field(value, _MISSING, True, True, True)


def _first_init() -> Callable[..., None]:
    """An `__init__` that compiles the real one in its place."""

    def initialise(self: Any, *arguments: Any, **named: Any) -> None:
        for cls in type(self).__mro__:
            if cls.__dict__.get("__init__") is initialise:
                real = _compiled(cls.__record__)  # type: ignore[attr-defined]
                cls.__init__ = real  # type: ignore[misc]
                real(self, *arguments, **named)
                return

    return initialise


def _compiled(fields: dict[str, _Field]) -> Callable[..., None]:
    scope: dict[str, Any] = {"_MISSING": _MISSING}
    parameters, lines = ["self"], []
    for name, one in fields.items():
        value = name
        if one.factory is not _MISSING:
            scope[f"_new_{name}"] = one.factory
            value = f"_new_{name}() if {name} is _MISSING else {name}" if one.init else f"_new_{name}()"
            default = "=_MISSING"
        elif one.default is not _MISSING:
            scope[f"_default_{name}"] = one.default
            value = name if one.init else f"_default_{name}"
            default = f"=_default_{name}"
        else:
            default = ""
        if one.init:
            parameters.append(name + default)
        lines.append(f" self.{name} = {value}")
    source = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or [" pass"])
    exec(source, scope)
    made: Callable[..., None] = scope["__init__"]
    return made


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name, one in self.__record__.items() if one.repr)
    return f"{type(self).__qualname__}({shown})"


def _equality(names: tuple[str, ...]) -> Callable[[Any, Any], Any]:
    members = attrgetter(*names) if names else None

    def equal(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or members is None or members(self) == members(other)

    return equal


def _hashing(names: tuple[str, ...]) -> Callable[[Any], int]:
    members = attrgetter(*names) if names else None

    def hashed(self: Any) -> int:
        return hash(members(self)) if members else 0

    return hashed
