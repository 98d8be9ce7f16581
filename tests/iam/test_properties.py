"""What holds for all policies: a Deny never allows, order does not matter, NotAction is Action's complement."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from smlint.iam import data, grammar
from smlint.iam.decision import Decision, decide
from smlint.iam.match_statement import explain
from smlint.iam.policy import Kind
from smlint.iam.simulator import read_layers, read_request
from tests.iam.random_cases import ACTIONS, PATTERNS, Cases

SEEDS = st.integers(0, 2**32)


def decision(case, policies):
    return decide(read_request(case["request"]), read_layers(policies, case["request"]["action"])).decision


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_a_deny_never_allows(seed):
    cases = Cases(seed)
    case = cases.case()
    policies = case["policies"]
    deny = {"Version": "2012-10-17", "Statement": {**cases.statement(""), "Effect": "Deny"}}
    more = {**policies, "identityPolicies": [*policies["identityPolicies"], deny]}
    before, after = decision(case, policies), decision(case, more)
    assert after is before or after in (Decision.EXPLICITLY_DENIED, Decision.UNKNOWN)
    assert not (after is Decision.ALLOWED and before is not Decision.ALLOWED)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_an_allow_of_everything_never_refuses(seed):
    case = Cases(seed).case()
    policies = case["policies"]
    allow = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    more = {**policies, "identityPolicies": [*policies["identityPolicies"], allow]}
    if decision(case, policies) is Decision.ALLOWED:
        assert decision(case, more) is Decision.ALLOWED


def shuffled(value, source):
    """The same document with the members of every list and mapping in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], source) for key in source.sample(list(value), len(value))}
    if isinstance(value, list):
        return [shuffled(one, source) for one in source.sample(value, len(value))]
    return value


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_order_does_not_matter(seed):
    case = Cases(seed).case()
    assert decision(case, shuffled(case["policies"], random.Random(seed))) is decision(case, case["policies"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3), st.sampled_from(ACTIONS), SEEDS)
def test_not_action_is_the_complement_of_action(patterns, action, seed):
    case = Cases(seed).case()
    request = read_request({**case["request"], "action": action})

    def truth(element):
        statement = {"Effect": "Allow", element: patterns, "Resource": "*"}
        policy = grammar.parse(data.node({"Statement": statement}, "p"), Kind.IDENTITY)
        return explain(policy.statements[0], policy, request).action

    assert truth("NotAction") is ~truth("Action")


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_forgetting_never_contradicts(seed):
    cases = Cases(seed)
    case = cases.case()
    request, layers = cases.forgotten(case)
    answer, truth = decide(request, layers).decision, decision(case, case["policies"])
    if answer is not Decision.UNKNOWN:
        assert (answer is Decision.ALLOWED) == (truth is Decision.ALLOWED)
        assert truth is not Decision.UNKNOWN or answer is Decision.UNKNOWN
