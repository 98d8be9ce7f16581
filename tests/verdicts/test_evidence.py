"""The words around a refusal, as a person reads them."""

from __future__ import annotations

from smlint.engine import lint_files
from smlint.finding import Finding
from smlint.rule import all_rules
from smlint_rules.examples import RUNTIME, allow, called, folder, policy

ROLE = """Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-data/*"}
"""
NOTEBOOK = """  {}:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}}
"""


def of(rule: str, template: str) -> Finding:
    (found,) = (one for one in lint_files({"stack.yaml": template}) if one.rule == rule)
    return found


def test_a_role_without_a_job() -> None:
    found = of("missing-list-bucket", ROLE)
    assert found.related[0].message == "a job that reads this needs s3:ListBucket on `arn:aws:s3:::acme-data`"


def test_a_role_whose_name_cloudformation_makes() -> None:
    assert "assumed-role/⟨Role⟩/SageMaker is not authorized" in of("missing-list-bucket", ROLE).aws


def test_what_are_no_jobs_are_workloads() -> None:
    found = of("missing-logs", ROLE + NOTEBOOK.format("One") + NOTEBOOK.format("Two"))
    assert found.message.startswith("2 workloads must log to")


def test_a_place_that_is_only_a_policy_of_the_role_is_told_as_such() -> None:
    said = [one.message for one in of("missing-logs", ROLE + NOTEBOOK.format("One")).related]
    assert "the grant can stand in this policy of `Role`" in said
    kin = ROLE.replace("s3:GetObject", "logs:PutLogEvents").replace("arn:aws:s3:::acme-data/*", "*")
    said = [one.message for one in of("missing-logs", kin + NOTEBOOK.format("One")).related]
    assert not any(one.startswith("the grant") for one in said)


def test_what_else_refuses_is_told_at_once() -> None:
    role = '[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\nboundary = "boundary.json"\n'
    bucket = '[[bucket]]\nname = "acme-data"\naccount = "444455556666"\npolicy = "bucket.json"\n'
    other = allow("s3:GetObject", "arn:aws:s3:::acme-data/x", Principal={"AWS": "arn:aws:iam::111122223333:role/other"})
    boundary = policy(allow(["logs:*", "ecr:*", "cloudwatch:*"], "*"))
    example = folder(RUNTIME, smlint_toml=role + bucket, boundary_json=boundary, bucket_json=policy(other))
    (found,) = (one for one in lint_files(example) if one.rule == "missing-list-bucket")
    assert found.fix.endswith(
        "; the permissions boundary and the policy of the other account's resource must allow it too"
    )
    (found,) = (one for one in lint_files(folder(RUNTIME)) if one.rule == "missing-list-bucket")
    assert "too" not in found.fix


def test_the_role_is_named_once_and_told_apart_from_a_job_of_its_name() -> None:
    alone = of("missing-list-bucket", ROLE)
    assert alone.message == "jobs that run as `Role` must list `acme-data`, and the role may not"
    assert "the role `Role`" in [step.message for step in alone.chain]
    named = of("missing-put-metric-data", ROLE + NOTEBOOK.format("One"))
    assert named.message == "`One` must write metrics, and `Role` lacks cloudwatch:PutMetricData"
    assert "`One` runs as the role `Role`" in [step.message for step in named.chain]
    request = folder(allow("s3:ListBucket", "*"))
    (twin,) = (
        one
        for one in lint_files({k: v.replace('"churn"', '"train"') for k, v in request.items()})
        if one.rule == "missing-put-metric-data"
    )
    assert twin.message.endswith(", and the role `train` lacks cloudwatch:PutMetricData")


def test_a_caller_is_a_role_that_starts_the_job() -> None:
    (found, *_) = (
        one for one in lint_files(called(allow("iam:PassRole", "*"))) if one.rule == "caller-lacks-api-action"
    )
    assert found.message == "`ci` starts `churn` and lacks sagemaker:CreateTrainingJob"
    assert "the role `ci` starts `churn`" in [step.message for step in found.chain]


def only(rule: str, index: int = 0) -> Finding:
    (found,) = (one for one in lint_files(all_rules()[rule].bad[index]) if one.rule == rule)
    return found


def test_an_alias_is_refused_in_aws_words() -> None:
    assert only("kms-alias-in-resource").aws == (
        "User: … is not authorized to perform: kms:Encrypt on resource: arn:aws:kms:…:key/… "
        "because no identity-based policy allows the kms:Encrypt action"
    )


def test_a_role_that_cannot_be_assumed_is_refused_in_aws_words() -> None:
    found = only("trust-excludes-sagemaker")
    assert found.aws.startswith("ValidationException: Could not assume role arn:aws:iam::111122223333:role/train. ")
    assert found.related[0].message == "`churn` runs as the role `train`"


def test_what_cannot_be_decrypted_is_not_named() -> None:
    assert only("missing-kms-decrypt").aws.endswith(
        "is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext "
        "because no identity-based policy allows the kms:Decrypt action"
    )
