"""What of a run is shared among processes, and from which size on: below it everything is done here, one by one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Generic, Protocol, TypeVar

from smlint.document import Document
from smlint.files import Candidate, Tree
from smlint.iam.policy import Policy
from smlint.readers.reading import Reading, Unit
from smlint.readers.scope import Scope
from smlint.record import dataclass

S = TypeVar("S")
T = TypeVar("T")

# Measured: about a tenth of a second of work, of which each child takes its part for the price of its start.
ENOUGH_TEXT = 200_000
ENOUGH_POLICIES = 200


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


class Here(Generic[S, T]):
    """Work that this process does when the results are asked for."""

    def __init__(self, items: Sequence[S], work: Callable[[S], T]) -> None:
        self._items, self._work = items, work

    def __enter__(self) -> Here[S, T]:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def results(self) -> list[T]:
        return [*map(self._work, self._items)]


@dataclass(slots=True)
class Sharing:
    """How many processes may work, and on which files."""

    jobs: int
    tree: Tree
    candidates: Sequence[Candidate]

    def read(self, units: Sequence[Unit], scope: Scope) -> Iterator[Reading]:
        """What each unit says."""
        heavy = [unit for unit in units if unit.heavy]
        ready: dict[int, Reading] = {}
        if self.jobs > 1 and sum(unit.size for unit in heavy) >= ENOUGH_TEXT:
            with self._shared(heavy, lambda unit: unit.read(scope), Unit.done) as reading:
                ready = dict(zip(map(id, heavy), reading.results(), strict=True))
        for unit in units:
            yield ready[id(unit)] if id(unit) in ready else unit.finished(scope)

    def checked(self, policies: Sequence[Policy], check: Callable[[Policy], T]) -> AbstractContextManager[Work[T]]:
        """What `check` makes of each policy; children begin at once, while this process does other things."""
        if self.jobs > 1 and len(policies) >= ENOUGH_POLICIES:
            return self._shared(policies, check)
        return Here(policies, check)

    def _shared(
        self, items: Sequence[S], work: Callable[[S], T], done: Callable[[S], None] = lambda item: None
    ) -> AbstractContextManager[Work[T]]:
        from smlint.codec import decode, encode
        from smlint.pool import Pool

        known = {one.path: one.document() for one in self.candidates if one.to_read}

        def open(path: str) -> Document | None:
            return known.get(path) or self.tree.open(path)

        return Pool(items, work, self.jobs, lambda result: encode(result, open), lambda data: decode(data, open), done)
