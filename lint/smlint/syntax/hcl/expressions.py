"""Expressions: tree-sitter's nodes → the syntax tree, with the precedence of conditionals mended."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from smlint.document import Document, Span
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.templates import Templates

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

MAX_DEPTH = 120
_OPERATORS = frozenset(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])
_NOISE = frozenset(["comment", "(", ")", ",", "[", "]"])
_WORDS = {"true": True, "false": False, "null": None}


class Expressions:
    """Makes expressions of one document; `base` is where the parsed piece begins in it, `piece` its text."""

    def __init__(self, document: Document, base: int = 0, piece: str | None = None, shift: int = 0) -> None:
        self.document = document
        self.base = base - shift
        piece = document.text if piece is None else piece
        self._bytes = None if piece.isascii() else list(accumulate((len(c.encode()) for c in piece), initial=0))
        self._depth = 0
        self.templates = Templates(self)

    def span(self, node: Syntax) -> Span:
        """Where a node stands, in characters."""
        if self._bytes is None:
            return Span(self.document, self.base + node.start_byte, self.base + node.end_byte)
        return Span(self.document, self.offset(node.start_byte), self.offset(node.end_byte))

    def offset(self, byte: int) -> int:
        """The character offset of a byte offset of the parsed piece."""
        return self.base + (byte if self._bytes is None else bisect_left(self._bytes, byte))

    def text(self, span: Span) -> str:
        """What stands there."""
        return self.document.text[span.start : span.end]

    def expression(self, node: Syntax) -> tree.Expression:
        """The expression of an `expression` node."""
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                return tree.Call(self.span(node), "(nested too deeply)", [])
            return self._run(node.children, node)
        finally:
            self._depth -= 1

    def _run(self, nodes: Sequence[Syntax], whole: Syntax) -> tree.Expression:
        """A term and what follows it: attributes, indexes, splats."""
        nodes = [node for node in nodes if node.type not in _NOISE]
        if not nodes:
            return tree.Call(self.span(whole), "(empty)", [])
        return self._postfix(self._term(nodes[0]), nodes[1:])

    def _postfix(self, target: tree.Expression, nodes: Sequence[Syntax]) -> tree.Expression:
        for at, node in enumerate(nodes):
            start = target.span.start
            span = Span(self.document, start, self.offset(node.end_byte))
            if node.type == "get_attr":
                target = tree.Attr(span, target, self.text(self.span(node)).lstrip(".").strip())
            elif node.type == "index":
                target = tree.Index(span, target, self._key(node.children[0]))
            elif node.type == "splat":
                inner = node.children[0]
                item = tree.Name(span, "*")
                steps = [child for child in inner.children if child.is_named and child.type != "comment"]
                if inner.type == "full_splat":
                    return tree.Splat(span, target, item, self._postfix(item, [*steps, *nodes[at + 1 :]]))
                names = list(takewhile(lambda step: step.type == "get_attr", steps))
                target = tree.Splat(span, target, item, self._postfix(item, names))
                target = self._postfix(target, steps[len(names) :])
        return target

    def _key(self, index: Syntax) -> tree.Expression:
        if index.type == "legacy_index":
            span = self.span(index)
            digits = self.text(span).lstrip(".").strip()
            return tree.Literal(span, int(digits) if digits.isdecimal() else digits)
        inner = next((child for child in index.children if child.type == "expression"), None)
        return tree.Literal(self.span(index), None) if inner is None else self.expression(inner)

    def _term(self, node: Syntax) -> tree.Expression:
        make = _TERMS.get(node.type)
        return make(self, node) if make else tree.Call(self.span(node), f"({node.type})", [])

    def _name(self, node: Syntax) -> tree.Expression:
        span = self.span(node)
        name = self.text(span)
        return tree.Literal(span, _WORDS[name]) if name in _WORDS else tree.Name(span, name)

    def _literal(self, node: Syntax) -> tree.Expression:
        inner = node.children[0] if node.children else node
        span = self.span(node)
        if inner.type == "string_lit":
            return self.templates.quoted(inner)
        text = self.text(span)
        if inner.type == "numeric_lit":
            value = number(text)
            return tree.Call(span, "(number)", []) if value is None else tree.Literal(span, value)
        return tree.Literal(span, _WORDS.get(text))

    def _template(self, node: Syntax) -> tree.Expression:
        inner = node.children[0]
        if inner.type == "heredoc_template":
            return self.templates.heredoc(inner)
        return self.templates.quoted(inner)

    def _inner(self, node: Syntax) -> tree.Expression:
        inner = next((child for child in node.children if child.is_named and child.type != "comment"), None)
        return tree.Call(self.span(node), "(empty)", []) if inner is None else self._term(inner)

    def _tuple(self, node: Syntax) -> tree.Expression:
        return tree.Tuple(self.span(node), [self.expression(c) for c in node.children if c.type == "expression"])

    def _object(self, node: Syntax) -> tree.Expression:
        items = []
        for element in node.children:
            if element.type == "object_elem":
                key, value = [child for child in element.children if child.type == "expression"][:2]
                items.append((self._object_key(key), self.expression(value)))
        return tree.Object(self.span(node), items)

    def _object_key(self, node: Syntax) -> tree.Expression:
        """A bare name is the key itself; in parentheses it is an expression."""
        inner = node.children[0]
        if inner.type in ("variable_expr", "literal_value") and len(node.children) == 1:
            span = self.span(inner)
            text = self.text(span)
            if not text.startswith('"'):
                return tree.Literal(span, text)
        return self.expression(node)

    def _call(self, node: Syntax) -> tree.Expression:
        name = self.text(self.span(node.children[0]))
        arguments: list[tree.Expression] = []
        expand = False
        for child in node.children:
            if child.type == "function_arguments":
                arguments = [self.expression(c) for c in child.children if c.type == "expression"]
                expand = any(c.type == "ellipsis" for c in child.children)
        return tree.Call(self.span(node), name.removeprefix("core::"), arguments, expand)

    def _conditional(self, node: Syntax) -> tree.Expression:
        """`a ? b : c ? d : e` arrives as `(a ? b : c) ? d : e`; without parentheses it associates to the right."""
        parts = [child for child in node.children if child.type == "expression"]
        condition, yes, no = (self.expression(part) for part in parts)
        span = self.span(node)
        if isinstance(condition, tree.Conditional) and parts[0].children[0].type == "conditional":
            last = condition
            for _ in range(MAX_DEPTH):
                if not isinstance(last.no, tree.Conditional) or self._parenthesised(last.no):
                    break
                last = last.no
            last.no = tree.Conditional(Span(self.document, last.no.span.start, span.end), last.no, yes, no)
            condition.span = span
            return condition
        return tree.Conditional(span, condition, yes, no)

    def _parenthesised(self, expression: tree.Expression) -> bool:
        return self.document.text[: expression.span.start].rstrip().endswith("(")

    def _operation(self, node: Syntax) -> tree.Expression:
        inner = node.children[0]
        span = self.span(inner)
        if inner.type == "unary_operation":
            sign = inner.children[0]
            return tree.Unary(span, self.text(self.span(sign)), self._deeper(inner.children[1:], inner))
        at = next(i for i, child in enumerate(inner.children) if child.type in _OPERATORS)
        left, right = inner.children[:at], inner.children[at + 1 :]
        return tree.Binary(span, inner.children[at].type, self._deeper(left, inner), self._deeper(right, inner))

    def _deeper(self, nodes: Sequence[Syntax], whole: Syntax) -> tree.Expression:
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                return tree.Call(self.span(whole), "(nested too deeply)", [])
            return self._run(nodes, whole)
        finally:
            self._depth -= 1

    def _for(self, node: Syntax) -> tree.Expression:
        inner = node.children[0]
        names, collection, results, condition, grouped = [], None, [], None, False
        for child in inner.children:
            if child.type == "for_intro":
                names = [self.text(self.span(c)) for c in child.children if c.type == "identifier"]
                collection = next(self.expression(c) for c in child.children if c.type == "expression")
            elif child.type == "expression":
                results.append(self.expression(child))
            elif child.type == "for_cond":
                condition = next(self.expression(c) for c in child.children if c.type == "expression")
            elif child.type == "ellipsis":
                grouped = True
        if collection is None or not names or not results:
            return tree.Call(self.span(node), "(for)", [])
        key, value = (names[0], names[1]) if len(names) > 1 else (None, names[0])
        new_key = results[0] if inner.type == "for_object_expr" else None
        return tree.For(self.span(node), key, value, collection, new_key, results[-1], condition, grouped)


def number(text: str) -> int | float | None:
    """A number literal: whole numbers are exact; None where it has more digits than anyone writes."""
    if text.isdecimal() and len(text) < 300:
        return int(text)
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    if len(text) > 300 or abs(value.adjusted()) > 300:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


_TERMS: dict[str, Callable[[Expressions, Syntax], tree.Expression]] = {
    "expression": Expressions.expression,
    "variable_expr": Expressions._name,
    "literal_value": Expressions._literal,
    "template_expr": Expressions._template,
    "collection_value": Expressions._inner,
    "tuple": Expressions._tuple,
    "object": Expressions._object,
    "function_call": Expressions._call,
    "conditional": Expressions._conditional,
    "operation": Expressions._operation,
    "for_expr": Expressions._for,
}
