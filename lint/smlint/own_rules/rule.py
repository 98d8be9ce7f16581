"""An own rule, compiled: the same as a rule that is a module, to everything that runs and shows rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from smlint.document import Origin
from smlint.estate.entities import Bucket, Job, Key, Role
from smlint.finding import Finding, Level
from smlint.iam.match import equal, matches
from smlint.own_rules import normal
from smlint.own_rules.path import Path, Selection
from smlint.record import dataclass
from smlint.rule import HEADINGS, Page
from smlint.values import NO, UNKNOWN, YES, Node, Text, Truth, Unknown, any_of, plain

GROUP = "own"
SUBJECTS: dict[str, type[Any]] = {"request": Job, "role": Role, "bucket": Bucket, "key": Key}
_SHOWN = 80


@dataclass(frozen=True, eq=False)
class OwnRule:
    """A rule from a file. `on` is a key of SUBJECTS; `good` and `bad` are examples in the normal form."""

    name: str
    level: Level
    on: str
    message: str
    origin: Origin
    apis: tuple[str, ...] = ()
    match: Path | None = None
    require: Path | None = None
    forbid: Path | None = None
    equals: tuple[Node, ...] = ()
    pattern: tuple[Text, ...] = ()
    fix: str = ""
    why: str = ""
    source: str = ""
    good: tuple[Node, ...] = ()
    bad: tuple[Node, ...] = ()

    group = GROUP
    wants_estate = False

    @property
    def subject(self) -> str:
        """What `check` wants to see: the name of its type."""
        return SUBJECTS[self.on].__name__

    @property
    def page(self) -> Page:
        texts = (self.message, self.why, self.fix, self.source)
        return Page(self.name, dict(zip(HEADINGS, texts, strict=True)))

    def check(self, subject: Any, estate: object = None) -> Iterator[Finding]:
        """The rule's findings on a job, role, bucket or key."""
        if self.apis and subject.api not in self.apis:
            return
        workload = (subject.label,) if self.on == "request" else ()
        for found in self.findings(normal.form(subject)):
            if found.origin is normal.NOWHERE:  # another file's bucket: nothing here can be edited
                continue
            yield Finding(
                message=self.message.replace("{value}", _shown(found)),
                origin=found.origin,
                rule=self.name,
                level=self.level,
                fix=self.fix,
                resource=f"{self.on}/{_label(subject)}",
                workload=workload,
            )

    def findings(self, root: Node) -> Iterator[Node]:
        """The nodes at which something in the normal form breaks the rule."""
        for place in self.match.select(root).nodes if self.match else [root]:
            if self.require:
                yield from self._required(place, self.require)
            if self.forbid:
                yield from (node for node in _present(self.forbid.select(place)) if self._meets(node) is YES)
            if not self.require and not self.forbid and self._meets(place) is NO:
                yield place

    def _required(self, place: Node, path: Path) -> Iterator[Node]:
        found = path.select(place)
        present = _present(found)
        if not present and found.complete:
            yield place
        yield from (node for node in present if self._meets(node) is NO)

    def _meets(self, node: Node) -> Truth:
        """Whether the value is one of `equals` and like one of `pattern`; with neither, that it is there."""
        if isinstance(node.value, Unknown):
            return UNKNOWN
        answer = YES
        if self.equals:
            answer &= any_of(_same(node, wanted) for wanted in self.equals)
        if self.pattern:
            text = node.scalar
            answer &= NO if text is None else any_of(matches(pattern, text) for pattern in self.pattern)
        return answer


def _label(subject: Job | Role | Bucket | Key) -> str:
    if isinstance(subject, Bucket):
        return subject.label or str(subject.name)
    return subject.label or (str(subject.key_id) if isinstance(subject, Key) else "")


def _present(found: Selection) -> list[Node]:
    """Without what is null: a template's way of leaving a member out."""
    return [node for node in found.nodes if node.value is not None]


def _same(node: Node, wanted: Node) -> Truth:
    # As texts, because templates write `"true"` and `"1"` where requests write true and 1.
    one, other = node.scalar, wanted.scalar
    if one is None or other is None:
        return Truth.of(one is other and plain(node) == plain(wanted))
    return equal(one, other)


def _shown(node: Node) -> str:
    value = plain(node)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
