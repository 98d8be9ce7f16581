"""Every condition operator, with the key present, absent, multivalued and unknown: one row an operator."""

import pytest

from smlint.iam import data, grammar
from smlint.iam.match_statement import explain
from smlint.iam.operators import OPERATORS, read
from smlint.iam.policy import Kind
from smlint.iam.request import Context, Principal, Request
from smlint.values import DIGITS, NO, UNKNOWN, YES, Hole, join

ARN = "arn:aws:iam::111122223333:role/ml/Train"
KEY = "aws:TagKeys"
Y, N, U = YES, NO, UNKNOWN


def holds(operator, values, have, *, known=True, key=KEY, version="2012-10-17", context=None):
    """Whether the condition holds for a key that has the texts `have` (None: absent)."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}
    policy = grammar.parse(data.node({"Version": version, "Statement": statement}, "p"), Kind.IDENTITY)
    assert not policy.violations
    given = {key.lower(): have if have is None or isinstance(have, tuple) else (have,)} if known else {}
    request = Request(Principal.role(ARN), "s3:GetObject", "*", None, Context({**given, **(context or {})}))
    return explain(policy.statements[0], policy, request).conditions[0][1]


# operator, the policy's value, a value that fits, one that does not; then what it says where the key is
#                                                                            fits, not, absent, multivalued, unknown
TABLE = [
    ("StringEquals", "env", "env", "Env", (Y, N, N, N, U)),
    ("StringEquals", "e*", "e*", "env", (Y, N, N, N, U)),
    ("StringNotEquals", "env", "Env", "env", (Y, N, Y, N, U)),
    ("StringEqualsIgnoreCase", "Env", "eNV", "env2", (Y, N, N, N, U)),
    ("StringEqualsIgnoreCase", "E*", "e*", "env", (Y, N, N, N, U)),
    ("StringNotEqualsIgnoreCase", "Env", "env2", "ENV", (Y, N, Y, N, U)),
    ("StringLike", "e?v*", "environment", "Env", (Y, N, N, N, U)),
    ("StringNotLike", "e?v*", "Env", "environment", (Y, N, Y, N, U)),
    ("NumericEquals", "10", "10.0", "11", (Y, N, N, N, U)),
    ("NumericNotEquals", "10", "11", "1e1", (Y, N, Y, N, U)),
    ("NumericLessThan", "10", "9.5", "10", (Y, N, N, N, U)),
    ("NumericLessThanEquals", "10", "10", "10.1", (Y, N, N, N, U)),
    ("NumericGreaterThan", "10", "11", "10", (Y, N, N, N, U)),
    ("NumericGreaterThanEquals", "10", "10", "-11", (Y, N, N, N, U)),
    ("DateEquals", "2026-11-21T00:00:00Z", "1795219200", "2026-11-21T00:00:01Z", (Y, N, N, N, U)),
    ("DateNotEquals", "2026-11-21T00:00:00Z", "2026-11-21T00:00:01Z", "2026-11-21T01:00:00+01:00", (Y, N, Y, N, U)),
    ("DateLessThan", "2026-11-21", "2026-11-20T23:59:59Z", "2026-11-21", (Y, N, N, N, U)),
    ("DateLessThanEquals", "1795219200", "2026-11-21", "2026-11-22", (Y, N, N, N, U)),
    ("DateGreaterThan", "2026-11-21", "2026-11-22", "2026-11-21", (Y, N, N, N, U)),
    ("DateGreaterThanEquals", "2026-11-21", "2026-11-21", "2026-11-20", (Y, N, N, N, U)),
    ("Bool", "true", "True", "false", (Y, N, N, N, U)),
    ("Bool", "false", "false", "yes", (Y, N, N, N, U)),
    ("BinaryEquals", "aGk=", "aGk=", "aGh=", (Y, N, N, N, U)),
    ("IpAddress", "10.0.0.0/8", "10.1.2.3", "11.0.0.1", (Y, N, N, N, U)),
    ("IpAddress", "2001:db8::/32", "2001:db8::1", "10.0.0.1", (Y, N, N, N, U)),
    ("IpAddress", "10.0.0.1", "10.0.0.1", "not an address", (Y, N, N, N, U)),
    ("NotIpAddress", "10.0.0.0/8", "11.0.0.1", "10.1.2.3", (Y, N, Y, N, U)),
    ("ArnEquals", "arn:aws:iam::*:role/*/Train", ARN, "arn:aws:iam::1:user/a", (Y, N, N, N, U)),
    ("ArnLike", "arn:aws:iam::*:role/*/Train", ARN, "arn:aws:iam::1:user/a", (Y, N, N, N, U)),
    ("ArnLike", "arn:aws:iam::*", ARN, ARN, (N, N, N, N, U)),
    ("ArnNotEquals", "arn:aws:iam::*:role/*/Train", "arn:aws:iam::1:user/a", ARN, (Y, N, Y, N, U)),
    ("ArnNotLike", "arn:aws:iam::*:role/*/Train", "arn:aws:iam::1:user/a", ARN, (Y, N, Y, N, U)),
    ("Null", "false", "env", None, (Y, N, N, Y, U)),
    ("Null", "true", None, "env", (Y, N, Y, N, U)),
]


@pytest.mark.parametrize(("operator", "value", "fitting", "other", "answers"), TABLE)
def test_operator(operator, value, fitting, other, answers):
    several = tuple(one for one in (fitting, other, "x") if one is not None)
    assert (
        holds(operator, value, fitting),
        holds(operator, value, other),
        holds(operator, value, None),
        holds(operator, value, several),
        holds(operator, value, None, known=False),
    ) == answers


@pytest.mark.parametrize(("operator", "value", "fitting", "other", "answers"), [r for r in TABLE if r[0] != "Null"])
def test_if_exists(operator, value, fitting, other, answers):
    operator = f"{operator}IfExists"
    assert holds(operator, value, fitting) is answers[0]
    assert holds(operator, value, other) is answers[1]
    assert holds(operator, value, None) is YES
    assert holds(operator, value, None, known=False) is UNKNOWN


@pytest.mark.parametrize(
    ("operator", "value", "fitting", "other", "answers"), [r for r in TABLE if r[4][0] is YES][:-2]
)
def test_set_operators(operator, value, fitting, other, answers):
    every, some = f"ForAllValues:{operator}", f"ForAnyValue:{operator}"
    assert holds(every, value, (fitting, fitting)) is YES
    assert holds(every, value, (fitting, other)) is NO
    assert holds(every, value, None) is YES
    assert holds(some, value, (other, fitting)) is YES
    assert holds(some, value, (other, other)) is NO
    assert holds(some, value, None) is NO
    assert holds(f"{some}IfExists", value, None) is NO
    assert holds(every, value, None, known=False) is UNKNOWN
    assert holds(some, value, None, known=False) is UNKNOWN


def test_every_operator_has_a_row():
    assert {row[0] for row in TABLE} == set(OPERATORS)


def test_values_are_joined_by_or_and_negated_ones_by_nor():
    assert holds("StringEquals", ["a", "b"], "b") is YES
    assert holds("StringNotEquals", ["a", "b"], "b") is NO
    assert holds("StringNotEquals", ["a", "b"], "c") is YES


def test_partly_known_values():
    prefix = join(["train/", Hole("job")])
    assert holds("StringLike", "train/*", prefix) is YES
    assert holds("StringLike", "test/*", prefix) is NO
    assert holds("StringLike", "train/x", prefix) is UNKNOWN
    assert holds("StringEquals", "train/*", prefix) is UNKNOWN
    assert holds("StringNotEquals", "test", prefix) is YES
    assert holds("ForAllValues:StringLike", "train/*", (prefix, "train/")) is YES
    account = join([Hole("account", like="?" * 12, only=DIGITS)])
    assert holds("StringEquals", account, account) is YES
    assert holds("StringEquals", account, "111122223333") is UNKNOWN
    assert holds("NumericLessThan", "10", account) is UNKNOWN


def test_what_cannot_be_read_matches_nothing():
    assert holds("NumericEquals", "ten", "ten") is NO
    assert holds("NumericNotEquals", "10", "ten") is YES
    assert holds("DateLessThan", "2026-11-21", "soon") is NO
    assert holds("NumericEquals", "1e999", "1e999") is YES
    assert holds("NumericEquals", "9" * 50, "9" * 50) is NO


def test_binary_values_must_be_base64():
    assert holds("BinaryEquals", "aGk=", "aGk") is NO
    assert holds("BinaryEquals", "é", "é") is NO
    assert holds("BinaryEquals", "a b", "a b") is NO


def test_variables():
    user = {"aws:username": ("alice",), "aws:principaltag/team": None, "aws:many": ("a", "b")}
    assert holds("StringEquals", "${aws:username}", "alice", context=user) is YES
    assert holds("StringEquals", "${AWS:UserName}", "alice", context=user) is YES
    assert holds("StringLike", "home/${aws:username}/*", "home/alice/x", context=user) is YES
    assert holds("StringLike", "${aws:username}", "a*", context={"aws:username": ("a*",)}) is YES
    assert holds("StringLike", "${aws:username}", "ab", context={"aws:username": ("a*",)}) is NO
    assert holds("StringEquals", "${aws:PrincipalTag/team}", "x", context=user) is NO
    assert holds("StringNotEquals", "${aws:PrincipalTag/team}", "x", context=user) is NO
    assert holds("StringEquals", "${aws:PrincipalTag/team, 'none'}", "none", context=user) is YES
    assert holds("StringEquals", ["${aws:PrincipalTag/team}", "x"], "x", context=user) is UNKNOWN
    assert holds("StringEquals", "${aws:many}", "a", context=user) is NO
    assert holds("StringEquals", "${aws:userid}", "a", context=user) is UNKNOWN
    assert holds("StringEquals", "x${aws:userid}", "a", context=user) is NO
    assert holds("StringLike", "${*}${?}${$}{}", "*?${}") is YES
    assert holds("StringLike", "${*}", "x") is NO


def test_old_versions_know_no_variables():
    user = {"aws:username": ("alice",)}
    assert holds("StringEquals", "${aws:username}", "alice", version="2008-10-17", context=user) is NO
    assert holds("StringEquals", "${aws:username}", "${aws:username}", version="2008-10-17", context=user) is YES


def test_names_of_operators():
    assert read("stringequals").name == "StringEquals"
    assert read("FORANYVALUE:stringlikeifexists").qualifier == "ForAnyValue"
    for wrong in ("StringMatches", "ForSomeValues:StringEquals", "NullIfExists", ":StringEquals", ""):
        assert read(wrong) is None
