import pytest

from smlint import progress
from smlint.cli import main


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_quick_runs_show_nothing(clock, capsys):
    bar = progress.Bar(10)
    for _ in range(10):
        bar.step()
    bar.clear()
    assert capsys.readouterr().err == ""


def test_slow_runs_show_a_bar_and_take_it_away(clock, capsys):
    bar = progress.Bar(4)
    clock[0] = 2.0
    bar.step()
    bar.step()
    bar.clear()
    assert capsys.readouterr().err == "\r" + "█" * 6 + "░" * 18 + " 1/4 files\r\x1b[K"


@pytest.mark.parametrize(("options", "ci", "shown"), [([], "", True), (["--no-progress"], "", False), ([], "1", False)])
def test_only_for_people(tmp_path, monkeypatch, capsys, options, ci, shown):
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text('{"Version": "2012-10-17", "Statement": []}')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    monkeypatch.setattr(progress, "_EVERY", -1)
    main(options)
    assert ("2/2 files" in capsys.readouterr().err) is shown
