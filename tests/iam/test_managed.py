"""The AWS managed policies that are bundled."""

import importlib.util
import os
from pathlib import Path

import pytest

from smlint.iam import managed
from smlint.iam.decision import Decision, Layers, decide
from smlint.iam.policy import Kind
from smlint.iam.request import Context, Principal, Request
from smlint.values import Hole, join

FULL = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
ROLE = Principal.role("arn:aws:iam::111122223333:role/Train")


def resources(policy, service):
    texts = [str(element.text) for statement in policy.statements for element in statement.resources]
    return {text for text in texts if text.split(":")[2:3] == [service]}


def decision(policy, action, resource):
    request = Request(ROLE, action, resource, "111122223333", Context(default_absent=True))
    return decide(request, Layers(identity=(policy,))).decision


def test_full_access_keeps_its_s3_patterns():
    found = resources(managed.lookup(FULL), "s3")
    for name in ("*SageMaker*", "*Sagemaker*", "*sagemaker*", "*aws-glue*"):
        assert f"arn:aws:s3:::{name}" in found


def test_full_access_is_recent():
    assert len(managed.lookup(FULL).statements) >= 44
    assert managed.date() >= "2026-09-30"
    assert len(managed.names()) > 1500


def test_full_access_decides():
    policy = managed.lookup(FULL)
    assert decision(policy, "s3:GetObject", "arn:aws:s3:::my-sagemaker-data/x") is Decision.ALLOWED
    assert decision(policy, "s3:GetObject", "arn:aws:s3:::private/SAGEMAKER/x") is Decision.IMPLICITLY_DENIED
    assert decision(policy, "s3:ListBucket", "arn:aws:s3:::private") is Decision.ALLOWED


def test_lookup():
    policy = managed.lookup(FULL)
    assert policy is managed.lookup("AmazonSageMakerFullAccess")
    assert policy.kind is Kind.IDENTITY and policy.name == "AmazonSageMakerFullAccess"
    assert managed.lookup("arn:aws:iam::aws:policy/NoSuchPolicy") is None
    assert managed.lookup("NoSuchPolicy") is None
    assert managed.lookup("arn:aws:iam::111122223333:policy/AmazonSageMakerFullAccess") is None
    assert managed.lookup(join([Hole("arn")])) is None


@pytest.mark.parametrize(
    ("arn", "answer"),
    [
        (FULL, True),
        (FULL.replace("arn:aws:", "arn:aws-cn:"), True),
        (join(["arn:", Hole("partition"), ":iam::aws:policy/AmazonSageMakerFullAccess"]), True),
        ("arn:aws:iam::aws:policy/AmazonSagemakerFullAccess", False),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", True),
        ("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole", False),
        (join(["arn:aws:iam::aws:policy/", Hole("name")]), True),
        (join([Hole("arn")]), True),
        ("AmazonSageMakerFullAccess", False),
    ],
)
def test_exists(arn, answer):
    assert managed.exists(arn) is answer


def test_is_aws_managed():
    assert managed.is_aws_managed("arn:aws:iam::aws:policy/NoSuchPolicy")
    assert not managed.is_aws_managed("arn:aws:iam::111122223333:policy/Own")
    assert not managed.is_aws_managed("nonsense")


def test_other_partitions():
    assert "arn:aws-cn:s3:::*sagemaker*" in resources(managed.lookup(FULL.replace("arn:aws:", "arn:aws-cn:")), "s3")
    partition = Hole("partition", oneof=("aws", "aws-cn"))
    policy = managed.lookup(join(["arn:", partition, ":iam::aws:policy/AmazonSageMakerFullAccess"]))
    assert decision(policy, "s3:GetObject", join(["arn:", partition, ":s3:::sagemaker/x"])) is Decision.ALLOWED


def test_every_policy_parses():
    for name in managed.names():
        policy = managed.lookup(name)
        assert policy.violations == () and policy.complete and policy.statements, name


def test_the_data_stays_small():
    assert os.path.getsize(managed._FILE) < 2_000_000


def test_the_script_writes_what_is_read(tmp_path, monkeypatch):
    path = Path(__file__).parents[2] / "tools" / "managed_policies.py"
    spec = importlib.util.spec_from_file_location("managed_policies", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    policy = {"Path": "/x/", "DefaultVersionId": "v1", "UpdateDate": "2030-01-01T00:00:00Z", "Document": document}
    file = tmp_path / "data"
    file.write_bytes(script.pack({"One": policy, "Two": {**policy, "Path": "/"}}, "1.0"))
    monkeypatch.setattr(managed, "_FILE", str(file))
    for cached in (managed._head, managed._policy):
        cached.cache_clear()
    try:
        assert managed.names() == ("One", "Two") and managed.date() == "2030-01-01"
        assert len(managed.lookup("arn:aws:iam::aws:policy/x/One").statements) == 1
        assert managed.lookup("arn:aws:iam::aws:policy/One") is None
    finally:
        for cached in (managed._head, managed._policy):
            cached.cache_clear()


def test_full_access_of_guardrails():
    assert managed.full_access(Kind.SCP).violations == () == managed.full_access(Kind.RCP).violations
