"""A progress bar on standard error, once a run has taken a second."""

from __future__ import annotations

import sys
import time

_PATIENCE = 1.0
_EVERY = 0.1
_WIDTH = 24


class Bar:
    """Draws how many of `total` files have been read; `clear` removes it."""

    def __init__(self, total: int) -> None:
        self._total = max(1, total)
        self._done = 0
        self._start = self._drawn = time.monotonic()
        self._shown = False

    def step(self) -> None:
        """One more file."""
        self._done += 1
        now = time.monotonic()
        if now - self._start > _PATIENCE and now - self._drawn > _EVERY:
            self._drawn, self._shown = now, True
            full = _WIDTH * self._done // self._total
            sys.stderr.write(f"\r{'█' * full}{'░' * (_WIDTH - full)} {self._done}/{self._total} files")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away before anything else is printed."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
