"""Lambda functions: the environment with which their code starts jobs."""

from __future__ import annotations

import pytest
from tests.readers.cloudformation.reading import only, read, shown

from smlint import facts as f

HEAD = """
Parameters: {Open: {Type: String}}
Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: train, AssumeRolePolicyDocument: {Statement: []}}}
"""
FUNCTION = """
  {name}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: app.{handler}
      Role: 'arn:l'
      Environment: {{Variables: {{ROLE: !GetAtt R.Arn, SIZE: 5, OPEN: !Ref Open}}}}
      Code: {code}
"""
CODE = """
import os
{before}

def handler(event, context):
    boto3.client('sagemaker').create_model(ModelName={value})
"""


def started(value: str, before: str = "import boto3", template: str = "") -> object:
    """The model's name in the request of the function's code."""
    files = {"code/app.py": CODE.format(before=before, value=value)}
    function = FUNCTION.format(name="F", handler="handler", code="code")
    found = read(HEAD + function + template, files, partition="aws", account="111122223333")
    (job,) = {str(shown(job.request)): job for job in found if isinstance(job, f.Workload)}.values()
    return shown(job.request.get("ModelName"))


ROLE = "arn:aws:iam::111122223333:role/train"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("os.environ['ROLE']", ROLE),
        ("os.environ.get('ROLE')", ROLE),
        ("os.environ.get('ROLE', 'default')", ROLE),
        ("os.getenv('ROLE')", ROLE),
        ("os.environ['ROLE'].split('/')[-1]", "⟨unknown⟩"),
        ("'x-' + os.environ['SIZE']", "x-5"),
        ("os.environ['OPEN']", "⟨Open⟩"),
        ("os.environ['OTHER']", "⟨unknown⟩"),
        ("os.environ.get('OTHER', 'default')", "⟨unknown⟩"),
        ("os.environ[event['x']]", "⟨unknown⟩"),
        ("os.getenv()", "⟨unknown⟩"),
    ],
)
def test_variables(value: str, expected: str) -> None:
    assert started(value) == expected


def test_names_of_the_module() -> None:
    assert started("environ['ROLE']", "import boto3\nfrom os import environ") == ROLE
    assert started("get('ROLE')", "import boto3\nfrom os import getenv as get") == ROLE
    assert started("name", "import boto3\nname = os.environ['ROLE']") == ROLE
    assert started("environ['ROLE']", "import boto3\nenviron = {'ROLE': 'own'}") == "own"


@pytest.mark.parametrize(
    "change",
    [
        "os.environ['ROLE'] = 'x'",
        "os.environ.update(ROLE='x')",
        "os.environ.setdefault('ROLE', 'x')",
        "os.environ |= {'ROLE': 'x'}",
        "os.putenv('ROLE', 'x')",
        "from dotenv import load_dotenv",
    ],
)
def test_a_program_that_changes_its_environment(change: str) -> None:
    assert started("os.environ['ROLE']", f"import boto3\n{change}") == "⟨unknown⟩"
    assert started("os.environ['ROLE']", "import boto3\nif os.environ['ROLE'] == 'x': pass") == ROLE


def test_a_file_of_two_functions_has_no_environment() -> None:
    other = FUNCTION.format(name="G", handler="other", code="code")
    assert started("os.environ['ROLE']", template=other) == "⟨unknown⟩"
    elsewhere = FUNCTION.format(name="G", handler="handler", code="elsewhere")
    assert started("os.environ['ROLE']", template=elsewhere) == ROLE


def test_the_value_is_edited_in_the_template() -> None:
    files = {"code/app.py": CODE.format(before="import boto3", value="os.environ['ROLE']")}
    job = only(f.Workload, read(HEAD + FUNCTION.format(name="F", handler="handler", code="code"), files))
    node = job.request.get("ModelName")
    assert node is not None
    assert node.used is not None
    assert (node.origin.place().path, node.used.place().path) == ("template.yaml", "code/app.py")


def test_code_in_the_template() -> None:
    code = "|\n" + "".join(
        f"          {line}\n" for line in CODE.format(before="import boto3", value="os.environ['ROLE']").splitlines()
    )
    function = FUNCTION.format(name="F", handler="handler", code="{{}}").replace("{{}}", f"\n        ZipFile: {code}")
    job = only(f.Workload, read(HEAD + function, partition="aws", account="111122223333"))
    assert shown(job.request) == {"ModelName": ROLE}


def test_sam_and_its_globals() -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Environment: {Variables: {ROLE: 'arn:g', NAME: g}}}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: code
      Environment: {Variables: {NAME: own}}
"""
    value = "os.environ['NAME'] + os.environ['ROLE']"
    job = only(f.Workload, read(template, {"code/app.py": CODE.format(before="import boto3", value=value)}))
    assert shown(job.request) == {"ModelName": "ownarn:g"}


@pytest.mark.parametrize(
    ("call", "role"),
    [
        ("get_execution_role()", "arn:l"),
        ("sagemaker.Session().get_caller_identity_arn()", "arn:l"),
        ("os.environ['ROLE']", ROLE),
    ],
)
def test_the_execution_role_of_a_function_is_its_own(call: str, role: str) -> None:
    code = f"""
import os, sagemaker
from sagemaker import get_execution_role
from sagemaker.estimator import Estimator

def handler(event, context):
    Estimator("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1", {call}, 1, "ml.m5.xlarge").fit("s3://b/c")
"""
    function = FUNCTION.format(name="F", handler="handler", code="code")
    found = read(HEAD + function, {"code/app.py": code}, partition="aws", account="111122223333")
    (job,) = {job.api: job for job in found if isinstance(job, f.Workload)}.values()
    assert (shown(job.request.get("RoleArn")), job.caller) == (role, "arn:l")
