import pytest

from smlint.errors import UsageError
from smlint.parameters import given

FILES = {
    "cli.json": (
        '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]',
        {"A": "1"},
    ),
    "cdk.json": ('{"Parameters": {"A": "1"}, "Tags": {}}', {"A": "1"}),
    "cli.yaml": ("- ParameterKey: A\n  ParameterValue: '1'\n", {"A": "1"}),
    "samconfig.toml": (
        '[default.deploy.parameters]\nparameter_overrides = "A=1 B=\\"x y\\""\n'
        '[prod.deploy.parameters]\nparameter_overrides = ["A=2", "ParameterKey=C,ParameterValue=3"]\n',
        {"A": "1", "B": "x y", "C": "3"},
    ),
    ".taskcat.yml": (
        "project:\n  parameters: {A: one}\ntests:\n  small:\n    parameters:\n      A: two\n      B: x\n"
        "      C: $[taskcat_genuuid]\n",
        {"A": "one", "B": "x"},
    ),
    "plain.json": ('{"A": "1", "n": [1, 2]}', {"A": "1", "n": [1, 2]}),
    "x.tfvars": (
        '# names\nbucket = "ml-data"\ncount = 3\nlist = ["a", "b"]\nmap = { k = true }\n',
        {"bucket": "ml-data", "count": 3, "list": ["a", "b"], "map": {"k": True}},
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files(tmp_path, name):
    text, expected = FILES[name]
    (tmp_path / name).write_text(text)
    assert given([], [str(tmp_path / name)]) == expected


def test_the_command_line_wins_and_values_may_hold_equals_signs(tmp_path):
    (tmp_path / "a.json").write_text('{"A": "file", "B": "file"}')
    assert given(["A=x=y", "C="], [str(tmp_path / "a.json")]) == {"A": "x=y", "B": "file", "C": ""}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "["),
        ("a.json", "[1]"),
        ("a.json", "\udcff"),
        ("a.tfvars", "a = "),
        ("a.tfvars", 'a = "b'),
        ("a.toml", "x"),
        ("a.toml", "x = 1"),
        ("a.toml", '[default.deploy.parameters]\nparameter_overrides = "A=\'x"\n'),
        ("a.yaml", "a: ["),
    ],
)
def test_what_holds_no_parameters_is_one_line(tmp_path, name, text):
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=r"^--param-file \S+: "):
        given([], [str(tmp_path / name)])
