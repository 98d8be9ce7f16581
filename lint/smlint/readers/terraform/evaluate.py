"""Expressions → nodes. Unknown stays unknown; every value keeps the place where a user would edit it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from smlint.document import Span
from smlint.readers.terraform.known import (
    Budget,
    Invalid,
    LazyObject,
    Unsettled,
    bool_of,
    is_unknown,
    number_of,
    settled,
    source,
    text_of,
    unsettled,
)
from smlint.readers.terraform.operators import binary, unary
from smlint.record import dataclass, field, replace
from smlint.syntax.hcl import tree
from smlint.values import Node, Template, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.terraform.module import Namespace

MAX_DEPTH = 110


@dataclass(slots=True)
class Frame:
    """Where an expression is evaluated: its module, and the names that iteration gives (`each`, `count`, …)."""

    module: Namespace
    names: dict[str, Node] = field(default_factory=dict)
    instance: str = ""

    def with_names(self, names: Mapping[str, Node]) -> Frame:
        return replace(self, names={**self.names, **names})

    @property
    def budget(self) -> Budget:
        return self.module.root.budget

    def unsettled(self, span: Span, **known: Any) -> Node:
        """A value that this expression does not settle; one name for one expression of one instance."""
        module = self.module
        name = f"{module.prefix}{span.document.path}:{span.start}{self.instance}"
        if self.names and not set(self.names) <= {"each", "count", "self"}:
            name += f"#{module.root.serial()}"
        return unsettled(name, source(span), span, **known)


def evaluate(expression: tree.Expression, frame: Frame) -> Node:
    """The expression's value; Invalid where Terraform would refuse it."""
    frame.budget.step()
    root = frame.module.root
    root.depth += 1
    try:
        if root.depth > MAX_DEPTH:
            return frame.unsettled(expression.span)
        return _EVALUATE[type(expression)](expression, frame)
    finally:
        root.depth -= 1


def _literal(expression: tree.Literal, frame: Frame) -> Node:
    return Node(expression.value, expression.span)


def _template(expression: tree.TemplateText, frame: Frame) -> Node:
    parts = expression.parts
    if len(parts) == 1 and isinstance(parts[0], tree.Interpolation) and _is_quoted(expression):
        return evaluate(parts[0].expression, frame)
    from smlint.readers.terraform.rendered import rendered

    return rendered(expression, frame)


def _is_quoted(expression: tree.TemplateText) -> bool:
    span = expression.span
    return span.document.text.startswith('"', span.start)


def _name(expression: tree.Name, frame: Frame) -> Node:
    found = frame.names.get(expression.name)
    return found if found is not None else frame.module.names(expression.name, expression.span)


def _attr(expression: tree.Attr, frame: Frame) -> Node:
    target = evaluate(expression.target, frame)
    found = member(target, expression.name, expression.span, frame)
    return found.used_at(expression.span)


def member(target: Node, name: str, span: Span, frame: Frame) -> Node:
    """An attribute of an object, a key of a map."""
    value = target.value
    if isinstance(value, LazyObject):
        return value.attribute(name)
    if isinstance(value, dict):
        if name in value:
            return value[name]
        if target.open:
            return frame.unsettled(span)
        raise Invalid(f"there is no `{name}`")
    if isinstance(value, Unsettled):
        hole = value.hole
        return unsettled(f"{hole.name}.{name}", f"{hole.label}.{name}", span)
    if isinstance(value, Unknown):
        return frame.unsettled(span)
    if isinstance(value, list) and name.isdecimal():
        return element(target, int(name), span, frame)
    raise Invalid(f"there is no `{name}`")


def _index(expression: tree.Index, frame: Frame) -> Node:
    target = evaluate(expression.target, frame)
    key = evaluate(expression.key, frame)
    if is_unknown(key):
        only = list(target.value.values()) if isinstance(target.value, dict) else target.sequence
        return only[0] if only and len(only) == 1 and target.open else frame.unsettled(expression.span)
    if isinstance(target.value, list):
        return element(target, int(number_of(key)), expression.span, frame).used_at(expression.span)
    return member(target, str(text_of(key)), expression.span, frame).used_at(expression.span)


def element(target: Node, at: int, span: Span, frame: Frame) -> Node:
    """An element of a list, by its number."""
    found = target.sequence or []
    if 0 <= at < len(found) and not (target.open and target.tag != "count"):
        return found[at]
    if target.open:
        return found[0] if target.tag == "count" and found else frame.unsettled(span)
    raise Invalid("the index is out of range")


def _splat(expression: tree.Splat, frame: Frame) -> Node:
    target = evaluate(expression.target, frame)
    value = target.value
    if isinstance(value, Unknown) and not isinstance(value, LazyObject):
        return frame.unsettled(expression.span)
    if value is None:
        return Node([], expression.span)
    items = value if isinstance(value, list) else [target]
    each = [evaluate(expression.each, frame.with_names({"*": item})) for item in items]
    return Node(each, expression.span, open=target.open and isinstance(value, list), tag=target.tag)


def _call(expression: tree.Call, frame: Frame) -> Node:
    from smlint.readers.terraform.functions import call

    return call(expression, frame)


def _conditional(expression: tree.Conditional, frame: Frame) -> Node:
    condition = evaluate(expression.condition, frame)
    if not is_unknown(condition):
        yes = bool_of(condition)
        chosen = evaluate(expression.yes if yes else expression.no, frame)
        return _unified(chosen, expression.no if yes else expression.yes, frame)
    branches = []
    for branch in (expression.yes, expression.no):
        try:
            branches.append(evaluate(branch, frame))
        except Invalid:
            return frame.unsettled(expression.span)
    return either(branches, expression.span, frame)


def _unified(chosen: Node, other: tree.Expression, frame: Frame) -> Node:
    """Both branches are of one kind: a number or boolean beside a text is a text."""
    if not isinstance(chosen.value, (bool, int, float)) or (
        isinstance(other, tree.Literal) and not isinstance(other.value, str)
    ):
        return chosen
    try:
        node = evaluate(other, frame)
    except Invalid:
        return chosen
    return chosen if node.text is None else Node(text_of(chosen), chosen.origin, used=chosen.used)


def either(branches: list[Node], span: Span, frame: Frame) -> Node:
    """What is known of a value that is one of these."""
    first, second = branches
    if settled(first) and settled(second):
        if _same(first, second):
            return first
        if isinstance(first.value, str) and isinstance(second.value, str):
            unknown = frame.unsettled(span, oneof=(first.value, second.value)).value
            assert isinstance(unknown, Unsettled)
            return Node(Template((unknown.hole,)), span)
    if first.sequence is not None and second.sequence is not None:
        common = [node for node in first.sequence if any(_same(node, other) for other in second.sequence)]
        return Node(list(common), span, open=True)
    return frame.unsettled(span)


def _same(first: Node, second: Node) -> bool:
    from smlint.readers.terraform.operators import equal

    return equal(first, second) is True


def _binary(expression: tree.Binary, frame: Frame) -> Node:
    left = evaluate(expression.left, frame)
    if expression.operator in ("&&", "||") and not is_unknown(left) and bool_of(left) is (expression.operator == "||"):
        return Node(left.value in (True, "true"), expression.span)
    result = binary(expression.operator, left, evaluate(expression.right, frame))
    return frame.unsettled(expression.span) if result is None else Node(result, expression.span)


def _unary(expression: tree.Unary, frame: Frame) -> Node:
    result = unary(expression.operator, evaluate(expression.operand, frame))
    return frame.unsettled(expression.span) if result is None else Node(result, expression.span)


def _tuple(expression: tree.Tuple, frame: Frame) -> Node:
    return Node([evaluate(item, frame) for item in expression.items], expression.span)


def _object(expression: tree.Object, frame: Frame) -> Node:
    members: dict[str, Node] = {}
    complete = True
    for key, value in expression.items:
        name = text_of(evaluate(key, frame))
        if isinstance(name, Template):
            members[str(name)] = evaluate(value, frame)  # it stays under its printed name
            complete = False
            continue
        node = evaluate(value, frame)
        members[name] = _keyed(node, key.span)
    return Node(members, expression.span, open=not complete)


def _keyed(node: Node, key: Span) -> Node:
    if node.key is None and type(node) is Node:
        return Node(node.value, node.origin, key, node.used, node.tag, node.open)
    return node


def _for(expression: tree.For, frame: Frame) -> Node:
    collection = evaluate(expression.collection, frame)
    pairs = entries(collection)
    if pairs is None:
        return frame.unsettled(expression.span)
    is_open = collection.open
    items: list[Node] = []
    members: dict[str, Node] = {}
    for key, value in pairs:
        frame.budget.step()
        inner = frame.with_names({expression.value: value} | ({expression.key: key} if expression.key else {}))
        kept = _kept(expression, inner)
        if kept is None:
            is_open = True
        if not kept:
            continue
        node = evaluate(expression.new_value, inner)
        if expression.new_key is None:
            items.append(node)
        else:
            is_open = not _put(members, evaluate(expression.new_key, inner), node, expression) or is_open
    if expression.new_key is None:
        return Node(items, expression.span, open=is_open)
    return Node(dict(sorted(members.items())), expression.span, open=is_open)


def _kept(expression: tree.For, frame: Frame) -> bool | None:
    if expression.condition is None:
        return True
    condition = evaluate(expression.condition, frame)
    return None if is_unknown(condition) else bool_of(condition)


def _put(members: dict[str, Node], key: Node, node: Node, expression: tree.For) -> bool:
    name = text_of(key)
    if isinstance(name, Template):
        members[str(name)] = node
        return False
    if expression.grouped:
        group = members.setdefault(name, Node([], expression.span))
        assert group.sequence is not None
        group.sequence.append(node)
    elif name in members:
        raise Invalid(f"two items have the key `{name}`")
    else:
        members[name] = node
    return True


def entries(collection: Node) -> list[tuple[Node, Node]] | None:
    """Key and value of each member, in Terraform's order; None where they are not known."""
    value = collection.value
    if isinstance(value, Unknown):
        return None
    if isinstance(value, dict):
        return [(Node(name, node.key or node.origin), node) for name, node in sorted(value.items())]
    if isinstance(value, list):
        if collection.tag == "set":
            return [(node, node) for node in value]
        return [(Node(at, node.origin), node) for at, node in enumerate(value)]
    raise Invalid("a collection is wanted here")


def joined(parts: list[Text], frame: Frame) -> Text:
    """The parts as one text, paid for."""
    made = join(parts)
    frame.budget.produce(made)
    return made


_EVALUATE: dict[type[tree.Expression], Callable[[Any, Frame], Node]] = {
    tree.Literal: _literal,
    tree.TemplateText: _template,
    tree.Name: _name,
    tree.Attr: _attr,
    tree.Index: _index,
    tree.Splat: _splat,
    tree.Call: _call,
    tree.Conditional: _conditional,
    tree.Binary: _binary,
    tree.Unary: _unary,
    tree.Tuple: _tuple,
    tree.Object: _object,
    tree.For: _for,
}
