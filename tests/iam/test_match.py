"""Patterns, texts with holes, ARNs."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlint.iam.match import arn_matches, arn_of, arn_parts, equal, matches
from smlint.values import DIGITS, LOWER, NO, UNKNOWN, YES, Hole, Template, fill, join

KEY = Hole("key")
BUCKET = Hole("bucket", only=LOWER + DIGITS + ".-")
GENERATED = Hole("generated", like="*databucket*", only=LOWER + DIGITS + ".-")
ACCOUNT = Hole("account", like="?" * 12, only=DIGITS)
PARTITION = Hole("partition", like="aws*", oneof=("aws", "aws-cn", "aws-us-gov"))
ANY = Hole("any")


def text(*parts):
    return join(parts)


@pytest.mark.parametrize(
    ("pattern", "value", "answer"),
    [
        ("", "", YES),
        ("*", "", YES),
        ("?", "", NO),
        ("a*c", "abbc", YES),
        ("a*c", "abbd", NO),
        ("a?c", "abc", YES),
        ("a?c", "ac", NO),
        ("*b?d*", "aabcdd", YES),
        ("**?*", "a", YES),
        ("*?**?", "a", NO),
        ("a*a", "a", NO),
        ("*ab*ab", "ab", NO),
        ("A*", "abc", NO),
        ("?*?b*c", "xxbyybc", YES),
        ("a*", text("a", ANY), YES),
        ("*a", text("a", ANY), UNKNOWN),
        ("b", text("a", ANY), NO),
        ("??", text("a", ANY), UNKNOWN),
        ("a", text(ANY), UNKNOWN),
        ("*datab*", text(GENERATED), YES),
        ("*SageMaker*", text(GENERATED), NO),
        ("*sagemaker*", text(GENERATED), UNKNOWN),
        ("????????????", text(ACCOUNT), YES),
        ("111122223333", text(ACCOUNT), UNKNOWN),
        ("11112222333", text(ACCOUNT), NO),
        ("aws*", text(PARTITION), YES),
        ("aws-*", text(PARTITION), UNKNOWN),
        ("azure", text(PARTITION), NO),
        (text(BUCKET, "/*"), text(BUCKET, "/train/", KEY), YES),
        (text(BUCKET), text(BUCKET, "-logs"), NO),
        (text(BUCKET, "-logs"), text(BUCKET), NO),
        (text("x", BUCKET, "y"), text("x", BUCKET, "y"), YES),
        (text("x", BUCKET), text("x", ACCOUNT), UNKNOWN),
        (text(BUCKET), "a/b", NO),
        (text(ANY), "a", UNKNOWN),
        (text(ANY), text(ANY), YES),
        (text(ANY), text(ANY, "x"), UNKNOWN),  # its value may be `*`
    ],
)
def test_matches(pattern, value, answer):
    assert matches(pattern, value) is answer


def test_names_that_aws_makes_are_never_the_same():
    one, other = (Hole(name, only=LOWER + "-", fresh=True) for name in ("one", "other"))
    assert matches(text("b-", one, "/*"), text("b-", other, "/x")) is NO
    assert equal(one_text := text(one), text(other)) is NO
    assert equal(one_text, one_text) is YES
    assert matches(text(one, "*"), text(other, "/x")) is UNKNOWN  # one may begin as the other does
    assert matches(text(one, "/*"), text(BUCKET, "/x")) is UNKNOWN


def test_case_is_ignored_on_demand():
    assert matches("S3:get*", "s3:GetObject") is NO
    assert matches("S3:get*", "s3:GetObject", ignore_case=True) is YES
    assert matches(text("S3:", ANY), text("s3:", ANY), ignore_case=True) is YES
    assert matches("S3:*", text("s3:", ANY), ignore_case=True) is YES


@pytest.mark.parametrize(
    ("pattern", "arn", "answer"),
    [
        ("*", "arn:aws:s3:::b/k", YES),
        ("*", "*", YES),
        ("arn:aws:s3:::b", "*", NO),
        ("arn:aws:s3:::*", "*", NO),
        (text(ANY), "*", UNKNOWN),
        ("arn:aws:s3:::b/*c", "arn:aws:s3:::b/a/b/c", YES),
        ("arn:aws:s3:::B/*", "arn:aws:s3:::b/a", NO),
        ("arn:aws:s3:*:b", "arn:aws:s3:::b", NO),  # `*` does not cross the parts
        ("arn:aws:s3*", "arn:aws:s3:::b", NO),
        ("arn:aws:logs:*:*:log-group:/x/*", "arn:aws:logs:eu-west-1:111122223333:log-group:/x/y:log-stream:z", YES),
        ("arn:*:iam::*:role/*", "arn:aws-cn:iam::111122223333:role/ml/Train", YES),
        ("arn:aws:s3:::b/*", text("arn:aws:s3:::b/train/", KEY), YES),
        ("arn:aws:s3:::b/train", text("arn:aws:s3:::b/train/", KEY), NO),
        ("arn:aws:s3:::b/train/x/*", text("arn:aws:s3:::b/train/", KEY), UNKNOWN),
        ("arn:aws:iam::111122223333:root", text("arn:aws:iam::", ACCOUNT, ":root"), UNKNOWN),
        (text("arn:aws:s3:::", BUCKET, "/*"), text("arn:aws:s3:::", BUCKET), NO),
        (text("arn:aws:s3:::", BUCKET), text("arn:aws:s3:::", BUCKET, "/", KEY), NO),
        ("arn:aws*:iam::*:root", text("arn:", PARTITION, ":iam::", ACCOUNT, ":root"), YES),
        ("arn:aws:iam::*:root", text("arn:", PARTITION, ":iam::", ACCOUNT, ":root"), UNKNOWN),
        (text(ANY, "/*"), text(ANY, "/train"), YES),  # a bucket's ARN that nobody knows
        ("arn:aws:s3:::b/*", text(ANY), UNKNOWN),
        ("arn:aws:s3:::b", text(ANY, "/train"), NO),
        ("arn:aws:sqs:*:*:*", text(Hole("arn", like="arn:aws:s3:::*")), NO),
        ("arn:aws:s3:::*", text(Hole("arn", like="arn:aws:s3:::*")), YES),
        ("not an arn", "not an arn", NO),
        ("no:t:a:n:a:rn*", "no:t:a:n:a:rn", NO),
    ],
)
def test_arn_matches(pattern, arn, answer):
    assert arn_matches(pattern, arn) is answer


def test_equal_takes_wildcards_literally():
    assert equal("a*", "ab") is NO
    assert equal("a*", "a*") is YES
    assert equal(text("a", ANY), text("a", ANY)) is YES
    assert equal(text("a", ANY), "ab") is UNKNOWN
    assert equal(text("a", ANY), "b") is NO
    assert equal(text("a", BUCKET), "a/") is NO


def test_arn_parts():
    assert arn_parts("arn:aws:s3:::b:c") == ("arn", "aws", "s3", "", "", "b:c")
    assert arn_parts("arn:aws:s3") is None
    assert arn_parts(text(ANY)) is None
    assert arn_parts(text(Hole("some role", like="arn:*:iam::*:role/*"))) is None
    assert arn_parts(text("arn:", PARTITION, ":s3:::b")) == ("arn", text(PARTITION), "s3", "", "", "b")


def test_an_arn_of_its_parts():
    for arn in ("arn:aws:s3:::b:c", text("arn:", PARTITION, ":s3:::b")):
        parts = arn_parts(arn)
        assert parts is not None and arn_of(parts) == arn


def test_matching_takes_linear_time():
    long = "a" * 100_000
    start = time.perf_counter()
    assert matches("*a" * 60, long) is YES
    assert matches("*a" * 60 + "b", long) is NO
    assert matches("*a?a" * 60 + "*b", long + "b") is YES
    assert matches("a?" * 500 + "*" + "a?" * 500 + "b*", long) is NO
    assert time.perf_counter() - start < 2


def test_holes_have_a_budget():
    choices = tuple(Hole(f"h{i}", oneof=("a", "b", "c")) for i in range(8))
    assert matches("a*", text(*choices)) is UNKNOWN
    assert matches("*a" * 4000, text("a" * 4000, ANY)) in (UNKNOWN, YES)


# What holes must never do: say more than is known. Each hole is filled with values it admits and asked again.
CHARACTERS = "ab*/"
HOLES = [
    Hole("any"),
    Hole("letters", only="ab"),
    Hole("starts", like="a*", only="ab/"),
    Hole("pair", like="??", only="ab"),
    Hole("few", oneof=("a", "ab", "b/*")),
]
PIECES = st.one_of(st.text(CHARACTERS + "?", max_size=3), st.sampled_from(HOLES))
TEXTS = st.lists(PIECES, max_size=4).map(join)
FILLINGS = st.fixed_dictionaries(
    {
        "any": st.text(CHARACTERS + "?", max_size=4),
        "letters": st.text("ab", max_size=4),
        "starts": st.text("ab/", max_size=3).map("a".__add__),
        "pair": st.text("ab", min_size=2, max_size=2),
        "few": st.sampled_from(("a", "ab", "b/*")),
    }
)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, TEXTS, FILLINGS)
def test_a_filled_hole_only_turns_unknown_into_an_answer(pattern, value, filling):
    answer = matches(pattern, value)
    if answer is not UNKNOWN:
        assert matches(fill(pattern, filling), fill(value, filling)) is answer


@settings(max_examples=1000, deadline=None)
@given(TEXTS, TEXTS, FILLINGS)
def test_equality_is_sound_too(one, other, filling):
    answer = equal(one, other)
    if answer is not UNKNOWN:
        assert equal(fill(one, filling), fill(other, filling)) is answer


@settings(max_examples=1000, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=3), st.lists(PIECES, min_size=1, max_size=3), FILLINGS)
def test_arns_are_sound_too(pattern, arn, filling):
    ours, theirs = join(["arn:aws:s3:::", *pattern]), join(["arn:aws:s3:::", *arn])
    answer = arn_matches(ours, theirs)
    if answer is not UNKNOWN:
        assert arn_matches(fill(ours, filling), fill(theirs, filling)) is answer


@given(st.text("ab*?/", max_size=12))
def test_a_text_matches_itself_and_the_star(value):
    assert matches(value, value) is YES
    assert matches("*", value) is YES


@settings(max_examples=500, deadline=None)
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_the_fast_matcher_agrees_with_a_table(pattern, value):
    rows = [[False] * (len(value) + 1) for _ in range(len(pattern) + 1)]
    rows[0][0] = True
    for i, sign in enumerate(pattern, 1):
        for j in range(len(value) + 1):
            if sign == "*":
                rows[i][j] = rows[i - 1][j] or (j > 0 and rows[i][j - 1])
            elif j:
                rows[i][j] = rows[i - 1][j - 1] and sign in ("?", value[j - 1])
    assert matches(pattern, value) is (YES if rows[-1][-1] else NO)


def test_a_template_is_never_a_plain_text():
    assert isinstance(text("a", ANY), Template)
