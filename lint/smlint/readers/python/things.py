"""What a Python expression can stand for besides plain data: an imported name, an object of the SDK, a class.

They are nodes of unknown value, so one that ends up in a request counts there as unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from smlint.document import Origin
from smlint.record import dataclass, field
from smlint.values import Hole, Node, Template, Text, Unknown, join

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


class Frame:
    """The names of a module, function or class; what is not here is looked up in the enclosing one.

    A branch that is being walked writes into a layer of its own. shared: the names that other functions set too.
    """

    __slots__ = ("_layers", "outer", "shared", "stars")

    def __init__(self, outer: Frame | None = None) -> None:
        self._layers: list[dict[str, Node]] = [{}]
        self.outer = outer
        self.shared: frozenset[str] = frozenset()
        self.stars: list[str] = list(outer.stars) if outer is not None else []

    @property
    def names(self) -> dict[str, Node]:
        """The names that the innermost branch has set; all, where no branch is being walked."""
        return self._layers[-1]

    def own(self, name: str) -> Node | None:
        """What the name stands for in this frame."""
        return next((layer[name] for layer in reversed(self._layers) if name in layer), None)

    def find(self, name: str) -> Node | None:
        """What the name stands for here or further out."""
        frame: Frame | None = self
        while frame is not None:
            found = frame.own(name)
            if found is not None:
                return found
            frame = frame.outer
        return None

    def enter(self) -> None:
        """Begin a branch."""
        self._layers.append({})

    def leave(self) -> dict[str, Node]:
        """End a branch; what it has set."""
        return self._layers.pop()


class Reference(Node):
    """An imported module, class or function by its dotted name: "sagemaker.estimator.Estimator"."""

    __slots__ = ("dotted",)

    def __init__(self, dotted: str, origin: Origin) -> None:
        super().__init__(Unknown(dotted), origin)
        self.dotted = dotted


@dataclass(slots=True)
class Arguments:
    """The arguments of a call. open: there may be more (`**settings`, `*parts` of something unknown)."""

    positional: list[Node] = field(default_factory=list)
    keywords: dict[str, Node] = field(default_factory=dict)
    open: bool = False

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


class LocalClass(Node):
    """A class of the file. bases: what its bases stand for; frame: where it is defined; attributes: its own names.

    Only the attributes of a class without bases are known: an enumeration or a settings class makes more of them.
    """

    __slots__ = ("attributes", "bases", "definition", "frame")

    def __init__(self, definition: ast.ClassDef, bases: list[Node], frame: Frame, origin: Origin) -> None:
        super().__init__(Unknown(f"class {definition.name}"), origin)
        self.definition = definition
        self.bases = bases
        self.frame = frame
        self.attributes: dict[str, Node] = {}

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
