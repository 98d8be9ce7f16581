"""boto3's clients and SDK v3's resource classes: requests in the API's own shape."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from smlint.facts import Workload
from smlint.values import plain

Started = Callable[..., list[Workload]]
CALL = "create_processing_job(ProcessingJobName='p', RoleArn='r', AppSpecification={'ImageUri': 'i'}, ProcessingResources={})"


@pytest.mark.parametrize(
    "client",
    [
        "boto3.client('sagemaker')",
        "boto3.client(service_name='sagemaker', region_name='eu-west-1')",
        "boto3.Session().client('sagemaker')",
        "boto3.session.Session(region_name='x').client(service_name='sagemaker')",
        "sagemaker.Session().sagemaker_client",
        "sagemaker.Session().boto_session.client('sagemaker')",
    ],
)
def test_clients(client: str, started: Started) -> None:
    (found,) = started(f"c = {client}\nc.{CALL}")
    assert (found.api, found.sdk, found.label, found.names) == ("CreateProcessingJob", "boto3", "p", ("p",))


@pytest.mark.parametrize(
    "client", ["boto3.client('s3')", "boto3.client(name)", "open('x')", "boto3.resource('sagemaker')"]
)
def test_other_clients(client: str, started: Started) -> None:
    assert started(f"c = {client}\nc.create_model(Name='x')") == []


def test_a_client_that_is_a_parameter(started: Started) -> None:
    (found,) = started(f"def run(client):\n    client.{CALL}")
    assert found.api == "CreateProcessingJob"
    assert started("def run(client):\n    client.create_model(name='x')") == []


def test_a_request_in_a_variable(started: Started) -> None:
    source = """
request = {'ModelName': 'm', 'PrimaryContainer': {'Image': 'i'}}
request['ExecutionRoleArn'] = 'r'
request.update({'EnableNetworkIsolation': True})
boto3.client('sagemaker').create_model(**request)
"""
    (found,) = started(source)
    assert plain(found.request) == {
        "ModelName": "m",
        "PrimaryContainer": {"Image": "i"},
        "ExecutionRoleArn": "r",
        "EnableNetworkIsolation": True,
    }
    (found,) = started("boto3.client('sagemaker').create_model(ModelName='m', **more())")
    assert found.request.open


@pytest.mark.parametrize(
    "change",
    [
        "if x:\n    request['ExecutionRoleArn'] = 'r'",
        "if x:\n    request.update({'ExecutionRoleArn': 'r'})",
        "if x:\n    request.update(ExecutionRoleArn='r')",
        "for x in y:\n    request.setdefault('ExecutionRoleArn', 'r')",
        "try:\n    request['ExecutionRoleArn'] = 'r'\nexcept KeyError:\n    pass",
        "def change():\n    request['ExecutionRoleArn'] = 'r'\n    run()",
    ],
)
def test_a_member_that_is_set_in_a_branch_only(change: str, started: Started) -> None:
    source = f"request = {{'ModelName': 'm', 'ExecutionRoleArn': 'q'}}\n{change}\n"
    source += "def run():\n    boto3.client('sagemaker').create_model(**request)\n"
    (found,) = started(source)
    role = found.request.get("ExecutionRoleArn")
    assert role is not None and (role.unknown or "def change" in change)


def test_what_is_made_and_changed_in_one_branch_is_known(started: Started) -> None:
    source = "if x:\n    c = {'ModelName': 'm'}\n    c['ExecutionRoleArn'] = 'r'\n    boto3.client('sagemaker').create_model(**c)"
    (found,) = started(source)
    assert plain(found.request) == {"ModelName": "m", "ExecutionRoleArn": "r"}


def test_a_function_may_add_to_what_it_is_given(started: Started) -> None:
    (found,) = started("c = {'ModelName': 'm'}\ncomplete(c)\nboto3.client('sagemaker').create_model(**c)")
    assert found.request.open


def test_a_roles_name_stands_for_its_arn(started: Started) -> None:
    source = (
        "role = boto3.client('iam').get_role(RoleName='train')['Role']['Arn']\nEstimator('i', role, 1, 'ml.m5.large')"
    )
    (found,) = started(source)
    role = found.request.get("RoleArn")
    assert role is not None and role.value == "train"


def test_resource_classes_of_version_three(started: Started) -> None:
    source = """
from sagemaker.core.resources import TrainingJob
from sagemaker.core.shapes import OutputDataConfig, ResourceConfig
TrainingJob.create(training_job_name='t', role_arn='r', output_data_config=OutputDataConfig(s3_output_path='s3://b'),
                   resource_config=ResourceConfig(volume_size_in_gb=3, instance_type='ml.m5.large'))
"""
    (found,) = started(source)
    assert found.sdk == "v3"
    assert plain(found.request) == {
        "TrainingJobName": "t",
        "RoleArn": "r",
        "OutputDataConfig": {"S3OutputPath": "s3://b"},
        "ResourceConfig": {"VolumeSizeInGB": 3, "InstanceType": "ml.m5.large"},
    }
