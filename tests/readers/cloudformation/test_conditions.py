"""Conditions: what parameters settle is settled; what they do not is explored case by case, at bounded cost."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from tests.readers.cloudformation.reading import of, only, problems, read

from smlint.facts import Alternative, Bucket, BucketPolicy, Role, Workload

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, AllowedValues: [dev, test, prod]DEFAULT}
  Key: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: {"Fn::Equals": [dev, {"Ref": Env}]}
  Locked: !And [!Condition IsProd, !Not [!Equals [!Ref Key, ""]]]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Condition: Locked
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: {Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: !GetAtt Bucket.Arn}]}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !If [IsProd, prod-role, other-role]
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns:
        - !If [IsDev, "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", !Ref "AWS::NoValue"]
  Job:
    Type: AWS::SageMaker::ProcessingJob
    Properties: {RoleArn: !GetAtt Role.Arn}
"""
SETTLED = TEMPLATE.replace("DEFAULT", ", Default: prod")
OPEN = TEMPLATE.replace("DEFAULT", "")


def test_a_default_settles() -> None:
    facts = read(SETTLED, parameters={"Key": "k"})
    assert of(Alternative, facts) == []
    assert only(Role, facts).name == "prod-role"
    assert only(Role, facts).under == ""
    assert only(BucketPolicy, facts).policy.statements[0].effect == "Deny"


def test_a_given_parameter_wins_over_the_default() -> None:
    facts = read(SETTLED, parameters={"Env": "dev"})
    role = only(Role, facts)
    assert (role.name, [str(attachment.arn) for attachment in role.attachments]) == (
        "other-role",
        ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"],
    )
    assert of(BucketPolicy, facts) == []


def test_cases_are_consistent() -> None:
    cases = of(Alternative, read(OPEN))
    assert {case.under for case in cases} == {
        "when not Locked and not IsProd and IsDev",
        "when not Locked and not IsProd and not IsDev",
        "when not Locked and IsProd and not IsDev",
        "when Locked and IsProd and not IsDev",
    }
    for case in cases:
        role = only(Role, list(case.facts))
        assert role.name == ("other-role" if "not IsProd" in case.under else "prod-role")
        assert bool(role.attachments) == ("not IsDev" not in case.under)
        assert bool(of(BucketPolicy, list(case.facts))) == ("not Locked" not in case.under)
        assert role.complete


def test_a_fact_says_only_on_what_it_rests() -> None:
    case = next(case for case in of(Alternative, read(OPEN)) if case.under == "when Locked and IsProd and not IsDev")
    assert only(Role, list(case.facts)).under == "when IsProd and not IsDev"
    assert only(Workload, list(case.facts)).under == "when IsProd"


def test_without_cases_nothing_is_guessed() -> None:
    facts = [fact for fact in read(OPEN) if not isinstance(fact, Alternative)]
    assert of(BucketPolicy, facts) == []
    role = only(Role, facts)
    assert not role.complete
    assert not isinstance(role.name, str)


def test_a_false_condition_leaves_no_facts() -> None:
    facts = read(SETTLED.replace("{Type: AWS::S3::Bucket}", "{Type: AWS::S3::Bucket, Condition: IsDev}"))
    assert of(Bucket, facts) == []


@pytest.mark.parametrize("conditions", [20, 200])
def test_many_conditions_take_bounded_time_and_memory(conditions: int) -> None:
    names = range(conditions)
    parameters = "".join(f"  P{n}: {{Type: String}}\n" for n in names)
    definitions = "".join(f"  C{n}: !Equals [!Ref P{n}, x]\n" for n in names)
    buckets = "".join(f"  B{n}: {{Type: AWS::S3::Bucket, Condition: C{n}}}\n" for n in names)
    template = f"Parameters:\n{parameters}Conditions:\n{definitions}Resources:\n{buckets}"
    tracemalloc.start()
    start = time.process_time()
    cases = of(Alternative, read(template))
    spent, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 2 <= len(cases) <= 16
    assert spent < 10
    assert peak < 60_000_000


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ("  A: !Condition B\n  B: !Condition A\n", "depends on itself"),
        ("  A: !Not [!Equals [a, b], c]\n", "has the wrong number of arguments"),
        ("  A: !Not [!Condition Missing]\n", "there is no condition `Missing`"),
    ],
)
def test_faults(conditions: str, expected: str) -> None:
    resources = "  B: {Type: AWS::S3::Bucket, Condition: A}\n  C: {Type: AWS::S3::Bucket}\n"
    template = f"Conditions:\n{conditions}Resources:\n{resources}"
    facts = read(template)
    assert any(expected in message for _, message in problems(facts))
    assert "C" in {bucket.label for bucket in of(Bucket, facts)}
