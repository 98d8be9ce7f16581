"""HCL's native form: tree-sitter's tree → bodies, blocks and attributes.

The parser refuses `1e5` and `x[ * ]`, so it is shown the same text with those spelt differently and of equal length;
all values are taken from the text as it is. A broken block costs that block.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from smlint.document import Document, Span
from smlint.facts import Problem
from smlint.syntax.hcl.expressions import Expressions
from smlint.syntax.hcl.tree import Attribute, Block, Body, File

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax
    from tree_sitter import Parser

_TOP = re.compile(
    r"^(?:resource|data|ephemeral|module|variable|output|locals|provider|terraform|check|import|moved|removed)\b.*\{",
    re.MULTILINE,
)
_EXPONENT = re.compile(r"(?<![\w.\-])\d+[eE][+-]?\d+\b")
_SPACED_SPLAT = re.compile(r"\[[ \t]*\*[ \t]*\]")
# What the parser calls the marks that it may miss; anything else that it misses is a guess of its own.
_CLOSING = {
    "quoted_template_end": '"',
    "block_end": "}",
    "object_end": "}",
    "tuple_end": "]",
    "template_interpolation_end": "}",
    ")": ")",
}
_VARIABLE = re.compile(r"(?<!\$)\$\{[\w-]+:(?=\w)")
MAX_PROBLEMS = 20


def parse_native(document: Document) -> File:
    """Read a document in native syntax."""
    shown = _shown(document.text)
    root = parser().parse(shown.encode()).root_node
    if not root.has_error:
        return File(_Bodies(Expressions(document)).body(root))
    return _piecewise(document, shown)


@lru_cache(maxsize=1)
def parser() -> Parser:
    """The one HCL parser."""
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _shown(text: str) -> str:
    text = text.replace("\0", " ").replace("\r\n", " \n")
    if _EXPONENT.search(text):
        text = _EXPONENT.sub(lambda found: "1" * len(found[0]), text)
    return _SPACED_SPLAT.sub(lambda found: "[*]".rjust(len(found[0])), text) if "*" in text else text


def _piecewise(document: Document, shown: str) -> File:
    """A file that does not parse as a whole: each top-level block for itself."""
    starts = sorted({0, *(found.start() for found in _TOP.finditer(shown))})
    read = File(Body())
    for start, end in zip(starts, [*starts[1:], len(shown)], strict=True):
        root = parser().parse(shown[start:end].encode()).root_node
        expressions = Expressions(document, start, shown[start:end])
        if not root.has_error:
            body = _Bodies(expressions).body(root)
            read.body.attributes.update(body.attributes)
            read.body.blocks += body.blocks
        elif len(read.problems) < MAX_PROBLEMS:
            read.problems.append(_problem(expressions, root))
    return read


def _problem(expressions: Expressions, root: Syntax) -> Problem:
    """The innermost place at which the parser was at a loss, of the first such."""
    node = root
    for _ in range(10_000):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    span = expressions.span(node)
    text = span.document.text
    start = min(span.start, max(0, len(text) - 1))
    line_end = text.find("\n", start)
    end = min(max(span.end, start + 1), line_end if line_end > start else start + 1)
    closing = _CLOSING.get(node.type) if node.is_missing else None
    what = f"`{closing}` is missing" if closing else "this is not HCL"
    return Problem(Span(span.document, start, end), f"{what}; the block is passed over", fix=_fix(text, start))


def _fix(text: str, start: int) -> str:
    """What helps where Terraform takes a policy variable for its own expression."""
    end = text.find("\n", start)
    variable = _VARIABLE.search(text, text.rfind("\n", 0, start) + 1, end if end >= 0 else len(text))
    return f"write `${variable[0]}…}}` for a policy variable" if variable else ""


class _Bodies:
    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions

    def body(self, node: Syntax) -> Body:
        """The attributes and blocks of a file, or between a block's braces."""
        made = Body()
        for child in node.children:
            kind = child.type
            if kind == "attribute":
                attribute = self._attribute(child)
                made.attributes[attribute.name] = attribute
            elif kind == "block":
                made.blocks.append(self._block(child))
            elif kind == "body":
                return self.body(child)
        return made

    def _attribute(self, node: Syntax) -> Attribute:
        make = self.expressions
        children = node.children
        name, value = children[0], children[-1]
        span = make.span(name)
        return Attribute(make.text(span), span, make.span(node), lambda: make.expression(value))

    def _block(self, node: Syntax) -> Block:
        make = self.expressions
        type, labels, body, opened = "", [], None, node
        for child in node.children:
            kind = child.type
            if kind == "block_start":
                opened = child
            elif kind == "body":
                body = child
            elif kind == "identifier" and not type:
                type = make.text(make.span(child))
            elif kind in ("identifier", "string_lit"):
                labels.append(make.text(make.span(child)).strip('"'))
        span = make.span(node)
        header = Span(span.document, span.start, make.span(opened).end)
        return Block(type, tuple(labels), span, header, lambda: self.body(body) if body else Body())
