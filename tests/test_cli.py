"""The command as its users run it."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smlint import __version__
from smlint.cli import main
from smlint.errors import UsageError
from smlint.options import LATER, outputs

# s3:ListBucket acts on buckets: a warning of action-resource-mismatch on line 6.
FAULTY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::ml-data/*"
    }
  ]
}
"""
CLEAN = FAULTY.replace("ml-data/*", "ml-data")
RULE = "action-resource-mismatch"
# A managed policy of which nothing is known: whatever the model needs cannot be told.
UNSETTLED = """\
Parameters:
  Managed: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: [!Ref Managed]
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      PrimaryContainer:
        Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1
        ModelDataUrl: s3://ml-data/model.tar.gz
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text) if isinstance(text, str) else path.write_bytes(text)


@pytest.fixture
def run(folder, capsys):
    def call(*arguments, **files):
        status = main(list(arguments))
        out, err = capsys.readouterr()
        return status, out, err

    return call


def failure(run, *arguments):
    """The one line that a wrong call prints; nothing on standard output, status 2."""
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    (line,) = err.splitlines()
    return line.removeprefix("smlint: error: ")


class TestStatus:
    def test_findings_are_1(self, folder, run):
        write(folder, {"a.json": FAULTY})
        status, out, err = run()
        assert status == 1
        assert out.startswith(f"warning[{RULE}]: ")
        assert err == "1 warning in 1 file\n"

    def test_nothing_found_is_0(self, folder, run):
        write(folder, {"a.json": CLEAN})
        assert run() == (0, "", "nothing found in 1 file\n")

    @pytest.mark.parametrize("name", ["json", "sarif", "github", "gitlab", "junit", "markdown", "html", "concise"])
    def test_whatever_the_format(self, folder, run, name):
        write(folder, {"a.json": FAULTY})
        assert run("--format", name)[0] == 1

    @pytest.mark.parametrize(("level", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
    def test_fail_on(self, folder, run, level, status):
        write(folder, {"a.json": FAULTY})
        assert run("--fail-on", level)[0] == status

    @pytest.mark.parametrize("text", ["", "{}", '{"name": "AWS::x"}', "s3://x"])
    def test_nothing_to_lint_is_2(self, folder, run, text):
        write(folder, {"a.json": text})
        assert failure(run).startswith("nothing to lint in `.`: looked for policies, CloudFormation, ")

    def test_empty_folder_is_2(self, run):
        assert "nothing to lint" in failure(run)

    def test_missing_path_is_2_and_names_the_nearest(self, folder, run):
        write(folder, {"policies/a.json": CLEAN})
        assert failure(run, "polices") == "`polices` does not exist; did you mean `policies`?"

    def test_a_link_to_nothing_is_2(self, folder, run):
        (folder / "a.json").symlink_to("nowhere.json")
        assert failure(run, "a.json") == "`a.json` is a link to nothing"

    def test_unreadable_file_is_1_and_the_rest_is_linted(self, folder, run):
        write(folder, {"a.json": FAULTY, "b.json": '{"Statement": [{"Effect": "Allow",, }]}'})
        status, out, _ = run("--format", "concise", "--select", "s3," + RULE)
        assert status == 1
        assert re.search(r"^a\.json:6:\d+: warning\[action-resource-mismatch\]", out, re.MULTILINE)
        assert re.search(r"^b\.json:1:\d+: error\[unreadable-file\]", out, re.MULTILINE)

    @pytest.mark.parametrize(
        "data",
        [b"\x7fELF\0\0Statement", FAULTY.encode("utf-16"), b'{"Statement": "\xff"}', b"\0" * 100, b"[" * 200_000],
    )
    def test_no_bytes_end_in_a_traceback(self, folder, run, data):
        write(folder, {"a.json": data})
        status, out, err = run()
        assert "Traceback" not in out + err and "internal failure" not in err
        assert status in (1, 2)

    def test_an_internal_failure_is_2_and_one_line(self, folder, run, monkeypatch):
        write(folder, {"a.json": FAULTY})
        monkeypatch.setattr("smlint.engine.lint", lambda *_: 1 / 0)
        status, _, err = run()
        assert (status, len(err.splitlines())) == (2, 1)
        assert err.startswith("smlint: internal failure: ZeroDivisionError")
        assert "Traceback" in run("--verbose")[2]


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("arguments", "line"),
        [
            (["--formt", "json"], "unknown option `--formt`; did you mean `--format`?"),
            (["--selct=s3"], "unknown option `--selct`; did you mean `--select`?"),
            (["--format", "jsn"], "--format: `jsn` is none of text, concise, json, sarif, github, gitlab, junit"),
            (["--fail-on", "eror"], "--fail-on: `eror` is none of error, warning, note, never; did you mean `error`?"),
            (
                ["--select", "missing-lists-bucket"],
                "--select: `missing-lists-bucket` is neither a rule nor a group; did",
            ),
            (["--account", "12"], "--account: must be twelve digits, not `12`"),
            (["--region", "Ireland"], "--region: must be a region like `eu-west-1`, not `Ireland`"),
            (["--explain", "missing-list"], "`missing-list` is no rule; did you mean `missing-list-bucket`?"),
            (["--ignore", "layer"], "--ignore: `layer` is neither a rule nor a group; did you mean `layers`?"),
            (
                ["--explain", "missing-list-buckets"],
                "`missing-list-buckets` is no rule; did you mean `missing-list-bucket`?",
            ),
            (["--format"], "--format: expected one argument"),
            (["--jobs", "x"], "--jobs: `x` is no number of processes"),
            (["--format", "json", "--format", "sarif"], "only one format can go to standard output"),
            (["--output", "a", "--output", "b"], "--output b: every further --output needs a --format of its own"),
            (["--format", "json", "--output", "a", "--format", "sarif", "--output", "a"], "--output a: every report"),
            (["--stdin-filename", "b.json"], "--stdin-filename names standard input, whose PATH is `-`"),
            (["--param", "x"], "--param x: must be NAME=VALUE"),
            (["--param-file", "none.json"], "--param-file none.json: cannot be read"),
            (["--baseline", "none.json"], "none.json: cannot be read"),
            (["--config", "none.toml"], "none.toml: cannot be read"),
            (["--config", "x", "--isolated"], "--isolated and --config exclude each other"),
            (["--changed-since", "HEAD"], "--changed-since: needs a git repository"),
            (["-", "a.json"], "`-` is the only PATH"),
            (["--check-rules"], "--check-rules: name the files of the rules"),
            (["--check-rules", "b.yaml"], "`b.yaml` does not exist"),
            (["--list-rules", "--format", "html"], "--list-rules can be printed as text and json, not as html"),
        ],
    )
    def test_one_line_and_the_nearest_name(self, folder, run, arguments, line):
        write(folder, {"a.json": CLEAN})
        assert failure(run, *arguments).startswith(line)

    @pytest.mark.parametrize("name", LATER)
    def test_what_comes_later_says_so(self, run, name):
        assert failure(run, name) == f"{name} is not there yet in this version"

    def test_configuration_faults_name_file_and_line(self, folder, run):
        write(folder, {"a.json": CLEAN, "smlint.toml": '\nselct = ["s3"]\n'})
        assert failure(run) == "smlint.toml:2: unknown key `selct`; did you mean `select`?"
        assert run("--isolated")[0] == 0

    def test_hostile_arguments_are_printed_clean(self, run):
        assert "\x1b" not in failure(run, "--\x1b[31mx") and "\x1b" not in failure(run, "a\x1b[31m")


class TestQuestions:
    def test_version(self, run):
        for option in ("--version", "-V"):
            assert run(option) == (0, f"smlint {__version__}\n", "")

    def test_help(self, run):
        status, out, _ = run("--help")
        assert status == 0 and "--changed-since REV" in out and "--fix" not in out

    def test_explain(self, run):
        status, out, _ = run("--explain", "missing-list-bucket")
        assert status == 0
        for heading in ("What", "Why AWS refuses", "Fix", "Source"):
            assert f"\n{heading}\n{'-' * len(heading)}\n" in out

    def test_list_rules(self, run):
        table = run("--list-rules")[1]
        rows = json.loads(run("--list-rules", "--format", "json")[1])
        assert len(table.splitlines()) == len(rows)
        assert {row["name"] for row in rows} >= {"unreadable-file", "missing-list-bucket"}
        assert all(set(row) == {"name", "group", "level", "title"} for row in rows)

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion(self, run, shell):
        status, out, _ = run("--completion", shell)
        assert status == 0 and "changed-since" in out and "fix" not in out
        assert "smlint --list-rules" in out
        if shutil.which(shell):
            assert subprocess.run([shell, "-n"], input=out, text=True, check=False).returncode == 0

    @pytest.mark.skipif(not shutil.which("zsh"), reason="there is no zsh")
    def test_zsh_evaluates_it_at_its_start(self, run):
        script = run("--completion", "zsh")[1] + 'echo "$_comps[smlint]"\n'
        start = "autoload -Uz compinit; compinit -D -u\n"
        done = subprocess.run(["zsh", "-f"], input=start + script, capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == ("_smlint\n", "")

    def test_own_rules_are_checked(self, folder, run):
        write(folder, {"rules/bad.yaml": "on: nothing\n"})
        status, out, _ = run("--check-rules", "rules/bad.yaml")
        assert status == 1 and out.startswith("rules/bad.yaml:")


class TestOutput:
    def test_several_at_once(self, folder, run):
        write(folder, {"a.json": FAULTY})
        status, out, _ = run(
            "--format", "sarif", "--output", "o.sarif", "--format", "json", "--output", "o.json", "--format", "concise"
        )
        assert status == 1 and out.startswith("a.json:6:")
        assert json.loads((folder / "o.sarif").read_text())["runs"][0]["results"]
        assert json.loads((folder / "o.json").read_text())["findings"]

    def test_pairs(self):
        assert outputs([("output", "a"), ("format", "json")]) == [("json", "a")]
        assert outputs([("format", "json"), ("format", "text"), ("output", "a")]) == [("json", None), ("text", "a")]
        assert outputs([("output", "-")]) == [("text", None)]
        with pytest.raises(UsageError):
            outputs([("format", "json"), ("output", "a"), ("output", "b")])

    @pytest.mark.parametrize("target", ["nowhere/x.sarif", "folder"])
    def test_unwritable_is_2_and_leaves_nothing(self, folder, run, target):
        write(folder, {"a.json": FAULTY, "folder/keep.txt": ""})
        before = sorted(folder.rglob("*"))
        assert failure(run, "--format", "sarif", "--output", target).startswith(f"{target}: cannot be written: ")
        assert sorted(folder.rglob("*")) == before

    def test_a_failure_while_writing_leaves_the_old_file(self, folder, run, monkeypatch):
        write(folder, {"a.json": FAULTY, "o.json": "old"})

        def broken(run, style):
            yield "half"
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("smlint.reports.json.render", broken)
        assert (
            failure(run, "--format", "json", "--output", "o.json")
            == "o.json: cannot be written: no space left on device"
        )
        assert (folder / "o.json").read_text() == "old" and len(list(folder.iterdir())) == 2

    def test_devices_are_written_to(self, folder, run):
        write(folder, {"a.json": FAULTY})
        assert run("--output", os.devnull)[0] == 1

    def test_quiet(self, folder, run):
        write(folder, {"a.json": FAULTY})
        assert run("--quiet")[2] == ""

    def test_verbose_says_what_was_read_and_what_not(self, folder, run):
        write(folder, {"a.json": CLEAN, "b.json": "{}", ".gitignore": "c.json", "c.json": CLEAN})
        lines = run("--verbose")[2].splitlines()
        assert "read a.json: policy file" in lines
        assert "passed over b.json: shows nothing that smlint reads" in lines
        assert "passed over c.json: is ignored by git" in lines

    def test_what_cdk_wrote_is_not_passed_over_in_silence(self, folder, run):
        (folder / "cdk.out").mkdir()
        write(folder, {"a.json": CLEAN, "cdk.out/App.template.json": CLEAN, ".gitignore": "cdk.out"})
        told = "cdk.out/ is ignored by git; name it too, to lint what CDK wrote there"
        assert told in run()[2].splitlines() and told not in run(".", "cdk.out")[2] and run("--quiet")[2] == ""

    def test_a_cdk_app_that_was_not_synthesised(self, folder, run):
        write(folder, {"cdk.json": "{}"})
        told = "`cdk synth` writes what smlint reads of a CDK app\n"
        assert run()[2].endswith(f"; {told}")
        write(folder, {"a.json": CLEAN, "infra/cdk.json": "{}"})
        assert run()[2].startswith(f"cdk.json and 1 more: {told}") and run("--quiet")[2] == ""
        write(folder, {"cdk.out/App.template.json": CLEAN, "infra/cdk.out/App.template.json": CLEAN})
        assert told not in run()[2]

    def test_colours(self, folder, run, monkeypatch):
        write(folder, {"a.json": FAULTY})
        assert "\x1b[" not in run()[1]
        assert "\x1b[" in run("--color", "always")[1]
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        assert "\x1b[" in run()[1]
        assert "\x1b[" not in run("--color", "never")[1]
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[" not in run()[1]

    def test_show_unknown(self, folder, run):
        write(folder, {"a.yaml": UNSETTLED})
        assert run("--format", "concise") == (0, "", "nothing found in 1 file\n")
        status, out, err = run("--format", "concise", "--show-unknown")
        assert status == 0 and re.fullmatch(r"nothing found in 1 file \(\d unknown\)\n", err)
        assert all(re.match(r"a\.yaml:\d+:\d+: unknown: whether `Role` may ", line) for line in out.splitlines())
        assert run("--show-unknown")[1].startswith("unknown: whether `Role` may ")
        assert json.loads(run("--show-unknown", "--format", "json")[1])["unknown"]

    def test_what_would_settle_it_is_shown(self, folder, run):
        def related(text):
            write(folder, {"a.yaml": text})
            log = json.loads(run("--show-unknown", "--format", "json")[1])
            return {(one["message"], one["path"], one["line"]) for told in log["unknown"] for one in told["related"]}

        assert ("what this policy says is not known", "a.yaml", 9) in related(UNSETTLED)
        managed = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
        text = UNSETTLED.replace("!Ref Managed", managed).replace("s3://ml-data", "!Sub s3://${Managed}")
        found = related(text)
        assert ("whether this counts depends on what is not known", "a.yaml", 9) in found
        assert {path for _, path, _ in found} == {"a.yaml"}  # AWS's own policy is no file of the repository

    def test_a_job_whose_role_nobody_shows_is_unknown(self, folder, run):
        role = '"RoleArn": "arn:aws:iam::111122223333:role/R"'
        output = '"OutputDataConfig": {"S3OutputPath": "s3://ml-data/out/"}'
        parts = ('"TrainingJobName": "churn"', role, '"AlgorithmSpecification": {}', output, '"ResourceConfig": {}')
        write(folder, {"job.json": "{" + ",".join(parts) + "}"})
        told = "what `churn` may do cannot be told: the repository does not show its role"
        assert run("--show-unknown", "--format", "concise")[1] == f"job.json:1:1: unknown: {told}\n"
        write(folder, {"smlint.toml": '[[role]]\nname = "R"\npolicies = ["p.json"]\n', "p.json": CLEAN})
        assert told not in run("--show-unknown")[1]


NAMES = ["::error::x\n\x1b[31m##[add-mask].json", "a b'\"<script>]]>.json", "\udcff\u202e.json", "--quiet.json"]


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"])
def test_hostile_file_names(folder, run, form):
    write(folder, dict.fromkeys(NAMES, FAULTY))
    status, out, err = run("--format", form, "--verbose")
    assert status == 1
    assert "##[" not in out + err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", out + err)
    commands = [line for line in (out + err).splitlines() if line.lstrip().startswith("::")]
    assert len(commands) == (len(NAMES) if form == "github" else 0)


class TestOwnRules:
    FILES = {  # noqa: RUF012
        "rules/in-vpc.yaml": "on: request\nrequire: VpcConfig\nmessage: the job is in no VPC\n"
        "good: [{VpcConfig: {}}]\nbad: [{TrainingJobName: x}]\n",
        "smlint.toml": 'rules = ["rules/*.yaml"]\nselect = ["in-vpc"]\n',
        "job.json": '{"TrainingJobName": "x", "RoleArn": "arn:aws:iam::111122223333:role/R",'
        ' "AlgorithmSpecification": {}, "OutputDataConfig": {}, "ResourceConfig": {}}',
    }

    def test_fire_and_are_described(self, folder, run):
        write(folder, self.FILES)
        status, out, _ = run("--format", "sarif")
        (only,) = json.loads(out)["runs"]
        assert status == 1 and [result["ruleId"] for result in only["results"]] == ["in-vpc"]
        assert only["tool"]["driver"]["rules"][0]["help"]["text"]

    def test_their_names_are_known_to_the_options(self, folder, run):
        write(folder, self.FILES)
        assert run("--ignore", "in-vpc")[0] == 0
        assert run("--ignore", "own", "--select", "all")[0] == 0
        assert failure(run, "--ignore", "in-vcp").endswith("did you mean `in-vpc`?")


class TestPaths:
    def paths(self, run, *arguments):
        log = json.loads(run("--format", "sarif", *arguments)[1])
        return [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]]

    def test_sarif_is_relative_to_the_repository_from_anywhere(self, folder, run, monkeypatch):
        write(folder, {"repo/.git/HEAD": "", "repo/iam/a.json": FAULTY})
        assert self.paths(run, "repo") == ["iam/a.json"]
        assert self.paths(run, "repo/iam/a.json") == ["iam/a.json"]
        monkeypatch.chdir(folder / "repo" / "iam")
        assert self.paths(run) == ["iam/a.json"]

    def test_without_git_it_is_relative_to_the_path(self, folder, run):
        write(folder, {"case/iam/a.json": FAULTY})
        assert self.paths(run, "case") == ["iam/a.json"]

    def test_text_shows_paths_from_here(self, folder, run, monkeypatch):
        write(folder, {"repo/.git/HEAD": "", "repo/iam/a.json": FAULTY})
        assert run("--format", "concise")[1].startswith("repo/iam/a.json:6:")
        monkeypatch.chdir(folder / "repo" / "iam")
        assert run("--format", "concise")[1].startswith("a.json:6:")

    def test_only_what_lies_below_the_paths_is_linted(self, folder, run):
        write(folder, {"a/x.json": FAULTY, "b/y.json": FAULTY})
        assert self.paths(run, "a") == ["x.json"]
        assert self.paths(run, "a", "b") == ["a/x.json", "b/y.json"]

    def test_standard_input(self, folder, run, monkeypatch):
        for name, expected in ((None, "stdin"), ("iam/new.json", "iam/new.json")):
            write(folder, {"iam/other.json": FAULTY})
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FAULTY.encode())))
            more = ["--stdin-filename", name] if name else []
            assert run("--format", "concise", "-", *more)[1].startswith(f"{expected}:6:")

    @pytest.mark.parametrize("stdin", ["hi", None])
    def test_nothing_on_standard_input(self, run, monkeypatch, stdin):
        given = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin.encode()))
        monkeypatch.setattr("sys.stdin", given)
        assert failure(run, "-").startswith("nothing to lint on standard input: looked for policies, ")


class TestConfiguration:
    def test_command_line_wins(self, folder, run):
        write(folder, {"a.json": FAULTY, "smlint.toml": 'select = ["kms"]\nfail-on = "error"\n'})
        assert run()[0] == 0
        assert run("--select", "policy")[0] == 0
        assert run("--select", "policy", "--fail-on", "warning")[0] == 1

    def test_levels_ignores_and_excludes(self, folder, run):
        write(folder, {"a.json": FAULTY, "smlint.toml": f'[severity]\n{RULE} = "note"\n'})
        assert run()[0] == 0
        write(folder, {"smlint.toml": '[per-file-ignores]\n"*.json" = ["policy"]\n'})
        assert run()[0] == 0
        write(folder, {"smlint.toml": 'exclude = ["a.json"]\n', "b.json": CLEAN})
        assert run()[0] == 0

    def test_a_request_that_is_not_there(self, folder, run):
        write(folder, {"a.json": CLEAN, "smlint.toml": '[[job]]\nrequest = "jobs/train.json"\n'})
        status, out, _ = run("--format", "concise")
        told = "the configuration names `jobs/train.json`, and no such file is here"
        assert (status, out) == (1, f"smlint.toml:1:1: error[unreadable-file] {told}\n")

    def test_parameters(self, folder, run):
        write(folder, {"a.json": CLEAN, "p.json": '[{"ParameterKey": "A", "ParameterValue": "1"}]'})
        write(folder, {"q.json": '{"Parameters": {"B": "2"}}'})
        assert run("--param", "C=3", "--param-file", "p.json", "--param-file", "q.json")[0] == 0


class TestIgnoresAndBaseline:
    YAML = f"""\
Version: "2012-10-17"
Statement:
  - Effect: Allow
    # smlint: ignore[{RULE}] the bucket is gone next week
    Action: s3:ListBucket
    Resource: arn:aws:s3:::ml-data/*
"""

    def test_ignored_in_the_file(self, folder, run):
        write(folder, {"a.yaml": self.YAML})
        status, _, err = run()
        assert (status, err) == (0, "nothing found in 1 file (1 ignored in the files)\n")
        (result,) = json.loads(run("--format", "sarif")[1])["runs"][0]["results"]
        assert result["suppressions"][0]["justification"] == "the bucket is gone next week"

    def test_useless_ignore(self, folder, run):
        write(folder, {"a.yaml": self.YAML.replace("ml-data/*", "ml-data")})
        status, out, _ = run("--format", "concise")
        assert status == 0 and out.startswith("a.yaml:4:5: note[unused-suppression] no finding of")

    def test_baseline_from_writing_to_gone(self, folder, run):
        write(folder, {"a.json": FAULTY})
        status, out, err = run("--write-baseline", "known.json")
        assert (status, out) == (0, "") and "1 finding" in err
        write(folder, {"a.json": "\n\n" + FAULTY})
        assert run("--baseline", "known.json") == (0, "", "nothing found in 1 file (1 in the baseline)\n")
        write(folder, {"a.json": CLEAN})
        status, out, _ = run("--baseline", "known.json", "--format", "concise")
        assert status == 0 and f"note[unused-suppression] `{RULE}`" in out


def test_a_closed_pipe_ends_quietly(folder):
    statement = FAULTY[FAULTY.index("    {") : FAULTY.index("  ]")].rstrip()
    many = FAULTY.replace(statement, ",\n".join([statement] * 3000))
    write(folder, {"a.json": many})
    command = f"{sys.executable} -m smlint --no-progress --quiet | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2 and "Traceback" not in done.stdout


@pytest.mark.parametrize(
    ("streams", "status", "complaint"),
    [
        (">&-", 1, ""),
        (">&- 2>&-", 1, ""),
        (">/dev/full", 2, "smlint: error: standard output: cannot be written: no space left on device"),
        ("--help >/dev/full", 2, "smlint: error: standard output: cannot be written: no space left on device"),
        ("--output report.txt >&-", 1, ""),
    ],
)
def test_closed_and_full_streams(folder, streams, status, complaint):
    write(folder, {"a.json": FAULTY})
    command = f"{sys.executable} -m smlint --quiet {streams}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (status, complaint)


def test_module_and_script_are_the_same():
    done = subprocess.run([sys.executable, "-m", "smlint", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"smlint {__version__}\n"
    assert (Path(sys.executable).parent / "smlint").exists()
