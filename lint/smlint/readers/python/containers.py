"""Lists and dictionaries of a program: what their methods give, and what of them is certain after a change."""

from __future__ import annotations

from smlint.readers.python.things import MAX_ELEMENTS, Arguments, doubt, unknown
from smlint.values import Node

CHANGES = frozenset({"update", "setdefault", "pop", "popitem", "clear", "append", "extend", "insert", "remove"})
_GROWS = frozenset({"append", "extend", "insert"})


def method(receiver: Node, name: str, arguments: Arguments) -> Node | None:
    """The result of a method of a list or dictionary, which may change it; None where it cannot be told."""
    if receiver.mapping is not None:
        return _of_mapping(receiver, receiver.mapping, name, arguments)
    if receiver.sequence is not None:
        _of_sequence(receiver, receiver.sequence, name, arguments)
    return None


def _of_mapping(receiver: Node, members: dict[str, Node], name: str, arguments: Arguments) -> Node | None:
    given = arguments.positional[0] if arguments.positional else None
    key = given.literal if given is not None else None
    if name == "copy":
        return Node(dict(members), receiver.origin, open=receiver.open)
    if name == "get" and key in members:
        return members[key]
    if name in ("keys", "values", "items"):
        return _listed(receiver, members, name)
    if name == "setdefault" and key is not None and len(arguments.positional) == 2:
        return members.setdefault(key, arguments.positional[1])
    if name == "pop" and key is not None:
        return members.pop(key, None)
    if name == "update":
        receiver.open |= put_arguments(members, arguments)
    elif name == "clear":
        members.clear()
        receiver.open = False
    elif name in CHANGES:
        doubt(members)
        receiver.open = receiver.open or name == "setdefault"
    return None


def _listed(receiver: Node, members: dict[str, Node], name: str) -> Node:
    """The keys, values or items of a dictionary."""
    keys = [Node(key, value.key or receiver.origin) for key, value in members.items()]
    values = list(members.values())
    items = [Node([key, value], value.origin) for key, value in zip(keys, values, strict=True)]
    return Node({"keys": keys, "values": values, "items": items}[name], receiver.origin, open=receiver.open)


def put_arguments(members: dict[str, Node], arguments: Arguments) -> bool:
    """Put in what `dict()` or `update()` is given; whether there may be more."""
    more = any(put_all(members, given) for given in arguments.positional[:1])
    if arguments.open:
        doubt(members)
    members.update(arguments.keywords)
    return more or arguments.open


def put_all(members: dict[str, Node], more: Node) -> bool:
    """Put another mapping's members in; whether it may hold further ones: nothing before them is certain then."""
    whole = more.mapping is not None and not more.open
    if not whole:
        doubt(members)
    members.update(more.mapping or {})
    return not whole


def _of_sequence(receiver: Node, elements: list[Node], name: str, arguments: Arguments) -> None:
    given = arguments.positional[0] if arguments.positional else None
    if name == "append" and given is not None:
        elements.append(given)
    elif name == "extend" and given is not None:
        more = given.sequence
        receiver.open = receiver.open or more is None or given.open or len(elements) + len(more) > MAX_ELEMENTS
        elements.extend(more[: MAX_ELEMENTS - len(elements)] if more is not None else [])
    elif name == "clear":
        elements.clear()
        receiver.open = False
    elif name in CHANGES:
        _lose(receiver, elements, name)


def _lose(receiver: Node, elements: list[Node], name: str) -> None:
    """After a change of which it is not known what it changes: what was in the list may be elsewhere, or gone."""
    receiver.open = True
    if name not in _GROWS:
        elements[:] = [unknown("it may be taken out", element.origin) for element in elements]


def put(holder: Node, key: Node, value: Node) -> None:
    """Assign an element or a member."""
    if holder.mapping is not None and key.literal is not None:
        holder.mapping[key.literal] = value
    elif holder.mapping is not None:
        doubt(holder.mapping)
        holder.open = True
    elif holder.sequence is not None:
        _put_element(holder, holder.sequence, key, value)


def _put_element(holder: Node, elements: list[Node], key: Node, value: Node) -> None:
    at = key.value
    if isinstance(at, int) and -len(elements) <= at < len(elements) and not holder.open:
        elements[at] = value
    else:
        _lose(holder, elements, "")


def changed_perhaps(receiver: Node, name: str, arguments: Arguments) -> None:
    """A change that may not happen leaves what it changes unknown."""
    if receiver.sequence is not None:
        _lose(receiver, receiver.sequence, name)
    members = receiver.mapping
    if members is None:
        return
    given = arguments.positional[0] if arguments.positional else None
    names = set(arguments.keywords)
    if name in ("setdefault", "pop") and given is not None and given.literal is not None:
        names = {given.literal} if name == "setdefault" or given.literal in members else set()
    elif name == "update":
        names |= set((given.mapping if given is not None else None) or ())
        receiver.open |= arguments.open or (given is not None and (given.mapping is None or given.open))
    else:
        receiver.open = True
    if receiver.open:
        doubt(members)
    for changed in names:
        members[changed] = unknown("it changes in a branch only", receiver.origin)
