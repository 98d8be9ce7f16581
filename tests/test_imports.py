"""What a run imports: little for little questions, heavy libraries only where they are used."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import smlint

PACKAGE = Path(smlint.__file__).parent
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
CALL = (
    "import json, sys; from smlint.cli import main; main(sys.argv[1:]);"
    " print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
)


def imported(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", CALL, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.json").write_text(POLICY)
    return tmp_path


def test_version_imports_next_to_nothing(folder):
    modules = imported(folder, "--version")
    assert {name for name in modules if name.startswith("smlint")} == {"smlint", "smlint.cli"}
    assert not modules & {"argparse", "dataclasses"}


def test_text_on_a_policy_imports_no_heavy_library(folder):
    modules = imported(folder, "a.json")
    heavy = {
        "importlib.metadata",
        "sarif_om",
        "attr",
        "jsonpath_ng",
        "tree_sitter",
        "pathspec",
        "tomllib",
        "subprocess",
        "html",
    }
    assert not modules & heavy
    assert not modules & {"smlint.needs.table", "smlint.verdicts.judge", "smlint.iam.decision"}
    assert not modules & {"smlint.pool", "smlint.codec", "smlint.caching", "select", "tempfile", "hashlib"}
    assert not {name for name in modules if name.startswith("smlint.reports.")} - {
        "smlint.reports.clean",
        "smlint.reports.frames",
        "smlint.reports.run",
        "smlint.reports.text",
    }


def test_only_one_module_knows_sarif_om():
    assert [path.name for path in PACKAGE.rglob("*.py") if "sarif_om" in names(path)] == ["sarif.py"]


def test_reports_know_no_rule_and_files_no_aws():
    for path in (PACKAGE / "reports").glob("*.py"):
        assert not {name for name in names(path) if name.startswith(("smlint_rules", "smlint.rule", "smlint.engine"))}
    for path in (PACKAGE / "files").glob("*.py"):
        known = {"smlint.document", "smlint.errors", "smlint.facts", "smlint.record"}
        assert {n for n in names(path) if n.startswith("smlint") and not n.startswith("smlint.files")} <= known


def names(path):
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found
