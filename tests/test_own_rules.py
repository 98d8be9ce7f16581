"""Organisations' own rules: what they can ask, what is said of a wrong one, and that a hostile one costs nothing."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlint import facts, own_rules
from smlint.cli import main
from smlint.document import Document, Span
from smlint.errors import UsageError
from smlint.estate.entities import Bucket, Held, Job, Key, Role
from smlint.finding import Level
from smlint.iam.policy import Element, Kind, Policy, PrincipalElement, Statement
from smlint.own_rules import normal
from smlint.own_rules.path import PathError, compile_path
from smlint.syntax import yaml
from smlint.values import Hole, Node, Unknown, join, plain

EXAMPLES = Path(__file__).parents[1] / "examples" / "rules"
AT = Span(Document("x", ""), 0, 0)


def node(text: str) -> Node:
    return yaml.parse(Document("request.yaml", text)).nodes[0]


@pytest.fixture
def rule(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Writes a rule file and loads it."""

    def load(text: str, name: str = "ours.yaml") -> own_rules.OwnRule:
        (tmp_path / name).write_text(text, "utf-8")
        return own_rules.load([name], str(tmp_path))[0]

    return load


def wrong(tmp_path: Path, text: str, name: str = "ours.yaml") -> list[str]:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(UsageError) as raised:
        own_rules.load([name], str(tmp_path))
    return str(raised.value).splitlines()


def job(request: Node, api: str = "CreateTrainingJob") -> Job:
    return Job(facts.Workload(AT, api, request, "training job churn", "request"))


# What a rule can ask.
QUESTIONS = [
    ("require: VpcConfig.Subnets", "{A: 1}", ["{'A': 1}"]),
    ("require: VpcConfig.Subnets", "{VpcConfig: {Subnets: [s]}}", []),
    ("require: VpcConfig.Subnets", "{VpcConfig: {Subnets: null}}", ["{'VpcConfig': {'Subnets': None}}"]),
    ("match: $.ResourceConfig\nrequire: VolumeKmsKeyId", "{A: 1}", []),
    ("match: $.ResourceConfig\nrequire: VolumeKmsKeyId", "{ResourceConfig: {}}", ["{}"]),
    ("require: Key\npattern: arn:*", "{Key: alias/x}", ["alias/x"]),
    ("require: Key\npattern: arn:*", "{Key: arn:x}", []),
    ("require: Key\npattern: [a*, '?b']", "{Key: bb}", []),
    ("forbid: $..Debug", "{Channels: [{Debug: {}}, {A: {Debug: 1}}]}", ["{}", "1"]),
    ("forbid: Debug\nequals: true", "{Debug: false}", []),
    ("forbid: Debug\nequals: true", "{Debug: 'true'}", ["true"]),
    ("forbid: Debug", "{Debug: null}", []),
    ("match: Channels[*].Mode\nequals: [File, FastFile]", "{Channels: [{Mode: File}, {Mode: Pipe}, {}]}", ["Pipe"]),
    ("match: Channels[0,2].Mode\nequals: File", "{Channels: [{Mode: A}, {Mode: B}, {Mode: C}]}", ["A", "C"]),
    ("match: Channels[1:].Mode\nequals: File", "{Channels: [{Mode: A}, {Mode: B}]}", ["B"]),
    ("match: Tags.*\npattern: t-*", "{Tags: {a: t-1, b: x}}", ["x"]),
    ('match: $["a b"]\nequals: 1', "{a b: 2}", ["2"]),
    ("match: Count\nequals: 1", "{Count: '1'}", []),
    ("match: Tags\nequals: [[1, 2]]", "{Tags: [1, 2]}", []),
    ("match: Tags\npattern: '*'", "{Tags: [1, 2]}", ["[1, 2]"]),
]


@pytest.mark.parametrize(("question", "request_text", "found"), QUESTIONS)
def test_questions(rule, question: str, request_text: str, found: list[str]) -> None:  # type: ignore[no-untyped-def]
    ours = rule(f"on: request\nmessage: m\n{question}\n")
    assert [str(plain(place)) for place in ours.findings(node(request_text))] == found


UNSETTLED = [
    Node({"Key": Node(Unknown("parameter"), AT)}, AT),
    Node({"Key": Node(join(["arn:", Hole("x")]), AT)}, AT),
    Node({}, AT, open=True),
    Node(Unknown("all of it"), AT),
]


@pytest.mark.parametrize("request_node", UNSETTLED)
@pytest.mark.parametrize(
    "question", ["require: Key\npattern: arn:aws:*", "require: $..Key\nequals: arn:a", "forbid: Key\nequals: arn:aws"]
)
def test_the_unknown_is_never_a_finding(rule, question: str, request_node: Node) -> None:  # type: ignore[no-untyped-def]
    ours = rule(f"on: request\nmessage: m\n{question}\n")
    assert list(ours.findings(request_node)) == []


def test_a_finding_says_what_was_found_and_where(rule) -> None:  # type: ignore[no-untyped-def]
    ours = rule(
        "on: request\nmatch: $.S3OutputPath\npattern: s3://ours/*\nlevel: note\n"
        'message: "`{value}` {0.x} is not ours"\nfix: move it\n'
    )
    request = node("TrainingJobName: churn\nS3OutputPath: s3://theirs/x\n")
    (found,) = ours.check(job(request))
    assert (found.rule, found.level, found.fix) == ("ours", Level.NOTE, "move it")
    assert found.message == "`s3://theirs/x` {0.x} is not ours"
    assert found.origin.place().first.line == 2
    assert found.workload == ("training job churn",)


def test_apis_limit_a_rule(rule) -> None:  # type: ignore[no-untyped-def]
    ours = rule("on: request\napis: CreateTransformJob\nrequire: X\nmessage: m\n")
    assert list(ours.check(job(node("{A: 1}")))) == []
    assert len(list(ours.check(job(node("{A: 1}"), "CreateTransformJob")))) == 1


def test_subjects_and_page(rule) -> None:  # type: ignore[no-untyped-def]
    ours = rule("on: bucket\nrequire: Policy\nmessage: no policy\nwhy: because\n")
    assert (ours.subject, ours.group, ours.wants_estate, ours.level) == ("Bucket", "own", False, Level.WARNING)
    assert ours.page.sections["What"] == "no policy" and ours.page.sections["Why AWS refuses"] == "because"


# The normal form.
def statement() -> Statement:
    return Statement(
        AT,
        Node({}, AT),
        0,
        "Allow",
        actions=(Element("s3:GetObject", AT),),
        resources=(Element("*", AT),),
        principals=(PrincipalElement("*", "*", AT), PrincipalElement("Service", "sagemaker.amazonaws.com", AT)),
        has_resource=True,
        has_principal=True,
        actions_complete=False,
    )


def test_normal_form_of_a_role() -> None:
    policy = Policy(Kind.IDENTITY, AT, Node({}, AT), (statement(),), "2012-10-17", name="read")
    role = Role(
        AT,
        "Train",
        name="Train",
        identity=[
            Held(policy, facts.Attachment(AT, policy)),
            Held(policy, facts.Attachment(AT, arn="arn:aws:iam::aws:policy/X"), aws=True),
        ],
    )
    form = normal.form(role)
    assert plain(form) == {
        "RoleName": "Train",
        "Policies": [
            {
                "PolicyName": "read",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["s3:GetObject"],
                            "Resource": ["*"],
                            "Principal": {"AWS": ["*"], "Service": ["sagemaker.amazonaws.com"]},
                        }
                    ],
                },
            },
            {"PolicyName": "read", "PolicyArn": "arn:aws:iam::aws:policy/X"},
        ],
    }
    actions = compile_path("Policies[*].PolicyDocument.Statement[*].Action").select(form)
    assert actions.nodes[0].open and compile_path("Policies[*].X").select(form).complete


def test_normal_form_of_what_is_not_complete_is_open() -> None:
    assert normal.form(Role(AT, "r", boundary_known=False)).open
    policies = normal.form(Role(AT, "r", complete=False)).get("Policies")
    assert policies is not None and policies.open


def test_normal_form_of_buckets_and_keys() -> None:
    bucket = Bucket("data", encryption=facts.BucketEncryption(AT, "data", "aws:kms", "k"))
    assert plain(normal.form(bucket)) == {
        "Bucket": "data",
        "Encryption": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
    }
    key = Key("arn:k", "k", grants=[facts.KeyGrant(AT, "k", "arn:role", ("Decrypt",))])
    assert plain(normal.form(key)) == {
        "KeyId": "k",
        "Arn": "arn:k",
        "Grants": [{"GranteePrincipal": "arn:role", "Operations": ["Decrypt"]}],
    }


# What is said of a wrong rule: file, line, field.
GOOD_HEAD = "on: request\nmessage: m\n"
WRONG = [
    ("on: requests\nmessage: m\nrequire: a\n", "ours.yaml:1: `on` is request, role, bucket or key, not `requests`"),
    ("message: m\nrequire: a\n", "ours.yaml:1: `on` is request, role, bucket or key"),
    ("on: role\nrequire: a\n", "ours.yaml:1: `message` is missing"),
    (GOOD_HEAD + "require: a[\n", "ours.yaml:3: `require`: `a[` is no JSONPath:"),
    (GOOD_HEAD + "require: 3\n", "ours.yaml:3: `require`: `` is no JSONPath"),
    (GOOD_HEAD + "forbid: a | b\n", "ours.yaml:3: `forbid`: "),
    (GOOD_HEAD + "forbid: a.`parent`\n", "ours.yaml:3: `forbid`: "),
    (GOOD_HEAD + "match: a\n", "ours.yaml:1: a rule asks something"),
    (GOOD_HEAD + "require: a\nforbid: b\n", "ours.yaml:4: `forbid`: a rule has `require` or `forbid`, not both"),
    (GOOD_HEAD + "require: a\nlevel: fatal\n", "ours.yaml:4: `level` is error, warning or note, not `fatal`"),
    (GOOD_HEAD + "requires: a\n", "ours.yaml:3: unknown field `requires`; did you mean `require`?"),
    (GOOD_HEAD + "pattern: [a, 3]\n", "ours.yaml:3: `pattern` is a text"),
    (GOOD_HEAD + "require: a\napis: [create_training_job]\n", "did you mean `CreateTrainingJob`?"),
    ("on: role\nmessage: m\nrequire: a\napis: CreateModel\n", "ours.yaml:4: `apis`: only rules on requests have it"),
    (GOOD_HEAD + "require: a\ngood: {}\n", "ours.yaml:4: `good` is a list of examples"),
    ("- a\n", "ours.yaml:1: a rule's file holds one mapping"),
    ("a: 1\n---\nb: 2\n", "ours.yaml:1: a rule's file holds one mapping"),
    ("a: [1\n", "this is not YAML"),
]


@pytest.mark.filterwarnings("ignore:The `|`")
@pytest.mark.parametrize(("text", "message"), WRONG)
def test_wrong_rules(tmp_path: Path, text: str, message: str) -> None:
    lines = wrong(tmp_path, text)
    assert any(message in line and line.startswith("ours.yaml:") for line in lines), lines


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    assert len(wrong(tmp_path, "on: x\nlevel: y\nrequired: z\n")) == 5


@pytest.mark.parametrize("name", ["s3.yaml", "missing-list-bucket.yaml", "all.yaml", "own.yaml"])
def test_names_that_are_taken(tmp_path: Path, name: str) -> None:
    (line,) = wrong(tmp_path, GOOD_HEAD + "require: a\n", name)
    assert line.startswith(f"{name}:1: the name ") and "is taken" in line


def test_two_files_of_one_name(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ours.yml").write_text(GOOD_HEAD + "require: a\n")
    (problem,) = [p for p in own_rules.check_rules(["a/ours.yml", "b/ours.yml"], str(tmp_path)) if "taken" in p.message]
    assert problem.origin.place().path == "b/ours.yml"


@pytest.mark.parametrize("name", ["Ours.yaml", "my rule.yaml", "a--b.yaml"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    assert "is no rule's name" in wrong(tmp_path, GOOD_HEAD + "require: a\n", name)[0]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfea\x00\x00\xd8")
    (tmp_path / "large.yaml").write_bytes(b"#" * 300_000)
    messages = [p.message for p in own_rules.check_rules(["binary.yaml", "large.yaml", "none.yaml"], str(tmp_path))]
    assert len(messages) == 3 and all(message.startswith("cannot be read: ") for message in messages)


# Examples.
def test_check_rules_runs_the_examples(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(GOOD_HEAD + "require: a\ngood:\n- {b: 1}\nbad:\n- {c: 1}\n- {a: 1}\n")
    found = [(p.origin.place().first.line, p.message) for p in own_rules.check_rules(["ours.yaml"], str(tmp_path))]
    assert found == [
        (5, "`good`: the rule fires on this example"),
        (8, "`bad`: the rule does not fire on this example"),
    ]


def test_check_rules_asks_for_examples(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(GOOD_HEAD + "require: a\nbad: [{b: 1}]\n")
    (problem,) = own_rules.check_rules(["ours.yaml"], str(tmp_path))
    assert problem.message == "`good`: at least one example of each is needed"


def test_the_examples_that_are_shipped() -> None:
    files = sorted(path.name for path in EXAMPLES.glob("*.yaml"))
    assert len(files) == 5
    assert own_rules.check_rules(files, str(EXAMPLES)) == []
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert all(f"`{name}`" in readme for name in files)


# In a run.
TERRAFORM = """\
resource "aws_iam_role" "train" {
  name                 = "train"
  permissions_boundary = "arn:aws:iam::111122223333:policy/home-made"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_s3_bucket_policy" "data" {
  bucket = "acme-data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/train" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::acme-data/*"
    }]
  })
}

resource "aws_kms_key" "data" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "kms:*", Resource = "*" }]
  })
}
"""
REQUEST = """\
{
  "TrainingJobName": "churn",
  "RoleArn": "arn:aws:iam::111122223333:role/train",
  "AlgorithmSpecification": {"TrainingInputMode": "File"},
  "OutputDataConfig": {"S3OutputPath": "s3://web/models"},
  "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10}
}
"""


def test_a_run_with_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    (tmp_path / "train.json").write_text(REQUEST)
    (tmp_path / "own").mkdir()
    for file in EXAMPLES.glob("*.yaml"):
        (tmp_path / "own" / file.name).write_text(file.read_text("utf-8"))
    (tmp_path / "smlint.toml").write_text('rules = ["own/*.yaml"]\nselect = ["own"]\n')
    assert main(["--format", "json", str(tmp_path)]) == 1
    found = {(one["rule"], one["path"]) for one in json.loads(capsys.readouterr().out)["findings"]}
    assert found == {
        ("buckets-refuse-plain-http", "main.tf"),
        ("keys-name-their-principals", "main.tf"),
        ("outputs-in-team-buckets", "train.json"),
        ("roles-have-boundary", "main.tf"),
        ("training-in-vpc", "train.json"),
    }


def test_check_rules_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check-rules", *map(str, EXAMPLES.glob("*.yaml"))]) == 0
    (tmp_path / "ours.yaml").write_text("on: request\nrequires: a\n")
    assert main(["--check-rules", str(tmp_path / "ours.yaml")]) == 1
    assert "ours.yaml:2:1: unknown field `requires`; did you mean `require`?" in capsys.readouterr().out


# Hostile rules.
def test_paths_are_short() -> None:
    with pytest.raises(PathError, match="at most"):
        compile_path("$" + ".a" * 1000)


def test_work_is_bounded() -> None:
    wide = Node({str(i): Node([Node(0, AT)] * 100, AT) for i in range(2000)}, AT)
    found = compile_path("$" + "..*" * 40).select(wide)
    assert found.nodes == [] and not found.complete


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="$.*[]0123:,ab`'\"|&?()@=~{} \\\n", max_size=40))
def test_any_text_is_a_path_or_an_error(text: str) -> None:
    with contextlib.suppress(PathError):
        compile_path(text).select(node("{a: {b: [1, 2]}}"))
