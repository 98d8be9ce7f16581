"""Forked processes: results in order, errors where they belong, no child that is left over."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from smlint.pool import Pool, WorkerError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def pack(results: list[Any]) -> bytes:
    return json.dumps(results).encode()


def run(items: list[Any], work: Callable[[Any], Any], jobs: int) -> list[Any]:
    with Pool(items, work, jobs, pack, json.loads, lambda item: None) as pool:
        results = pool.results()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    return results


@pytest.fixture
def in_child(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether this is a child. What this process would take is left to the children."""
    here, taken = os.getpid(), Pool._taken

    def not_here(pool: Any) -> Any:
        return iter(()) if os.getpid() == here else taken(pool)

    monkeypatch.setattr(Pool, "_taken", not_here)
    return lambda: os.getpid() != here


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_results_are_in_order(jobs: int, count: int) -> None:
    assert run([*range(count)], lambda item: item * 2, jobs) == [item * 2 for item in range(count)]


def test_children_do_work_and_send_more_than_a_pipe_holds(in_child: Callable[[], bool]) -> None:
    results = run([*range(40)], lambda item: [in_child(), "x" * 50_000], 3)
    assert results == [[True, "x" * 50_000]] * 40


def test_everything_is_told_once() -> None:
    told: list[int] = []
    with Pool([*range(50)], lambda item: item, 3, pack, json.loads, told.append) as pool:
        pool.results()
    assert sorted(told) == [*range(50)]


def test_what_fails_in_a_child_is_done_here(in_child: Callable[[], bool]) -> None:
    def work(item: int) -> int:
        if in_child() and item == 3:
            raise MemoryError
        return item

    assert run([*range(9)], work, 2) == [*range(9)]


def test_an_error_surfaces_as_it_is(in_child: Callable[[], bool]) -> None:
    with pytest.raises(ZeroDivisionError):
        run([1, 0], lambda item: 1 // item, 2)


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(0)])
def test_a_child_that_dies_is_an_error(in_child: Callable[[], bool], end: Callable[[], None]) -> None:
    with pytest.raises(WorkerError):
        run([*range(9)], lambda item: end() if in_child() and item == 5 else item, 3)


def test_children_end_when_there_is_nobody_left_to_send_to(in_child: Callable[[], bool]) -> None:
    watching, watched = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.close(watching)
        pool = Pool(
            [*range(200)], lambda item: ["x" * 200_000, time.sleep(0.05)], 4, pack, json.loads, lambda item: None
        )
        os.kill(os.getpid(), signal.SIGKILL)
        pool.results()
    os.close(watched)
    os.waitpid(parent, 0)
    assert select.select([watching], [], [], 30)[0], "children are left over"
    assert os.read(watching, 1) == b""
    os.close(watching)


def test_an_interruption_ends_the_children(in_child: Callable[[], bool]) -> None:
    children: list[int] = []
    with (
        pytest.raises(KeyboardInterrupt),
        Pool([*range(9)], lambda item: time.sleep(60), 4, pack, json.loads, lambda item: None) as pool,
    ):
        children += pool._children.values()
        raise KeyboardInterrupt
    assert len(children) == 3
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
