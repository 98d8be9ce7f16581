"""Which principals an element means, and in which form."""

import pytest

from smlint.iam.policy import PrincipalElement
from smlint.iam.principal import Form, matches
from smlint.iam.request import Principal, identity_context
from smlint.values import DIGITS, NO, UNKNOWN, YES, Hole, join

A, B = "111111111111", "222222222222"
ROLE, USER = f"arn:aws:iam::{A}:role/ml/Train", f"arn:aws:iam::{A}:user/alice"
SESSION = f"arn:aws:sts::{A}:assumed-role/Train/SageMaker"
ACCOUNT = join([Hole("account", like="?" * 12, only=DIGITS)])
PARTITION = Hole("partition", like="aws*")


@pytest.mark.parametrize(
    ("principal", "type_", "text", "answer", "form"),
    [
        (USER, "*", "*", YES, Form.DIRECT),
        (USER, "AWS", "*", YES, Form.DIRECT),
        (USER, "AWS", A, YES, Form.ACCOUNT),
        (USER, "AWS", B, NO, Form.ACCOUNT),
        (USER, "AWS", f"arn:aws:iam::{A}:root", YES, Form.ACCOUNT),
        (USER, "AWS", USER, YES, Form.DIRECT),
        (USER, "AWS", ROLE, NO, Form.DIRECT),
        (USER, "AWS", ACCOUNT, UNKNOWN, Form.ACCOUNT),
        (USER, "AWS", "AIDAEXAMPLEEXAMPLE", UNKNOWN, Form.DIRECT),
        (USER, "AWS", "nonsense", NO, Form.DIRECT),
        (USER, "AWS", f"arn:aws:iam::{A}:user/*", NO, Form.DIRECT),
        (USER, "AWS", join([f"arn:aws:iam::{A}:", Hole("who")]), UNKNOWN, Form.DIRECT),
        (USER, "AWS", join([f"arn:aws:iam::{B}:", Hole("who")]), NO, Form.DIRECT),
        (USER, "Service", "sagemaker.amazonaws.com", NO, Form.DIRECT),
        (USER, "CanonicalUser", "79a59d", UNKNOWN, Form.ACCOUNT),
        (ROLE, "AWS", ROLE, YES, Form.ROLE),
        (ROLE, "AWS", f"arn:aws:iam::{A}:role/Train", NO, Form.ROLE),
        (ROLE, "AWS", join(["arn:", PARTITION, f":iam::{A}:role/ml/Train"]), YES, Form.ROLE),
        (ROLE, "AWS", SESSION, UNKNOWN, Form.DIRECT),
        (ROLE, "AWS", f"arn:aws:sts::{A}:assumed-role/Other/SageMaker", NO, Form.DIRECT),
        (SESSION, "AWS", SESSION, YES, Form.DIRECT),
        (SESSION, "AWS", ROLE, YES, Form.ROLE),  # a role's name is unique in its account, whatever its path
        (SESSION, "AWS", f"arn:aws:iam::{A}:role/Other", NO, Form.ROLE),
        (SESSION, "AWS", f"arn:aws:iam::{A}:role/NotTrain", NO, Form.ROLE),
        (SESSION, "AWS", join([f"arn:aws:iam::{A}:role/", Hole("role")]), UNKNOWN, Form.ROLE),
        (SESSION, "AWS", join([f"arn:aws:iam::{A}:role/", Hole("path"), "/Other"]), NO, Form.ROLE),
        (SESSION, "AWS", join([f"arn:aws:iam::{A}:ro", Hole("rest")]), UNKNOWN, Form.DIRECT),
        (SESSION, "AWS", f"arn:aws:sts::{A}:assumed-role/Train/other", NO, Form.DIRECT),
        (f"arn:aws:iam::{A}:root", "AWS", A, YES, Form.ACCOUNT),
        (f"arn:aws:iam::{A}:root", "AWS", USER, NO, Form.ACCOUNT),
        ("sagemaker.amazonaws.com", "Service", "sagemaker.amazonaws.com", YES, Form.DIRECT),
        ("sagemaker.amazonaws.com", "Service", "*", YES, Form.DIRECT),
        ("sagemaker.amazonaws.com", "Service", "ec2.amazonaws.com", NO, Form.DIRECT),
        ("sagemaker.amazonaws.com", "AWS", A, NO, Form.DIRECT),
        ("sagemaker.amazonaws.com", "AWS", "*", UNKNOWN, Form.DIRECT),
    ],
)
def test_matches(principal, type_, text, answer, form):
    assert matches(PrincipalElement(type_, text, None), Principal.of(principal)) == (answer, form)


def test_a_session_of_known_name():
    assert Principal.role(ROLE, "SageMaker").session_arn == SESSION
    role = join([f"arn:aws:iam::{A}:role/ml/", Hole("name")])
    expected = join([f"arn:aws:sts::{A}:assumed-role/", Hole("name"), "/SageMaker"])
    assert Principal.role(role, "SageMaker").session_arn == expected
    assert Principal.role(join([Hole("role")])).account is None


def test_a_principal_of_unknown_name():
    for arn in (None, join([Hole("role")])):
        principal = Principal(arn, "role")
        assert matches(PrincipalElement("AWS", SESSION, None), principal)[0] is UNKNOWN
        assert matches(PrincipalElement("AWS", ROLE, None), principal)[0] is UNKNOWN
        assert matches(PrincipalElement("AWS", A, None), principal)[0] is UNKNOWN


def test_what_is_known_of_the_one_who_asks():
    context = identity_context(Principal.role(ROLE), B)
    assert context["aws:principalarn"] == (ROLE,)
    assert context["aws:principalaccount"] == (A,)
    assert context["aws:resourceaccount"] == (B,)
    assert context["aws:username"] is None
    assert identity_context(Principal.of(USER))["aws:username"] == ("alice",)
    assert identity_context(Principal.service("s3.amazonaws.com"))["aws:principalisawsservice"] == ("true",)
    assert "aws:principalarn" not in identity_context(Principal.of(SESSION))
