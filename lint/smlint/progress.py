"""A progress bar on standard error, once a run has taken a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_PATIENCE = 1.0
_EVERY = 0.1
_WIDTH = 24


def track(things: Iterable[T], total: int) -> Iterator[T]:
    """Hand the things on and draw how far they are; clears the line at the end."""
    start = drawn = time.monotonic()
    shown = False
    try:
        for done, thing in enumerate(things):
            now = time.monotonic()
            if now - start > _PATIENCE and now - drawn > _EVERY:
                drawn, shown = now, True
                full = _WIDTH * done // max(1, total)
                bar = "█" * full + "░" * (_WIDTH - full)
                sys.stderr.write(f"\r{bar} {done}/{total} files")
                sys.stderr.flush()
            yield thing
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
