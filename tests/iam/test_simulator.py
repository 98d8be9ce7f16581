"""`python -m smlint.iam`."""

import io
import json
import subprocess
import sys

import pytest

from smlint.iam.__main__ import main
from smlint.iam.simulator import simulate

REQUEST = {
    "principal": "arn:aws:iam::111111111111:user/alice",
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::b/k",
    "resourceAccount": "111111111111",
    "context": {"aws:MultiFactorAuthPresent": True, "aws:TagKeys": ["a", 1]},
}
ALLOW = {"Version": "2012-10-17", "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}]}


def case(**policies):
    return {"id": "x", "request": REQUEST, "policies": policies}


def test_answers():
    assert simulate(case(identityPolicies=[ALLOW])) == {
        "id": "x",
        "decision": "Allowed",
        "because": [{"layer": "identity", "policy": "identityPolicies[0]", "statement": 0, "sid": "All"}],
    }
    assert simulate(case()) == {
        "id": "x",
        "decision": "ImplicitlyDenied",
        "because": [{"layer": "identity", "lacks": "Allow"}],
    }


def test_all_layers_are_read():
    deny = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    named = {"Statement": {**deny["Statement"], "Principal": "*"}}
    layers = {
        "identity": {"identityPolicies": [ALLOW, deny]},
        "boundary": {"permissionBoundaryPolicies": [deny]},
        "session": {"sessionPolicies": [deny]},
        "resource": {"resourcePolicy": named},
        "endpoint": {"endpointPolicy": named},
        "scp": {"serviceControlPolicies": [{"policies": [deny]}]},
        "rcp": {"resourceControlPolicies": [{"policies": [named]}]},
    }
    for layer, policies in layers.items():
        answer = simulate(case(**policies))
        assert answer["decision"] == "ExplicitlyDenied"
        assert answer["because"][0]["layer"] == layer


def test_principals():
    named = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}
    for principal in ({"type": "Anonymous"}, {"type": "Service", "name": "x.amazonaws.com"}, "x.amazonaws.com"):
        answer = simulate({"request": {**REQUEST, "principal": principal}, "policies": {"resourcePolicy": named}})
        assert answer["decision"] == "Allowed"


def test_conditions_of_booleans_and_lists():
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "ForAnyValue:StringEquals": {"aws:TagKeys": "1"}}
    policy = {"Statement": {**ALLOW["Statement"][0], "Condition": condition}}
    assert simulate(case(identityPolicies=[policy]))["decision"] == "Allowed"


def test_what_is_no_case_is_said_so():
    for wrong in ({}, [], None, 3, {"request": {}}, {"request": {**REQUEST, "principal": {"type": "Cat"}}}):
        answer = simulate(wrong)
        assert answer["decision"] == "Unknown" and answer["error"]
    two = case(permissionBoundaryPolicies=[ALLOW, ALLOW])
    assert "one permissions boundary" in simulate(two)["error"]


def test_lines():
    lines = [json.dumps(case(identityPolicies=[ALLOW])), "", "no json", "[" * 100_000]
    target = io.StringIO()
    assert main(io.StringIO("\n".join(lines)), target) == 1
    answers = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [answer["decision"] for answer in answers] == ["Allowed", "Unknown", "Unknown"]


def test_as_a_module():
    line = json.dumps(case(identityPolicies=[ALLOW]))
    command = [sys.executable, "-m", "smlint.iam"]
    found = subprocess.run(command, input=line, capture_output=True, text=True, check=True)
    assert json.loads(found.stdout)["decision"] == "Allowed"


def test_what_is_missing_is_named():
    assert simulate({"id": 1})["error"] == "not a case: `request` is missing"


@pytest.mark.parametrize("line", [b'{"id": "\xff"}', b'{"id": "\\ud800"}'])
def test_strange_bytes_are_answered(line):
    command = [sys.executable, "-m", "smlint.iam"]
    done = subprocess.run(command, input=line, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"") and json.loads(done.stdout)["decision"] == "Unknown"


def test_a_closed_pipe_ends_quietly():
    command = f"yes '{{}}' | head -n 20000 | {sys.executable} -m smlint.iam | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == "" and len(done.stdout.splitlines()) == 1
