"""Ignores that stand in the files: comments, and `Metadata: {smlint: {ignore: [...]}}` on a resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smlint.document import Document, Origin, Span
from smlint.files.probe import suffix
from smlint.finding import Finding
from smlint.record import dataclass
from smlint.spelling import listed
from smlint.values import Node, below

_COMMENT = re.compile(r"(?:#|//)[ \t]*smlint:[ \t]*ignore(-file)?[ \t]*\[([^\]\n\r]*)\][ \t]*([^\n\r]*)")
_BLANK = re.compile(r'[ \t"]*')
_ONLY_COMMENT = re.compile(r'[ \t"]*(?:(?:#|//)|(?:\\n)?"?,?$)')
_COMMENTED = frozenset(
    (".yaml", ".yml", ".template", ".cfn", ".tf", ".tofu", ".tfvars", ".py", ".ipynb", ".tpl", ".tmpl", ".tftpl")
)
_STRUCTURED = frozenset((".json", ".yaml", ".yml", ".template", ".cfn", ".asl"))


@dataclass(slots=True, eq=False)
class Suppression:
    """One ignore. It covers the characters from `start` to `end` of a file (lines, or a resource), for `rules`.

    used: the rules of which it holds findings back.
    """

    origin: Origin
    path: str
    rules: tuple[str, ...]
    reason: str
    start: int
    end: int
    used: set[str]

    def covers(self, finding: Finding) -> bool:
        """Whether the finding's first place begins inside."""
        if finding.rule not in self.rules:
            return False
        place = finding.origin.place()
        return place.path == self.path and self.start <= place.start < self.end


def read(documents: Iterable[Document]) -> list[Suppression]:
    """Every ignore in the documents, in their order."""
    return [found for document in documents for found in (*_comments(document), *_metadata(document))]


def _comments(document: Document) -> Iterator[Suppression]:
    ending = suffix(document.path)
    if ending not in _COMMENTED or "smlint:" not in document.text:
        return
    for match in _COMMENT.finditer(document.text):
        line = document.position(match.start()).line
        before = document.text[document.line_starts[line - 1] : match.start()]
        if before.strip() and not before.endswith((" ", "\t", '"')):
            continue
        if match[1]:
            start, end = 0, len(document.text) + 1
        else:
            covered = _next_line(document, line) if _BLANK.fullmatch(before) else line
            start = document.line_starts[covered - 1]
            end = start + len(document.line(covered)) + 1
        reason = re.sub(r'(?:\\n)?",?$', "", match[3].strip()) if ending == ".ipynb" else match[3].strip()
        origin = Span(document, match.start(), match.end(2) + 1)
        yield Suppression(origin, document.path, listed(match[2]), reason, start, end, set())


def _next_line(document: Document, line: int) -> int:
    """The first line below a comment that is neither blank nor a comment."""
    count = len(document.line_starts)
    below = line + 1
    while below < count and _ONLY_COMMENT.match(document.line(below)):
        below += 1
    return min(below, count)


def _metadata(document: Document) -> Iterator[Suppression]:
    ending = suffix(document.path)
    if ending not in _STRUCTURED or "smlint" not in document.text or "Metadata" not in document.text:
        return
    if ending in (".json", ".asl") or document.text.lstrip().startswith("{"):
        from smlint.syntax.json import parse
    else:
        from smlint.syntax.yaml import parse
    for root in parse(document).nodes:
        for node in below(root):
            ignored = node.get("Metadata", "smlint", "ignore")
            if ignored is not None:
                yield _of_resource(node, ignored, document)


def _of_resource(node: Node, ignored: Node, document: Document) -> Suppression:
    rules = tuple(element.literal or "" for element in ignored.elements())
    reason = node.get("Metadata", "smlint", "reason")
    start, end = node.origin.offsets()
    start = min(start, node.key.offsets()[0]) if node.key else start
    text = (reason.literal or "") if reason else ""
    return Suppression(ignored.origin, document.path, rules, text, start, end, set())
