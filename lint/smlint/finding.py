"""Findings: what rules say and reports print."""

from __future__ import annotations

import enum

from smlint.document import Origin
from smlint.record import dataclass, field, replace


class Level(enum.IntEnum):
    """How bad it is: error, it will be refused; warning, it may be; note, advice."""

    UNSET = 0  # the rule's own LEVEL, filled in by the engine
    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()

    def lower(self) -> Level:
        """One level lower; a note stays a note."""
        return Level(max(1, self - 1))


LEVELS = {level.word: level for level in (Level.ERROR, Level.WARNING, Level.NOTE)}
"""The levels by their words, the worst first."""


@dataclass(frozen=True, slots=True)
class Related:
    """A piece of evidence: what stands at a place, in a few words."""

    message: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place. Rules build it with `finding(...)`; the engine fills in `rule` and the default level.

    message:  what is wrong, lower case, no full stop, what the user wrote in backticks; stands alone.
    aws:      what AWS will say, in its words, or "".
    fix:      what to do, in words; `snippet` is what to paste, in the syntax of the file at hand.
    origin:   what the user edits.
    related:  the evidence, one entry an access or layer.
    chain:    job → role → policy → bucket or key, in that order, for SARIF code flows and the HTML page.
    resource, access: what it is about, for the baseline's key ("role/Train", "s3:ListBucket on b"); no lines in them.
    workload: labels of the workloads that it breaks.
    under:    the condition under which it holds ("when IsProd"), or "".
    would:    for a dead grant: the (action, resource pattern) pairs that the corrected statement would allow.
    """

    message: str
    origin: Origin
    rule: str = ""
    level: Level = Level.UNSET
    aws: str = ""
    fix: str = ""
    snippet: str = ""
    related: tuple[Related, ...] = ()
    chain: tuple[Related, ...] = ()
    resource: str = ""
    access: str = ""
    workload: tuple[str, ...] = ()
    under: str = ""
    would: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def at(self, level: Level) -> Finding:
        """The same finding at another level."""
        return replace(self, level=level)
