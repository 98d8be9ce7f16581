"""Packs: installed distributions that bring rules, as the command sees them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

RULE = '''\
"""A role without a path.

What
----
The role stands at the root of the account.

Why AWS refuses
---------------
It does not; the organisation does.

Fix
---
Give it a path.

Source
------
https://wiki.example.com/roles
"""

from collections.abc import Iterator

from acme_rules._wording import FIX
from smlint.estate.entities import Role
from smlint.finding import Finding, Level

LEVEL = Level.ERROR


def check(role: Role) -> Iterator[Finding]:
    if role.name == "train":
        yield Finding(f"the role `{role.name}` has no path", role.origin, fix=FIX)


BAD = ()
GOOD = ()
'''
MODULES = {
    "acme_rules/__init__.py": "",
    "acme_rules/_wording.py": 'FIX = "give it a path"\n',
    "acme_rules/acme/__init__.py": "",
    "acme_rules/acme/role_without_path.py": RULE,
    "acme_rules/acme/_shared.py": "not a rule",
}
TEMPLATE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: train
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
"""


def metadata(name: str, value: str) -> dict[str, str]:
    return {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": f"[smlint.rules]\nacme = {value}\n",
        "RECORD": "",
    }


def wheel(folder: Path) -> Path:
    """A distribution as a package index has it."""
    path = folder / "acme_smlint-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in MODULES.items():
            archive.writestr(name, text)
        for name, text in metadata("acme-smlint", "acme_rules").items():
            archive.writestr(f"acme_smlint-1.2.dist-info/{name}", text)
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the pack."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--target", str(folder / "site")]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel(folder))], check=True)
    return folder / "site"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "template.yaml").write_text(TEMPLATE)
    return folder


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def pack(folder: Path, modules: dict[str, str], value: str = "acme_rules", name: str = "acme-smlint") -> Path:
    """A folder with an installed distribution."""
    put(folder, modules)
    info = name.replace("-", "_")
    put(folder, {f"{info}-1.2.dist-info/{file}": text for file, text in metadata(name, value).items()})
    return folder


def smlint(repository: Path, *arguments: str, path: str | Path = "", module: bool = False) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the command with `path` on Python's path."""
    known = os.environ.get("PYTHONPATH", "")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(path), known]))}
    call = "import sys; sys.path[:] = sys.path[1:]; from smlint.cli import main; sys.exit(main())"
    command = [sys.executable, *(["-m", "smlint"] if module else ["-c", call]), *arguments]
    done = subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def refusal(repository: Path, path: str | Path, *arguments: str) -> str:
    """The one line with which the command ends."""
    status, out, error = smlint(repository, *arguments, path=path)
    assert (status, out) == (2, ""), error
    (line,) = error.splitlines()
    assert line.startswith("smlint: error: ")
    return line.removeprefix("smlint: error: ")


def test_the_rules_of_a_pack_are_rules(site: Path, repository: Path) -> None:
    status, out, _ = smlint(repository, "--format", "concise", path=site)
    assert status == 1 and "error[role-without-path] the role `train` has no path" in out, out
    assert smlint(repository, "--format", "concise")[0] == 0


def test_they_are_listed_and_explained(site: Path, repository: Path) -> None:
    _, out, _ = smlint(repository, "--list-rules", "--format", "json", path=site)
    entry = {"name": "role-without-path", "group": "acme", "level": "error", "title": "A role without a path."}
    assert json.loads(out)[-1] == entry
    status, out, _ = smlint(repository, "--explain", "role-without-path", path=site)
    assert status == 0 and "role-without-path · acme · error" in out


@pytest.mark.parametrize("name", ["acme", "role-without-path"])
def test_they_are_selected_and_ignored_by_name_and_group(site: Path, repository: Path, name: str) -> None:
    assert smlint(repository, "--select", name, path=site)[0] == 1
    assert smlint(repository, "--ignore", name, path=site)[0] == 0
    (repository / "smlint.toml").write_text(f'ignore = ["{name}"]\n[severity]\n{name} = "note"\n')
    assert smlint(repository, path=site)[0] == 0
    assert "neither a rule nor a group" in smlint(repository)[2]


def test_an_own_rule_cannot_have_their_name(site: Path, repository: Path) -> None:
    put(repository, {"role-without-path.yaml": "on: role\nrequire: RoleName\nmessage: no name\n"})
    (repository / "smlint.toml").write_text('rules = ["role-without-path.yaml"]\n')
    assert "is taken by another rule" in refusal(repository, site)


def test_their_ignores_are_known(site: Path, repository: Path) -> None:
    ignore = "# smlint: ignore[role-without-path] no paths here"
    text = TEMPLATE.replace("    Type:", f"    {ignore}\n    Type:", 1)
    (repository / "template.yaml").write_text(text)
    status, out, _ = smlint(repository, "--format", "concise", path=site)
    assert (status, out) == (0, "")


# What is linted brings no rules.
@pytest.mark.parametrize("module", [True, False])
@pytest.mark.parametrize("path", ["", ".", "{here}", "{here}/lib"])
def test_nothing_of_the_scanned_tree_is_a_pack(repository: Path, path: str, module: bool) -> None:
    trap = {**MODULES, "acme_rules/__init__.py": "raise SystemExit('imported')"}
    pack(repository, trap)
    pack(repository / "lib", trap)
    status, out, error = smlint(repository, path=path.format(here=repository), module=module)
    assert (status, out) == (0, ""), error


def test_a_library_of_the_current_folder_is_not_imported(repository: Path) -> None:
    put(repository, {"yaml.py": "raise SystemExit('imported')", "smlint_rules/__init__.py": "raise SystemExit(3)"})
    assert smlint(repository, module=True)[0] == 0


def test_an_editable_pack_lies_elsewhere(tmp_path: Path, repository: Path) -> None:
    put(tmp_path / "source", MODULES)
    path = f"{pack(tmp_path / 'site', {})}{os.pathsep}{tmp_path / 'source'}"
    assert smlint(repository, path=path)[0] == 1


def test_an_editable_pack_of_the_scanned_tree_is_passed_over(tmp_path: Path, repository: Path) -> None:
    put(repository / "source", MODULES)
    path = f"{pack(tmp_path / 'site', {})}{os.pathsep}{repository / 'source'}"
    assert smlint(repository, path=path)[0] == 0


def test_a_link_into_the_scanned_tree_is_passed_over(tmp_path: Path, repository: Path) -> None:
    put(repository, MODULES)
    pack(tmp_path / "site", {})
    (tmp_path / "site" / "acme_rules").symlink_to(repository / "acme_rules")
    assert smlint(repository, path=tmp_path / "site")[0] == 0


def test_metadata_of_setuptools(tmp_path: Path, repository: Path) -> None:
    put(tmp_path / "site", MODULES)
    told = {"PKG-INFO": metadata("acme-smlint", "")["METADATA"], "entry_points.txt": "[smlint.rules]\na = acme_rules\n"}
    put(tmp_path / "site", {f"acme_smlint.egg-info/{name}": text for name, text in told.items()})
    assert smlint(repository, path=tmp_path / "site")[0] == 1


def test_a_package_inside_another_one(tmp_path: Path, repository: Path) -> None:
    inner = {f"corp/{name}": text.replace("acme_rules.", "corp.acme_rules.") for name, text in MODULES.items()}
    pack(tmp_path / "site", {**inner, "corp/__init__.py": ""}, "corp.acme_rules")
    assert smlint(repository, path=tmp_path / "site")[0] == 1


def test_the_first_of_two_versions_counts(site: Path, tmp_path: Path, repository: Path) -> None:
    path = f"{site}{os.pathsep}{pack(tmp_path / 'other', MODULES)}"
    assert smlint(repository, path=path)[0] == 1


# What is wrong with a pack is one line.
@pytest.mark.parametrize(
    ("modules", "value", "said"),
    [
        ({}, "acme_rules", "there is no package `acme_rules`"),
        ({}, "acme_rules:RULES", "`acme_rules:RULES` names no package"),
        ({"acme_rules.py": ""}, "acme_rules", "there is no package `acme_rules`"),
        ({"acme_rules/__init__.py": ""}, "acme_rules", "`acme_rules` has no rules"),
        ({"acme_rules/a_rule.py": RULE}, "acme_rules", "`acme_rules` has no rules"),
        ({"acme_rules/acme/my_Rule.py": RULE}, "acme_rules", "`my-Rule` is no name of a rule"),
        ({"acme_rules/s3/missing_list_bucket.py": RULE}, "acme_rules", "`missing-list-bucket` is already the name"),
        ({"acme_rules/acme/s3.py": RULE}, "acme_rules", "`s3` is already the name"),
        ({"acme_rules/own/a_rule.py": RULE}, "acme_rules", "the group `own` is taken"),
        ({"acme_rules/missing-logs/a_rule.py": RULE}, "acme_rules", "the group `missing-logs` is taken"),
        ({"acme_rules/acme/a_rule.py": "LEVEL = 1\n"}, "acme_rules", "a-rule` has no `def check(SUBJECT: TYPE)`"),
        ({"acme_rules/acme/a_rule.py": "def check(role): ...\n"}, "acme_rules", "has no `def check(SUBJECT: TYPE)`"),
    ],
)
def test_a_wrong_pack(tmp_path: Path, repository: Path, modules: dict[str, str], value: str, said: str) -> None:
    line = refusal(repository, pack(tmp_path / "site", modules, value))
    assert "acme-smlint 1.2" in line and said in line
    assert refusal(repository, tmp_path / "site", "--list-rules") == line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from nowhere import x\ndef check(role: Role): ...\n", "ModuleNotFoundError: No module named 'nowhere'"),
        ("from __future__ import annotations\ndef check(role: Role): ...\n", "has no `LEVEL`"),
        ("def check(role: Role) -> (\n", "SyntaxError"),
        ("LEVEL, Role = 3, object\ndef check(role: Role): ...\n", "has no `LEVEL`"),
        (f"{RULE}\n\ndef check(role: Role):\n    yield role.nothing\n", "AttributeError"),
        (f"{RULE}\n\ndef check(role: Role):\n    return 1 / 0\n", "ZeroDivisionError: division by zero"),
        (f"{RULE}\n\ndef check(role: Role):\n    yield 'text'\n", "AttributeError"),
    ],
)
def test_a_rule_that_fails(tmp_path: Path, repository: Path, text: str, said: str) -> None:
    line = refusal(repository, pack(tmp_path / "site", {**MODULES, "acme_rules/acme/role_without_path.py": text}))
    assert line.startswith("the rule `role-without-path` of acme-smlint 1.2 ") and said in line


def test_where_a_rule_failed(tmp_path: Path, repository: Path) -> None:
    text = f"{RULE}\n\ndef check(role: Role):\n    return 1 / 0\n"
    line = refusal(repository, pack(tmp_path / "site", {**MODULES, "acme_rules/acme/role_without_path.py": text}))
    assert line.endswith(f" (role_without_path.py, line {len(text.splitlines())})")


def test_two_packs_with_one_rule(site: Path, tmp_path: Path, repository: Path) -> None:
    other = {name.replace("acme_rules", "other_rules"): text for name, text in MODULES.items()}
    path = f"{site}{os.pathsep}{pack(tmp_path / 'other', other, 'other_rules', 'other-smlint')}"
    assert "`role-without-path` is already the name" in refusal(repository, path)
