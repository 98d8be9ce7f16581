"""Code frames as rustc and ruff print them: the line to change, the evidence in other files, what AWS says, the fix."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Document, Origin
from smlint.finding import Finding, Level
from smlint.record import dataclass
from smlint.reports.clean import clean, clean_lines
from smlint.reports.frames import Label, frame, wrapped
from smlint.reports.run import Run, Style, evidence, message_of, region

_PLACES = 5
_COLORS = {Level.ERROR: "1;31", Level.WARNING: "1;33", Level.NOTE: "1;36"}
_DIM, _BOLD, _BLUE, _GREEN = "2", "1", "1;34", "32"


def render(run: Run, style: Style) -> Iterator[str]:
    for finding in run.findings:
        yield from _Printed(finding, style).lines()
    for finding in run.unknowns:
        yield from _Printed(finding, style, head="unknown").lines()


def paint(text: str, code: str, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.color and text else text


@dataclass(slots=True)
class _Printed:
    """One finding as text."""

    finding: Finding
    style: Style
    head: str = ""

    def lines(self) -> Iterator[str]:
        finding = self.finding
        yield from self._title()
        frames, left = self._frames()
        margin = max(len(str(label.region.line)) for _, labels in frames for label in labels)
        for number, (document, labels) in enumerate(frames):
            yield from self._frame(document, labels, margin, first=number == 0)
        if left:
            yield self._note(
                "evidence",
                f"{left} more {'places bear' if left > 1 else 'place bears'} on it; `--format json` lists all",
                margin,
            )
        if finding.aws:
            yield self._note("AWS says", finding.aws, margin)
        if finding.fix:
            yield self._note("fix", finding.fix, margin)
        for added in clean_lines(finding.snippet).splitlines():
            yield f"{' ' * margin}   {paint('+ ' + added, _GREEN, self.style)}\n"
        yield "\n"

    def _title(self) -> Iterator[str]:
        """ "error[rule]: message", on one line but for a terminal."""
        finding = self.finding
        name = self.head or f"{finding.level.word}[{finding.rule}]"
        title = f"{name}: {clean(message_of(finding))}"
        first, *more = wrapped(title, self.style.width) if self.style.terminal else [title]
        color = _COLORS[finding.level]
        yield f"{paint(name, color, self.style)}: {paint(first[len(name) + 2 :], _BOLD, self.style)}\n"
        yield from (f"{paint(line, _BOLD, self.style)}\n" for line in more)

    def _note(self, name: str, text: str, margin: int) -> str:
        """ "= name: text", further lines of it below its beginning; where a word of it is too long, below the name."""
        indent, text = margin + len(name) + 5, clean(text)
        if max(map(len, text.split(" "))) > self.style.width - indent:
            indent = margin + 3
            first, *more = wrapped(f"{name}: {text}", self.style.width - indent)
            lines = [first[len(name) + 2 :], *more]
        else:
            lines = wrapped(text, self.style.width - indent)
        head = f"{' ' * margin} {paint('=', _BLUE, self.style)} {paint(name, _BOLD, self.style)}: "
        return head + f"\n{' ' * indent}".join(lines) + "\n"

    def _frames(self) -> tuple[list[tuple[Document, list[Label]]], int]:
        """The labelled places by document, the finding's own first, and how many do not fit."""
        frames: dict[str, tuple[Document, list[Label]]] = {}
        places = list(evidence(self.finding))
        own = [("", self.finding.origin)]
        for message, origin in own + places[:_PLACES]:
            self._add(frames, message, origin)
        return list(frames.values()), max(0, len(places) - _PLACES)

    def _add(self, frames: dict[str, tuple[Document, list[Label]]], message: str, origin: Origin) -> None:
        place = origin.place()
        _, labels = frames.setdefault(place.path, (place.document, []))
        primary = not message
        labels.append(Label(region(place), clean(message), primary))

    def _frame(self, document: Document, labels: list[Label], margin: int, first: bool) -> Iterator[str]:
        at = labels[0].region
        arrow = paint("-->" if first else ":::", _BLUE, self.style)
        yield f"{' ' * margin}{arrow} {clean(self.style.shown(document.path))}:{at.line}:{at.column}\n"
        bar = paint("|", _BLUE, self.style)
        yield f"{' ' * margin} {bar}\n"
        codes = (_COLORS[self.finding.level], _BLUE)
        for row in frame(document, labels, self.style.width - margin - 4):
            number = paint(row.gutter.rjust(margin), _BLUE, self.style)
            marks = paint(row.marks, codes[0] if row.primary else codes[1], self.style)
            yield (
                f"{number} {bar} {row.code}{marks}".rstrip() + "\n"
                if row.gutter != "..."
                else f"{paint('...', _BLUE, self.style)}\n"
            )
        yield f"{' ' * margin} {bar}\n"
