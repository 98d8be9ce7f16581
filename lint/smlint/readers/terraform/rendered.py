"""Templates → texts, which remember where each of their characters stands."""

from __future__ import annotations

from smlint.document import Document, Origin, Span
from smlint.readers.terraform.evaluate import Frame, entries, evaluate
from smlint.readers.terraform.known import bool_of, is_unknown, text_of
from smlint.syntax.hcl import tree
from smlint.values import Node, Text, join, pieces


class Rendered(Node):
    """A text made by a template; `runs` are (length of the pieces so far, where the next piece stands, runs alike)."""

    __slots__ = ("runs",)

    def __init__(
        self, value: Text, origin: Origin, runs: list[tuple[int, int, bool]], used: Origin | None = None
    ) -> None:
        super().__init__(value, origin, used=used)
        self.runs = runs

    def used_at(self, origin: Origin) -> Node:
        assert self.text is not None
        return Rendered(self.text, self.origin, self.runs, origin)


class Writer:
    """Writes a template's parts one after another."""

    def __init__(self, frame: Frame, document: Document) -> None:
        self.frame = frame
        self.document = document
        self.texts: list[Text] = []
        self.runs: list[tuple[int, int, bool]] = []
        self.length = 0

    def write(self, text: Text, start: int, plain: bool) -> None:
        self.runs.append((self.length, start, plain))
        self.texts.append(text)
        self.frame.budget.produce(text)
        self.length += width(text)

    def parts(self, parts: list[tree.Part], frame: Frame) -> None:
        for part in parts:
            frame.budget.step()
            if isinstance(part, tree.Chars):
                self.write(part.text, part.start, part.plain)
            elif isinstance(part, tree.Interpolation):
                span = part.expression.span
                self.write(text_of(evaluate(part.expression, frame)), span.start, False)
            elif isinstance(part, tree.IfDirective):
                condition = evaluate(part.condition, frame)
                if is_unknown(condition):
                    self._unknown(part.condition.span, frame)
                else:
                    self.parts(part.yes if bool_of(condition) else part.no, frame)
            else:
                self._loop(part, frame)

    def _loop(self, part: tree.ForDirective, frame: Frame) -> None:
        collection = evaluate(part.collection, frame)
        pairs = entries(collection)
        if pairs is None or collection.open:
            self._unknown(part.collection.span, frame)
            return
        for key, value in pairs:
            self.parts(part.body, frame.with_names({part.value: value} | ({part.key: key} if part.key else {})))

    def _unknown(self, span: Span, frame: Frame) -> None:
        self.write(text_of(frame.unsettled(span)), span.start, False)


def width(text: Text) -> int:
    """The length of a text in which every hole counts as one character."""
    return sum(len(piece) if isinstance(piece, str) else 1 for piece in pieces(text))


def rendered(expression: tree.TemplateText, frame: Frame) -> Node:
    """The template's text in this frame."""
    writer = Writer(frame, expression.span.document)
    writer.parts(expression.parts, frame)
    return Rendered(join(writer.texts), expression.span, writer.runs)
