"""Several processes: what they find is what one finds, and what goes wrong in them is never passed over."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from smlint import sharing
from smlint.cli import main
from smlint.pool import Pool
from smlint.rule import all_rules

Run = Callable[..., tuple[int, str, str]]

STACK = (Path(__file__).parent / "cases" / "training-stack" / "template.yaml").read_text()
MODULE = """\
resource "aws_iam_role_policy" "data" {
  name = "data"
  role = "train"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:ListBucket", Resource = "arn:aws:s3:::b/*" }]
  })
}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs smlint on a folder that holds something of everything; processes work together however little there is."""
    for number in range(12):
        (tmp_path / f"{number}.yaml").write_text(STACK.replace("churn", f"churn{number}"))
        folder = tmp_path / f"terraform{number}"
        folder.mkdir()
        (folder / "main.tf").write_text(MODULE)
    for rule in ("action-resource-mismatch", "missing-list-bucket", "uri-placeholder-literal"):
        for number, example in enumerate(all_rules()[rule].bad):
            for name, text in example.items():
                (tmp_path / f"{rule}-{number}" / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / f"{rule}-{number}" / name).write_text(text)
    (tmp_path / "broken.yaml").write_text("AWSTemplateFormatVersion: '2010-09-09'\nResources: [\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sharing, "ENOUGH_TEXT", 0)
    monkeypatch.setattr(sharing, "ENOUGH_POLICIES", 0)

    def run(*options: str) -> tuple[int, str, str]:
        status = main([*options, "."])
        out, err = capfd.readouterr()
        return status, out, err

    return run


@pytest.mark.parametrize("options", [["--format", "json", "--show-unknown"], ["--format", "sarif"], ["--verbose"]])
def test_several_processes_find_what_one_finds(run: Run, options: list[str]) -> None:
    alone = run("--jobs", "1", *options)
    assert alone[0] == 1
    assert run("--jobs", "2", *options) == alone
    assert run("--jobs", "5", *options) == alone


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Leaves all work to the children; tells whether it is asked in one."""
    here, taken = os.getpid(), Pool._taken
    monkeypatch.setattr(Pool, "_taken", lambda pool: iter(()) if os.getpid() == here else taken(pool))
    return lambda: os.getpid() != here


def test_children_alone_find_what_one_process_finds(run: Run, idle: Callable[[], bool]) -> None:
    assert run("--jobs", "2", "--format", "json") == run("--jobs", "1", "--format", "json")


@pytest.mark.parametrize("step", ["smlint.readers.reading.Unit.read", "smlint.rule.Rule.check"])
def test_a_child_that_dies_ends_the_run(
    run: Run, idle: Callable[[], bool], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, lambda *_: os.kill(os.getpid(), signal.SIGKILL) if idle() else pytest.fail("not here"))
    status, out, err = run("--jobs", "2")
    assert (status, out) == (2, "")
    assert err.startswith("smlint: internal failure: WorkerError: a process of the pool ended with signal 9")


@pytest.mark.parametrize("step", ["smlint.readers.reading.Unit.read", "smlint.rule.Rule.check"])
def test_an_error_in_a_child_is_told_as_any_other(run: Run, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("what is this")

    monkeypatch.setattr(step, fail)
    alone = run("--jobs", "1")
    assert alone[0] == 2
    assert "LookupError: what is this" in alone[2]
    assert run("--jobs", "3") == alone


def test_the_bar_counts_what_children_read(run: Run, idle: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("smlint.progress._PATIENCE", -1)
    monkeypatch.setattr("smlint.progress._EVERY", -1)
    shown = run("--jobs", "2")[2]
    counts = [line.split()[1] for line in shown.split("\r") if line.endswith("files")]
    total = len(counts)
    assert counts == [f"{count}/{total}" for count in range(1, total + 1)]


def test_how_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 4, 6}, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("threading.active_count", lambda: 1)
    assert sharing.processes(None) == 3
    assert sharing.processes(7) == 7
    monkeypatch.setattr(sys, "platform", "darwin")
    assert (sharing.processes(None), sharing.processes(2)) == (1, 2)
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert sharing.processes(7) == 1
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.delattr(os, "fork")
    assert sharing.processes(7) == 1
