"""--changed-since: what a change touches, and what it breaks."""

import json
import subprocess

import pytest

from smlint.changes import _changed_lines, since
from smlint.cli import main
from smlint.errors import UsageError

GOOD = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::ml-data"
    }
  ]
}
"""
BAD = GOOD.replace('ml-data"', 'ml-data/*"')


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    git("config", "user.email", "a@b.c")
    git("config", "user.name", "a")
    return tmp_path


def git(*arguments):
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def commit(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text)
    git("add", "-A")
    git("commit", "-q", "-m", "x")


@pytest.fixture
def found(capsys):
    def call(revision="HEAD"):
        main(["--changed-since", revision, "--format", "json"])
        log = json.loads(capsys.readouterr().out)
        return [(finding["path"], finding["line"]) for finding in log["findings"]]

    return call


def test_old_faults_elsewhere_stay_out(repository, found):
    commit(repository, {"old.json": BAD, "new.json": GOOD})
    assert found() == []
    (repository / "new.json").write_text(BAD)
    assert found() == [("new.json", 6)]


def test_a_touched_line_brings_its_old_fault_up(repository, found):
    commit(repository, {"old.json": BAD})
    (repository / "old.json").write_text("\n" + BAD)
    assert found() == []
    (repository / "old.json").write_text(BAD.replace('"s3:ListBucket"', '["s3:ListBucket"]'))
    assert found() == [("old.json", 6)]


def test_new_files_that_git_does_not_know_yet(repository, found):
    commit(repository, {"old.json": GOOD})
    (repository / "new ü.json").write_text(BAD)
    assert found() == [("new ü.json", 6)]


def test_a_whole_branch_since_it_left(repository, found):
    commit(repository, {"a.json": GOOD})
    git("checkout", "-q", "-b", "topic")
    commit(repository, {"b.json": BAD})
    git("checkout", "-q", "main")
    commit(repository, {"c.json": BAD})
    git("checkout", "-q", "topic")
    assert found("main") == [("b.json", 6)]


JOB = """{
  "TrainingJobName": "churn",
  "RoleArn": "arn:aws:iam::111122223333:role/Train",
  "AlgorithmSpecification": {"TrainingImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"},
  "InputDataConfig": [
    {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://ml-data/a/"}}}
  ],
  "OutputDataConfig": {"S3OutputPath": "s3://ml-data/out/"},
  "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1}
}
"""
ROLE = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::ml-data"
    },
    {
      "Effect": "Allow",
      "Action": ["s3:*Object*", "ecr:*", "logs:*", "cloudwatch:*", "s3:GetBucketLocation"],
      "Resource": "*"
    }
  ]
}
"""


def test_what_a_deletion_breaks_is_found(repository, found):
    commit(repository, {"train.json": JOB, "role.json": ROLE})
    assert found() == []
    lines = ROLE.splitlines(keepends=True)
    (repository / "role.json").write_text("".join(lines[:3] + lines[8:]))
    assert any(path == "role.json" for path, _ in found())


def test_a_changed_configuration_touches_everything(repository, found):
    commit(repository, {"old.json": BAD, "smlint.toml": ""})
    (repository / "smlint.toml").write_text('account = "111122223333"\n')
    assert found() == [("old.json", 6)]


def test_an_unreadable_file_is_always_reported(repository, found):
    commit(repository, {"broken.json": '{"Statement": [{"Effect": "Allow",,', "a.json": GOOD})
    assert found() == [("broken.json", 1)]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "-p", ""])
def test_no_such_revision_is_one_line(repository, revision):
    commit(repository, {"a.json": GOOD})
    with pytest.raises(UsageError, match="is no revision"):
        since(revision, str(repository))


def test_a_clone_without_history_is_told(repository):
    commit(repository, {"a.json": GOOD})
    git("clone", "-q", "--depth", "1", repository.as_uri(), str(repository / "clone"))
    with pytest.raises(UsageError, match=r"`origin/next` is no revision of this repository; the clone is shallow"):
        since("origin/next", str(repository / "clone"))


def test_what_git_says_of_somebody_elses_folder_is_told(repository, monkeypatch):
    commit(repository, {"a.json": GOOD})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match=r"needs a git repository; git says: detected dubious ownership"):
        since("HEAD", str(repository))


def test_diffs_are_read_by_their_counts():
    diff = (
        b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n--- a/evil\n+++ b/evil\n+x\n@@ -9,2 +10,0 @@\n-a\n-b\n"
        b'diff --git a/y b/y\n--- /dev/null\n+++ "b/y\\303\\274\\t.json"\n@@ -0,0 +1 @@\n+a\n'
        b"diff --git a/z b/z\n--- a/z\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    )
    assert list(_changed_lines(diff)) == [("x", [1, 2, 10, 11]), ("yü\t.json", [1])]
