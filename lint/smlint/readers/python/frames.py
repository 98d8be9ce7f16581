"""What a walk through a program keeps: the names of each module and function, and how far it has come."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smlint.facts import Workload
from smlint.record import dataclass, field
from smlint.values import Node, Unknown

if TYPE_CHECKING:
    from smlint.readers.python.things import Arguments, Instance


MAX_STEPS = 400_000
MAX_ASIDE = 200_000
MAX_DEPTH = 90


class Frame:
    """The names of a module, function or class; what is not here is looked up in the enclosing one.

    A branch that is being walked writes into a layer of its own.

    shared:   the names that other functions set too.
    returned: what a call's `return` statements have given so far; None where no call is being followed.
    done:     nothing of the body that is being walked comes after this.
    """

    __slots__ = ("_layers", "done", "outer", "returned", "shared", "stars")

    def __init__(self, outer: Frame | None = None) -> None:
        self._layers: list[dict[str, Node]] = [{}]
        self.outer = outer
        self.shared: frozenset[str] = frozenset()
        self.returned: list[Node] | None = None
        self.done = False
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

    def doubt(self, why: str) -> None:
        """Nothing that the names stand for so far is certain any more; what was imported or defined is."""
        for name in {name for layer in self._layers for name in layer}:
            value = self.own(name)
            if value is not None and type(value) is Node:
                self.names[name] = Node(Unknown(why), value.origin)

    def enter(self) -> None:
        """Begin a branch."""
        self._layers.append({})

    def leave(self) -> dict[str, Node]:
        """End a branch; what it has set."""
        return self._layers.pop()


@dataclass(slots=True)
class Walk:
    """What is shared by the modules of a program while they are walked.

    left:      the steps that may still be gone; other: those of calls and imports, or of the program around them.
    depth:     how deep the walk is.
    calls:     the calls that are being followed, the innermost last.
    quiet:     above zero, what is started does not count: a call or an imported module is being followed.
    dead:      above zero, a branch that is never gone is being walked.
    branch:    the innermost branch, 0 outside of all; branches: how many there have been.
    cut:       something was passed over.
    born:      in which branch a thing was made, by its identity.
    things:    the objects that can be started.
    passed_on: what the __init__ that is being followed has passed to its base's, the innermost last.
    environment: the variables with which the program is known to run.
    workloads: what is started; steps: those of them that a pipeline starts.
    """

    left: int = MAX_STEPS
    other: int = MAX_ASIDE
    depth: int = 0
    quiet: int = 0
    dead: int = 0
    branch: int = 0
    branches: int = 0
    cut: bool = False
    calls: list[ast.AST] = field(default_factory=list)
    born: dict[int, tuple[object, int]] = field(default_factory=dict)
    things: list[Instance] = field(default_factory=list)
    passed_on: list[Arguments | None] = field(default_factory=list)
    environment: Mapping[str, Node] = field(default_factory=dict)
    workloads: list[Workload] = field(default_factory=list)
    steps: list[Workload] = field(default_factory=list)

    def may_go_on(self) -> bool:
        """Whether something of the budget is left."""
        return self.left > 0 and self.depth <= MAX_DEPTH

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Walk aside, and take back what was started there."""
        before = {id(thing) for thing in self.things if thing.started}
        self.aside(1)
        yield
        self.aside(-1)
        for thing in self.things:
            thing.started = id(thing) in before

    def aside(self, way: int) -> None:
        """Begin (1) or end (-1) to follow a call or an import, which has a budget of its own."""
        outermost = 0 if way > 0 else 1
        if self.quiet == outermost:
            self.left, self.other = self.other, self.left
        self.quiet += way

    def made(self, node: Node) -> None:
        """Note in which branch something that can change was made."""
        thing = _changeable(node)
        self.born.setdefault(id(thing), (thing, self.branch))

    def perhaps(self, holder: Node) -> bool:
        """Whether a change made here may not happen: the holder was made outside the branch that is being walked."""
        return self.branch != 0 and self.born.get(id(_changeable(holder)), (None, 0))[1] != self.branch

    def enter(self) -> int:
        """Begin a branch; the one around it."""
        outer, self.branches = self.branch, self.branches + 1
        self.branch = self.branches
        return outer


def _changeable(node: Node) -> object:
    """What of a value changes in place: an object itself, the dictionary or list that several nodes may hold."""
    return node.value if isinstance(node.value, (dict, list)) else node
