"""A request under construction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from smlint.document import Origin
from smlint.readers import api as apis
from smlint.readers.python.things import OBJECTS, Instance, LibraryObject, LocalObject, unknown
from smlint.values import Node, Value

DEEPEST = 40
MOST = 20_000


class Draft:
    """Builds a request member by member; every member keeps its own place."""

    def __init__(self, origin: Origin, open: bool = False) -> None:
        self.node = Node({}, origin, open=open)

    def put(self, path: str, value: Node | None) -> None:
        """Set a member ("OutputDataConfig.KmsKeyId"); one that is absent or None is not sent."""
        if value is None or value.value is None:
            return
        *steps, last = path.split(".")
        members = self.node.mapping
        for step in steps:
            members = self._inner(members, step, value.origin)
        if members is not None:
            members[last] = value

    def _inner(self, members: dict[str, Node] | None, step: str, origin: Origin) -> dict[str, Node] | None:
        if members is None:
            return None
        return members.setdefault(step, Node({}, origin)).mapping

    def set(self, path: str, value: Value) -> None:
        """Set a member that the SDK adds by itself."""
        self.put(path, Node(value, self.node.origin))

    def copy(self, instance: Instance, members: Mapping[str, str]) -> None:
        """Set the members that an object's arguments stand for."""
        for argument, path in members.items():
            value = instance.argument(argument)
            self.put(path, shaped(value) if value is not None else None)


def shaped(node: Node) -> Node:
    """An object of the SDK that mirrors a shape of the API, as that shape: `s3_uri` becomes `S3Uri`.

    The result is a tree of bounded size, whatever the program nests into what.
    """
    return _shaped(node, 0, count())


def _shaped(node: Node, depth: int, made: Iterator[int]) -> Node:
    if depth > DEEPEST or next(made) > MOST:
        return unknown("nested too deeply", node.origin)
    if isinstance(node, Instance) and not isinstance(node, (LocalObject, LibraryObject)):
        members = {apis.spell(name): value for name, value in node.arguments.items() if value.value is not None}
        shape = {name: _shaped(value, depth + 1, made) for name, value in members.items()}
        return Node(shape, node.origin, open=node.open)
    if isinstance(node, OBJECTS):
        return Node(node.value, node.origin)
    if node.sequence is not None:
        return node.with_value([_shaped(element, depth + 1, made) for element in node.sequence])
    if node.mapping is not None:
        return node.with_value({name: _shaped(member, depth + 1, made) for name, member in node.items()})
    return node
