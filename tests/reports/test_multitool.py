"""SARIF before Microsoft's validator, with the rules of GitHub's code scanning; from npm, where that can be reached."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from smlint.reports import renderer
from smlint.reports.run import Style

pytestmark = pytest.mark.slow

# Advice that does not fit: texts are no ids, rules have names and no numbers, findings are no copies of the code, and a
# run that found nothing describes no rules.
ADVICE = {"SARIF2002", "SARIF2003", "SARIF2006", "SARIF2009", "SARIF2011", "SARIF2012"}


@pytest.fixture(scope="module")
def multitool(tmp_path_factory):
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("SARIF was NOT checked with Microsoft's multitool: there is no npm here")
    folder = tmp_path_factory.mktemp("npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "@microsoft/sarif-multitool"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("SARIF was NOT checked with Microsoft's multitool: npm took too long")
    found = next(Path(folder).glob("node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool"), None)
    if done.returncode or not found:
        pytest.skip(f"SARIF was NOT checked with Microsoft's multitool: npm cannot install it: {done.stderr[-200:]}")
    return str(found)


@pytest.mark.parametrize("which", ["run", "empty_run", "hostile_run"])
def test_validator_has_nothing_against_it(multitool, which, request, tmp_path):
    log, answer = tmp_path / "log.sarif", tmp_path / "answer.sarif"
    log.write_text("".join(renderer("sarif")(request.getfixturevalue(which), Style())))
    rules, levels = ["--rule-kind", "Sarif;Ghas"], ["--level", "Error;Warning;Note"]
    command = [multitool, "validate", str(log), *rules, *levels, "-o", str(answer), "--log", "ForceOverwrite"]
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)
    if not answer.exists():
        pytest.skip(f"SARIF was NOT checked with Microsoft's multitool: it does not run here: {done.stderr[-200:]}")
    results = [result for run in json.loads(answer.read_text("utf-8-sig"))["runs"] for result in run.get("results", [])]
    assert [one for one in results if one["ruleId"] not in ADVICE or one.get("level") != "note"] == []
