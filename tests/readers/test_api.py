"""The table of the APIs' members, against the service model."""

from __future__ import annotations

import pytest

from smlint.readers import api as apis


def test_table_is_the_service_models() -> None:
    session = pytest.importorskip("botocore.session").get_session()
    models = [session.get_service_model(name) for name in ("sagemaker", "sagemaker-geospatial")]
    operations = {name: model.operation_model(name) for model in models for name in model.operation_names}
    assert len(apis.apis()) == 51
    for name, api in apis.apis().items():
        shape = operations[name].input_shape
        tokens = {member for member, of in shape.members.items() if of.metadata.get("idempotencyToken")}
        assert api.members == set(shape.members), name
        assert api.required == set(shape.required_members) - tokens, name


def test_spellings_are_the_service_models() -> None:
    session = pytest.importorskip("botocore.session").get_session()
    for service in ("sagemaker", "sagemaker-geospatial"):
        model = session.get_service_model(service)
        for name in sorted(set(model.operation_names) & set(apis.apis())):
            for member in model.operation_model(name).input_shape.members:
                assert apis.spell(member[0].lower() + member[1:]) == member


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("s3_uri", "S3Uri"),
        ("s3URI", "S3Uri"),
        ("kmsKeyID", "KmsKeyId"),
        ("volume_size_in_gb", "VolumeSizeInGB"),
        ("role_arn", "RoleArn"),
        ("auto_ml_job_name", "AutoMLJobName"),
        ("something_new", "SomethingNew"),
    ],
)
def test_spelling(written: str, spelt: str) -> None:
    assert apis.spell(written) == spelt


@pytest.mark.parametrize(
    ("method", "api"),
    [
        ("create_auto_ml_job_v2", "CreateAutoMLJobV2"),
        ("createTrainingJob", "CreateTrainingJob"),
        ("update_image", "UpdateImage"),
        ("updateNotebookInstance", "UpdateNotebookInstance"),
        ("describe_training_job", None),
    ],
)
def test_operation(method: str, api: str | None) -> None:
    assert apis.operation(method) == api
