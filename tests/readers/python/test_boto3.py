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
