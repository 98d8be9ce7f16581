"""`count` and `for_each`: which instances a resource or module call makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smlint.document import Span
from smlint.readers.terraform.evaluate import Frame, entries, evaluate
from smlint.readers.terraform.known import (
    Exhausted,
    Invalid,
    LazyObject,
    hole,
    is_unknown,
    number_of,
    source,
    text_of,
    unsettled,
)
from smlint.record import dataclass
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.tree import Body
from smlint.values import Node, Unknown

MAX_INSTANCES = 1_000


@dataclass(frozen=True, slots=True)
class Instances:
    """What `count` or `for_each` makes: the frame of each; `doubt` says why it is not known which there are."""

    kind: str
    frames: list[tuple[str | int | None, Frame]]
    doubt: str = ""


def expand(body: Body, frame: Frame) -> Instances:
    """The instances of a resource or module call."""
    count, for_each = body.attributes.get("count"), body.attributes.get("for_each")
    if count is not None:
        return _counted(count.expression, frame)
    if for_each is not None:
        return _for_each(for_each.expression, frame)
    return Instances("one", [(None, frame)])


def _counted(expression: tree.Expression, frame: Frame) -> Instances:
    try:
        node = evaluate(expression, frame)
    except Invalid:
        node = frame.unsettled(expression.span)
    if is_unknown(node):
        number = frame.unsettled(expression.span)
        inner = frame.with_names({"count": Node({"index": number}, expression.span)})
        inner.instance += "[?]"
        return Instances("count", [(0, inner)], f"count = {source(expression.span)}")
    number_ = int(number_of(node)) if not isinstance(node.value, bool) and node.value is not None else 0
    if number_ > MAX_INSTANCES:
        raise Exhausted(f"count is {number_}")
    made: list[tuple[str | int | None, Frame]] = []
    for index in range(number_):
        frame.budget.instance()
        inner = frame.with_names({"count": Node({"index": Node(index, expression.span)}, expression.span)})
        inner.instance += f"[{index}]"
        made.append((index, inner))
    return Instances("count", made)


def _for_each(expression: tree.Expression, frame: Frame) -> Instances:
    try:
        node = evaluate(expression, frame)
        pairs = entries(node)
    except Invalid:
        node, pairs = frame.unsettled(expression.span), None
    doubt = f"for_each = {source(expression.span)}" if pairs is None or node.open else ""
    made: list[tuple[str | int | None, Frame]] = []
    for key, value in pairs or []:
        frame.budget.instance()
        name = key.value if node.mapping is not None else value.value
        key = key if node.mapping is not None else value
        if isinstance(name, Unknown):
            doubt = doubt or f"for_each = {source(expression.span)}"
            continue
        made.append(_each(str(text_of(key)), key, value, frame, expression.span))
    if not made and doubt:
        name = f"{frame.module.prefix}{expression.span.document.path}:{expression.span.start}.each"
        key = hole(f"{name}.key", "each.key", expression.span)
        value = unsettled(f"{name}.value", "each.value", expression.span)
        return Instances("for_each", [_each("?", key, value, frame, expression.span)], doubt)
    return Instances("for_each", made, doubt)


def _each(name: str, key: Node, value: Node, frame: Frame, span: Span) -> tuple[str, Frame]:
    inner = frame.with_names({"each": Node({"key": key, "value": value}, span)})
    inner.instance += f'["{name}"]'
    return name, inner


def instances_node(body: Body, frame: Frame, span: Span, make: Callable[[Frame, str], LazyObject]) -> Node:
    """What `count` and `for_each` make of a resource or module: an object, a list or a map of them."""
    made = expand(body, frame)
    nodes = [(key, Node(make(inner, made.doubt), span)) for key, inner in made.frames]
    if made.kind == "one":
        return nodes[0][1]
    if made.kind == "count":
        return Node([node for _, node in nodes], span, open=bool(made.doubt), tag="count")
    return Node({str(key): node for key, node in nodes}, span, open=bool(made.doubt))


def objects_in(node: Node) -> Iterator[LazyObject]:
    """The instances that `instances_node` made."""
    value = node.value
    if isinstance(value, LazyObject):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from objects_in(member)
    elif isinstance(value, list):
        for element in value:
            yield from objects_in(element)
