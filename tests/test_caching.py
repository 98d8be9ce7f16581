"""The cache: what is known is not read again, what has changed is, and nothing in its folder can do harm."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smlint import caching, sharing
from smlint.cli import main
from smlint.readers.reading import Unit

Run = Callable[..., tuple[int, str, str]]

PARENT = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: nested/child.yml}
"""
CHILD = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{Effect: Allow, Action: s3:ListBucket, Resource: "arn:aws:s3:::b/*"}]
"""
MODULE = """\
variable "suffix" {}
resource "aws_iam_role_policy" "data" {
  role   = "train"
  policy = templatefile("${path.module}/policy.tftpl", { suffix = var.suffix })
}
"""
TEMPLATE = '{"Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::c${suffix}"}]}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, whose runs use the cache however little there is to read."""
    root = tmp_path / "repository"
    files = {
        "parent.yaml": PARENT,
        "nested/child.yml": CHILD,
        "terraform/main.tf": MODULE,
        "terraform/terraform.tfvars": 'suffix = "/*"\n',
        "terraform/policy.tftpl": TEMPLATE,
        "job.py": "uri = 's3://bucket/{name}'\nname = 1\nimport sagemaker\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setattr(sharing, "ENOUGH_TEXT", 0)
    return root


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "smlint"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths of what is really read."""
    paths: list[str] = []
    reading = Unit.read

    def noted(unit: Unit, scope: object) -> object:
        paths.append(unit.documents[0].path)
        return reading(unit, scope)  # type: ignore[arg-type]

    monkeypatch.setattr(Unit, "read", noted)
    yield paths


@pytest.fixture
def run(folder: Path, store: Path, read: list[str], capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*options: str) -> tuple[int, str, str]:
        read.clear()
        status = main(["--jobs", "1", "--format", "json", "--show-unknown", "--verbose", *options])
        return (status, *capfd.readouterr())

    return run


def only(store: Path) -> Path:
    (file,) = store.iterdir()
    return file


def test_what_is_known_is_not_read_again(run: Run, read: list[str], store: Path) -> None:
    first = run()
    assert first[0] == 1
    assert sorted(read) == ["job.py", "nested/child.yml", "parent.yaml", "terraform/main.tf", "terraform/policy.tftpl"]
    assert run() == first
    assert read == []
    assert only(store).stat().st_mode & 0o77 == 0
    assert store.stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    ("changed", "also"),
    [
        ("job.py", []),
        ("nested/child.yml", ["parent.yaml"]),
        ("terraform/terraform.tfvars", []),
        ("terraform/policy.tftpl", ["terraform/main.tf"]),
    ],
)
def test_what_has_changed_is_read_and_so_is_what_looks_at_it(
    run: Run, read: list[str], folder: Path, changed: str, also: list[str]
) -> None:
    run()
    path = folder / changed
    path.write_text(path.read_text().replace("s3:ListBucket", "s3:GetBucketLocation").replace('"/*"', '"/x"') + "\n")
    found = run()
    own = "terraform/main.tf" if changed.endswith(".tfvars") else changed
    assert sorted(read) == sorted([own, *also])
    assert run("--no-cache") == found


def test_a_program_is_read_anew_when_a_module_that_it_imports_changes(run: Run, read: list[str], folder: Path) -> None:
    (folder / "config.py").write_text("ROLE = 'one'\n")
    call = "boto3.client('sagemaker').create_model(ModelName='m', ExecutionRoleArn=ROLE)\n"
    (folder / "job.py").write_text(f"import boto3\nfrom config import ROLE\n{call}")
    known = run()
    assert run() == known
    (folder / "config.py").write_text("ROLE = 'two'\n")
    run()
    assert read == ["job.py"]
    (folder / "lib").mkdir()
    (folder / "config.py").rename(folder / "lib" / "config.py")
    assert run() == run("--no-cache")


def test_a_file_that_appears_is_seen_by_whoever_looked_for_it(run: Run, read: list[str], folder: Path) -> None:
    (folder / "nested" / "child.yml").rename(folder / "later.yml")
    without = run()
    (folder / "later.yml").rename(folder / "nested" / "child.yml")
    found = run()
    assert "parent.yaml" in read
    assert found != without
    assert run("--no-cache") == found


def test_a_folder_that_was_listed_is_looked_at_again(run: Run, read: list[str], folder: Path) -> None:
    run()
    (folder / "terraform" / "env").mkdir()
    (folder / "terraform" / "env" / "prod.tfvars").write_text('suffix = ""\n')
    found = run()
    assert "terraform/main.tf" in read
    assert run("--no-cache") == found


def test_no_cache_neither_reads_nor_writes(run: Run, read: list[str], store: Path) -> None:
    run("--no-cache")
    assert not store.exists()
    run()
    file = only(store)
    before = file.read_bytes()
    file.write_bytes(before.replace(b"ListBucket", b"PutObject!"))
    run("--no-cache")
    assert len(read) == 5
    assert file.read_bytes() != before


@pytest.mark.parametrize("options", [["--account", "111122223333"], ["--param", "suffix=x"], ["terraform", "nested"]])
def test_another_run_has_another_file(run: Run, read: list[str], store: Path, options: list[str]) -> None:
    run()
    known = run(*options)
    assert read
    assert len([*store.iterdir()]) == 2
    assert run(*options) == known
    assert read == []


def test_another_version_has_another_file(run: Run, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.setattr("smlint.__version__", "0.0.1")
    run()
    assert len(read) == 5


def damaged(content: bytes) -> Iterator[bytes]:
    """What else may stand in the file."""
    magic, *entries = content.split(b"\n")
    key, checksum, line = entries[0].split(b" ", 2)
    looked, _, facts = line.partition(b"\t")
    yield from (b"", b"\n", magic, b"\0" * 1000, content[:-100], b"\xff" * 100, content.replace(b"cache 1", b"cache 0"))
    yield content.replace(b"s3:", b"S3;")
    yield b"\n".join([magic, *(entry.partition(b"\t")[2] for entry in entries)])
    for other in (b"null\t" + facts, b'{"a": 1}\t' + facts, b'[["file"]]\t' + facts, b'[["x", 1, 2]]\t' + facts):
        yield b"\n".join([magic, caching._entry(key, other)])
    for rows in ([[0]], [], [[99, 1]], [[7, "a"], [8]], [[8, "x"]], [[1, 0, 0, 0]], [[3, "../../etc/passwd", False]]):
        yield b"\n".join([magic, caching._entry(key, looked + b"\t" + json.dumps(rows).encode())])
    yield b"\n".join([magic, caching._entry(key, looked + b"\t" + b"[" * 50_000)])
    yield b"\n".join([magic, b" ".join([key, checksum]), b" ".join([key, checksum, b""])])


def test_damage_and_forgery_are_ignored(run: Run, read: list[str], store: Path) -> None:
    known = run()
    content = only(store).read_bytes()
    for other in damaged(content):
        only(store).write_bytes(other)
        assert run() == known, other[:200]
        assert read, other[:200]
        assert sorted(only(store).read_bytes().split(b"\n")) == sorted(content.split(b"\n"))


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "foreign"])
def test_what_is_no_file_of_ones_own_is_not_opened(
    run: Run, read: list[str], store: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = run()
    file = only(store)
    content = file.read_bytes()
    file.unlink()
    if kind == "link":
        (tmp_path / "elsewhere").write_bytes(content)
        file.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.write_bytes(content)
        monkeypatch.setattr(os, "getuid", lambda: -1)
    assert run() == known
    assert len(read) == 5
    assert kind != "link" or (tmp_path / "elsewhere").read_bytes() == content


@pytest.mark.parametrize("home", ["relative", "inside", "file"])
def test_where_nothing_may_be_kept_nothing_is(
    run: Run, read: list[str], folder: Path, tmp_path: Path, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    places = {"relative": ".cache", "inside": str(folder / ".cache"), "file": str(tmp_path / "file")}
    monkeypatch.setenv("XDG_CACHE_HOME", places[home])
    known = run()
    assert run() == known
    assert len(read) == 5
    assert not (folder / ".cache").exists()


def test_without_xdg_it_lies_at_home(
    run: Run, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run()
    assert only(tmp_path / "home" / ".cache" / "smlint").is_file()


def test_what_is_no_longer_used_goes(run: Run, store: Path, folder: Path) -> None:
    run()
    before = len(only(store).read_bytes().split(b"\n"))
    (folder / "job.py").unlink()
    run()
    assert len(only(store).read_bytes().split(b"\n")) == before - 1


def test_the_oldest_files_go_where_there_is_too_much(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.mkdir(parents=True)
    for age in range(3):
        (store / f"old{age}").write_bytes(b"x" * 40_000)
        os.utime(store / f"old{age}", (1000 - age, 1000 - age))
    monkeypatch.setattr(caching, "MOST_IN_ALL", 100_000)
    run()
    left = {file.name for file in store.iterdir()}
    assert {"old0", "old1"} < left
    assert "old2" not in left


def test_what_is_too_large_is_not_kept(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "MOST_BYTES", 1000)
    run()
    assert not store.exists()


def test_what_looks_at_too_much_is_not_kept(run: Run, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "_MOST_LOOKED_AT", 0)
    run()
    run()
    assert read == ["parent.yaml", "terraform/main.tf"]


def test_children_fill_it_as_one_process_does(run: Run, store: Path, read: list[str]) -> None:
    known = run("--jobs", "3")
    content = only(store).read_bytes()
    assert run() == known
    assert read == []
    only(store).unlink()
    run()
    assert only(store).read_bytes() == content


def test_little_is_read_without_it(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "ENOUGH_TEXT", 100_000)
    run()
    assert not store.exists()
