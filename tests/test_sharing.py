"""Several processes: what they find is what one finds, and what goes wrong in them is never passed over."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from smlint import sharing
from smlint.cli import main
from smlint.config import Config
from smlint.engine import lint
from smlint.files import Tree, discover
from smlint.finding import Finding, Related
from smlint.pool import Pool
from smlint.readers.reading import Unit
from smlint.record import replace
from smlint.rule import Rule, all_rules
from smlint.sharing import Here, Means, Sharing, Task

Run = Callable[..., tuple[int, str, str]]
CASES = Path(__file__).parents[2] / "shared" / "cases"
FOLDERS = sorted(path for root in (CASES, Path(__file__).parent / "cases") if root.is_dir() for path in root.iterdir())

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
    monkeypatch.setattr("threading.active_count", lambda: 1)  # whatever the test runner has

    def run(*options: str) -> tuple[int, str, str]:
        status = main(["--no-cache", *options, "."])
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


@pytest.mark.parametrize(("owner", "step"), [(Unit, "read"), (Rule, "check")])
def test_a_child_that_dies_ends_the_run(
    run: Run, idle: Callable[[], bool], owner: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = getattr(owner, step)
    monkeypatch.setattr(owner, step, lambda *given: os.kill(os.getpid(), 9) if idle() else here(*given))
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


@pytest.fixture
def same(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, bytes]], None]:
    """All that a run finds, also where all that it reads and judges travels as bytes: nothing may be left behind."""

    def travelling(self: Sharing, items: Sequence[Any], task: Task[Any, Any], worth_it: bool) -> Any:
        return Here(items, replace(task, work=lambda item: task.unpack(task.pack([task.work(item)]))[0]))

    monkeypatch.setattr(sharing, "ENOUGH_TEXT", 0)
    monkeypatch.setattr(sharing, "ENOUGH_POLICIES", 0)
    monkeypatch.setattr(Sharing, "_shared", travelling)

    def same(files: dict[str, bytes]) -> None:
        found = []
        for jobs in (1, 2):
            tree = Tree.of(files)
            outcome = lint(tree, discover(tree, [""]), Config(select=("all", "privilege")), means=Means(jobs))
            told = [*map(shown, outcome.findings)], [*map(shown, outcome.unknowns)]
            found.append((*told, outcome.read, outcome.passed, outcome.failures))
        assert found[0] == found[1]

    return same


def shown(found: Finding) -> list[object]:
    """A finding with its places as a report shows them."""
    return [_shown(getattr(found, name)) for name in Finding.__match_args__]


def _shown(value: Any) -> object:
    if isinstance(value, Related):
        return value.message, _shown(value.origin)
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    place = value.place() if hasattr(value, "place") else None
    return value if place is None else (place.path, place.start, place.end, place.document.text)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_travels_leads_to_the_same_findings(same: Callable[[dict[str, bytes]], None], folder: Path) -> None:
    same({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()})


@pytest.mark.parametrize("group", sorted({rule.group for rule in all_rules().values()}))
def test_so_do_the_rules_examples(same: Callable[[dict[str, bytes]], None], group: str) -> None:
    for rule in all_rules().values():
        for example in (*rule.bad, *rule.good) if rule.group == group else ():
            same({name: text.encode() for name, text in example.items()})


def test_what_children_need_alike_is_loaded_with_the_smallest_of_several() -> None:
    task = Task[str, str](str, lambda found: b"", lambda data: [], lambda item: item[0], size=len)
    assert task.samples(["aaa", "a", "aa", "bb", "b!", "c"]) == [
        "a",
        "bb",
    ]  # none is like "c"
