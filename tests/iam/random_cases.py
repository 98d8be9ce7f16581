"""Random cases in the simulator's form, and ways to forget a part of one."""

import random

from smlint.iam.decision import Layers
from smlint.iam.request import Request
from smlint.iam.simulator import read_layers, read_request
from smlint.record import replace
from smlint.values import Hole, Unknown, join

MINE, OTHER = "111111111111", "222222222222"
ALICE, APP, SESSION = (
    f"arn:aws:iam::{MINE}:user/alice",
    f"arn:aws:iam::{MINE}:role/App",
    f"arn:aws:sts::{MINE}:assumed-role/App/s",
)
LINKED = f"arn:aws:iam::{MINE}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
PRINCIPALS = (ALICE, APP, SESSION, SESSION, f"arn:aws:iam::{MINE}:root", LINKED, {"type": "Anonymous"},
              {"type": "Service", "name": "sagemaker.amazonaws.com"})  # fmt: skip
NAMES = ("*", {"AWS": "*"}, {"AWS": ALICE}, {"AWS": APP}, {"AWS": SESSION}, {"AWS": MINE}, {"AWS": [OTHER, APP]},
         {"AWS": f"arn:aws:iam::{MINE}:root"}, {"Service": "sagemaker.amazonaws.com"},
         {"Service": ["ec2.amazonaws.com"], "AWS": [ALICE, f"arn:aws:iam::{OTHER}:root"]})  # fmt: skip
ACTIONS = ("s3:GetObject", "s3:ListBucket", "kms:Decrypt", "sts:AssumeRole")
PATTERNS = ("*", "s3:*", "s3:Get*", "S3:getobject", "s3:ListBucket", "kms:*", "kms:Decr?pt", "sts:AssumeRole", "*:*ec*")
RESOURCES = (
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/train/x",
    "arn:aws:s3:::b/home/alice",
    f"arn:aws:kms:eu-west-1:{MINE}:key/1",
)
ARNS = ("*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::*/x", "arn:aws:s3:::b/home/${aws:username}",
        "arn:aws:s3:::b/${aws:PrincipalTag/team, 'train'}/*", "arn:aws:kms:*:*:key/*", "arn:aws:kms:*:*:alias/*",
        "arn:aws:s3*", "arn:aws:s3:::?", f"arn:*:kms:eu-west-?:{MINE}:key/1")  # fmt: skip
CONTEXT = {
    "aws:username": ("alice", "bob", "a*"),
    "aws:PrincipalTag/team": ("train", "home", "alice"),
    "aws:TagKeys": (["env"], ["env", "cost"], "env", ["cost", "team"]),
    "s3:prefix": ("train/", "home/alice/", "train"),
    "aws:SecureTransport": ("true", "false"),
    "aws:SourceIp": ("10.0.0.5", "192.168.1.1", "2001:db8::1"),
    "aws:CurrentTime": ("2026-11-21T00:00:00Z", "1893456000"),
    "aws:MultiFactorAuthAge": ("10", "300.5"),
    "aws:PrincipalArn": (APP, ALICE, "none"),
}
VALUES = {
    "aws:username": ("String", ("alice", "a*", "${aws:PrincipalTag/team}", "ALICE")),
    "aws:PrincipalTag/team": ("String", ("train", "t*", "${aws:username}")),
    "aws:TagKeys": ("String", ("env", "cost", "*")),
    "s3:prefix": ("String", ("train/", "home/${aws:username}/", "home/${aws:username}/*", "tr?in*")),
    "aws:SecureTransport": ("Bool", ("true", "false")),
    "aws:SourceIp": ("Ip", ("10.0.0.0/8", "192.168.1.1", "2001:db8::/32")),
    "aws:CurrentTime": ("Date", ("2026-11-21T00:00:00Z", "1893456000", "2020-01-01T00:00:00+02:00")),
    "aws:MultiFactorAuthAge": ("Numeric", ("10", "300", "300.5")),
    "aws:PrincipalArn": ("Arn", (APP, f"arn:aws:iam::{MINE}:*", "arn:*:iam::*:role/*")),
}
RELATIONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS = {
    "String": ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
    "Bool": ("Bool",),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Date": tuple(f"Date{relation}" for relation in RELATIONS),
    "Numeric": tuple(f"Numeric{relation}" for relation in RELATIONS),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
}


class Cases:
    """A source of random cases, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = list(NAMES)

    def case(self):
        """A request and its policies, every value known."""
        action = self.random.choice(ACTIONS)
        principal = self.random.choice(PRINCIPALS)
        # Whether {"AWS": "*"} means a service too is said nowhere; a role's session may have any name.
        unclear = {"AWS": SESSION} if principal == APP else {"AWS": "*"} if isinstance(principal, dict) else None
        self.names = [name for name in NAMES if name != unclear]
        request = {
            "principal": principal,
            "action": action,
            "resource": self.random.choice(RESOURCES),
            "resourceAccount": self.random.choice((MINE, MINE, MINE, OTHER)),
            "context": {key: self.random.choice(values) for key, values in CONTEXT.items() if self.chance(0.6)},
        }
        policies = {"identityPolicies": [self.policy() for _ in range(self.random.randrange(3))]}
        optional = {
            "permissionBoundaryPolicies": lambda: [self.policy()],
            "sessionPolicy": self.policy,
            "resourcePolicy": lambda: self.policy("resource"),
            "endpointPolicy": lambda: self.policy("resource"),
            "serviceControlPolicies": lambda: [self.level() for _ in range(self.random.randrange(1, 3))],
            "resourceControlPolicies": lambda: [self.level("rcp")],
        }
        # A key of another account whose policy is not given decides nothing: give it one.
        foreign = request["resourceAccount"] != MINE or isinstance(principal, dict)
        if action.startswith("kms:") and foreign:
            policies["resourcePolicy"] = optional.pop("resourcePolicy")()
        for name, make in optional.items():
            if self.chance(0.6 if name == "resourcePolicy" else 0.25):
                policies[name] = make()
        return {"request": request, "policies": policies}

    def chance(self, share):
        return self.random.random() < share

    def level(self, named=""):
        wide = {"Effect": "Allow", "Action": "*", "Resource": "*", **({"Principal": "*"} if named else {})}
        full = {"Version": "2012-10-17", "Statement": wide}
        return {"policies": [full, self.policy(named)] if self.chance(0.7) else [self.policy(named)]}

    def policy(self, named=""):
        policy = {"Statement": [self.statement(named) for _ in range(self.random.randrange(1, 4))]}
        if self.chance(0.85):
            policy["Version"] = "2012-10-17" if self.chance(0.9) else "2008-10-17"
        return policy

    def statement(self, named):
        statement = {"Effect": "Allow" if self.chance(0.75) else "Deny"}
        statement["NotAction" if self.chance(0.1) else "Action"] = self.some(PATTERNS)
        statement["NotResource" if self.chance(0.1) else "Resource"] = self.some(ARNS)
        if named == "resource" and statement["Effect"] == "Deny" and self.chance(0.1):
            statement["NotPrincipal"] = {"AWS": [ALICE, MINE]}
        elif named:
            statement["Principal"] = self.random.choice(self.names)
        if self.chance(0.4):
            statement["Condition"] = dict(self.condition() for _ in range(self.random.randrange(1, 3)))
        return statement

    def some(self, values):
        found = self.random.sample(values, self.random.randrange(1, 3))
        return found[0] if len(found) == 1 and self.chance(0.5) else found

    def condition(self):
        key = self.random.choice(list(VALUES))
        kind, values = VALUES[key]
        if self.chance(0.1):
            return "Null", {key: self.random.choice(("true", "false"))}
        operator = self.random.choice(OPERATORS[kind]) + ("IfExists" if self.chance(0.2) else "")
        if key == "aws:TagKeys" and self.chance(0.8):
            operator = self.random.choice(("ForAllValues:", "ForAnyValue:")) + operator
        return operator, {key: self.some(values)}

    def forgotten(self, case):
        """The request and layers of a case of which some parts are no longer known."""
        request, policies = case["request"], case["policies"]
        if self.chance(0.7):
            policies = self.blurred(policies)
        asked, layers = read_request(request), read_layers(policies, request["action"])
        for forget in self.random.sample((self.without_context, self.without_account, self.with_hole), 2):
            asked = forget(asked) if self.chance(0.4) else asked
        return asked, self.without_policies(layers) if self.chance(0.4) else layers

    def without_context(self, request: Request):
        kept = {key: value for key, value in request.context.values.items() if self.chance(0.5)}
        gone = {key.lower(): None for key in CONTEXT if key.lower() not in request.context.values and self.chance(0.5)}
        return replace(request, context=replace(request.context, values={**kept, **gone}, default_absent=False))

    def without_account(self, request: Request):
        return replace(request, resource_account=None if self.chance(0.5) else join([Hole("owner")]))

    def with_hole(self, request: Request):
        return replace(request, resource=self.torn(request.resource, start=len("arn:aws:s3:::")))

    def without_policies(self, layers: Layers):
        which = self.random.randrange(3)
        if which == 0 and layers.identity:
            return replace(layers, identity=layers.identity[1:], identity_complete=False)
        if which == 1 and layers.boundary is not None:
            return replace(layers, boundary=None, boundary_known=False)
        return replace(layers, resource=None, resource_known=False, key_delegates=False)

    def torn(self, text, start=0):
        """The text with a stretch of it replaced by a hole that tells more or less of what it was."""
        if len(text) <= start:
            return text
        first = self.random.randrange(start, len(text))
        last = self.random.randrange(first, len(text)) + 1
        lost = text[first:last]
        if "${" in text or (":" in lost and not start):
            return text
        hole = self.random.choice((
            Hole(f"hole {first} {last} {text}"),
            Hole(f"hole {first} {last} {text}", only="".join(sorted(set(lost)))),
            Hole(f"hole {first} {last} {text}", like="".join(c if self.chance(0.5) else "?" for c in lost)),
            Hole(f"hole {first} {last} {text}", oneof=(lost, "other")),
        ))  # fmt: skip
        if "*" in hole.like or "?" in lost:
            return text
        return join([text[:first], hole, text[last:]])

    def blurred(self, data):
        """The policies with texts torn, members of lists unknown, whole elements unknown."""
        if isinstance(data, dict):
            return {key: self.blurred_member(key, value) for key, value in data.items()}
        if isinstance(data, list):
            return [self.blurred(value) for value in data]
        return self.torn(data) if isinstance(data, str) and self.chance(0.15) else data

    def blurred_member(self, key, value):
        if key in ("Effect", "Condition", "Principal", "Action", "NotAction", "Resource", "Statement") and self.chance(
            0.04
        ):
            return Unknown(key)
        if key in ("Action", "NotAction", "Resource", "NotResource") and isinstance(value, list) and self.chance(0.1):
            # A variable without a value may make its whole statement invalid: what stands beside it then says nothing.
            return value if "${" in value[0] else [*value[1:], Unknown("member")]
        return value if key in ("Version", "Effect") else self.blurred(value)
