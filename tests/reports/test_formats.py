"""What each format prints of an ordinary run."""

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

import smlint
from smlint.document import Document, Span
from smlint.finding import Finding, Level, Related
from smlint.record import replace
from smlint.reports import FORMATS, renderer
from smlint.reports.line_hash import line_hashes
from smlint.reports.run import Run, Style, summary

DATA = Path(__file__).parents[1] / "data"
OWN = Path(smlint.__file__).parent / "data"


def printed(run, name, **style):
    return "".join(renderer(name)(run, Style(**style)))


def test_text_is_a_code_frame(run):
    first = printed(run, "text").split("\n\n")[0]
    assert (
        first
        == """\
error[missing-list-bucket]: `TrainRole` may not list `ml-data`
 --> iam/train.json:6:18
  |
2 |   "Version": "2012-10-17",
  |              ------------ role TrainRole
...
5 |       "Effect": "Allow",
6 |       "Action": ["s3:GetObject"],
  |                  ^^^^^^^^^^^^^^
7 |       "Resource": "arn:aws:s3:::ml-data/*"
  |
 ::: jobs/churn.json:3:65
  |
2 |   "TrainingJobName": "churn",
  |                      ------- job churn
3 |   "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": "s3://ml-data/train/"}}}]
  |                                                                 ---------------------
  |                                                        the job lists this prefix
  |
  = AWS says: no identity-based policy allows the s3:ListBucket action
  = fix: allow `s3:ListBucket` on `arn:aws:s3:::ml-data`
    + "s3:ListBucket\""""
    )


def test_text_breaks_messages_between_words_for_a_terminal(run):
    assert printed(run, "text", width=40).startswith("error[missing-list-bucket]: `TrainRole` may not list `ml-data`\n")
    shown = printed(run, "text", width=40, terminal=True, color=True)
    bold, plain = "\x1b[1m", "\x1b[0m"
    head = f"\x1b[1;31merror[missing-list-bucket]{plain}: "
    assert shown.startswith(f"{head}{bold}`TrainRole`{plain}\n{bold}may not list `ml-data`{plain}\n ")


def test_text_indents_less_where_a_word_is_long(finding):
    arn = "arn:aws:sts::111122223333:assumed-role/SageMakerExecutionRole/SageMaker"
    said = replace(finding, aws=f"User: {arn} is not authorized to perform: s3:ListBucket")
    lines = printed(Run([said]), "text", width=80).splitlines()
    at = lines.index("  = AWS says: User:")
    assert lines[at + 1 : at + 3] == [f"    {arn} is", "    not authorized to perform: s3:ListBucket"]


def test_text_cuts_long_lines_and_keeps_the_mark(finding):
    text = '{"a": "' + "x" * 5000 + '", "Action": "s3:Get*", "b": "' + "y" * 5000 + '"}'
    document = Document("min.json", text)
    start = text.index('"s3:Get*"')
    run = Run([Finding("m", Span(document, start, start + 9), "missing-logs", Level.NOTE)])
    lines = printed(run, "text", width=80).splitlines()
    assert max(map(len, lines)) <= 90
    code, mark = next((a, b) for a, b in pairwise(lines) if "^" in b)
    assert code[mark.index("^") : mark.rindex("^") + 1] == '"s3:Get*"'


def test_text_marks_stand_below_wide_characters_and_tabs():
    text = '\t"数据": "s3:Get*"\n'
    start = text.index('"s3')
    run = Run([Finding("m", Span(Document("a.json", text), start, start + 9), "missing-logs", Level.NOTE)])
    code, mark = printed(run, "text").splitlines()[3:5]
    wide = code.replace("数据", "....")
    assert wide[mark.index("^") : mark.rindex("^") + 1] == '"s3:Get*"'


def test_text_says_when_places_are_left_out(finding):
    document = Document("a.json", "\n".join(f"line {n}" for n in range(40)))
    many = tuple(Related(f"place {n}", Span(document, 8 * n, 8 * n + 3)) for n in range(12))

    def text(related: tuple[Related, ...]) -> str:
        return printed(Run([Finding("m", finding.origin, "missing-logs", Level.NOTE, related=related)]), "text")

    assert "7 more places bear on it" in text(many) and "1 more place bears on it" in text(many[:6])


def test_colours_only_where_wanted(run):
    assert "\x1b[" not in printed(run, "text")
    assert "\x1b[1;31merror[missing-list-bucket]\x1b[0m" in printed(run, "text", color=True)


def test_concise(run):
    assert printed(run, "concise").splitlines() == [
        "iam/train.json:6:18: error[missing-list-bucket] `TrainRole` may not list `ml-data`",
        "iam/train.json:6:18: warning[unknown-action] `s3:ListObject` does not exist",
        "iam/train.json:6:18: note[missing-logs] nobody can write logs",
    ]


def test_json_keeps_its_schema(run, empty_run, hostile_run):
    schema = json.loads((OWN / "report.schema.json").read_text())
    for one in (run, empty_run, hostile_run):
        jsonschema.validate(json.loads(printed(one, "json")), schema)


def test_sarif_keeps_oasis_schema(run, empty_run, hostile_run):
    schema = json.loads((DATA / "sarif-schema-2.1.0.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    for one in (run, empty_run, hostile_run):
        validator.validate(json.loads(printed(one, "sarif")))


def test_sarif_has_what_github_needs(run):
    log = json.loads(printed(run, "sarif"))
    (only,) = log["runs"]
    driver = only["tool"]["driver"]
    for rule in driver["rules"]:
        assert rule["id"] and rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["help"]["text"] and rule["help"]["markdown"]
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert rule["name"] == "".join(word.capitalize() for word in rule["id"].split("-"))
    for result in only["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "iam/train.json", "uriBaseId": "%SRCROOT%"}
        region = {"startLine": 6, "startColumn": 18, "endLine": 6, "endColumn": 32}
        assert place["region"] == {**region, "snippet": {"text": '"s3:GetObject"'}}
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
    first = only["results"][0]
    assert first["message"]["text"].startswith("`TrainRole` may not list `ml-data`. ")
    assert [place["id"] for place in first["relatedLocations"]] == [1, 2, 3]
    assert "[the job lists this prefix](1)" in first["message"]["text"]
    steps = first["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "job churn",
        "role TrainRole",
        "the job lists this prefix",
    ]
    assert only["results"][-1]["suppressions"] == [{"kind": "inSource", "justification": "known since May"}]


def test_sarif_of_nothing_has_an_empty_list_of_results(empty_run):
    assert json.loads(printed(empty_run, "sarif"))["runs"][0]["results"] == []


def test_sarif_line_hash_is_that_of_the_line(run, finding):
    result = json.loads(printed(run, "sarif"))["runs"][0]["results"][0]
    expected = line_hashes(finding.origin.document.text)[5]
    assert result["partialFingerprints"]["primaryLocationLineHash"] == expected


def test_sarif_percent_encodes_paths(finding):
    document = Document("a b/ü:%\udcff.json", "{}")
    run = Run([Finding("m", Span(document, 0, 2), "missing-logs", Level.NOTE)])
    (result,) = json.loads(printed(run, "sarif"))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/%C3%BC%3A%25%FF.json"


def test_regions_are_one_line_at_most():
    document = Document("a.json", "{\n  x\n}\n")
    run = Run([Finding("m", Span(document, 0, 7), "missing-logs", Level.NOTE)])
    (result,) = json.loads(printed(run, "sarif"))["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2, "snippet": {"text": "{"}}


def test_github_annotates_the_worst_and_counts_the_rest(finding):
    notes = [finding.at(Level.NOTE)] * 12
    lines = printed(Run([*notes, finding]), "github").splitlines()
    assert lines[0].startswith("::error file=iam/train.json,line=6,endLine=6,col=18,endColumn=32,title=")
    assert sum(line.startswith("::notice ") for line in lines) == 10
    assert lines[-1].startswith("2 more findings")


def test_gitlab_has_what_gitlab_needs(run):
    issues = json.loads(printed(run, "gitlab"))
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["location"] == {"path": "iam/train.json", "lines": {"begin": 6, "end": 6}}
    assert [issue["severity"] for issue in issues] == ["critical", "major", "info"]
    assert len({issue["fingerprint"] for issue in issues}) == 3


def test_junit(run, empty_run):
    root = ElementTree.fromstring(printed(run, "junit"))
    assert root.attrib == {"name": "smlint", "tests": "3", "failures": "2", "errors": "0"}
    assert [failure.get("type") for failure in root.iter("failure")] == ["error", "warning"]
    assert ElementTree.fromstring(printed(empty_run, "junit")).get("tests") == "1"


def test_markdown(run, empty_run):
    text = printed(run, "markdown")
    assert text.startswith("### smlint: 1 error, 1 warning, 1 note in 2 files (1 ignored in the files)\n")
    assert "<code>iam/train.json:6</code>" in text
    assert printed(empty_run, "markdown") == "### smlint: nothing found in 2 files\n"


def test_html_groups_by_role_and_names_the_jobs(run):
    page = printed(run, "html")
    assert "<h2>role/TrainRole</h2>" in page
    assert "1 job affected: <span class=job>churn</span>" in page
    assert "<mark>&quot;s3:GetObject&quot;</mark>" in page
    assert not re.search(r"(src|href)=['\"]?(http|//)", page)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_printable(empty_run, name):
    assert isinstance(printed(empty_run, name), str)


def test_summary_counts():
    assert summary(Run([], read=1)) == "nothing found in 1 file"
