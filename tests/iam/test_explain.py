"""A statement explains why it does not match."""

import pytest

from smlint.iam import data, grammar
from smlint.iam.match_statement import explain
from smlint.iam.policy import Kind
from smlint.iam.request import Context, Principal, Request
from smlint.values import NO, UNKNOWN, YES

ROLE = "arn:aws:iam::111122223333:role/Train"
STATEMENT = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:Put*"],
    "Resource": "arn:aws:s3:::b/${aws:username}/*",
    "Principal": {"AWS": ROLE},
    "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}, "Bool": {"aws:SecureTransport": "true"}},
}


def match(action="s3:GetObject", resource="arn:aws:s3:::b/alice/x", principal=ROLE, statement=STATEMENT, **context):
    policy = grammar.parse(data.node({"Version": "2012-10-17", "Statement": statement}, "p"), Kind.BUCKET)
    values = {"aws:username": ("alice",), "aws:sourcevpc": ("vpc-1",), "aws:securetransport": ("true",)}
    values |= {f"aws:{key}": value for key, value in context.items()}
    request = Request(Principal.of(principal), action, resource, None, Context(values))
    found = explain(policy.statements[0], policy, request)
    conditions = [truth for _, truth in found.conditions]
    return found.truth, found.action, found.resource, found.principal, *conditions


@pytest.mark.parametrize(
    ("changed", "answers"),
    [
        ({}, (YES, YES, YES, YES, YES, YES)),
        ({"action": "S3:PUTOBJECTACL"}, (YES, YES, YES, YES, YES, YES)),
        ({"action": "s3:ListBucket"}, (NO, NO, YES, YES, YES, YES)),
        ({"resource": "arn:aws:s3:::b/bob/x"}, (NO, YES, NO, YES, YES, YES)),
        ({"principal": ROLE + "2"}, (NO, YES, YES, NO, YES, YES)),
        ({"sourcevpc": ("vpc-2",)}, (NO, YES, YES, YES, NO, YES)),
        ({"sourcevpc": None, "securetransport": ("false",)}, (NO, YES, YES, YES, NO, NO)),
        ({"username": None}, (NO, YES, NO, YES, YES, YES)),
        ({"username": ("a", "b")}, (NO, YES, NO, YES, YES, YES)),
    ],
)
def test_every_element_answers(changed, answers):
    assert match(**changed) == answers


def test_negated_elements():
    statement = {
        "Effect": "Deny",
        "NotAction": "s3:Get*",
        "NotResource": "arn:aws:s3:::b/*",
        "NotPrincipal": {"AWS": "111122223333"},
    }
    assert match(statement=statement)[1:4] == (NO, NO, YES)
    assert match(statement=statement, action="s3:ListBucket", resource="arn:aws:s3:::c")[1:4] == (YES, YES, YES)


def test_a_resource_beside_one_with_an_unresolved_variable_is_unclear():
    statement = {**STATEMENT, "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c/${aws:userid}"]}
    assert match(statement=statement, userid=None)[2] is UNKNOWN
    assert match(statement=statement, userid=("x",))[2] is YES
    assert match(statement=statement, userid=None, resource="arn:aws:s3:::d")[2] is NO


def test_an_unknown_version_leaves_variables_unclear():
    policy = grammar.parse(data.node({"Statement": STATEMENT}, "p"), Kind.BUCKET)
    request = Request(Principal.of(ROLE), "s3:GetObject", "arn:aws:s3:::b/${aws:username}/x", None, Context())
    assert explain(policy.statements[0], policy, request).resource is YES
