"""Functions over lists, sets and maps. They keep what is known of collections that are partly unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smlint.readers.terraform.evaluate import Frame, element
from smlint.readers.terraform.known import (
    Invalid,
    LazyObject,
    Unsettled,
    is_unknown,
    number_of,
    text_of,
    unsettled,
)
from smlint.readers.terraform.operators import equal
from smlint.syntax.hcl.tree import Call
from smlint.values import Node, Template, Unknown

if TYPE_CHECKING:
    from smlint.readers.terraform.functions import NodeFunction


def sequence(node: Node) -> list[Node]:
    """The elements of a list or set; Invalid for anything else that is known."""
    if isinstance(node.value, list):
        return node.value
    raise Invalid("a list is wanted here")


def mapping(node: Node) -> dict[str, Node]:
    """The members of a map; Invalid for anything else that is known."""
    if isinstance(node.value, dict):
        return node.value
    raise Invalid("a map is wanted here")


def vague(node: Node) -> bool:
    """Whether the node is no known collection."""
    return isinstance(node.value, (Unknown, Template))


def concat(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    """The lists one after another; open where one of them is not known."""
    made: list[Node] = []
    is_open = False
    for argument in arguments:
        if isinstance(argument.value, Unknown):
            is_open = True
            continue
        made += sequence(argument)
        is_open = is_open or argument.open
    frame.budget.step(len(made))
    return Node(made, at.span, open=is_open)


def _flatten(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if isinstance(arguments[0].value, Unknown):
        return None
    made: list[Node] = []
    is_open = _flatten_into(arguments[0], made, frame)
    return Node(made, at.span, open=is_open)


def _flatten_into(node: Node, made: list[Node], frame: Frame) -> bool:
    is_open = node.open
    for inner in sequence(node):
        frame.budget.step()
        if isinstance(inner.value, list):
            is_open = _flatten_into(inner, made, frame) or is_open
        elif isinstance(inner.value, Unknown) and not isinstance(inner.value, LazyObject):
            is_open = True
        else:
            made.append(inner)
    return is_open


def _merge(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    made: dict[str, Node] = {}
    is_open = False
    for argument in arguments:
        if argument.value is None:
            continue
        if isinstance(argument.value, Unknown):
            is_open, made = True, _replaceable(made, frame, at)
            continue
        if argument.open:
            is_open, made = True, _replaceable(made, frame, at)
        made |= mapping(argument)
    frame.budget.step(len(made))
    return Node(made, at.span, open=is_open)


def _replaceable(members: dict[str, Node], frame: Frame, at: Call) -> dict[str, Node]:
    """Members that a later argument may replace: each is a value of its own that is not settled."""
    call = frame.unsettled(at.span).value
    assert isinstance(call, Unsettled)
    return {
        name: unsettled(f"{call.hole.name}.{name}", f"{call.hole.label}.{name}", node.origin)
        for name, node in members.items()
    }


def _lookup(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    target, key = arguments[0], arguments[1]
    if isinstance(target.value, LazyObject):
        return target.value.attribute(str(text_of(key))) if not is_unknown(key) else None
    if vague(target) or is_unknown(key):
        return None
    members = mapping(target)
    name = str(text_of(key))
    if name in members:
        return members[name]
    if target.open:
        return None
    if len(arguments) > 2:
        return arguments[2]
    raise Invalid(f"there is no `{name}`")


def _element(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    target, index = arguments[0], arguments[1]
    if vague(target) or is_unknown(index):
        return None
    items = sequence(target)
    if target.open:
        return element(target, int(number_of(index)), at.span, frame)
    if not items or number_of(index) < 0:
        raise Invalid("element() of an empty list, or a negative index")
    return items[int(number_of(index)) % len(items)]


def _length(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if vague(node) or node.open or node.value is None:
        return None
    if isinstance(node.value, str):
        from smlint.readers.terraform.functions.text import simple

        return Node(len(node.value), at.span) if simple(node.value) else None
    if isinstance(node.value, (list, dict)):
        return Node(len(node.value), at.span)
    raise Invalid("length() of neither a text nor a collection")


def _keys(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if vague(node):
        return None
    made = [Node(name, member.key or member.origin) for name, member in sorted(mapping(node).items())]
    return Node(list(made), at.span, open=node.open)


def _values(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if vague(node):
        return None
    return Node([member for _, member in sorted(mapping(node).items())], at.span, open=node.open)


def to_set(node: Node, at: Node) -> Node | None:
    """A set: no element twice, in order of the elements."""
    if vague(node):
        return None
    made: list[Node] = []
    seen: set[Any] = set()
    for item in sequence(node):
        key = item.value if isinstance(item.value, (str, int, float, bool, Template)) else None
        mark = (type(key) is bool, key)
        if key is not None and mark in seen:
            continue
        if key is None and any(equal(item, other) for other in made):
            continue
        seen.add(mark)
        made.append(item)
    return Node(sorted(made, key=_order), at.origin, open=node.open, tag="set")


def _order(node: Node) -> tuple[int, Any]:
    value = node.value
    if isinstance(value, bool):
        return 0, value
    if isinstance(value, (int, float)):
        return 1, value
    return (2, value.encode()) if isinstance(value, str) else (3, 0)


def unified(nodes: list[Node]) -> list[Node]:
    """Elements of one kind: where texts and numbers mix, all become texts."""
    kinds = {_kind(node) for node in nodes if node.value is not None}
    if len(kinds) > 1 and kinds <= {"text", "number", "bool"}:
        return [node if node.value is None else Node(text_of(node), node.origin, used=node.used) for node in nodes]
    return nodes


def _kind(node: Node) -> str:
    value = node.value
    if isinstance(value, (str, Template)):
        return "text"
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _compact(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if vague(arguments[0]):
        return None
    kept: list[Node] = []
    is_open = arguments[0].open
    for item in sequence(arguments[0]):
        if isinstance(item.value, Unknown) or (isinstance(item.value, Template) and len(item.value.parts) == 1):
            is_open = True
            kept.append(item)
        elif item.value not in (None, ""):
            kept.append(item)
    return Node(kept, at.span, open=is_open)


def _distinct(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    if vague(arguments[0]):
        return None
    made: list[Node] = []
    for item in sequence(arguments[0]):
        frame.budget.step(1 + len(made) // 8)
        if not any(equal(item, other) is True for other in made):
            made.append(item)
    return Node(made, at.span, open=arguments[0].open)


def _coalesce(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    for item in arguments:
        if isinstance(item.value, Unknown):
            return None
        if isinstance(item.value, Template):
            return item if any(isinstance(part, str) for part in item.value.parts) else None
        if item.value not in (None, ""):
            kinds = {_kind(node) for node in arguments if node.value is not None}
            return Node(text_of(item), item.origin) if "text" in kinds and _kind(item) != "text" else item
    raise Invalid("coalesce() finds nothing")


def _coalescelist(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    for item in arguments:
        if vague(item) or (item.open and not item.value):
            return None
        if item.value:
            return item
    raise Invalid("coalescelist() finds nothing")


def _one(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if vague(node):
        return None
    if node.value is None:
        raise Invalid("one() of null")
    items = sequence(node)
    if node.open:
        return items[0] if items and node.tag == "count" else None
    if len(items) > 1:
        raise Invalid("one() of several")
    return items[0] if items else Node(None, at.span)


def _contains(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node, wanted = arguments
    if vague(node):
        return None
    found = [equal(item, wanted) for item in sequence(node)]
    if True in found:
        return Node(True, at.span)
    return None if None in found or node.open else Node(False, at.span)


def _reverse(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    return None if vague(node) or node.open else Node(list(reversed(sequence(node))), at.span)


def _slice(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node, first, last = arguments
    if vague(node) or node.open or is_unknown(first) or is_unknown(last):
        return None
    start, end = int(number_of(first)), int(number_of(last))
    items = sequence(node)
    if not 0 <= start <= end <= len(items):
        raise Invalid("slice() out of range")
    return Node(items[start:end], at.span)


def _zipmap(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    keys, values = arguments
    if vague(keys) or vague(values) or keys.open or values.open:
        return None
    if any(is_unknown(key) for key in sequence(keys)):
        return None
    if len(sequence(keys)) != len(sequence(values)):
        raise Invalid("zipmap() of lists of unequal length")
    return Node({str(text_of(k)): v for k, v in zip(sequence(keys), sequence(values), strict=True)}, at.span)


def _chunklist(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node, size = arguments
    if vague(node) or node.open or is_unknown(size):
        return None
    width = int(number_of(size)) or max(1, len(sequence(node)))
    if width < 0:
        raise Invalid("chunklist() of a negative size")
    items = sequence(node)
    return Node([Node(items[i : i + width], at.span) for i in range(0, len(items), width)], at.span)


def _sorted(arguments: list[Node], frame: Frame, at: Call) -> Node | None:
    node = arguments[0]
    if vague(node):
        return None
    items = [Node(text_of(item), item.origin, used=item.used) for item in sequence(node)]
    known = sorted((i for i in items if isinstance(i.value, str)), key=lambda item: str(item.value).encode())
    rest = [item for item in items if not isinstance(item.value, str)]
    return Node([*known, *rest], at.span, open=node.open)


NODES: dict[str, NodeFunction] = {
    "chunklist": _chunklist,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "one": _one,
    "reverse": _reverse,
    "slice": _slice,
    "sort": _sorted,
    "values": _values,
    "zipmap": _zipmap,
}
