"""Terraform's functions: all that need neither clock, chance nor network.

Two kinds: those over plain data (PLAIN: what each argument is converted to, and the function; any unknown argument
makes the result unknown) and those over nodes (NODES: they work with what is known and keep origins; None: unknown).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from smlint.readers.terraform.evaluate import Frame, evaluate
from smlint.readers.terraform.known import Invalid, LazyObject, bool_of, number_of, settled, text_of, unwrap, wrap
from smlint.syntax.hcl import tree
from smlint.values import Node, Unknown

NodeFunction = Callable[[list[Node], Frame, tree.Call], "Node | None"]
Plain = tuple[str, Callable[..., Any]]


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, NodeFunction], dict[str, Plain]]:
    from smlint.readers.terraform.functions import (
        collections,
        dates,
        encoding,
        files,
        formatting,
        network,
        numbers,
        sequences,
        sets,
        text,
        types,
    )

    nodes: dict[str, NodeFunction] = {}
    plain: dict[str, Plain] = {}
    for module in (collections, sequences, sets, text, formatting, encoding, files, types):
        nodes |= module.NODES
    for module in (sequences, dates, encoding, network, numbers, text):
        plain |= module.PLAIN
    return nodes, plain


def call(expression: tree.Call, frame: Frame) -> Node:
    """The value of a function call."""
    name = expression.name
    if name in ("try", "can"):
        return _attempt(expression, frame)
    arguments = [evaluate(argument, frame) for argument in expression.arguments]
    if expression.expand:
        last = arguments.pop()
        if last.sequence is None or last.open:
            return _open_call(expression, arguments, last, frame)
        arguments += last.sequence
    nodes, plain = _tables()
    result: Node | None = None
    if name in nodes:
        result = _guarded(nodes[name], arguments, frame, expression)
    elif name in plain:
        result = _plain(plain[name], arguments, frame, expression)
    return frame.unsettled(expression.span) if result is None else result


def _guarded(function: NodeFunction, arguments: list[Node], frame: Frame, expression: tree.Call) -> Node | None:
    try:
        return function(arguments, frame, expression)
    except (ValueError, LookupError) as error:
        raise Invalid(f"{expression.name}() cannot take these arguments") from error


def _open_call(expression: tree.Call, arguments: list[Node], last: Node, frame: Frame) -> Node:
    """A call with `...` of a list that is not wholly known: merging and joining lists still yield what is known."""
    if expression.name in ("concat", "merge", "setunion", "flatten") and last.sequence is not None:
        unknown = Node(Unknown("further arguments"), expression.span)
        result = _tables()[0][expression.name]([*arguments, *last.sequence, unknown], frame, expression)
        if result is not None:
            return result
    return frame.unsettled(expression.span)


def _attempt(expression: tree.Call, frame: Frame) -> Node:
    """`try` and `can`: the first argument that Terraform could evaluate."""
    for argument in expression.arguments:
        try:
            found = evaluate(argument, frame)
        except Invalid:
            continue
        if expression.name == "try":
            return found
        known = not isinstance(found.value, Unknown) or isinstance(found.value, LazyObject)
        return Node(True, expression.span) if known else frame.unsettled(expression.span)
    if expression.name == "can":
        return Node(False, expression.span)
    raise Invalid("no argument of try() can be evaluated")


def _plain(entry: Plain, arguments: list[Node], frame: Frame, expression: tree.Call) -> Node | None:
    kinds, function = entry
    if not all(settled(argument) for argument in arguments):
        return None
    if kinds.endswith("*"):
        fixed = kinds[:-2]
        kinds = fixed + kinds[-2] * max(0, len(arguments) - len(fixed))
    optional = kinds.count("?")
    kinds = kinds.replace("?", "")
    if not len(kinds) - optional <= len(arguments) <= len(kinds):
        raise Invalid(f"{expression.name}() takes {len(kinds)} arguments")
    data = [convert(argument, kind) for argument, kind in zip(arguments, kinds, strict=False)]
    try:
        result = function(*data)
    except (ValueError, ArithmeticError, LookupError, TypeError) as error:
        raise Invalid(str(error)) from None
    if result is NotImplemented:
        return None
    if isinstance(result, str):
        frame.budget.produce(result)
    return wrap(result, expression.span)


def convert(node: Node, kind: str) -> Any:
    """An argument as the function wants it: s text, n number, i whole number, b boolean, l list, m map, a: any."""
    if kind == "a":
        return unwrap(node)
    if node.value is None:
        raise Invalid("an argument must not be null")
    if kind == "s":
        return text_of(node)
    if kind in "ni":
        number = number_of(node)
        if kind == "i" and not isinstance(number, int):
            raise Invalid("a whole number is wanted here")
        return number
    if kind == "b":
        return bool_of(node)
    if (kind == "l") is not isinstance(node.value, list) or (kind == "m") is not isinstance(node.value, dict):
        raise Invalid("a collection is wanted here")
    return unwrap(node)
