from dataclasses import dataclass

import pytest

from smlint import gate, suppressions
from smlint.baseline import Baseline, entries
from smlint.config import Config
from smlint.document import Document, Span
from smlint.finding import Finding, Level, Related

TEXT = "a: 1\nb: 2\nc: 3\nd: 4\n"
DOCUMENT = Document("x.yaml", TEXT)


@dataclass
class Rule:
    group: str


RULES = {
    "missing-list-bucket": Rule("s3"),
    "missing-logs": Rule("runtime"),
    "broad-resource": Rule("privilege"),
    "unreadable-file": Rule("policy"),
    "unused-suppression": Rule("policy"),
}


def at(line, rule="missing-list-bucket", level=Level.ERROR, message="m", document=DOCUMENT, column=0, **more):
    start = document.line_starts[line - 1] + column
    return Finding(message, Span(document, start, start + 1), rule, level, **more)


def reported(findings, config=None, **more):
    return gate.apply(findings, config or Config(), RULES, **more).reported


def rules_of(findings, **config):
    return [finding.rule for finding in reported(findings, Config(**config))]


EACH = [at(1, "missing-list-bucket"), at(2, "missing-logs"), at(3, "broad-resource")]


@pytest.mark.parametrize(
    ("config", "left"),
    [
        ({}, ["missing-list-bucket", "missing-logs"]),
        ({"select": ("all", "privilege")}, ["missing-list-bucket", "missing-logs", "broad-resource"]),
        ({"select": ("privilege",)}, ["broad-resource"]),
        ({"select": ("missing-logs",)}, ["missing-logs"]),
        ({"ignore": ("s3",)}, ["missing-logs"]),
        ({"ignore": ("all",), "select": ("s3",)}, ["missing-list-bucket"]),
        ({"select": ("all", "missing-list-bucket"), "ignore": ("s3",)}, ["missing-list-bucket", "missing-logs"]),
        ({"select": ("missing-logs",), "ignore": ("missing-logs",)}, []),
    ],
)
def test_select_and_ignore(config, left):
    assert rules_of(EACH, **config) == left


def test_an_unreadable_file_is_not_silenced_by_select():
    broken = at(1, "unreadable-file")
    assert rules_of([broken], select=("s3",)) == ["unreadable-file"]
    assert rules_of([broken], select=("s3",), ignore=("policy",)) == ["unreadable-file"]
    assert rules_of([broken], ignore=("unreadable-file",)) == []


def test_severity_by_rule_before_group():
    config = Config(severity={"runtime": Level.NOTE, "s3": Level.NOTE, "missing-list-bucket": Level.WARNING})
    assert [finding.level for finding in reported(EACH, config)] == [Level.WARNING, Level.NOTE]


def test_per_file_ignores_are_patterns_below_the_configuration():
    config = Config(base="sub", per_file_ignores=(("examples/**", ("s3",)),))
    inside, outside = Document("sub/examples/a.yaml", TEXT), Document("examples/a.yaml", TEXT)
    findings = [at(1, document=inside), at(1, "missing-logs", document=inside), at(1, document=outside)]
    assert [(f.origin.place().path, f.rule) for f in reported(findings, config)] == [
        ("examples/a.yaml", "missing-list-bucket"),
        ("sub/examples/a.yaml", "missing-logs"),
    ]


@pytest.mark.parametrize(
    ("fail_on", "level", "fails"),
    [
        (Level.WARNING, Level.WARNING, True),
        (Level.WARNING, Level.NOTE, False),
        (Level.ERROR, Level.WARNING, False),
        (Level.NOTE, Level.NOTE, True),
        (None, Level.ERROR, False),
    ],
)
def test_fail_on(fail_on, level, fails):
    assert gate.apply([at(1, level=level)], Config(fail_on=fail_on), RULES).fail is fails


def test_one_rule_on_one_line_is_one_finding():
    evidence = Related("e", Span(DOCUMENT, 10, 11))
    first = at(2, message="one", column=3, workload=("a",), level=Level.WARNING)
    second = at(2, message="two", workload=("b",), related=(evidence,))
    (merged,) = reported([first, second])
    assert merged.message == "two (and 1 more of the kind here)"
    assert merged.level is Level.ERROR and merged.workload == ("b", "a")
    assert [one.message for one in merged.related] == ["e", "one"]


def test_what_is_told_together_stands_where_it_is_wrong():
    first, field = at(2, message="one"), Related("a field needs it", Span(DOCUMENT, 10, 11))
    beside = at(2, message="two", column=3, related=(field,))
    (merged,) = reported([first, beside])
    assert [(one.message, one.origin) for one in merged.related] == [
        ("two", beside.origin),
        (field.message, field.origin),
    ]
    here = at(2, message="two", related=(field,))
    (merged,) = reported([first, here])
    assert [(one.message, one.origin) for one in merged.related] == [("two", field.origin)]


def test_what_is_told_together_is_mended_together():
    first = at(2, message="one", fix="write a", snippet='"a"')
    second = at(2, message="two", column=3, fix="write b", snippet='"b"')
    (merged,) = reported([first, second])
    assert (merged.fix, merged.snippet) == ("write a; write b", '"a",\n"b"')


def test_sorted_by_place():
    findings = [at(3), at(1), at(2, "missing-logs"), at(2)]
    assert [(f.origin.place().first.line, f.rule) for f in reported(findings)] == [
        (1, "missing-list-bucket"),
        (2, "missing-list-bucket"),
        (2, "missing-logs"),
        (3, "missing-list-bucket"),
    ]


def test_ignored_findings_are_kept_with_their_reason():
    document = Document("x.yaml", "a: 1  # smlint: ignore[missing-list-bucket] known, see T-1\n")
    gated = gate.apply([at(1, document=document)], Config(), RULES, suppressions.read([document]))
    assert gated.reported == [] and not gated.fail
    assert [(one.kind, one.reason) for one in gated.suppressed] == [("inSource", "known, see T-1")]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("missing-logs", "no finding of `missing-logs` is left to ignore here"),
        ("missing-lgs", "`missing-lgs` is no rule; did you mean `missing-logs`?"),
        ("", "the ignore names no rule"),
    ],
)
def test_useless_ignores_are_noted(listed, message):
    document = Document("x.yaml", f"a: 1  # smlint: ignore[{listed}]\n")
    (note,) = reported([], suppressions=suppressions.read([document]))
    assert (note.rule, note.level, note.message) == ("unused-suppression", Level.NOTE, message)


def test_an_ignore_of_a_rule_that_is_off_is_not_useless():
    document = Document("x.yaml", "a: 1  # smlint: ignore[missing-logs]\n")
    assert reported([], Config(select=("s3", "policy")), suppressions=suppressions.read([document])) == []


def test_baseline_holds_back_and_names_what_is_gone():
    known, gone = at(1, resource="role/A", access="x"), at(2, resource="role/B", access="y")
    held = entries([known, gone])
    place = Span(Document("b.json", "x"), 0, 1)
    baseline = Baseline(held, {entry.identity: place for entry in held}, linted=lambda path: True)
    moved = at(4, resource="role/A", access="x")
    new = at(3, resource="role/C", access="z")
    gated = gate.apply([moved, new], Config(), RULES, baseline=baseline)
    note, other = gated.reported
    assert other == new
    assert (note.rule, note.level, note.resource) == ("unused-suppression", Level.NOTE, "role/B")
    assert [one.kind for one in gated.suppressed] == ["external"]
    assert gated.open == [moved, new]


def test_only_what_is_touched_but_every_unreadable_file():
    broken = at(2, "unreadable-file")
    gated = gate.apply([at(1), broken], Config(), RULES, touched=lambda finding: False)
    assert gated.reported == [broken]
