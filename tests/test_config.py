import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smlint
from smlint.config import find, load, parse
from smlint.config.positions import key_lines
from smlint.config.reading import ENTRY_KEYS, KEYS
from smlint.document import Document
from smlint.errors import UsageError
from smlint.finding import Level

NAMES = {"all", "s3", "kms", "privilege", "missing-logs", "missing-list-bucket"}
SCHEMA = json.loads((Path(smlint.__file__).parent / "data" / "smlint.schema.json").read_text())

EVERYTHING = """\
select = ["all"]                     # groups and rules
ignore = ["kms"]
fail-on = "error"
exclude = [
    "vendor/**",  # ]
]
account = "111122223333"
region = "eu-west-1"
partition = "aws"
trusted-identity-propagation = true
assume-apis = []

[parameters]
DataBucket = "ml-data"

[severity]
missing-logs = "note"

[per-file-ignores]
"examples/**" = ["all"]

[[role]]
name = "TrainRole"
account = "111122223333"
policies = ["iam/train-*.json", "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]
trust = "iam/train-trust.json"
boundary = "iam/boundary.json"

[[role]]
arn = "arn:aws:iam::111122223333:role/Other"

[[bucket]]
name = "ml-data"
account = "444455556666"
policy = "s3/ml-data.json"
kms-key = "aws/s3"

[[key]]
arn = "arn:aws:kms:eu-west-1:444455556666:key/1"
policy = "kms/data-key.json"

[[job]]
api = "CreateTrainingJob"
request = "jobs/train.json"
role = "TrainRole"
caller = "CiRole"

[[guardrail]]
kind = "scp"
policy = "org/scp.json"
"""


def config(text, base="", **options):
    return parse(Document("smlint.toml", text), base, lambda own: NAMES, **options)


def fault(text, **options):
    with pytest.raises(UsageError) as problem:
        config(text, **options)
    return str(problem.value)


def test_everything():
    read = config(EVERYTHING)
    assert read.select == ("all",) and read.ignore == ("kms",) and read.fail_on is Level.ERROR
    assert read.exclude == ("vendor/**",)
    assert read.settings.account == "111122223333" and read.settings.parameters == {"DataBucket": "ml-data"}
    assert read.settings.identity_propagation and read.settings.assume_apis == ()
    assert read.severity == {"missing-logs": Level.NOTE}
    assert read.per_file_ignores == (("examples/**", ("all",)),)
    first, second = read.roles
    assert first.policies == ("iam/train-*.json", "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")
    assert second.arn == "arn:aws:iam::111122223333:role/Other"
    assert [role.origin.place().first.line for role in read.roles] == [22, 29]
    assert read.buckets[0].kms_key == "aws/s3" and read.keys[0].policy == "kms/data-key.json"
    assert read.jobs[0].caller == "CiRole" and read.guardrails[0].kind == "scp"
    assert [path for path, _ in read.files()] == [
        "iam/train-*.json",
        "iam/train-trust.json",
        "iam/boundary.json",
        "s3/ml-data.json",
        "kms/data-key.json",
        "jobs/train.json",
        "org/scp.json",
    ]


def test_paths_are_relative_to_the_file():
    read = config('[[role]]\nname = "R"\npolicies = ["iam/a.json", "../b.json"]', base="teams/ml")
    assert read.roles[0].policies == ("teams/ml/iam/a.json", "teams/b.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["all"]', "smlint.toml:1: unknown key `selct`; did you mean `select`?"),
        (
            '\n[[role]]\nname = "x"\npolices = []',
            "smlint.toml:4: unknown key `polices` in [[role]]; did you mean `policies`?",
        ),
        ('[[role]]\nname="a"\n\n[[role]]\npolicies=[]', "smlint.toml:4: [[role]] needs a `name` or an `arn`"),
        ("[[bucket]]", "smlint.toml:1: [[bucket]] needs `name`"),
        ("[role]\nname='x'", "smlint.toml:1: `role` must be tables written as [[role]]"),
        ('select = "all"', "smlint.toml:1: `select` must be a list of strings"),
        (
            'account = "1"\nselect = ["missing-log"]',
            "smlint.toml:2: `missing-log` is neither a rule nor a group; did you mean `missing-logs`?",
        ),
        ('region = "Ireland"', "smlint.toml:1: `region` must be a region like `eu-west-1`, not `Ireland`"),
        (
            'partition = "china"',
            "smlint.toml:1: `partition` must be one of aws, aws-cn, aws-us-gov",
        ),
        ('account = "1"', "smlint.toml:1: `account` must be twelve digits, not `1`"),
        ("\nregion = 1", "smlint.toml:2: `region` must be a string"),
        (
            'fail-on = "errors"',
            "smlint.toml:1: `fail-on` must be one of error, warning, note, never; did you mean `error`?",
        ),
        ('[severity]\nmissing-logs = "bad"', "smlint.toml:2: `missing-logs` must be one of error, warning, note"),
        ('[severity]\nmissing-lgs = "note"', "smlint.toml:2: `missing-lgs` is neither"),
        (
            'assume-apis = ["CreateTrainingJobs"]',
            "smlint.toml:1: `CreateTrainingJobs` is no API of SageMaker; did you mean `CreateTrainingJob`?",
        ),
        ("[[job]]\nrequest = 'a'\napi = 'CreateTrainJob'", "smlint.toml:3: `CreateTrainJob` is no API of SageMaker"),
        ('[[guardrail]]\nkind = "xcp"\npolicy = "a"', "smlint.toml:2: `kind` must be scp or rcp, not `xcp`"),
        ("[[job]]\nrole = 'x'", "smlint.toml:1: [[job]] needs an `api` or a `request`"),
        ("trusted-identity-propagation = 1", "smlint.toml:1: `trusted-identity-propagation` must be true or false"),
        ("a = [", "smlint.toml: is no TOML: "),
        ("a = 1\na = 2", "smlint.toml: is no TOML: "),
        ('rules = ["nowhere/*.yaml"]', "smlint.toml:1: `nowhere/*.yaml` matches no file below the root"),
    ],
)
def test_faults_name_file_line_and_nearest_name(text, message):
    assert fault(text).startswith(message)


def test_pyproject():
    text = '[project]\nname = "x"\n\n[tool.smlint]\nselect = ["s3"]\n\n[[tool.smlint.role]]\nname = "R"\n'
    read = config(text, in_pyproject=True)
    assert read.select == ("s3",) and read.roles[0].origin.place().first.line == 7
    assert fault(text + "trst = ''", in_pyproject=True).startswith("smlint.toml:9: unknown key `trst`")


def test_nearest_file_wins(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.smlint]\n")
    assert find(str(below)) == str(tmp_path / "pyproject.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    (tmp_path / "a" / ".smlint.toml").write_text("")
    assert find(str(below)) == str(tmp_path / "a" / ".smlint.toml")
    (tmp_path / "a" / "smlint.toml").write_text("")
    assert find(str(below)) == str(tmp_path / "a" / "smlint.toml")


def test_a_file_outside_the_root_speaks_of_the_root(tmp_path):
    root = tmp_path / "repo"
    root.mkdir()
    (tmp_path / "org.toml").write_text('[[role]]\nname = "R"\npolicies = ["iam/a.json"]')
    read = load(str(tmp_path / "org.toml"), str(root), lambda own: NAMES)
    assert read.roles[0].policies == ("iam/a.json",)


def test_own_rules_are_known_names(tmp_path):
    rules = tmp_path / ".smlint" / "rules"
    rules.mkdir(parents=True)
    (rules / "team-tag.yaml").write_text("")
    text = 'select = ["team-tag"]\nrules = [".smlint/rules/*.yaml"]'
    seen = []
    parse(Document("smlint.toml", text), "", lambda own: seen.extend(own) or {"team-tag"}, root=str(tmp_path))
    assert seen == [".smlint/rules/team-tag.yaml"]


def test_missing_file_is_one_line(tmp_path):
    with pytest.raises(UsageError, match=r"cannot be read: no such file"):
        load(str(tmp_path / "none.toml"), str(tmp_path), lambda own: NAMES)


def test_key_lines():
    text = 'a.b = 1\n[t]\nx = """\ny = 2\n"""\n"q k" = [\n  "[",\n]\n[[l]]\n[[l]]\nz = 1\n[l.sub]\nw = 1\n'
    assert key_lines(text) == {
        ("a", "b"): 1,
        ("t",): 2,
        ("t", "x"): 3,
        ("t", "q k"): 6,
        ("l", 0): 9,
        ("l", 1): 10,
        ("l", 1, "z"): 11,
        ("l", 1, "sub"): 12,
        ("l", 1, "sub", "w"): 13,
    }


def test_schema_knows_every_key_and_takes_every_example():
    assert set(SCHEMA["properties"]) == set(KEYS)
    for name, keys in ENTRY_KEYS.items():
        assert set(SCHEMA["properties"][name]["items"]["properties"]) == set(keys)
    jsonschema.validate(tomllib.loads(EVERYTHING), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"selct": []}, SCHEMA)


def test_schema_takes_the_examples_of_the_repository():
    repository = Path(__file__).parents[1]
    for example in [*repository.glob("tests/cases/**/smlint.toml"), *repository.glob("../shared/cases/*/smlint.toml")]:
        jsonschema.validate(tomllib.loads(example.read_text()), SCHEMA)


VALUES = st.recursive(
    st.sampled_from(["1", "true", '"x"', '"all"', '"error"', "[]", "{}", "1979-05-27", '"../.."', "[1]", '[["a"]]']),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
    max_leaves=4,
)
LINES = st.one_of(
    st.tuples(st.sampled_from([*KEYS, *ENTRY_KEYS["role"], *ENTRY_KEYS["job"], "x"]), VALUES).map(" = ".join),
    st.sampled_from(
        ["[[role]]", "[[job]]", "[[bucket]]", "[[key]]", "[[guardrail]]", "[severity]", "[role]", "[[", "'"]
    ),
)


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(LINES, max_size=6))
def test_whatever_it_holds_it_is_read_or_one_line(lines):
    try:
        config("\n".join(lines))
    except UsageError as problem:
        assert "\n" not in str(problem)


@pytest.mark.parametrize("text", ["tool = 1", "[tool]\nsmlint = 1", "a = " + "[" * 100_000])
def test_strange_pyprojects(text):
    assert fault(text, in_pyproject=True).startswith("smlint.toml: ")
