"""Templates: quoted texts, heredocs and whole files, with the whitespace that stands in the text.

tree-sitter leaves whitespace out of its template nodes, so literals are what stands between the other nodes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from smlint.document import Document, Span
from smlint.syntax.hcl import tree

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

    from smlint.syntax.hcl.expressions import Expressions

_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|(\$|%)\4\{')
_SPECIAL = re.compile(r"\\|[$%]\{")
_DOUBLED = re.compile(r"(\$|%)\1\{")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_INSERTS = ("template_interpolation", "template_directive")
_WRAP = ("t = <<SMLINT_WHOLE_FILE\n", "\nSMLINT_WHOLE_FILE\n")


def parse_template(document: Document) -> tree.TemplateText | None:
    """A whole document as a template (templatefile); None where it does not parse."""
    from smlint.syntax.hcl.expressions import Expressions
    from smlint.syntax.hcl.native import parser

    wrapped = _WRAP[0] + document.text.replace("\0", " ") + _WRAP[1]
    root = parser().parse(wrapped.encode()).root_node
    if root.has_error:
        return None
    node = root
    while node is not None and node.type != "heredoc_template":
        node = next((c for c in node.children if c.type in _WAY), None)  # type: ignore[assignment]
    if node is None:
        return None
    make = Expressions(document, 0, wrapped, shift=len(_WRAP[0]))
    parts = make.templates.parts(node.children, 0, len(document.text), quoted=False)
    return tree.TemplateText(Span(document, 0, len(document.text)), parts)


_WAY = ("body", "attribute", "expression", "template_expr", "heredoc_template")


class Templates:
    """Makes the parts of templates; `make` makes the expressions in them."""

    def __init__(self, make: Expressions) -> None:
        self.make = make

    def quoted(self, node: Syntax) -> tree.Expression:
        """`"…"`; one without interpolation is a literal."""
        span = self.make.span(node)
        text = span.document.text[span.start + 1 : span.end - 1]
        if not _SPECIAL.search(text):
            return tree.Literal(span, text)
        parts = self.parts(node.children, span.start + 1, span.end - 1, quoted=True)
        if not parts:
            return tree.Literal(span, "")
        if all(isinstance(part, tree.Chars) for part in parts):
            return tree.Literal(span, "".join(part.text for part in parts if isinstance(part, tree.Chars)))
        return tree.TemplateText(span, parts)

    def heredoc(self, node: Syntax) -> tree.Expression:
        """`<<MARK` or `<<-MARK`, whose lines lose their common indentation."""
        span = self.make.span(node)
        text = span.document.text
        names = [child for child in node.children if child.type == "heredoc_identifier"]
        start = text.find("\n", self.make.offset(names[0].end_byte)) + 1
        end = max(start, text.rfind("\n", 0, self.make.offset(names[-1].start_byte)) + 1)
        parts = self.parts(node.children, start, end, quoted=False)
        if text.startswith("<<-", span.start):
            parts = _dedent(parts)
        return tree.TemplateText(span, parts)

    def parts(
        self, nodes: Sequence[Syntax], start: int, end: int, quoted: bool, strip: bool = False, strip_end: bool = False
    ) -> list[tree.Part]:
        """What stands from start to end: the nodes that insert something, and the text between them."""
        made: list[tree.Part] = []
        at = start
        for node in nodes:
            if node.type not in _INSERTS:
                continue
            span = self.make.span(node)
            left, right = self._markers(node)
            made += self._chars(at, span.start, quoted, strip, left)
            made.append(self._insert(node, quoted))
            at, strip = span.end, right
        return made + self._chars(at, end, quoted, strip, strip_end)

    def _chars(self, start: int, end: int, quoted: bool, strip_left: bool, strip_right: bool) -> list[tree.Part]:
        """The literal from start to end. A `~` strips one token: a whole quoted literal, else one line of it."""
        text = self.make.document.text[start:end]
        tokens = [text] if quoted else text.splitlines(keepends=True)
        runs: list[list[tree.Chars]] = []
        for token in tokens:
            runs.append(_unescaped(token, start, _ESCAPE if quoted else _DOUBLED))
            start += len(token)
        if runs and strip_left:
            runs[0] = _stripped(runs[0], left=True)
        if runs and strip_right:
            runs[-1] = _stripped(runs[-1], left=False)
        return [chars for token_runs in runs for chars in token_runs]

    def _markers(self, node: Syntax) -> tuple[bool, bool]:
        """Whether the insert's first and last braces carry a `~`."""
        text = self.make.text(self.make.span(node))
        return text[2:3] == "~", text.endswith("~}")

    def _insert(self, node: Syntax, quoted: bool) -> tree.Part:
        if node.type == "template_interpolation":
            inner = next((child for child in node.children if child.type == "expression"), None)
            return tree.Interpolation(
                self.make.expression(inner) if inner is not None else tree.Call(self.make.span(node), "(empty)", [])
            )
        directive = node.children[0]
        return self._if(directive, quoted) if directive.type == "template_if" else self._for(directive, quoted)

    def _if(self, node: Syntax, quoted: bool) -> tree.IfDirective:
        kinds = {"template_if_intro": 0, "template_else_intro": 1, "template_if_end": 2}
        marks = [child for child in node.children if child.type in kinds]
        condition = next(child for child in marks[0].children if child.type == "expression")
        bodies = [self._between(node, opened, closed, quoted) for opened, closed in pairwise(marks)]
        return tree.IfDirective(self.make.expression(condition), bodies[0], bodies[1] if len(bodies) > 1 else [])

    def _for(self, node: Syntax, quoted: bool) -> tree.ForDirective:
        opened, closed = node.children[0], node.children[-1]
        names = [self.make.text(self.make.span(c)) for c in opened.children if c.type == "identifier"]
        collection = next(self.make.expression(c) for c in opened.children if c.type == "expression")
        key, value = (names[0], names[1]) if len(names) > 1 else (None, names[0])
        return tree.ForDirective(key, value, collection, self._between(node, opened, closed, quoted))

    def _between(self, node: Syntax, opened: Syntax, closed: Syntax, quoted: bool) -> list[tree.Part]:
        inside = [c for c in node.children if opened.end_byte <= c.start_byte and c.end_byte <= closed.start_byte]
        start, end = self.make.offset(opened.end_byte), self.make.offset(closed.start_byte)
        return self.parts(inside, start, end, quoted, self._markers(opened)[1], self._markers(closed)[0])


def _stripped(runs: list[tree.Chars], left: bool) -> list[tree.Chars]:
    """The runs of one token without the whitespace at one end; a token that is nothing else stays, empty."""
    kept = list(runs)
    while kept:
        chars = kept[0 if left else -1]
        text = chars.text.lstrip() if left else chars.text.rstrip()
        moved = len(chars.text) - len(text) if left else 0
        kept[0 if left else -1] = tree.Chars(text, chars.start + moved, chars.plain)
        if text or len(kept) == 1:
            break
        kept.pop(0 if left else -1)
    return kept


def _unescaped(text: str, start: int, pattern: re.Pattern[str]) -> list[tree.Chars]:
    """The runs of a literal: escapes are runs of their own, so that offsets stay exact."""
    runs: list[tree.Chars] = []
    at = 0
    for found in pattern.finditer(text):
        if found.start() > at:
            runs.append(tree.Chars(text[at : found.start()], start + at))
        runs.append(tree.Chars(_meaning(found), start + found.start(), plain=False))
        at = found.end()
    if at < len(text):
        runs.append(tree.Chars(text[at:], start + at))
    return runs


def _meaning(found: re.Match[str]) -> str:
    if found[0][0] != "\\":
        return found[1 if found.re is _DOUBLED else 4] + "{"
    if found[1]:
        return _ESCAPES[found[1]]
    code = int(found[2] or found[3], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def _dedent(parts: list[tree.Part]) -> list[tree.Part]:
    """Without the indentation that all lines share; lines of nothing but whitespace do not count and are kept."""
    lines = _Lines()
    lines.walk(parts)
    if lines.width:
        for chars in lines.first:
            cut = min(lines.width, len(chars.text) - len(chars.text.lstrip()))
            chars.text = chars.text[cut:]
            chars.start += cut
    return parts


class _Lines:
    """Finds the runs that begin lines, and the smallest indentation among them."""

    def __init__(self) -> None:
        self.first: list[tree.Chars] = []
        self.width = 0
        self._found = False
        self._fresh = True

    def walk(self, parts: Sequence[tree.Part]) -> None:
        for part in parts:
            if isinstance(part, tree.Chars):
                self._chars(part)
                continue
            self._insert()
            if isinstance(part, tree.IfDirective):
                self.walk(part.yes)
                self._insert()
                self.walk(part.no)
                if part.no:
                    self._insert()
            elif isinstance(part, tree.ForDirective):
                self.walk(part.body)
                self._insert()

    def _chars(self, chars: tree.Chars) -> None:
        if self._fresh:
            stripped = chars.text.lstrip()
            if stripped or not chars.text.endswith("\n"):
                self._indent(len(chars.text) - len(stripped))
                self.first.append(chars)
        self._fresh = chars.text.endswith("\n")

    def _insert(self) -> None:
        if self._fresh:
            self._indent(0)
        self._fresh = False

    def _indent(self, width: int) -> None:
        self.width = min(self.width, width) if self._found else width
        self._found = True
