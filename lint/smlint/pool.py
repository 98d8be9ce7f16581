"""Forked processes that share one piece of work.

Children are copies of this process as it is when they are forked: they inherit all that was read, and only their
results travel, as bytes. Pieces are numbered; whoever is free takes the next from a pipe, this process included. What
fails in a child is done once more here, so an error surfaces as it does without children; a child that dies ends the
run.
"""

from __future__ import annotations

import os
import select
import signal
import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from types import TracebackType
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")

_PIECES = 16  # for each process: so small that all end at about the same time
_MOST_PIECES = 255  # a piece's number is one byte of the pipe, which nobody gets in halves
_HEAD = struct.Struct("<B?Q")  # number, whether it was done, length of the result
_CHUNK = 1 << 16


class WorkerError(RuntimeError):
    """A child ended before its work was done: killed, or out of memory."""


class Pool(Generic[S, T]):
    """What `work` makes of each item, by `jobs` processes of which this is one.

    The children begin at once, this process when it is asked for the results. pack, unpack: a list of results as bytes
    and back. done: told each item here when its result is.
    """

    def __init__(
        self,
        items: Sequence[S],
        work: Callable[[S], T],
        jobs: int,
        pack: Callable[[list[T]], bytes],
        unpack: Callable[[bytes], list[T]],
        done: Callable[[S], None],
    ) -> None:
        self._call, self._pack, self._unpack, self._tell = work, pack, unpack, done
        count = max(1, min(jobs * _PIECES, _MOST_PIECES, len(items)))
        bounds = [len(items) * at // count for at in range(count + 1)]
        self._pieces = [items[start:end] for start, end in pairwise(bounds)]
        self._done: dict[int, list[T]] = {}
        self._failed: list[int] = []
        self._children: dict[int, int] = {}  # the pipe of a child's results → its process
        self._received: dict[int, bytearray] = {}
        self._queue, filling = os.pipe()
        os.write(filling, bytes(range(count)))
        os.close(filling)
        for _ in range(min(jobs, count) - 1):
            self._fork()

    def __enter__(self) -> Pool[S, T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for pipe, child in self._children.items():
            os.close(pipe)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self._children.clear()
        os.close(self._queue)

    def results(self) -> list[T]:
        """Work off what is left together with the children. Raises WorkerError."""
        for number in self._taken():
            self._keep(number, self._work(number))
            while self._receive(0):
                pass
        while self._children:
            self._receive(None)
        for number in self._failed:
            self._keep(number, self._work(number))
        if len(self._done) < len(self._pieces):
            raise WorkerError("a process of the pool ended before its work was done")
        return [result for number in range(len(self._pieces)) for result in self._done[number]]

    def _work(self, number: int) -> list[T]:
        return [self._call(item) for item in self._pieces[number]]

    def _keep(self, number: int, results: list[T]) -> None:
        self._done[number] = results
        for item in self._pieces[number]:
            self._tell(item)

    def _taken(self) -> Iterator[int]:
        while token := os.read(self._queue, 1):
            yield token[0]

    # In a child

    def _fork(self) -> None:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                for pipe in (reading, *self._children):
                    os.close(pipe)  # whoever writes where nobody reads any more ends: this process was killed
                for number in self._taken():
                    self._send(writing, number)
                status = 0
            finally:
                os._exit(status)  # nothing of the parent's is to be ended or flushed twice
        os.close(writing)
        self._children[reading] = child
        self._received[reading] = bytearray()

    def _send(self, pipe: int, number: int) -> None:
        try:
            result, done = self._pack(self._work(number)), True
        except Exception:
            result, done = b"", False
        rest = memoryview(_HEAD.pack(number, done, len(result)) + result)
        while rest:
            rest = rest[os.write(pipe, rest) :]

    # In this process

    def _receive(self, timeout: int | None) -> bool:
        """Take what the children have sent; wait for it where `timeout` is None. False: nothing had come."""
        poll = select.poll()
        for pipe in self._children:
            poll.register(pipe, select.POLLIN)
        ready = poll.poll(timeout)
        for pipe, _ in ready:
            sent = os.read(pipe, _CHUNK)
            self._received[pipe] += sent
            self._unframe(self._received[pipe])
            if not sent:
                self._reap(pipe)
        return bool(ready)

    def _unframe(self, received: bytearray) -> None:
        while len(received) >= _HEAD.size:
            number, done, length = _HEAD.unpack_from(received)
            end = _HEAD.size + length
            if len(received) < end:
                return
            result = bytes(received[_HEAD.size : end])
            del received[:end]
            if done:
                self._keep(number, self._unpack(result))
            else:
                self._failed.append(number)

    def _reap(self, pipe: int) -> None:
        os.close(pipe)
        _, status = os.waitpid(self._children.pop(pipe), 0)
        if status:
            how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
            raise WorkerError(f"a process of the pool ended with {how}")
