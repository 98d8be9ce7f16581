"""The hook, run by the real pre-commit from this checkout on a scratch repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FAULTY = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::ml-data/*"}]
}
"""
CLEAN = FAULTY.replace("ml-data/*", "ml-data")

pytestmark = pytest.mark.slow


def sh(*command, cwd, **env):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **env})


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """This checkout as a repository of hooks: what is committed and what is not, so that the working tree is tested."""
    copy = tmp_path_factory.mktemp("hooks") / "smlint"
    names = ("lint", "rules", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".pre-commit-hooks.yaml")
    for name in names:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            copy.mkdir(exist_ok=True)
            shutil.copy(source, copy / name)
    commit(copy, "hooks", init=True)
    return copy


def commit(folder, message, init=False):
    if init:
        sh("git", "init", "-q", "-b", "main", cwd=folder)
        sh("git", "config", "user.email", "a@b.c", cwd=folder)
        sh("git", "config", "user.name", "a", cwd=folder)
    sh("git", "add", "-A", cwd=folder)
    return sh("git", "commit", "-q", "-m", message, cwd=folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory, hooks):
    """pre-commit's cache with the hook installed; the installation needs a package index."""
    cache = tmp_path_factory.mktemp("cache")
    probe = tmp_path_factory.mktemp("probe")
    (probe / ".pre-commit-config.yaml").write_text(config(hooks))
    commit(probe, "first", init=True)
    done = sh(sys.executable, "-m", "pre_commit", "install-hooks", cwd=probe, PRE_COMMIT_HOME=str(cache))
    if done.returncode:
        pytest.skip(f"pre-commit cannot install the hook here: {done.stdout[-300:]}")
    return str(cache)


def config(hooks, extra=""):
    revision = sh("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    return f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: smlint\n{extra}"


@pytest.fixture
def scratch(tmp_path, hooks, home):
    """A repository with a clean policy, committed, and the hook installed."""
    (tmp_path / ".pre-commit-config.yaml").write_text(config(hooks))
    (tmp_path / "iam").mkdir()
    (tmp_path / "iam" / "role.json").write_text(CLEAN)
    (tmp_path / "README.txt").write_text("x")
    commit(tmp_path, "first", init=True)
    sh(sys.executable, "-m", "pre_commit", "install", cwd=tmp_path, PRE_COMMIT_HOME=home)
    return tmp_path


def attempt(scratch, home):
    """Commit what is staged; returns pre-commit's status and what it printed."""
    done = sh("git", "commit", "-q", "-m", "change", cwd=scratch, PRE_COMMIT_HOME=home)
    return done.returncode, done.stdout + done.stderr


def stage(scratch, files):
    for name, text in files.items():
        (scratch / name).write_text(text)
        sh("git", "add", name, cwd=scratch)


def test_clean_change_is_committed(scratch, home):
    stage(scratch, {"iam/role.json": CLEAN + "\n"})
    status, said = attempt(scratch, home)
    assert status == 0 and "Passed" in said


def test_faulty_change_is_refused_and_shown(scratch, home):
    stage(scratch, {"iam/role.json": FAULTY})
    status, said = attempt(scratch, home)
    assert status == 1 and "warning[action-resource-mismatch]" in said and "iam/role.json:3:" in said


def test_a_fault_elsewhere_is_found_too(scratch, home):
    stage(scratch, {"iam/role.json": FAULTY})
    sh("git", "commit", "-q", "--no-verify", "-m", "past the hook", cwd=scratch)
    stage(scratch, {"iam/other.json": CLEAN})
    status, said = attempt(scratch, home)
    assert status == 1 and "iam/role.json:3:" in said


def test_only_what_is_staged_counts(scratch, home):
    stage(scratch, {"iam/role.json": CLEAN + "\n"})
    (scratch / "iam" / "role.json").write_text(FAULTY)
    assert attempt(scratch, home)[0] == 0
    stage(scratch, {"iam/role.json": FAULTY})
    (scratch / "iam" / "role.json").write_text(CLEAN)
    assert attempt(scratch, home)[0] == 1


def test_other_files_do_not_fire_it(scratch, home):
    stage(scratch, {"README.txt": "y"})
    status, said = attempt(scratch, home)
    assert status == 0 and "Skipped" in said


def test_a_deletion_beside_a_change(scratch, home):
    stage(scratch, {"iam/other.json": FAULTY})
    sh("git", "commit", "-q", "--no-verify", "-m", "past the hook", cwd=scratch)
    sh("git", "rm", "-q", "iam/other.json", cwd=scratch)
    stage(scratch, {"iam/role.json": CLEAN + "\n"})
    status, said = attempt(scratch, home)
    assert status == 0 and "Passed" in said


def test_a_deletion_alone_fires_it_with_always_run(scratch, home, hooks):
    stage(scratch, {"iam/other.json": FAULTY})
    sh("git", "commit", "-q", "--no-verify", "-m", "past the hook", cwd=scratch)
    sh("git", "rm", "-q", "iam/role.json", cwd=scratch)
    status, said = attempt(scratch, home)
    assert status == 0 and "Skipped" in said
    stage(scratch, {".pre-commit-config.yaml": config(hooks, "    always_run: true\n")})
    sh("git", "commit", "-q", "--no-verify", "-m", "always", cwd=scratch)
    stage(scratch, {"iam/third.json": CLEAN})
    sh("git", "commit", "-q", "--no-verify", "-m", "past the hook", cwd=scratch)
    sh("git", "rm", "-q", "iam/third.json", cwd=scratch)
    status, said = attempt(scratch, home)
    assert status == 1 and "iam/other.json:3:" in said


def test_a_renamed_file(scratch, home):
    sh("git", "mv", "iam/role.json", "iam/renamed.json", cwd=scratch)
    status, said = attempt(scratch, home)
    assert status == 0 and "Passed" in said


def test_try_repo(scratch, home, hooks):
    stage(scratch, {"iam/role.json": FAULTY})
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "smlint", "--all-files")
    done = sh(*command, cwd=scratch, PRE_COMMIT_HOME=home)
    assert done.returncode == 1 and "warning[action-resource-mismatch]" in done.stdout
