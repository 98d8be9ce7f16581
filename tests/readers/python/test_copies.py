"""Requests that are made from others: copies and unions of dictionaries."""

import json

import pytest
from tests.fuzz.test_unread_policies import ARN, LITTLE, TRAIN, TRUST

from smlint.engine import lint_files

REQUEST = {name: member for name, member in json.loads(TRAIN).items() if name != "RoleArn"}
FILES = {
    "iam/policy.json": LITTLE,
    "iam/trust.json": TRUST,
    "smlint.toml": '[[role]]\nname = "training"\npolicies = ["iam/policy.json"]\ntrust = "iam/trust.json"\n',
}
START = f"import boto3\nimport copy\n\nREQUEST = {REQUEST!r}\nROLE = {ARN!r}\nsm = boto3.client('sagemaker')\n"


@pytest.mark.parametrize(
    "code",
    [
        "sm.create_training_job(**dict(REQUEST, RoleArn=ROLE))",
        "sm.create_training_job(**(REQUEST | {'RoleArn': ROLE}))",
        "request = copy.deepcopy(REQUEST)\nrequest['RoleArn'] = ROLE\nsm.create_training_job(**request)",
        "request = copy.copy(REQUEST)\nrequest.update(RoleArn=ROLE)\nsm.create_training_job(**request)",
    ],
)
def test_a_request_made_from_another_is_a_request(code: str) -> None:
    found = [one for one in lint_files({**FILES, "train.py": START + code + "\n"}) if one.rule == "missing-put-object"]
    assert len(found) == 1


def test_a_deep_copy_changes_apart() -> None:
    code = "other = copy.deepcopy(REQUEST)\nother['OutputDataConfig']['S3OutputPath'] = 's3://acme-elsewhere/'\n"
    found = lint_files({**FILES, "train.py": START + code + "sm.create_training_job(RoleArn=ROLE, **REQUEST)\n"})
    assert [one.message.count("acme-crops") for one in found if one.rule == "missing-put-object"] == [1]


def test_what_holds_itself_is_copied() -> None:
    nested = "x = {}\n" + "x = {'a': x, 'b': x}\n" * 60 + "y = copy.deepcopy(x)\n"
    assert lint_files({**FILES, "train.py": START + nested}) is not None
