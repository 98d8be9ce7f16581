"""What a Python expression can stand for besides plain data: an imported name, an object of the SDK, a class.

They are nodes of unknown value, so one that ends up in a request counts there as unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from smlint.document import Origin
from smlint.record import dataclass, field
from smlint.values import Hole, Node, Template, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.python.frames import Frame
    from smlint.readers.python.interpreter import Interpreter

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

MAX_TEXT = 4_000
MAX_ELEMENTS = 5_000
_V3 = (
    "sagemaker.train.",
    "sagemaker.core.",
    "sagemaker.serve.",
    "sagemaker.mlops.",
    "sagemaker.modules.",
    "sagemaker_core.",
)


class Reference(Node):
    """An imported module, class or function by its dotted name: "sagemaker.estimator.Estimator"."""

    __slots__ = ("dotted",)

    def __init__(self, dotted: str, origin: Origin) -> None:
        super().__init__(Unknown(dotted), origin)
        self.dotted = dotted


@dataclass(slots=True)
class Arguments:
    """The arguments of a call.

    open: there may be more (`**settings`, `*parts` of something unknown). loaded: the mapping in another file that all
    named ones are taken from.
    """

    positional: list[Node] = field(default_factory=list)
    keywords: dict[str, Node] = field(default_factory=dict)
    open: bool = False
    loaded: Origin | None = None

    def get(self, name: str, position: int = -1) -> Node | None:
        """The argument given by name or at a position."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[position] if 0 <= position < len(self.positional) else None


class Instance(Node):
    """An object: the dotted name of its class, the arguments it was built with, by name.

    name:  the variable it was first assigned to.
    open:  there may be more arguments.
    started: it has been started (`fit`, `run`) or handed to something that starts it.
    """

    __slots__ = ("arguments", "dotted", "name", "started")

    def __init__(self, dotted: str, arguments: dict[str, Node], origin: Origin, open: bool = False) -> None:
        super().__init__(Unknown(f"an object of {dotted}"), origin, open=open)
        self.dotted = dotted
        self.arguments = arguments
        self.name = ""
        self.started = False

    @property
    def cls(self) -> str:
        """The last part of the class's name."""
        return self.dotted.rpartition(".")[2]

    @property
    def title(self) -> str:
        """What a message calls it: its variable, the name it was given, its class."""
        given = self.argument("base_job_name") or self.argument("name")
        return self.name or (str(given.text) if given is not None and given.text else self.cls)

    @property
    def generation(self) -> str:
        """The version of the SDK that the class belongs to."""
        return "v3" if self.dotted.startswith(_V3) else "v2"

    def argument(self, name: str) -> Node | None:
        """An argument, None where it is absent or None."""
        found = self.arguments.get(name)
        return None if found is None or found.value is None else found

    def instance(self, name: str) -> Instance | None:
        """An argument that is itself an object."""
        found = self.arguments.get(name)
        return found if isinstance(found, Instance) else None


class LibraryObject(Instance):
    """An object of the standard library; no request has it as a structure."""

    __slots__ = ()


class LocalFunction(Node):
    """A function of the program. frame: where it is defined; home: what walks its module; owner: of a method."""

    __slots__ = ("definition", "frame", "home", "owner")

    def __init__(
        self, definition: Function, frame: Frame, home: Interpreter, origin: Origin, owner: Node | None = None
    ) -> None:
        super().__init__(Unknown(f"function {definition.name}"), origin)
        self.definition = definition
        self.frame = frame
        self.home = home
        self.owner = owner


class LocalModule(Node):
    """A module of the repository. path: of its file or folder without the suffix; frame: its names."""

    __slots__ = ("frame", "path")

    def __init__(self, path: str, frame: Frame, origin: Origin) -> None:
        super().__init__(Unknown(f"module {path}"), origin)
        self.path = path
        self.frame = frame


class LocalClass(Node):
    """A class of the program. bases: what its bases stand for; frame: where it is defined; attributes: its own names.

    Only the attributes of a class without bases are known: an enumeration or a settings class makes more of them.
    """

    __slots__ = ("attributes", "attributes_known", "bases", "definition", "frame", "home", "owner")

    def __init__(
        self, definition: ast.ClassDef, bases: list[Node], frame: Frame, home: Interpreter, origin: Origin
    ) -> None:
        super().__init__(Unknown(f"class {definition.name}"), origin)
        self.definition = definition
        self.bases = bases
        self.frame = frame
        self.home = home
        self.attributes: dict[str, Node] = {}
        self.attributes_known = False
        self.owner: LocalObject | None = None  # the object that its methods are walked with

    def ancestry(self) -> Iterator[LocalClass | Reference]:
        """The class and its first bases, up to the first that is not of this file."""
        seen: set[int] = set()
        current: Node | None = self
        while isinstance(current, LocalClass) and id(current) not in seen:
            seen.add(id(current))
            yield current
            current = next((base for base in current.bases if isinstance(base, (LocalClass, Reference))), None)
        if isinstance(current, Reference):
            yield current

    def method(self, name: str) -> ast.FunctionDef | None:
        """A method that the class itself defines."""
        found = (item for item in self.definition.body if isinstance(item, ast.FunctionDef) and item.name == name)
        return next(found, None)

    def find(self, name: str, owner: Node | None) -> LocalFunction | None:
        """A method of the class or of its bases in the program, for an object."""
        for cls in self.ancestry():
            found = cls.method(name) if isinstance(cls, LocalClass) else None
            if found is not None and isinstance(cls, LocalClass):
                return cls.bound(found, owner)
        return None

    def bound(self, method: Function, owner: Node | None) -> LocalFunction:
        """A method with what it is called on: the object, the class, or nothing."""
        how = decorators(method)
        owner = None if "staticmethod" in how else self if "classmethod" in how else owner
        return LocalFunction(method, self.frame, self.home, self.home.place(method), owner)


def decorators(definition: Function) -> set[str]:
    """The last names of a function's decorators; "" for one that is no name."""
    plain = [one.func if isinstance(one, ast.Call) else one for one in definition.decorator_list]
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in plain}


class LocalObject(Instance):
    """An object of a class of the program; its arguments are its attributes."""

    __slots__ = ("made_of", "several")

    def __init__(self, made_of: LocalClass, attributes: dict[str, Node], origin: Origin) -> None:
        super().__init__(f"<{made_of.definition.name}>", attributes, origin, open=True)
        self.made_of = made_of
        self.several: frozenset[str] = frozenset()  # attributes that several methods set


def names_of(holder: LocalObject | LocalClass | LocalModule) -> dict[str, Node]:
    """What the attributes of an object, class or module stand for."""
    if isinstance(holder, LocalObject):
        return holder.arguments
    return holder.attributes if isinstance(holder, LocalClass) else holder.frame.names


def forget(holder: Node) -> None:
    """Nothing that is known of an object's attributes holds any more."""
    if isinstance(holder, (LocalObject, LocalClass, LocalModule)):
        doubt(names_of(holder))


def doubt(names: dict[str, Node]) -> None:
    """No member or attribute is certain any more."""
    names.update({name: unknown(f"{name} may be set anew", value.origin) for name, value in names.items()})


# What stays itself wherever it goes.
OBJECTS = (Reference, Instance, LocalClass, LocalFunction, LocalModule)


def hole(node: Node, label: str = "") -> Hole:
    """The hole for a value that is not known: two uses of one value are the same hole."""
    document, (start, _) = node.origin.document, node.origin.offsets()
    why = node.value.why if isinstance(node.value, Unknown) else ""
    return Hole(f"python:{document.path}:{start}", label=label or why or "value")


def text_or_hole(node: Node, label: str = "") -> Text | Hole:
    """The value as text: numbers and booleans as Python prints them, the unknown as a hole."""
    if node.text is not None:
        return node.text
    if isinstance(node.value, (bool, int, float)) or node.value is None:
        return str(node.value)
    return hole(node, label)


def text_with(parts: Iterable[Text | Hole], origin: Origin) -> Node:
    """A text node of the parts; unknown where it would be longer than any text has reason to be."""
    every = list(parts)
    if sum(_size(part) for part in every) > MAX_TEXT:
        return unknown("a text that is too long", origin)
    return Node(join(every), origin)


def _size(part: Text | Hole) -> int:
    if isinstance(part, str):
        return len(part)
    return 1 if isinstance(part, Hole) else sum(map(_size, part.parts))


def named_unknown(name: str, origin: Origin, like: str = "*", label: str = "") -> Node:
    """A text of which only the name is known."""
    return Node(Template((Hole(name, like=like, label=label),)), origin)


def unknown(why: str, origin: Origin) -> Node:
    return Node(Unknown(why), origin)
