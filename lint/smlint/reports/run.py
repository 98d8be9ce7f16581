"""What every report is made from: the findings behind the gate, and how the output should look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from smlint.document import Origin, Place
from smlint.finding import LEVELS, Finding, Level
from smlint.gate import Suppressed
from smlint.record import dataclass, field


class Page(Protocol):
    """A rule's page: its title and the text below each heading."""

    @property
    def title(self) -> str: ...
    @property
    def sections(self) -> Mapping[str, str]: ...


class Described(Protocol):
    """What reports ask of a rule."""

    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def level(self) -> Level: ...
    @property
    def page(self) -> Page: ...


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run.

    failures: (path, why) of files that could not be read although they should have been; each is a finding, too.
    read:     how many files were read.
    rules:    every rule by name, for those reports that describe them.
    """

    findings: Sequence[Finding]
    suppressed: Sequence[Suppressed] = ()
    unknowns: Sequence[Finding] = ()
    failures: Sequence[tuple[str, str]] = ()
    read: int = 0
    rules: Mapping[str, Described] = field(default_factory=dict)
    version: str = ""

    def count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Style:
    """color: ANSI colours. width: columns to stay within; terminal: which would break even a message within its words.
    shown: from a path below the root to the one to print."""

    color: bool = False
    width: int = 100
    terminal: bool = False
    shown: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of one line: columns count characters from 1, `end` is past the last. `more`: it goes on below."""

    line: int
    column: int
    end: int
    more: bool = False


def region(place: Place) -> Region:
    """The smallest region that marks a place: its first line, without the spaces at its end."""
    first = place.first
    text = place.document.line(first.line)
    rest = text[first.column - 1 :][: max(1, place.end - place.start)].rstrip()
    end = first.column + max(1, len(rest))
    return Region(first.line, first.column, end, place.last.line > first.line and bool(rest != text.strip()))


def evidence(finding: Finding) -> Iterator[tuple[str, Origin]]:
    """What is said of other places, or besides the message of the same place: what is related, then the chain."""
    told = {(_spot(finding.origin), finding.message)}
    for one in finding.related:
        said = (_spot(one.origin), one.message)
        if said not in told:
            told.add(said)
            yield one.message, one.origin
    seen = {spot for spot, _ in told}
    for one in finding.chain:
        spot = _spot(one.origin)
        if spot not in seen:
            seen.add(spot)
            yield one.message, one.origin


def _spot(origin: Origin) -> tuple[str, int]:
    place = origin.place()
    return place.path, place.start


def message_of(finding: Finding) -> str:
    """What is wrong, and under which condition."""
    return f"{finding.message} ({finding.under})" if finding.under else finding.message


def in_turn(text: str) -> list[str]:
    """A message's words and, between them, what stands in backticks: words, code, words. All words where one is odd."""
    parts = text.split("`")
    return parts if len(parts) % 2 else [text]


def counted(number: int, noun: str) -> str:
    """ "1 error", "2 errors"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def summary(run: Run) -> str:
    """One line: how much was found, in how many files, and what is held back."""
    counts = [(run.count(level), word) for word, level in LEVELS.items()]
    found = ", ".join(counted(number, word) for number, word in counts if number) or "nothing found"
    kinds = (("inSource", "ignored in the files"), ("external", "in the baseline"))
    held = [(sum(one.kind == kind for one in run.suppressed), text) for kind, text in kinds]
    held.append((len(run.unknowns), "unknown"))
    notes = ", ".join(f"{number} {text}" for number, text in held if number)
    return f"{found} in {counted(run.read, 'file')}" + (f" ({notes})" if notes else "")
