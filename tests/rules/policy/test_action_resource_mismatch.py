"""action-resource-mismatch: pairs that can never match, and the many that can."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlint.document import Document, Span
from smlint.facts import PARTITION
from smlint.iam.policy import Element, Kind, Policy, Statement
from smlint.rule import all_rules
from smlint.values import UNKNOWN, Hole, Node, join
from smlint_rules.policy import _fitting

RULE = "action-resource-mismatch"
BUCKET, OBJECTS = "arn:aws:s3:::data", "arn:aws:s3:::data/*"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker/TrainingJobs"
REPOSITORY = "arn:aws:ecr:eu-west-1:111122223333:repository/train"
POINT = "arn:aws:s3:eu-west-1:111122223333:accesspoint/data"
NAME = Hole("stack:Data", only="abcdefghijklmnopqrstuvwxyz0123456789.-", label="Data")

# action, resource, the resource that was meant
NEVER = [
    ("s3:ListBucket", OBJECTS, BUCKET),
    ("s3:ListBucket", "arn:aws:s3:::data/a/b", BUCKET),
    ("s3:ListBucket", "arn:aws:s3:::da*/x", "arn:aws:s3:::da*"),
    ("s3:GetBucketLocation", OBJECTS, BUCKET),
    ("s3:GetObject", BUCKET, OBJECTS),
    ("s3:getobject*", BUCKET, OBJECTS),
    ("s3:PutObjectAcl", BUCKET, OBJECTS),
    ("s3:GetObject", POINT, f"{POINT}/object/*"),
    ("s3:ListAllMyBuckets", BUCKET, "*"),
    ("ecr:GetAuthorizationToken", REPOSITORY, "*"),
    ("ecr:GetAuthorizationToken", "arn:aws:ecr:*:*:*", "*"),
    ("ecr:BatchGetImage", BUCKET, "arn:aws:ecr:*:*:repository/*"),
    ("cloudwatch:PutMetricData", "arn:aws:cloudwatch:*:*:*", "*"),
    ("cloudwatch:ListMetrics", "arn:aws:s3:::acme-data/*", "*"),
    ("cloudwatch:GetMetricData", "arn:aws:cloudwatch:*:111122223333:*", "*"),
    ("ec2:DescribeVpcs", "arn:aws:ec2:*:*:*", "*"),
    ("kms:CreateGrant", "arn:aws:sagemaker:*:111122223333:*", "arn:aws:kms:*:111122223333:key/*"),
    ("logs:PutLogEvents", GROUP, f"{GROUP}:*"),
    ("iam:PassRole", "arn:aws:sagemaker:*:*:*", "arn:aws:iam::*:role/*"),
    (
        "sagemaker:CreateTrainingJob",
        "arn:aws:iam::111122223333:role/t",
        "arn:aws:sagemaker:*:111122223333:training-job/*",
    ),
]
MAY = [
    ("s3:ListBucket", BUCKET),
    ("s3:ListBucket", "arn:aws:s3:::data*"),
    ("s3:ListBucket", POINT),
    ("s3:ListBucket", "arn:aws:s3::111122223333:accesspoint/several-regions.mrap"),
    ("s3:GetObject", OBJECTS),
    ("s3:GetObject", "arn:aws:s3:::d*"),
    ("s3:GetObject", f"{POINT}/object/*"),
    ("s3:GetObject", "arn:aws:s3:::data/${aws:username}/*"),
    ("s3:ListBucket", "arn:aws:s3:::${aws:PrincipalTag/bucket}"),
    ("s3:*", BUCKET),
    ("s3:Get*", OBJECTS),
    ("*", BUCKET),
    ("s3:ListAllMyBuckets", "arn:aws:s3:::*"),
    ("s3:GetDataAccess", BUCKET),  # grants-instance-arn's
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:alias/data"),  # kms-alias-in-resource's
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/*"),
    ("ecr:BatchGetImage", "arn:aws:ecr:eu-west-1::repository/train"),  # malformed-arn's
    ("s3:GetObject", "arn:aws:s3::data/*"),  # malformed-arn's
    ("ecr:GetAuthorizationToken", "*"),
    ("cloudwatch:PutMetricData", "arn:aws:cloudwatch:*:*:dataset/default"),
    ("cloudwatch:ListMetrics", "arn:aws:cloudwatch:*:*:dataset/default"),
    ("logs:CreateLogGroup", f"{GROUP}:*"),
    ("logs:PutLogEvents", f"{GROUP}:*"),
    ("logs:PutLogEvents", GROUP[:-4] + "*"),
    ("sns:ListTopics", "arn:aws:sns:*:*:*"),
    ("ssm:GetParameters", "arn:aws:ssm:*::parameter/aws/service/*"),
    ("states:StartExecution", "arn:aws:states:*:*:statemachine:*"),
    ("s3:ListObject", OBJECTS),  # unknown-action's
    ("newservice:Do", BUCKET),
]


@pytest.mark.parametrize(("action", "resource", "meant"), NEVER)
def test_never(allow, action: str, resource: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, action, resource)
    assert f"`{action}`" in found.message and f"`{resource}`" in found.message
    assert found.would == ((action, meant),)
    assert json.loads(found.snippet) == meant
    asked = _fitting.some_action(action)
    assert f"not authorized to perform: {asked} on resource: {meant} because" in found.aws


@pytest.mark.parametrize(("action", "resource"), MAY)
def test_may(allow, action: str, resource: str) -> None:  # type: ignore[no-untyped-def]
    assert allow(RULE, action, resource) == []


def test_one_fitting_resource_is_enough(allow) -> None:  # type: ignore[no-untyped-def]
    assert allow(RULE, ["s3:GetObject", "s3:ListBucket"], [BUCKET, OBJECTS]) == []


def test_what_fits_is_kept_in_the_snippet(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["s3:GetObject", "s3:ListBucket"], OBJECTS)
    assert found.fix == "name these as resources too" and json.loads(found.snippet) == [OBJECTS, BUCKET]
    assert found.origin.place().first.line == 7


def test_of_a_resource_with_the_right_word_the_form_is_told(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "states:StopExecution", "arn:aws:states:*:*:execution:train")
    assert "acts on resources like `arn:*:states:*:*:execution:*:*`" in found.message
    (found,) = allow(RULE, "states:StopExecution", "arn:aws:states:*:*:stateMachine:train")
    assert "acts on resources of the type `execution`" in found.message


def test_of_a_pattern_aws_names_an_action(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "s3:getobject*", [BUCKET, "arn:aws:s3:::other"])
    assert found.message == f"no action that `s3:getobject*` matches acts on `{BUCKET}` and `arn:aws:s3:::other`"
    assert found.aws.startswith(f"User: … is not authorized to perform: s3:GetObject on resource: {OBJECTS} because")


def test_actions_of_one_kind_are_one_finding(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["s3:GetObject", "s3:PutObject"], BUCKET)
    assert found.message == "`s3:GetObject` and `s3:PutObject` act on objects, which `arn:aws:s3:::data` is not"
    assert found.would == (("s3:GetObject", OBJECTS), ("s3:PutObject", OBJECTS))


def test_the_types_that_an_action_must_have_come_first(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "ec2:CreateVpcEndpoint", "arn:aws:ec2:eu-west-1:111122223333:network-interface/*")
    assert "act" in found.message and "the type `vpc`, `vpc-endpoint` or 3 others, which" in found.message
    assert json.loads(found.snippet) == "arn:aws:ec2:eu-west-1:111122223333:vpc/*"


def test_a_wildcard_may_be_one_too_many(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["s3:Describe*", "s3:ListBucket"], BUCKET)
    assert found.fix == "remove it, or name these as resources too"


def test_an_action_without_resource_gets_its_own_statement(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["ecr:BatchGetImage", "ecr:GetAuthorizationToken"], REPOSITORY)
    assert json.loads(found.snippet) == {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}


def test_several_kinds_of_resource_are_told_at_once(check) -> None:  # type: ignore[no-untyped-def]
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    actions = ["s3:GetObject", "s3:ListBucket", "ecr:GetAuthorizationToken"]
    (found,) = check(
        RULE, {"Sid": "A", "Effect": "Allow", "Action": actions, "Resource": OBJECTS, "Condition": condition}
    )
    first, apart = json.loads(f"[{found.snippet}]")
    assert found.fix == "write two statements instead, one with `*`"
    assert first == {
        "Sid": "A",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [OBJECTS, BUCKET],
        "Condition": condition,
    }
    assert apart == {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*", "Condition": condition}


def test_a_deny_that_forbids_nothing(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, "s3:GetObject", BUCKET, effect="Deny")
    assert found.message.endswith("; the Deny forbids nothing") and found.would == () and found.aws == ""


def test_a_deny_with_more_actions_than_it_needs(allow) -> None:  # type: ignore[no-untyped-def]
    assert allow(RULE, ["s3:PutObject", "s3:PutBucketPolicy"], OBJECTS, effect="Deny") == []


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Action": "s3:ListBucket", "NotResource": OBJECTS},
        {"Effect": "Allow", "NotAction": "s3:ListBucket", "Resource": OBJECTS},
        {"Effect": "Allow", "Action": "s3:ListBucket"},
    ],
)
def test_other_forms_are_left_alone(check, statement: object) -> None:  # type: ignore[no-untyped-def]
    assert check(RULE, statement) == []


def statement(action: str, *resources: object, complete: bool = True) -> Policy:
    at = Span(Document("main.tf", 'data "aws_partition" "current" {}'), 0, 1)
    elements = tuple(Element(resource, at) for resource in resources)  # type: ignore[arg-type]
    one = Statement(
        at, Node({}, at), 0, "Allow", actions=(Element(action, at),), resources=elements, has_resource=True,
        resources_complete=complete,
    )  # fmt: skip
    return Policy(Kind.IDENTITY, at, Node({}, at), (one,), "2012-10-17")


def test_holes() -> None:
    rule = all_rules()[RULE]
    bucket = join(["arn:", PARTITION, ":s3:::", Hole("var:data", only=NAME.only, label="var.data")])
    objects = join([*bucket.parts, "/*"])  # type: ignore[union-attr]
    assert list(rule.check(statement("s3:ListBucket", bucket), None)) == []
    assert list(rule.check(statement("s3:GetObject", objects), None)) == []
    (found,) = rule.check(statement("s3:ListBucket", objects), None)
    assert found.would == (("s3:ListBucket", "arn:*:s3:::*"),)
    assert found.snippet == '"arn:${data.aws_partition.current.partition}:s3:::${var.data}"'
    (found,) = rule.check(statement("s3:GetObject", bucket), None)
    assert found.snippet.endswith(':s3:::${var.data}/*"')


@pytest.mark.parametrize("resource", [join([Hole("x")]), join([Hole("x"), "/*"]), join(["arn:aws:s3:::", Hole("x")])])
@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:GetObject", "ecr:GetAuthorizationToken"])
def test_what_is_not_settled_may_fit(action: str, resource: object) -> None:
    if action.startswith("ecr") and str(resource).startswith("arn:"):
        pytest.skip("an ARN is never `*`")
    assert list(all_rules()[RULE].check(statement(action, resource), None)) == []


def test_an_incomplete_list_may_hold_what_fits() -> None:
    assert list(all_rules()[RULE].check(statement("s3:ListBucket", OBJECTS, complete=False), None)) == []


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="arn:aws3*?/-${}<>é ", max_size=40), st.sampled_from(["s3:GetObject", "s3:L*", "kms:Decrypt"]))
def test_any_text_is_judged(resource: str, action: str) -> None:
    list(all_rules()[RULE].check(statement(action, resource), None))


def test_several_actions_in_one_sentence(allow) -> None:  # type: ignore[no-untyped-def]
    (found,) = allow(RULE, ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], BUCKET)
    assert (
        found.message == f"`s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` act on objects, which `{BUCKET}` is not"
    )


PARTS = ["*", "key/*", "key/abc", "k*", "k?y/abc", "KEY/x", "role/x", "log-group:/aws/*", "", "bucket/key", "alias/x"]
OPEN = [join([Hole("name")]), join(["key/", Hole("name")]), join([Hole("name"), "/x"])]


@pytest.mark.parametrize("service", ["kms", "KMS", "iam", "logs", "s3", "*", "k*"])
def test_literals_say_what_the_whole_comparison_says(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    formats = ["arn:*:kms:*:*:key/*", "arn:*:kms:*:*:alias/*", "arn:*:iam::*:role/*", "arn:*:logs:*:*:log-group:*"]
    account = join([Hole("account", like="?" * 12)])
    heads = [
        ("arn", "aws", service, region, owner) for region in ("", "*", "eu-west-1") for owner in ("", "*", account)
    ]
    cases = [((*head, part), taken) for head in heads for part in (*PARTS, *OPEN) for taken in formats]
    told = [_fitting._can_be.__wrapped__(*case) for case in cases]
    assert any(_fitting._plainly(*case) is not UNKNOWN for case in cases)
    monkeypatch.setattr(_fitting, "_plainly", lambda *_: UNKNOWN)
    assert told == [_fitting._can_be.__wrapped__(*case) for case in cases]
