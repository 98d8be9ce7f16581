"""The rooms of the house know only what is below them: data flows one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import smlint
import smlint_rules

PACKAGE = Path(smlint.__file__).parent
RULES = Path(smlint_rules.__file__).parent

# What each room may import of smlint, beside itself. The ground floor: document, values, finding.
GROUND = {"document", "values", "finding", "spelling", "record"}
MAY = {
    "record": set(),
    "document": {"record"},
    "values": {"document", "record"},
    "finding": {"document", "record"},
    "iam": {"document", "values", "spelling", "record"},
    "facts": GROUND | {"iam"},
    "syntax": GROUND | {"facts"},
    "files": GROUND | {"facts", "errors"},
    "needs": GROUND | {"facts", "syntax"},
    "estate": GROUND | {"facts", "iam", "needs"},
    "verdicts": GROUND | {"facts", "iam", "needs", "estate"},
    "fixes": GROUND | {"facts", "iam", "estate", "verdicts"},
    "readers": GROUND | {"facts", "iam", "syntax", "files", "needs", "config", "errors"},
    "pool": set(),
    "codec": GROUND | {"facts", "iam", "syntax", "readers", "needs", "verdicts"},
    "reports": GROUND | {"rule", "gate", "baseline", "facts", "errors"},
}


def imports(path: Path) -> Iterator[str]:
    """The modules of smlint that a file imports, wherever in the file, type checking included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            parts = node.module.split(".")
            if parts[0] == "smlint":
                yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[1] for name in node.names if name.name.startswith("smlint."))


def files(room: str) -> list[Path]:
    folder = PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]


@pytest.mark.parametrize("room", MAY)
def test_a_room_knows_only_what_is_below_it(room: str) -> None:
    allowed = MAY[room] | {room}
    found = {(path.name, name) for path in files(room) for name in imports(path) if name not in allowed}
    assert not found


def test_readers_never_look_at_each_other() -> None:
    shared = {"scope", "api", "state_machine", "pipeline", "request", "python", "registry", "repository"}
    apart = {"configured", "reading", "registry"}
    for path in sorted((PACKAGE / "readers").iterdir()):
        if path.stem.startswith("_") or path.stem in apart:
            continue
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("smlint.readers"):
                    names = (node.module or "").split(".")[2:3] or [alias.name for alias in node.names]
                    others = {name for name in names if name != path.stem} - shared
                    assert not others, f"{file} imports {others}"


def test_rules_know_no_format_no_file_and_no_report() -> None:
    forbidden = {"syntax", "readers", "files", "reports", "cli", "run", "engine", "config", "gate"}
    found = {(path.name, name) for path in RULES.rglob("*.py") for name in imports(path) if name in forbidden}
    assert not found


def test_nothing_below_the_engine_reaches_the_network_or_runs_code() -> None:
    forbidden = {"socket", "urllib.request", "http.client", "pickle", "marshal", "shelve"}
    calls = {"eval", "exec"}
    # Compiles the `__init__` of smlint's own classes from their annotations; nothing that is read comes near it.
    own_classes = PACKAGE / "record.py"
    for path in {*PACKAGE.rglob("*.py"), *RULES.rglob("*.py")} - {own_classes}:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not forbidden & {alias.name for alias in node.names}, path
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in forbidden, path
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in calls, path
