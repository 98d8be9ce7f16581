"""Who starts a job: what exactly is missing, and when nothing can be told."""

from __future__ import annotations

import json

import pytest

from smlint.engine import lint_files
from smlint.finding import Finding, Level
from smlint_rules.examples import (
    DATA,
    EVENTS,
    IMAGE,
    PASS,
    ROLE,
    RUNTIME,
    START,
    allow,
    called,
    estimator,
    flow,
    folder,
    policy,
    resource,
    template,
    terraform,
    training,
    trust,
    without,
)

NOTEBOOK = resource(
    "AWS::SageMaker::NotebookInstance", InstanceType="ml.t3.medium", RoleArn={"Fn::GetAtt": ["Role", "Arn"]}
)


def found(rule: str, files: dict[str, str]) -> list[Finding]:
    return [finding for finding in lint_files(files) if finding.rule == rule]


def condition(**keys: str) -> dict[str, object]:
    return {"Condition": {"StringEquals": {f"iam:{key}": value for key, value in keys.items()}}}


def test_a_misnamed_condition_key_of_pass_role_is_named() -> None:
    (finding,) = found("caller-lacks-pass-role", called(START, {**PASS, **condition(PassedToReception="x")}))
    assert "`iam:PassedToService` was meant" in finding.message


def test_the_service_that_the_condition_admits_is_named() -> None:
    (finding,) = found(
        "caller-lacks-pass-role", called(START, {**PASS, **condition(PassedToService="glue.amazonaws.com")})
    )
    assert "only to `glue.amazonaws.com`" in finding.message
    assert '"iam:PassedToService": "sagemaker.amazonaws.com"' in finding.snippet


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "NotAction": ["s3:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "IAM:passrole", "Resource": ROLE},
        {"Effect": "Allow", "Action": "iam:Pass*", "NotResource": "arn:aws:iam::111122223333:role/other"},
    ],
)
def test_grants_in_other_words_count(statement: dict[str, object]) -> None:
    assert found("caller-lacks-pass-role", called(START, statement)) == []


def test_a_managed_policy_that_nobody_knows_silences() -> None:
    files = called(START)
    files["smlint.toml"] = files["smlint.toml"].replace(
        '"ci/policy.json"', '"ci/policy.json", "arn:aws:iam::111122223333:policy/elsewhere"', 1
    )
    assert found("caller-lacks-pass-role", files) == []


def test_tags_and_the_call_are_two_findings() -> None:
    rules = {finding.rule for finding in lint_files(flow(PASS, EVENTS, allow("s3:ListAllMyBuckets", "*")))}
    assert {"caller-lacks-api-action", "caller-lacks-add-tags"} <= rules


@pytest.mark.parametrize(("integration", "fires"), [("createTrainingJob.sync", True), ("createTrainingJob", False)])
def test_only_a_waiting_state_machine_needs_the_rule(integration: str, fires: bool) -> None:
    assert bool(found("sync-lacks-events-rule", flow(PASS, START, integration=integration))) is fires


def test_a_notebook_that_may_start_jobs_must_pass_a_role() -> None:
    (finding,) = found("role-lacks-pass-role", template(RUNTIME, allow("sagemaker:*", "*"), Notebook=NOTEBOOK))
    assert finding.level is Level.ERROR
    other = allow("iam:PassRole", "arn:aws:iam::111122223333:role/jobs")
    assert found("role-lacks-pass-role", template(RUNTIME, allow("sagemaker:*", "*"), other, Notebook=NOTEBOOK)) == []


def test_code_that_runs_as_the_notebook_s_role_is_that_role_s_call() -> None:
    code = estimator().replace(f'"{ROLE}"', "get_execution_role()")
    files = template(*DATA, Notebook=NOTEBOOK) | {"train.py": f"from sagemaker import get_execution_role\n{code}"}
    rules = {finding.rule for finding in lint_files(files)}
    assert {"role-lacks-pass-role", "role-lacks-sagemaker-action"} <= rules
    assert not {rule for rule in rules if rule.startswith("caller-lacks")}


@pytest.mark.parametrize(("passed", "fires"), [("other", True), ("*", False)])
def test_a_notebook_passes_its_own_role(passed: str, fires: bool) -> None:
    code = "from sagemaker import get_execution_role\n" + estimator().replace(f'"{ROLE}"', "get_execution_role()")
    grants = (allow("sagemaker:*", "*"), allow("iam:PassRole", f"arn:aws:iam::111122223333:role/{passed}"))
    files = template(RUNTIME, *grants, Notebook=NOTEBOOK) | {"train.py": code}
    assert bool(found("role-lacks-pass-role", files)) is fires


# Trust policies


@pytest.mark.parametrize("service", ["sagemaker.amazonaws.com.cn", "sagemaker.eu-west-1.amazonaws.com"])
def test_other_names_of_the_service_may_be_meant(service: str) -> None:
    assert found("trust-excludes-sagemaker", folder(*DATA, trust_json=trust(service))) == []


def test_a_condition_that_a_service_never_meets_excludes_it() -> None:
    trusted = trust(Condition={"StringEquals": {"sts:ExternalId": "x"}})
    (finding,) = found("trust-excludes-sagemaker", folder(*DATA, trust_json=trusted))
    assert "allows principal 'sagemaker.amazonaws.com'" in finding.aws


def test_a_condition_on_what_nobody_knows_is_silent() -> None:
    trusted = trust(Condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})
    rules = {finding.rule for finding in lint_files(folder(*DATA, trust_json=trusted))}
    assert not rules & {"trust-excludes-sagemaker", "trust-condition-blocks"}


def test_a_deny_on_the_source_blocks() -> None:
    allowed = json.loads(trust())["Statement"][0]
    elsewhere = {"StringNotEquals": {"aws:SourceAccount": "444455556666"}}
    denied = {**allowed, "Effect": "Deny", "Condition": elsewhere}
    (finding,) = found("trust-condition-blocks", folder(*DATA, trust_json=policy(allowed, denied)))
    assert "`444455556666`" in finding.message


def test_one_finding_for_all_jobs_of_a_role() -> None:
    files = folder(*DATA, trust_json=trust("ec2.amazonaws.com"))
    files["other.json"] = files["job.json"].replace('"churn"', '"fraud"')
    (finding,) = found("trust-excludes-sagemaker", files)
    assert finding.workload == ("churn", "fraud")


def test_a_role_without_a_job_is_not_asked() -> None:
    role = without(RUNTIME, "logs:PutLogEvents")
    files = {"policy.json": policy(role), "trust.json": trust("ec2.amazonaws.com")}
    assert found("trust-excludes-sagemaker", files) == []


def test_a_role_that_is_known_only_at_run_time_cannot_be_passed_without_any_grant() -> None:
    request = training().replace('"RoleArn"', '"RoleArn.$"').replace(ROLE, "$.role")
    assert [f.level for f in found("caller-lacks-pass-role", flow(START, EVENTS, request=request))] == [Level.ERROR]
    assert found("caller-lacks-pass-role", flow(START, EVENTS, PASS, request=request)) == []


@pytest.mark.parametrize(("name", "refused"), [("ch*", False), ("other-*", True)])
def test_the_kind_of_resource_is_spelt_in_words(name: str, refused: bool) -> None:
    request = json.dumps({"AIBenchmarkJobName": "churn", "RoleArn": ROLE})
    jobs = "arn:aws:sagemaker:*:111122223333:ai-benchmark-job/"
    grant = allow("sagemaker:CreateAIBenchmarkJob", f"{jobs}{name}")
    files = called(PASS, grant, request=request, api="CreateAIBenchmarkJob")
    assert bool(found("caller-lacks-api-action", files)) is refused


def test_the_call_is_asked_for_on_the_name_in_the_request() -> None:
    jobs = "arn:aws:sagemaker:eu-west-1:111122223333:training-job/"
    assert found("caller-lacks-api-action", called({**START, "Resource": f"{jobs}other-*"}, PASS))
    assert found("caller-lacks-api-action", called({**START, "Resource": f"{jobs}ch*"}, PASS)) == []


@pytest.mark.parametrize("service", ["sagemaker.amazonaws.com", "sagemaker.amazonaws.com.cn"])
def test_in_china_the_service_has_two_names(service: str) -> None:
    files = flow(START, EVENTS, {**PASS, **condition(PassedToService=service)})
    chinese = {name: text.replace("arn:aws:", "arn:aws-cn:") for name, text in files.items()}
    settings = 'partition = "aws-cn"\nregion = "cn-north-1"\naccount = "111122223333"\n'
    assert found("caller-lacks-pass-role", {**chinese, "smlint.toml": settings}) == []


@pytest.mark.parametrize(
    ("resource_pattern", "refused"),
    [("*", False), ("endpoint/*", True), ("model/*", True), ("transform-job/*", False), ("training-job/*", True)],
)
def test_the_source_of_a_model_is_not_narrowed(resource_pattern: str, refused: bool) -> None:
    arn = f"arn:aws:sagemaker:eu-west-1:111122223333:{resource_pattern}"
    model = {"ModelName": "churn", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": IMAGE}}
    files = folder(*DATA, request=json.dumps(model))
    files["trust.json"] = trust(Condition={"ArnLike": {"aws:SourceArn": arn}})
    files["smlint.toml"] = 'account = "111122223333"\nregion = "eu-west-1"\npartition = "aws"\n'
    assert bool(found("trust-condition-blocks", files)) is refused


@pytest.mark.parametrize("packed", ['source_dir = "src"', 'source_file = "${path.module}/src/app.py"'])
def test_a_function_of_terraform_calls_with_its_role(packed: str) -> None:
    function = f"""
data "archive_file" "code" {{
  type        = "zip"
  output_path = "code.zip"
  {packed}
}}

resource "aws_lambda_function" "start" {{
  function_name = "start"
  role          = aws_iam_role.train.arn
  handler       = "app.handler"
  runtime       = "python3.12"
  filename      = data.archive_file.code.output_path
}}
"""
    code = f"import boto3\n\nboto3.client('sagemaker').create_training_job(**{json.loads(training())!r})\n"
    files = terraform(START, more=function, service="lambda.amazonaws.com")
    files["src/app.py"] = code.replace(ROLE, ROLE.replace("/train", "/other"))
    (finding,) = found("caller-lacks-pass-role", files)
    assert finding.origin.place().path == "main.tf"


@pytest.mark.parametrize(("api", "lists"), [("CreateTrainingJob", True), ("CreateModel", False)])
def test_a_role_without_workload_lists_where_the_api_lists(api: str, lists: bool) -> None:
    files = folder(DATA[0], DATA[2])
    del files["job.json"]
    files["smlint.toml"] = (
        f'assume-apis = ["{api}"]\n[[role]]\nname = "train"\npolicies = ["policy.json"]\ntrust = "trust.json"\n'
    )
    assert bool(found("missing-list-bucket", files)) is lists


def test_a_state_machine_that_waits_describes_and_stops() -> None:
    waiting = flow(PASS, EVENTS, without(START, "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"))
    (finding,) = found("caller-lacks-api-action", waiting)
    assert finding.level is Level.NOTE and "sagemaker:DescribeTrainingJob" in finding.message
    started = flow(PASS, allow("sagemaker:CreateTrainingJob", "*"), integration="createTrainingJob")
    assert found("caller-lacks-api-action", started) == []
