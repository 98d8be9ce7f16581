"""The layers and their order, in three values; each test says the rule it pins."""

import pytest

from smlint.iam import data, grammar
from smlint.iam.decision import Decision, Layers, decide
from smlint.iam.managed import full_access
from smlint.iam.policy import Kind
from smlint.iam.request import Context, Principal, Request
from smlint.record import replace
from smlint.values import DIGITS, LOWER, Hole, Template, Unknown, join

A, B = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{A}:role/ml/Train"
SESSION = f"arn:aws:sts::{A}:assumed-role/Train/SageMaker"
USER = f"arn:aws:iam::{A}:user/alice"
ALLOWED, IMPLICIT, EXPLICIT, UNKNOWN = (
    Decision.ALLOWED,
    Decision.IMPLICITLY_DENIED,
    Decision.EXPLICITLY_DENIED,
    Decision.UNKNOWN,
)
OBJECT, KEY = "arn:aws:s3:::b/train/x", f"arn:aws:kms:eu-west-1:{A}:key/1"


def statement(effect="Allow", action="s3:*", resource="*", principal=None, **more):
    found = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return found if principal is None else {**found, "Principal": principal}


def policy(*statements, kind=Kind.IDENTITY):
    return grammar.parse(data.node({"Version": "2012-10-17", "Statement": list(statements)}, "p"), kind)


def resource(*statements, kind=Kind.BUCKET):
    return policy(*statements, kind=kind)


def ask(layers, principal=None, action="s3:GetObject", resource=OBJECT, owner=A, **context):
    known = {key.replace("__", ":").lower(): value for key, value in context.items()}
    request = Request(principal or Principal.role(ROLE), action, resource, owner, Context(known))
    return decide(request, layers)


def decision(layers, *rest, **more):
    return ask(layers, *rest, **more).decision


S3 = policy(statement())
NOTHING = policy(statement(action="ec2:*"))
TO_ROLE, TO_ACCOUNT = resource(statement(principal={"AWS": ROLE})), resource(statement(principal={"AWS": A}))
TO_ALL, TO_SESSION = resource(statement(principal="*")), resource(statement(principal={"AWS": SESSION}))
NAMED_SESSION = Principal.role(ROLE, "SageMaker")


@pytest.mark.parametrize(
    ("layers", "answer"),
    [
        (Layers(), IMPLICIT),
        (Layers(identity=(S3,)), ALLOWED),
        (Layers(identity=(NOTHING, S3)), ALLOWED),
        (Layers(identity=(S3, policy(statement("Deny")))), EXPLICIT),
        (Layers(identity=(S3,), boundary=S3), ALLOWED),
        (Layers(identity=(S3,), boundary=NOTHING), IMPLICIT),
        (Layers(boundary=S3), IMPLICIT),
        (Layers(identity=(S3,), session=(NOTHING,)), IMPLICIT),
        (Layers(resource=TO_ROLE), ALLOWED),
        (Layers(resource=TO_ROLE, boundary=NOTHING), IMPLICIT),
        (Layers(resource=TO_ROLE, session=(NOTHING,)), IMPLICIT),
        (Layers(resource=TO_SESSION, boundary=NOTHING, session=(NOTHING,)), ALLOWED),
        (Layers(resource=TO_ALL, boundary=NOTHING), ALLOWED),
        (Layers(resource=TO_ACCOUNT), IMPLICIT),
        (Layers(resource=TO_ACCOUNT, identity=(S3,)), ALLOWED),
        (Layers(resource=resource(statement("Deny", principal={"AWS": A})), identity=(S3,)), EXPLICIT),
        (Layers(resource=resource(statement("Deny", principal={"AWS": B})), identity=(S3,)), ALLOWED),
        (Layers(identity=(S3,), scps=((full_access(Kind.SCP),), (NOTHING,))), IMPLICIT),
        (Layers(identity=(S3,), scps=((full_access(Kind.SCP), policy(statement("Deny"))),)), EXPLICIT),
        (Layers(identity=(S3,), rcps=((full_access(Kind.RCP),),)), ALLOWED),
        (Layers(identity=(S3,), endpoint=resource(statement(principal="*"), kind=Kind.ENDPOINT)), ALLOWED),
        (Layers(identity=(S3,), endpoint=resource(statement(principal={"AWS": B}), kind=Kind.ENDPOINT)), IMPLICIT),
    ],
)
def test_same_account(layers, answer):
    assert decision(layers, NAMED_SESSION) is answer


@pytest.mark.parametrize(
    ("layers", "answer"),
    [
        (Layers(identity=(S3,)), IMPLICIT),
        (Layers(resource=TO_ROLE), IMPLICIT),
        (Layers(identity=(S3,), resource=TO_ROLE), ALLOWED),
        (Layers(identity=(S3,), resource=TO_ACCOUNT), ALLOWED),
        (Layers(identity=(S3,), resource=TO_ALL), ALLOWED),
        (Layers(identity=(S3,), resource=TO_SESSION, boundary=NOTHING), IMPLICIT),
        (Layers(identity=(S3,), resource_known=False), UNKNOWN),
    ],
)
def test_cross_account(layers, answer):
    assert decision(layers, NAMED_SESSION, owner=B) is answer


def test_whose_resource_it_is_may_be_unknown():
    assert decision(Layers(identity=(S3,)), owner=None) is UNKNOWN
    assert decision(Layers(), owner=None) is IMPLICIT
    assert decision(Layers(identity=(S3,), resource=TO_ACCOUNT), owner=None) is ALLOWED
    owner = join([Hole("owner", like="?" * 12, only=DIGITS)])
    assert decision(Layers(identity=(S3,)), owner=owner) is UNKNOWN
    mine = Principal.role(join(["arn:aws:iam::", owner, ":role/Train"]))
    assert decision(Layers(identity=(S3,)), mine, owner=owner) is ALLOWED


def test_keys():
    def key(*statements):
        return Layers(
            identity=(policy(statement(action="kms:*")),),
            resource=resource(*statements, kind=Kind.KEY),
            key_policy=True,
        )

    def ask_key(layers, owner=A):
        return decision(layers, action="kms:Decrypt", resource=KEY, owner=owner)

    assert ask_key(key(statement(action="kms:*", principal={"AWS": f"arn:aws:iam::{A}:root"}))) is ALLOWED
    assert ask_key(key(statement(action="kms:*", principal={"AWS": f"arn:aws:iam::{B}:root"}))) is IMPLICIT
    assert ask_key(key(statement(action="kms:*", principal={"AWS": ROLE}))) is ALLOWED
    own = (policy(statement(action="kms:*")),)
    assert ask_key(Layers(identity=own, key_policy=True)) is ALLOWED
    assert ask_key(Layers(key_policy=True)) is IMPLICIT
    assert ask_key(Layers(identity=own, key_policy=True), owner=B) is UNKNOWN
    assert ask_key(Layers(identity=own, key_policy=True, key_delegates=False, resource_known=False)) is UNKNOWN
    for unknown in (None, join([Hole("owner", like="?" * 12, only=DIGITS)])):  # at home or abroad, the role needs it
        assert ask_key(Layers(identity=own, key_policy=True), owner=unknown) is UNKNOWN
        assert ask_key(Layers(key_policy=True), owner=unknown) is IMPLICIT
    lacking = ask(key(statement(action="kms:*", principal={"AWS": B})), action="kms:Decrypt", resource=KEY)
    assert [reason.layer for reason in lacking.because] == ["resource"]


def test_trust():
    def trusts(principal, **more):
        trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}, kind=Kind.TRUST)
        return Layers(resource=trust, trust=True)

    def assume(layers, name="sagemaker.amazonaws.com", **context):
        return decision(layers, Principal.service(name), action="sts:AssumeRole", resource=ROLE, **context)

    assert assume(trusts({"Service": "sagemaker.amazonaws.com"})) is ALLOWED
    assert assume(trusts({"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]})) is ALLOWED
    assert assume(trusts({"Service": "ec2.amazonaws.com"})) is IMPLICIT
    assert assume(trusts({"AWS": A})) is IMPLICIT
    assert assume(trusts({"Service": "sagemaker.amazonaws.com.cn"})) is UNKNOWN
    assert assume(trusts({"Service": "sagemaker.eu-west-1.amazonaws.com"})) is UNKNOWN
    assert assume(trusts({"Service": Template((Hole("service"),))})) is UNKNOWN
    source = {"Condition": {"StringEquals": {"aws:SourceAccount": A}}}
    conditional = trusts({"Service": "sagemaker.amazonaws.com"}, **source)
    assert assume(conditional, aws__SourceAccount=(A,)) is ALLOWED
    assert assume(conditional, aws__SourceAccount=(B,)) is IMPLICIT
    assert assume(conditional) is UNKNOWN
    role = trusts({"AWS": A})
    assert decision(role, action="sts:AssumeRole", resource=ROLE) is IMPLICIT
    assert decision(trusts({"AWS": ROLE}), action="sts:AssumeRole", resource=ROLE) is ALLOWED


def test_access_points():
    point, bucket = TO_ROLE, resource(statement(principal="*"))
    assert decision(Layers(access_point=point, resource=bucket)) is ALLOWED
    assert decision(Layers(access_point=point, resource=bucket, boundary=NOTHING)) is IMPLICIT
    assert decision(Layers(access_point=point)) is IMPLICIT
    assert decision(Layers(identity=(S3,), access_point=point)) is ALLOWED
    assert decision(Layers(identity=(S3,), access_point=point), owner=B) is IMPLICIT
    assert decision(Layers(identity=(S3,), access_point=point, resource=bucket), owner=B) is ALLOWED
    denies = resource(statement("Deny", principal="*"))
    assert decision(Layers(identity=(S3,), access_point=denies)) is EXPLICIT


def test_deny_with_not_principal():
    def spares(*arns, boundary=None):
        denies = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": list(arns)}}
        return Layers(identity=(S3,), resource=resource(denies), boundary=boundary)

    user, root = Principal.of(USER), f"arn:aws:iam::{A}:root"
    assert decision(spares(USER, root), user) is ALLOWED
    assert decision(spares(USER), user) is UNKNOWN  # the account is not listed beside the user
    assert decision(spares(root), user) is EXPLICIT
    assert decision(spares(f"arn:aws:iam::{A}:user/bob", root), user) is EXPLICIT
    assert decision(spares(USER, root, boundary=S3), user) is EXPLICIT
    assert decision(spares(ROLE, root), NAMED_SESSION) is UNKNOWN
    assert decision(spares(ROLE, root, SESSION), NAMED_SESSION) is ALLOWED
    unknown_boundary = Layers(**{**_as_dict(spares(USER, root)), "boundary_known": False})
    assert decision(unknown_boundary, user) is UNKNOWN


def _as_dict(layers):
    return {name: getattr(layers, name) for name in layers.__slots__}


def test_other_principals():
    bucket = resource(statement(principal={"Service": "logging.s3.amazonaws.com"}))
    assert decision(Layers(resource=bucket), Principal.service("logging.s3.amazonaws.com")) is ALLOWED
    assert decision(Layers(resource=bucket), Principal(None, "anonymous")) is IMPLICIT
    assert decision(Layers(resource=TO_ALL), Principal(None, "anonymous")) is ALLOWED
    root = Principal.of(f"arn:aws:iam::{A}:root")
    assert decision(Layers(), root) is ALLOWED
    assert decision(Layers(), root, owner=B) is IMPLICIT
    provider = f"arn:aws:iam::{A}:oidc-provider/issuer"
    trust = policy({"Effect": "Allow", "Action": "sts:*", "Principal": {"Federated": provider}}, kind=Kind.TRUST)
    federated = Principal.of(provider)
    web = "sts:AssumeRoleWithWebIdentity"
    assert decision(Layers(resource=trust, trust=True), federated, action=web, resource=ROLE) is ALLOWED


def test_guardrails_do_not_bind_service_linked_roles():
    scps = ((full_access(Kind.SCP), policy(statement("Deny"))),)
    linked = Principal.role(f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX")
    assert decision(Layers(identity=(S3,), scps=scps), linked) is ALLOWED
    assert decision(Layers(identity=(S3,), scps=scps)) is EXPLICIT
    path = join([f"arn:aws:iam::{A}:role/", Hole("path"), "Train"])
    assert decision(Layers(identity=(S3,), scps=scps), Principal.role(path)) is UNKNOWN


def test_incomplete_layers():
    deny = policy(statement("Deny"))
    assert decision(Layers(identity_complete=False)) is UNKNOWN
    assert decision(Layers(identity=(deny,), identity_complete=False)) is EXPLICIT
    assert decision(Layers(identity=(S3,), boundary_known=False)) is UNKNOWN
    assert decision(Layers(boundary_known=False)) is IMPLICIT
    assert decision(Layers(identity=(S3,), resource_known=False)) is UNKNOWN
    unread = grammar.parse(data.node({"Statement": Unknown("parameter")}, "p"), Kind.IDENTITY)
    assert decision(Layers(identity=(unread,))) is UNKNOWN


@pytest.mark.parametrize("element", ["Effect", "Action", "Resource", "Condition"])
def test_an_unknown_element_makes_its_statement_unknown(element):
    unclear = policy({**statement(), element: Unknown("parameter")})
    assert decision(Layers(identity=(unclear,))) is UNKNOWN


def test_unknown_members_of_lists():
    some = policy(statement(action=["s3:ListBucket", Unknown("more")]))
    assert decision(Layers(identity=(some,))) is UNKNOWN
    assert decision(Layers(identity=(some,)), action="s3:ListBucket") is ALLOWED
    but = {"Effect": "Allow", "NotAction": ["s3:ListBucket", Unknown("more")], "Resource": "*"}
    assert decision(Layers(identity=(policy(but),))) is UNKNOWN
    assert decision(Layers(identity=(policy(but),)), action="s3:ListBucket") is IMPLICIT


def test_unknown_keys_and_texts():
    only = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    conditional = Layers(identity=(policy(statement(Condition=only)),))
    assert decision(conditional) is UNKNOWN
    assert decision(conditional, aws__SourceVpc=("vpc-1",)) is ALLOWED
    assert decision(conditional, aws__SourceVpc=None) is IMPLICIT
    denies = Layers(identity=(S3, policy(statement("Deny", Condition=only))))
    assert decision(denies) is UNKNOWN
    assert decision(Layers(identity=(policy(statement("Deny", Condition=only)),))) is IMPLICIT
    bucket = Hole("bucket", only=LOWER + DIGITS + ".-")
    key = join(["arn:aws:s3:::", bucket, "/train/", Hole("key")])
    own = policy(statement(resource=join(["arn:aws:s3:::", bucket, "/*"])))
    assert decision(Layers(identity=(own,)), resource=key) is ALLOWED
    other = policy(statement(resource="arn:aws:s3:::b/*"))
    assert decision(Layers(identity=(other,)), resource=key) is UNKNOWN


def test_policies_can_share_statements():
    read = resource(statement(principal={"AWS": B}))
    as_identity = replace(read, kind=Kind.IDENTITY)
    assert decision(Layers(resource=read)) is IMPLICIT
    assert decision(Layers(identity=(as_identity,))) is ALLOWED
    assert decision(Layers(resource=read)) is IMPLICIT
    both = ask(Layers(identity=(as_identity,), boundary=replace(read, kind=Kind.BOUNDARY)))
    assert [reason.policy.kind for reason in both.because] == [Kind.IDENTITY, Kind.BOUNDARY]


def test_reasons():
    denied = ask(Layers(identity=(S3, policy(statement("Deny", Sid="No")))))
    assert [(reason.layer, reason.statement.sid) for reason in denied.because] == [("identity", "No")]
    assert denied.because[0].policy.kind is Kind.IDENTITY
    lacking = ask(Layers(identity=(S3,), boundary=NOTHING, scps=((NOTHING,),)))
    assert [reason.layer for reason in lacking.because] == ["scp", "boundary"]
    assert all(reason.statement is None for reason in lacking.because)
    allowed = ask(Layers(identity=(NOTHING, S3)))
    assert [reason.statement for reason in allowed.because] == [S3.statements[0]]
    assert allowed.layers["identity"].allow == [S3.statements[0]]
    abroad = ask(Layers(identity=(S3,)), owner=B)
    assert [reason.layer for reason in abroad.because] == ["resource"]
