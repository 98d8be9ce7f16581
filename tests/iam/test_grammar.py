"""Reading policies: every element, what is unknown, what breaks the grammar."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlint.document import Document
from smlint.iam import data, grammar
from smlint.iam.policy import Kind
from smlint.syntax import structured
from smlint.values import Hole, Node, Template, Unknown, join, plain

GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
NAMED = {**GOOD, "Principal": "*"}


def parse(document, kind=Kind.IDENTITY):
    return grammar.parse(data.node(document, "p"), kind)


def statements(*members, kind=Kind.IDENTITY, **more):
    return parse({"Version": "2012-10-17", "Statement": list(members), **more}, kind)


def messages(policy):
    return [violation.message for violation in policy.violations]


def test_a_whole_policy():
    policy = statements(
        {
            "Sid": "Read",
            "Effect": "Deny",
            "NotAction": ["s3:GetObject", "s3:ListBucket"],
            "NotResource": "arn:aws:s3:::b",
            "NotPrincipal": {"AWS": ["111111111111"], "Service": "s3.amazonaws.com"},
            "Condition": {"Bool": {"aws:SecureTransport": False}, "NumericLessThan": {"s3:max-keys": [10, 20.5]}},
        },
        kind=Kind.BUCKET,
        Id="x",
    )
    assert policy.violations == () and policy.complete and policy.version == "2012-10-17"
    (one,) = policy.statements
    assert (one.effect, one.sid, one.index) == ("Deny", "Read", 0)
    assert [element.text for element in one.actions] == ["s3:GetObject", "s3:ListBucket"]
    assert [element.text for element in one.resources] == ["arn:aws:s3:::b"]
    assert [(element.type, element.text) for element in one.principals] == [
        ("AWS", "111111111111"),
        ("Service", "s3.amazonaws.com"),
    ]
    assert one.negated_actions and one.negated_resources and one.negated_principals
    assert [(c.operator, c.key, [e.text for e in c.values]) for c in one.conditions] == [
        ("Bool", "aws:SecureTransport", ["false"]),
        ("NumericLessThan", "s3:max-keys", ["10", "20.5"]),
    ]


def test_a_single_statement_and_origins():
    policy = parse({"Statement": GOOD})
    assert len(policy.statements) == 1 and policy.version is None
    assert policy.statements[0].actions[0].origin.path() == ("Statement", "Action")
    assert statements(GOOD, GOOD).statements[1].resources[0].origin.path() == ("Statement", 1, "Resource")


def without(name, base=GOOD):
    return {key: value for key, value in base.items() if key != name}


@pytest.mark.parametrize(
    ("kind", "statement", "message"),
    [
        (Kind.IDENTITY, without("Resource"), "the statement has neither `Resource` nor `NotResource`"),
        (Kind.IDENTITY, without("Action"), "the statement has neither `Action` nor `NotAction`"),
        (Kind.IDENTITY, without("Effect"), "the statement has no `Effect`"),
        (Kind.IDENTITY, {**GOOD, "Effect": "allow"}, "`Effect` must be Allow or Deny, not `allow`"),
        (Kind.IDENTITY, {**GOOD, "NotAction": "s3:*"}, "`Action` and `NotAction` cannot stand in one statement"),
        (Kind.IDENTITY, NAMED, "an identity-based policy must not have a principal"),
        (Kind.IDENTITY, {**GOOD, "action": "x:y"}, "a statement has no element `action`"),
        (Kind.IDENTITY, {**GOOD, "Action": []}, "an empty list"),
        (Kind.IDENTITY, {**GOOD, "Action": [1]}, "a text is expected here"),
        (Kind.IDENTITY, {**GOOD, "Action": "GetObject"}, "the action `GetObject` names no service"),
        (Kind.IDENTITY, {**GOOD, "Resource": "my-bucket"}, 'the resource `my-bucket` must be in ARN format or "*"'),
        (Kind.IDENTITY, {**GOOD, "Sid": "a b"}, "the statement id `a b` must be alphanumeric"),
        (Kind.IDENTITY, {**GOOD, "Condition": []}, "`Condition` must be a JSON object"),
        (Kind.IDENTITY, {**GOOD, "Condition": {"Like": {"a:b": "c"}}}, "there is no condition operator `Like`"),
        (Kind.IDENTITY, {**GOOD, "Condition": {"Bool": "x"}}, "`Bool` needs an object of condition keys"),
        (Kind.IDENTITY, {**GOOD, "Condition": {"Bool": {"b": "c"}}}, "the condition key `b` names no service"),
        (Kind.IDENTITY, "text", "a statement must be a JSON object"),
        (Kind.BUCKET, GOOD, "the statement has neither `Principal` nor `NotPrincipal`"),
        (Kind.BUCKET, {**GOOD, "Principal": "me"}, 'a principal must be `*` or an object such as {"AWS": …}'),
        (Kind.BUCKET, {**GOOD, "Principal": {"aws": "*"}}, "there is no principal type `aws`"),
        (
            Kind.BUCKET,
            {**GOOD, "Principal": {"AWS": "arn:aws:iam::1:role/*"}},
            "the principal `arn:aws:iam::1:role/*` must not have wildcards",
        ),
        (Kind.TRUST, {**NAMED, "Action": "sts:AssumeRole"}, "a trust policy must not have a `Resource`"),
        (Kind.TRUST, without("Resource", NAMED), "the action `s3:GetObject` cannot stand in a trust policy"),
    ],
)
def test_violations(kind, statement, message):
    policy = statements(statement, kind=kind)
    assert messages(policy) == [message]
    assert policy.violations[0].says


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Version": "2012-10-17"}, "the policy has no `Statement`"),
        ({"Statement": []}, "`Statement` is empty"),
        ({"Statement": GOOD, "Version": "2012-10-18"}, "`Version` must be 2012-10-17, not `2012-10-18`"),
        ({"Statement": GOOD, "version": "2012-10-17"}, "a policy has no element `version`"),
        ([], "the policy is not a JSON object"),
        ("text", "the policy is not a JSON object"),
        (None, "the policy is not a JSON object"),
    ],
)
def test_violations_of_the_document(document, message):
    assert messages(parse(document)) == [message]


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ({"action": "s3:*"}, "action"),
        ({"Principal": {"aws": "*"}}, "aws"),
        ({"Condition": {"Like": {"a:b": "c"}}}, "Like"),
        ({"Condition": {"Bool": {"b": "c"}}}, "b"),
    ],
)
def test_a_wrong_name_is_shown_itself(member, name):
    document = Document("p.json", json.dumps({"Statement": {**NAMED, **member}}))
    (violation,) = grammar.parse(structured(document).nodes[0], Kind.BUCKET).violations
    assert document.text[slice(*violation.origin.offsets())] == f'"{name}"'


def test_sids_must_differ():
    assert messages(statements({**GOOD, "Sid": "a"}, {**GOOD, "Sid": "a"})) == ["the statement id `a` is not unique"]
    assert statements({**NAMED, "Sid": "a b"}, kind=Kind.BUCKET).violations == ()


def test_ecr_policies_have_no_resource():
    assert statements(without("Resource", NAMED), kind=Kind.RESOURCE).violations == ()


def test_what_is_unknown_is_no_violation():
    hidden = join([Hole("x")])
    for value in (Unknown("parameter"), hidden):
        assert parse(value).complete is False and parse(value).violations == ()
        policy = parse({"Statement": value, "Version": value})
        assert policy.complete is False and policy.violations == () and isinstance(policy.version, Template)
        for element in GOOD:
            assert statements({**GOOD, element: value}).violations == ()
        assert statements({**GOOD, "Principal": value}, kind=Kind.BUCKET).statements[0].principals_complete is False
    assert statements(GOOD, Unknown("more")).complete is False
    assert statements({**GOOD, "Action": ["s3:*", Unknown("more")]}).statements[0].actions_complete is False
    assert statements({**GOOD, "Condition": {"Bool": Unknown("")}}).statements[0].conditions_complete is False
    values = {"Bool": {"aws:SecureTransport": Unknown("")}}
    assert statements({**GOOD, "Condition": values}).statements[0].conditions[0].complete is False


@pytest.mark.parametrize("name", ["Action", "Resource"])
def test_of_an_element_and_its_negation_the_unknown_one_may_be_absent(name):
    hidden, known = Unknown("each.value"), GOOD[name]
    for plain_, negated in ((hidden, hidden), (known, hidden), (hidden, known)):
        policy = statements({**GOOD, name: plain_, f"Not{name}": negated})
        assert policy.violations == ()
        one = policy.statements[0]
        elements, negates = (one.actions, one.negated_actions) if name == "Action" else (
            one.resources, one.negated_resources
        )  # fmt: skip
        assert [element.text for element in elements] == [text for text in (plain_, negated) if text is known]
        assert negates is (negated is known)


def test_open_mappings_and_lists():
    node = data.node({"Statement": [GOOD]}, "p")
    node.value["Statement"].open = True
    assert grammar.parse(node, Kind.IDENTITY).complete is False
    opened = data.node({"Statement": {"Effect": "Allow"}}, "p")
    opened.value["Statement"].open = True
    policy = grammar.parse(opened, Kind.IDENTITY)
    assert policy.violations == () and policy.complete
    one = policy.statements[0]
    assert not (one.actions_complete or one.resources_complete or one.conditions_complete)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (GOOD, Kind.IDENTITY),
        ({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x.amazonaws.com"}}, Kind.TRUST),
        ({"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": "*"}, Kind.TRUST),
        # A mistake, but that of a trust policy:
        ({**GOOD, "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}, Kind.TRUST),
        ({**GOOD, "Principal": "*", "Effect": "Deny", "Action": "sts:TagSession"}, Kind.RESOURCE),
        ({**GOOD, "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}, Kind.RESOURCE),
        ({**NAMED, "Action": "kms:*"}, Kind.KEY),
        (NAMED, Kind.BUCKET),
        ({**NAMED, "Action": "*", "Resource": ["arn:aws:s3:::b/*"]}, Kind.BUCKET),
        ({**NAMED, "Action": "*", "Resource": join(["arn:aws:s3:::", Hole("b")])}, Kind.BUCKET),
        ({**NAMED, "Action": "ecr:BatchGetImage"}, Kind.RESOURCE),
        ({**GOOD, "NotPrincipal": {"AWS": "1"}, "Effect": "Deny"}, Kind.BUCKET),
        ({"Action": "x"}, None),
        ("text", None),
    ],
)
def test_classify(statement, kind):
    assert grammar.classify(data.node({"Statement": [statement]}, "p")) is kind


def test_what_is_no_policy():
    for document in ({}, [], "text", None, {"Statement": []}, {"Statement": 3}):
        assert grammar.classify(data.node(document, "p")) is None


NAMES = st.sampled_from(
    ("Statement", "Effect", "Action", "NotAction", "Resource", "Principal", "NotPrincipal", "AWS", "Condition", "Bool")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(Unknown("?")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON, st.sampled_from(Kind))
def test_nothing_makes_it_raise(document, kind):
    node = data.node(document, "p")
    policy = grammar.parse(node, kind)
    assert all(str(violation.message) for violation in policy.violations)
    grammar.classify(node)


def test_deep_documents_end_somewhere():
    document = []
    for _ in range(5000):
        document = [document]
    assert isinstance(data.node(document, "p"), Node)
    assert plain(data.node({"a": [1, "x"]}, "p")) == {"a": [1, "x"]}


@pytest.mark.parametrize(("written", "fix"), [("allow", "write `Allow`"), ("DENY", "write `Deny`"), ("Permit", "")])
def test_an_effect_in_other_letters_is_meant(written: str, fix: str) -> None:
    parsed = grammar.parse(
        data.node({"Version": "2012-10-17", "Statement": [{**GOOD, "Effect": written}]}, "p"), Kind.IDENTITY
    )
    assert [violation.fix for violation in parsed.violations] == [fix]
