import pytest

from smlint.document import Document, Span
from smlint.finding import Finding
from smlint.suppressions import read


def lines(path, text, rule="missing-logs"):
    """The lines on which a finding of the rule is ignored."""
    document = Document(path, text)
    found = read([document])
    covered = []
    for number, start in enumerate(document.line_starts, 1):
        indent = len(document.line(number)) - len(document.line(number).lstrip())
        finding = Finding("m", Span(document, start + indent, start + indent + 1), rule)
        if any(one.covers(finding) for one in found):
            covered.append(number)
    return covered


@pytest.mark.parametrize("path", ["a.yaml", "a.tf", "a.py", "a.template"])
def test_on_the_line(path):
    assert lines(path, "a\nb  # smlint: ignore[missing-logs] why\nc\n") == [2]


@pytest.mark.parametrize("path", ["a.yaml", "a.tf", "a.py"])
def test_alone_on_the_line_above(path):
    assert lines(path, "a\n  # smlint: ignore[missing-logs]\n  # more words\n\n  b\nc\n") == [5]


def test_stacked_comments_reach_the_same_line():
    text = "# smlint: ignore[missing-logs]\n# smlint: ignore[missing-put-object]\nb\n"
    assert lines("a.tf", text) == lines("a.tf", text, "missing-put-object") == [3]


def test_several_rules_and_spaces():
    text = "b #smlint:ignore[ missing-logs , missing-put-object ]\n"
    assert lines("a.yaml", text) == lines("a.yaml", text, "missing-put-object") == [1]
    assert lines("a.yaml", text, "other") == []


def test_slashes_in_hcl():
    assert lines("a.tf", "b // smlint: ignore[missing-logs]\n") == [1]


def test_whole_file():
    assert lines("a.py", "a\nb\n# smlint: ignore-file[missing-logs]\nc") == [1, 2, 3, 4]


def test_in_the_middle_of_a_word_is_no_comment():
    assert lines("a.yaml", "url: http://x#smlint: ignore[missing-logs]\n") == []


def test_notebooks_cells():
    text = '{"cells": [{"source": [\n "x = 1\\n",\n "# smlint: ignore[missing-logs] as agreed\\n",\n "y = 2\\n",\n'
    text += ' "z = 3  # smlint: ignore[missing-logs] why\\n"\n]}]}\n'
    assert lines("a.ipynb", text) == [4, 5]
    assert [one.reason for one in read([Document("a.ipynb", text)])] == ["as agreed", "why"]


def test_reason_is_kept():
    (one,) = read([Document("a.yaml", "a: 1 # smlint: ignore[missing-logs]   because of T-1  \r\nb: 2\r\n")])
    assert one.reason == "because of T-1" and one.rules == ("missing-logs",)


JSON = """{
  "Resources": {
    "Role": {
      "Type": "AWS::IAM::Role",
      "Metadata": {"smlint": {"ignore": ["missing-logs"], "reason": "later"}},
      "Properties": {}
    },
    "Other": {
      "Type": "AWS::IAM::Role"
    }
  }
}
"""
YAML = """Resources:
  Role:
    Type: AWS::IAM::Role
    Metadata:
      smlint: {ignore: [missing-logs]}
    Properties:
      RoleName: x
  Other:
    Type: AWS::IAM::Role
"""


def test_metadata_of_a_json_resource():
    assert lines("a.json", JSON) == [3, 4, 5, 6, 7]
    assert read([Document("a.json", JSON)])[0].reason == "later"


def test_metadata_of_a_yaml_resource():
    assert lines("a.yaml", YAML) == [2, 3, 4, 5, 6, 7]


def test_json_in_a_template_file():
    assert lines("a.template", JSON) == [3, 4, 5, 6, 7]


def test_metadata_of_the_template_covers_it_all():
    assert lines("a.yaml", "Metadata: {smlint: {ignore: missing-logs}}\nResources:\n  A: {}\n") == [1, 2, 3]


@pytest.mark.parametrize("text", ['{"Metadata": {"smlint": 1}}', '{"Metadata": {"smlint": {"ignore": {}}}', "[[[[", ""])
def test_what_makes_no_sense_is_no_ignore(text):
    assert all(not any(one.rules) for one in read([Document("a.json", text)]))
