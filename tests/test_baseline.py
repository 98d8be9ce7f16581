import json

import pytest

from smlint import baseline
from smlint.baseline import Baseline, entries, load, render
from smlint.document import Document, Span
from smlint.errors import UsageError
from smlint.finding import Finding, Level


def finding(resource="role/Train", access="s3:ListBucket on b", level=Level.ERROR, line=1, message="m"):
    document = Document("iam/a.json", "\n" * line + "x")
    return Finding(
        message, Span(document, line, line + 1), "missing-list-bucket", level, resource=resource, access=access
    )


def written(tmp_path, findings):
    file = tmp_path / "baseline.json"
    file.write_text(render(findings, "1.0"))
    return load(str(file))


def test_round_trip_and_moved_code(tmp_path):
    known = written(tmp_path, [finding(), finding("role/B")])
    new, held, gone = known.split([finding(line=99)])
    assert (new, len(held), [entry.resource for entry in gone]) == ([], 1, ["role/B"])


def test_one_readable_line_an_entry(tmp_path):
    text = render([finding("b"), finding("a")], "1.0")
    lines = [line for line in text.splitlines() if '"rule"' in line]
    assert [json.loads(line.rstrip(","))["resource"] for line in lines] == ["a", "b"]
    assert '"line"' not in text


def test_worse_is_reported(tmp_path):
    known = written(tmp_path, [finding(level=Level.WARNING)])
    assert known.split([finding(level=Level.ERROR)])[0]
    assert not known.split([finding(level=Level.NOTE)])[0]


def test_more_often_is_reported(tmp_path):
    known = written(tmp_path, [finding(), finding(line=2)])
    new, held, _ = known.split([finding(), finding(line=2), finding(line=3)])
    assert (len(new), len(held)) == (1, 2)


def test_without_resource_file_and_message_are_the_identity():
    one = finding("", "", message="broken")
    assert entries([one])[0].identity == ("missing-list-bucket", "iam/a.json", "broken")


def test_nothing_known():
    assert json.loads(render([], "1.0"))["findings"] == []
    assert Baseline().split([finding()])[0]


@pytest.mark.parametrize("text", ["", "[]", '{"format": 9}', '{"format": 1, "findings": [{"rule": 1}]}', "[" * 100_000])
def test_what_is_no_baseline_is_one_line(tmp_path, text):
    file = tmp_path / "b.json"
    file.write_text(text)
    with pytest.raises(UsageError) as fault:
        baseline.load(str(file))
    assert str(file) in str(fault.value) and "\n" not in str(fault.value)


def test_missing_file(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load(str(tmp_path / "none.json"))
