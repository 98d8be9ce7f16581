"""Calls of the program's own functions: what they give back, and what their parameters stand for.

A call is followed through the function's body, a few levels deep. In the program's own module what is started there
does not count: the body itself is walked once, and for that a parameter stands for what all calls give it. What a
function of another module starts counts for the program that calls it; only a test's calls are none of a program.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from smlint.document import Origin
from smlint.readers.python.copies import copied
from smlint.readers.python.frames import Frame, Walk
from smlint.readers.python.statements import named_parameters
from smlint.readers.python.things import Arguments, Function, LocalFunction, LocalObject, decorators, unknown
from smlint.readers.python.truths import one
from smlint.values import Node

MOST_NESTED = 6
MOST_CALLS = 2_000
_HARMLESS = frozenset({"staticmethod", "classmethod", "property", "cache", "lru_cache", "cached_property"})


class Calling:
    """Follows the calls of one program and remembers with which arguments each function is called."""

    def __init__(self, walk: Walk, most: int, program: str) -> None:
        self.walk = walk
        self.most = most
        self.program = program
        self._tested = _is_test(program)
        self._noted: dict[int, list[tuple[LocalFunction, Arguments]]] = {}
        self._count = 0

    def call(self, function: LocalFunction, arguments: Arguments, origin: Origin) -> Node:
        """What a call gives; unknown where it is not followed, or where it depends."""
        walk, definition = self.walk, function.definition
        if not walk.quiet and not walk.dead:
            self._noted.setdefault(id(definition), []).append((function, _kept(arguments)))
        self._count += 1
        too_much = len(walk.calls) >= MOST_NESTED or self._count > self.most
        if too_much or definition in walk.calls or decorators(definition) - _HARMLESS:
            return lost(arguments, f"the result of {definition.name}()", origin)
        frame = Frame(function.frame)
        frame.shared = function.home.nonlocals
        frame.names.update(bound(function, arguments))
        frame.returned = []
        cut, walk.cut = walk.cut, False
        walk.calls.append(definition)
        if self._counts_later(function):
            with walk.uncounted():
                function.home.block(definition.body, frame)
        else:
            function.home.block(definition.body, frame)
        walk.calls.pop()
        whole, walk.cut = not walk.cut, walk.cut or cut
        ends = frame.returned if frame.done else [*frame.returned, Node(None, origin)]
        found = one(ends) if whole else None
        return found if found is not None else lost(arguments, f"the result of {definition.name}()", origin)

    def _counts_later(self, function: LocalFunction) -> bool:
        """Whether what the call starts is not to be counted now, and would be."""
        own = function.home.document.path == self.program
        return not self.walk.quiet and (own or self._tested or self.walk.dead > 0)

    def parameters(self, function: LocalFunction) -> dict[str, Node]:
        """What the parameters stand for when the body is walked: what all calls give, else unknown."""
        calls = [bound(called, arguments) for called, arguments in self._noted.get(id(function.definition), ())]
        found = {}
        for parameter in _parameters(function.definition):
            name, place = parameter.arg, function.home.place(parameter)
            agreed = one([call[name] for call in calls if name in call])
            found[name] = copied(agreed) if agreed is not None else unknown(f"parameter {name}", place)
        if function.owner is not None and function.definition.args.args:
            found[function.definition.args.args[0].arg] = function.owner
        return found


def _is_test(path: str) -> bool:
    *folders, name = path.split("/")
    return name.startswith(("test_", "conftest")) or "_test." in name or not {"test", "tests"}.isdisjoint(folders)


def lost(arguments: Arguments, why: str, origin: Origin) -> Node:
    """The result of a call that is not followed, which may add to what it is given."""
    for given in (*arguments.positional, *arguments.keywords.values()):
        given.open = given.open or given.mapping is not None or given.sequence is not None
    return unknown(why, origin)


def _kept(arguments: Arguments) -> Arguments:
    """The arguments as they are now."""
    keywords = {name: copied(value) for name, value in arguments.keywords.items()}
    return Arguments([copied(value) for value in arguments.positional], keywords, arguments.open)


def _parameters(function: Function) -> Iterable[ast.arg]:
    every = (*named_parameters(function), function.args.vararg, function.args.kwarg)
    return (parameter for parameter in every if parameter is not None)


def bound(function: LocalFunction, arguments: Arguments) -> dict[str, Node]:
    """The parameters' values for a call; defaults count where nothing else can be given."""
    parameters, place = function.definition.args, function.home.place(function.definition)
    names = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    positional = [*([function.owner] if function.owner is not None else []), *arguments.positional]
    keywords = dict(arguments.keywords)
    found = dict(zip(names, positional, strict=False))
    defaults = dict(zip(reversed(names), reversed(parameters.defaults), strict=False))
    for parameter, given in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
        names.append(parameter.arg)
        if given is not None:
            defaults[parameter.arg] = given
    for name in names:
        if name in found:
            continue
        default = defaults.get(name)
        if name in keywords:
            found[name] = keywords.pop(name)
        elif default is None or arguments.open:
            found[name] = unknown(f"parameter {name}", place)
        else:
            found[name] = function.home.value(default, function.frame)
    if parameters.kwarg is not None:
        found[parameters.kwarg.arg] = Node(keywords, place, open=arguments.open)
    if parameters.vararg is not None:
        rest = positional[len(names) - len(parameters.kwonlyargs) :]
        found[parameters.vararg.arg] = Node(list(rest), place, open=arguments.open)
    return found


def property_of(holder: LocalObject, name: str) -> LocalFunction | None:
    """The method behind an attribute that is computed."""
    found = holder.made_of.find(name, holder)
    return found if found is not None and decorators(found.definition) & {"property", "cached_property"} else None
