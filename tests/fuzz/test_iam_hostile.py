"""Hostile policies and texts: nothing raises, nothing takes long."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlint.iam import data, grammar
from smlint.iam.decision import Decision, Layers, decide
from smlint.iam.match import arn_matches, equal, matches
from smlint.iam.policy import Kind, Policy
from smlint.iam.request import Context, Principal, Request
from smlint.iam.simulator import simulate
from smlint.values import YES, Hole, Truth, join

HOLES = [Hole(f"h{i}", only="ab") for i in range(1000)]
OPEN = [Hole(f"o{i}") for i in range(1000)]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("*a" * 5000, "a" * 50_000 + "b"),
        ("a?" * 5000 + "*", "a" * 100_000),
        (("*" + "a?" * 50) * 100 + "b", "a" * 100_000),
        ("*a" * 2000, join(["a" * 2000, *OPEN])),
        (join(OPEN), join(OPEN)),
        (join(OPEN), join(HOLES)),
        (join(HOLES), join(reversed(HOLES))),
        (join([*HOLES, "x"]), "ab" * 5000),
        ("?" * 5000, join(OPEN)),
        (join(["*", *HOLES, "*"] * 5), join(["a" * 1000, *OPEN])),
        ("*", join([Hole(f"c{i}", oneof=("a", "b")) for i in range(100)])),
    ],
)
def test_no_pattern_takes_long(pattern, text):
    start = time.process_time()
    for ask in (matches, arn_matches, equal):
        assert isinstance(ask(pattern, text), Truth)
    assert matches(pattern, text, ignore_case=True) in Truth
    assert time.process_time() - start < 10


def test_many_statements_end():
    statements = [{"Effect": "Allow", "Action": f"s3:a{i}*", "Resource": "*" + "a?" * 20} for i in range(20_000)]
    policy = grammar.parse(data.node({"Statement": statements}, "p"), Kind.IDENTITY)
    assert len(policy.statements) == 5000 and policy.violations and not policy.complete
    request = Request(Principal.role("arn:aws:iam::111122223333:role/x"), "s3:GetObject", "arn:aws:s3:::b/x")
    assert decide(request, Layers(identity=(policy,))).decision is Decision.UNKNOWN


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.text("${}*?:,' aws/b", max_size=12)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny", 3])},
    optional={
        "Action": TEXTS | VALUES,
        "Resource": TEXTS | st.lists(TEXTS, max_size=3) | VALUES,
        "Principal": st.dictionaries(st.sampled_from(["AWS", "Service", "x"]), TEXTS | VALUES, max_size=2) | VALUES,
        "Condition": st.dictionaries(
            st.sampled_from(
                ["StringLike", "Bool", "NumericLessThan", "DateEquals", "IpAddress", "BinaryEquals", "ArnLike"]
            ),
            st.dictionaries(st.sampled_from(["aws:x", "aws:y"]), TEXTS | VALUES, max_size=2) | VALUES,
            max_size=2,
        ),
    },
)


@settings(max_examples=400, deadline=None)
@given(st.lists(STATEMENTS, max_size=3), TEXTS, TEXTS, st.sampled_from(Kind))
def test_no_policy_makes_a_decision_raise(statements, resource, value, kind):
    policy = grammar.parse(data.node({"Version": "2012-10-17", "Statement": statements}, "p"), kind)
    principal = Principal.of(f"arn:aws:iam::111122223333:role/{value}")
    request = Request(principal, "s3:GetObject", resource, None, Context({"aws:x": (value,)}))
    layers = Layers(identity=(policy,), resource=policy, boundary=policy, scps=((policy,),))
    assert decide(request, layers).decision in Decision


@settings(max_examples=200, deadline=None)
@given(VALUES, VALUES)
def test_no_case_makes_the_simulator_raise(request, policies):
    answer = simulate({"request": request, "policies": policies})
    assert json.loads(json.dumps(answer))["decision"] == "Unknown"


def test_the_star_is_cheap_even_so():
    assert matches("*", join(OPEN)) is YES


def test_a_document_beyond_what_aws_stores_is_read_in_part() -> None:
    def grammar_of(actions: object, resource: str) -> Policy:
        document = {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]}
        return grammar.parse(data.node(document, "policy"), Kind.IDENTITY)

    long = grammar_of("s3:" + "*a" * 200_000, "*").statements[0]
    assert long.actions == () and not long.actions_complete
    many = grammar_of([f"s3:Foo{n}*" for n in range(50_000)], "*").statements[0]
    assert len(many.actions) == 8_000 and not many.actions_complete
