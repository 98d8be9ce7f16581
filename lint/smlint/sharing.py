"""What of a run is shared among processes, and from which size on: below it everything is done here, one by one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from smlint.document import Document
from smlint.estate.entities import Job
from smlint.files import Candidate, Tree
from smlint.files.probe import suffix
from smlint.finding import Finding
from smlint.iam.policy import Policy
from smlint.readers.reading import Reading, Unit
from smlint.readers.scope import Scope
from smlint.record import dataclass

if TYPE_CHECKING:
    from smlint.estate.estate import Estate
    from smlint.verdicts.collect import Tried

S = TypeVar("S")
T = TypeVar("T")

# Measured: about a tenth of a second of work, of which each child takes its part for the price of its start.
ENOUGH_TEXT = 200_000
ENOUGH_POLICIES = 500
_POLICIES_A_JOB = 5  # judging one takes as long as linting so many policies


def processes(asked: int | None) -> int:
    """How many processes may work: as many as asked for, else as there are CPUs for this one; 1 where none may fork."""
    threading = sys.modules.get("threading")
    if not hasattr(os, "fork") or (threading is not None and threading.active_count() > 1):
        return 1
    if asked is not None:
        return asked
    # On macOS a fork can hang in the system's libraries: only for those who ask for it.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


class Work(Protocol[T]):
    """Work under way."""

    def results(self) -> list[T]:
        """Its results, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Task(Generic[S, T]):
    """What is made of each item, and how results travel as bytes.

    kind: items of the same kind need the same modules and data. done: told each item whose result is there.
    size: how long an item takes, beside others of its kind.
    """

    work: Callable[[S], T]
    pack: Callable[[list[T]], bytes]
    unpack: Callable[[bytes], list[T]]
    kind: Callable[[S], object]
    done: Callable[[S], None] = lambda item: None
    size: Callable[[S], int] = lambda item: 1

    def samples(self, items: Iterable[S]) -> list[S]:
        """The smallest item of each kind of which there are several."""
        kinds: dict[object, list[S]] = {}
        for item in items:
            kinds.setdefault(self.kind(item), []).append(item)
        return [min(alike, key=self.size) for alike in kinds.values() if len(alike) > 1]


class Here(Generic[S, T]):
    """Work that this process does when the results are asked for."""

    def __init__(self, items: Sequence[S], task: Task[S, T]) -> None:
        self._items, self._task = items, task

    def __enter__(self) -> Here[S, T]:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def results(self) -> list[T]:
        return [*map(self._finished, self._items)]

    def _finished(self, item: S) -> T:
        result = self._task.work(item)
        self._task.done(item)
        return result


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use: how many processes, and the cache.

    cached: what the run is about, the scanned root and the paths in it; empty where nothing is to be kept.
    """

    jobs: int = 1
    cached: tuple[str, ...] = ()


ALONE = Means()


@dataclass(slots=True)
class Sharing:
    """The heavy steps of a run on the files of a tree, by the means that it has."""

    means: Means
    tree: Tree
    candidates: Sequence[Candidate]

    def read(self, units: Sequence[Unit], scope: Scope) -> Iterator[Reading]:
        """What each unit says."""
        heavy = [unit for unit in units if unit.heavy]
        ready = self._ready(heavy, scope) if self.means != ALONE and _much(heavy) else {}
        for unit in units:
            yield ready[id(unit)] if id(unit) in ready else unit.finished(scope)

    def _ready(self, units: Sequence[Unit], scope: Scope) -> dict[int, Reading]:
        """What units say: from the cache, else read by several processes."""
        from smlint.caching import Answer, Cache

        open = self._opener()
        cache = Cache(self.means.cached, scope, open)
        ready: dict[int, Reading] = {}
        for unit in units:
            known = cache.find(unit)
            if known is not None:
                ready[id(unit)] = known
                unit.done()
        missing = [unit for unit in units if id(unit) not in ready]
        task = Task(
            lambda unit: Answer.of(unit, scope),
            lambda answers: b"\n".join(answer.written(open) for answer in answers),
            lambda data: [Answer.read(line, open) for line in data.split(b"\n")],
            lambda unit: suffix(unit.documents[0].path),
            Unit.done,
            lambda unit: unit.size,
        )
        with self._shared(missing, task, _much(missing)) as reading:
            for unit, answer in zip(missing, reading.results(), strict=True):
                ready[id(unit)] = answer.reading
                cache.keep(unit, answer)
        cache.save()
        return ready

    def judged(
        self, estate: Estate, policies: list[Policy], check: Callable[[Policy], list[Finding]]
    ) -> tuple[list[Tried] | None, list[list[Finding]]]:
        """What comes of the estate's jobs, None where one process judges them all; what `check` finds in policies."""
        if self.means.jobs < 2 or len(policies) + _POLICIES_A_JOB * len(estate.jobs) < ENOUGH_POLICIES:
            return None, [check(policy) for policy in policies]
        from smlint.codec import Common, decode, encode
        from smlint.verdicts import carried
        from smlint.verdicts.collect import Tried, attempt
        from smlint.verdicts.judge import Judge

        open, judge, common = self._opener(), Judge(estate), Common(carried.common(estate, policies))

        def work(item: Job | Policy) -> Tried | list[Finding]:
            return attempt(judge, item) if isinstance(item, Job) else check(item)

        def pack(results: list[Tried | list[Finding]]) -> bytes:
            written = [carried.pack(one) if isinstance(one, Tried) else one for one in results]
            return encode(written, open, common)

        def unpack(data: bytes) -> list[Tried | list[Finding]]:
            return [carried.unpack(one) if isinstance(one, tuple) else one for one in decode(data, open, common)]

        task = Task(work, pack, unpack, lambda item: item.api if isinstance(item, Job) else item.kind)
        items: list[Job | Policy] = [*estate.jobs, *policies]
        with self._shared(items, task, True) as pool:
            results = pool.results()
        found = [one for one in results if not isinstance(one, Tried)]
        return [one for one in results if isinstance(one, Tried)], found

    def _shared(self, items: Sequence[S], task: Task[S, T], worth_it: bool) -> AbstractContextManager[Work[T]]:
        if self.means.jobs < 2 or not worth_it:
            return Here(items, task)
        from smlint.pool import Pool

        for item in task.samples(items):
            task.work(item)  # what it imports and loads, no child has to; it is worked on again in its turn
        return Pool(items, task.work, self.means.jobs, task.pack, task.unpack, task.done)

    def _opener(self) -> Callable[[str], Document | None]:
        """The document at a path: the one that was looked at, else another of the tree."""
        known = {one.path: one.document() for one in self.candidates if one.to_read}
        return lambda path: known.get(path) or self.tree.open(path)


def _much(units: Sequence[Unit]) -> bool:
    return sum(unit.size for unit in units) >= ENOUGH_TEXT
