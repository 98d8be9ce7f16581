"""Classes of the file that derive from the SDK's estimators: what they accept, pass on and build."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import takewhile

from smlint.facts import EstimatorClass
from smlint.readers.python import signatures
from smlint.readers.python.calling import Calling, bound
from smlint.readers.python.frames import Frame
from smlint.readers.python.sdk import Sdk
from smlint.readers.python.statements import named_parameters
from smlint.readers.python.things import Arguments, LocalClass, LocalFunction, LocalObject, Reference, unknown
from smlint.syntax.python import Place
from smlint.values import Node

_KEYS = frozenset({"output_kms_key", "volume_kms_key"})
DEEPEST = 8


class Classes:
    """Builds objects of the program's own classes: by their __init__, or by what it passes to the SDK's."""

    def __init__(self, sdk: Sdk, calling: Calling) -> None:
        self.sdk = sdk
        self.calling = calling

    def construct(self, cls: LocalClass, arguments: Arguments, node: ast.Call) -> Node:
        """What a call of the class gives: an object of the SDK's class, where it derives from one."""
        origin = Place(self.sdk.document, node)
        *own, base = cls.ancestry()
        if len(self.sdk.walk.passed_on) >= DEEPEST:
            return unknown(f"an object of {cls.definition.name}", origin)
        if not isinstance(base, Reference) or not base.dotted.startswith("sagemaker"):
            return self._object(cls, arguments, origin)
        attributes: dict[str, Node] = {}
        for ancestor in own:
            init = ancestor.method("__init__") if isinstance(ancestor, LocalClass) else None
            if init is not None and isinstance(ancestor, LocalClass):
                arguments, assigned = self._passed_on(init, ancestor, arguments)
                attributes = {**assigned, **attributes}
        made = self.sdk.instance(base.dotted, arguments, origin)
        known = {name: value for name, value in attributes.items() if name in _KEYS or name in made.arguments}
        made.arguments.update(known)
        return made

    def _object(self, cls: LocalClass, arguments: Arguments, origin: Place) -> Node:
        init = cls.find("__init__", None)
        if init is None and cls.attributes_known:
            return _record(cls, arguments, origin)
        made = LocalObject(cls, dict(cls.attributes), origin)
        self.sdk.walk.made(made)
        if init is None:
            return made
        init.owner = made
        self.sdk.walk.passed_on.append(None)
        self.calling.call(init, arguments, origin)
        self.sdk.walk.passed_on.pop()
        return made

    def _passed_on(
        self, init: ast.FunctionDef, cls: LocalClass, arguments: Arguments
    ) -> tuple[Arguments, dict[str, Node]]:
        """What __init__ passes to super().__init__ for these arguments, and what it assigns to self."""
        home = cls.home
        owner = LocalObject(cls, {}, home.place(init))
        self.sdk.walk.made(owner)
        frame = Frame(cls.frame)
        frame.names.update(bound(LocalFunction(init, cls.frame, home, cls.origin, owner), arguments))
        self.sdk.walk.passed_on.append(None)
        home.follow(init.body, frame)
        passed = self.sdk.walk.passed_on.pop()
        return passed or Arguments(open=True), owner.arguments


def _name(base: Reference) -> str:
    return base.dotted.rpartition(".")[2]


def _record(cls: LocalClass, arguments: Arguments, origin: Place) -> Node:
    """An object of a class of mere attributes, as a dataclass is."""
    names = [
        item.target.id
        for item in cls.definition.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]
    given = {**dict(zip(names, arguments.positional, strict=False)), **arguments.keywords}
    return LocalObject(cls, {**cls.attributes, **given}, origin)


def estimator_classes(found: list[LocalClass], sdk: Sdk) -> Iterator[EstimatorClass]:
    """The classes that derive from an estimator of the SDK, directly or through classes of the file."""
    for cls in found:
        *own, base = cls.ancestry()
        if (
            isinstance(base, Reference)
            and base.dotted.startswith("sagemaker.")
            and _name(base) in signatures.ESTIMATORS
        ):
            yield _described(cls, [ancestor for ancestor in own[1:] if isinstance(ancestor, LocalClass)], base, sdk)


def _described(cls: LocalClass, ancestors: list[LocalClass], base: Reference, sdk: Sdk) -> EstimatorClass:
    init = cls.method("__init__")
    described = EstimatorClass(Place(sdk.document, cls.definition), cls.definition.name, (base.dotted,))
    if not all(map(_takes_keys, ancestors)):
        # A class of the file that sees to the keys itself stands between: it is the base that matters.
        described.bases = (ancestors[0].definition.name,)
    if init is None:
        return described
    described.has_init, described.init = True, Place(sdk.document, init)
    described.parameters = (*(parameter.arg for parameter in named_parameters(init)[1:]), *_taken_out(init))
    described.accepts_kwargs = init.args.kwarg is not None
    positions = signatures.positions(_name(base)) if not ancestors else []
    forwarded, described.forwards_kwargs = _forwarded(init, positions)
    described.forwarded = tuple(sorted(forwarded))
    calls = _base_calls(init)
    if len(calls) == 1 and not _taken_out(init):
        described.accepted, described.call = ast.unparse(init.args), ast.unparse(calls[0])
    return described


def _takes_keys(cls: LocalClass) -> bool:
    """Whether the class's own __init__ leaves the two keys to its caller."""
    init = cls.method("__init__")
    if init is None or init.args.kwarg is not None:
        return True
    return {parameter.arg for parameter in named_parameters(init)} >= _KEYS


def _forwarded(init: ast.FunctionDef, positions: list[str]) -> tuple[set[str], bool]:
    """The arguments that __init__ hands to its base's, by name, and whether it hands on unnamed ones too."""
    names: set[str] = set()
    unnamed = False
    own = init.args.kwarg.arg if init.args.kwarg is not None else None
    for call in _base_calls(init):
        by_super = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
        given = call.args if by_super else call.args[1:]
        plain = takewhile(lambda argument: not isinstance(argument, ast.Starred), given)
        names.update(name for name, _ in zip(positions, plain, strict=False))
        names.update(keyword.arg for keyword in call.keywords if keyword.arg is not None)
        for keyword in call.keywords:
            if keyword.arg is None:
                literal = _literal_keys(init, keyword.value, own)
                names.update(literal or ())
                unnamed = unnamed or literal is None
    for node in ast.walk(init):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in _KEYS:
            names.add(node.attr)
    return names, unnamed


def _base_calls(init: ast.FunctionDef) -> list[ast.Call]:
    """The calls of another __init__: of the base's."""
    calls = (node for node in ast.walk(init) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"]


def _taken_out(init: ast.FunctionDef) -> list[str]:
    """The keys that __init__ takes out of its **kwargs in any case: they are as good as named parameters."""
    own = init.args.kwarg.arg if init.args.kwarg is not None else None
    simple = [node for node in init.body if isinstance(node, (ast.Expr, ast.Assign, ast.Delete))]
    taken = []
    for node in (inner for statement in simple for inner in ast.walk(statement)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="pop"), args=[ast.Constant(value=key), *_]):
                taken.append((name, key))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=key), ctx=ast.Del()):
                taken.append((name, key))
    return [str(key) for name, key in taken if name == own and key in _KEYS]


def _literal_keys(init: ast.FunctionDef, value: ast.expr, own: str | None) -> set[str] | None:
    """The keys of a dictionary that __init__ itself writes; None for its **kwargs and for what cannot be told."""
    if isinstance(value, ast.Name) and value.id != own:
        assigned = [
            node.value
            for node in ast.walk(init)
            if isinstance(node, ast.Assign)
            and any(isinstance(to, ast.Name) and to.id == value.id for to in node.targets)
        ]
        touched = any(
            isinstance(node, (ast.Subscript, ast.Attribute))
            and isinstance(node.value, ast.Name)
            and node.value.id == value.id
            for node in ast.walk(init)
        )
        value = assigned[0] if len(assigned) == 1 and not touched else value
    if isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys):
        return {str(key.value) for key in value.keys if isinstance(key, ast.Constant)}
    return None
