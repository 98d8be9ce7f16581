"""Estimators, model trainers and tuners: the request that the SDK sends."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smlint.facts import Settings, Workload
from smlint.values import plain

Started = Callable[..., list[Workload]]
ROLE = "arn:aws:iam::111122223333:role/train"
OUT = "output_path='s3://b/out'"
DEFAULT = "s3://sagemaker-eu-west-1-111122223333/"


def request(workloads: list[Workload], api: str = "CreateTrainingJob") -> dict[str, Any]:
    (found,) = [work for work in workloads if work.api == api]
    content: dict[str, Any] = plain(found.request)
    return content


def test_estimator_by_position_and_name(started: Started) -> None:
    source = f"""
e = Estimator('1.dkr.ecr.eu-west-1.amazonaws.com/x', '{ROLE}', 2, 'ml.m5.xlarge', None, 50, 'alias/volume', {OUT},
              output_kms_key='alias/out', subnets=['subnet-1'], security_group_ids=['sg-1'], input_mode='Pipe',
              enable_network_isolation=True, checkpoint_s3_uri='s3://b/check', enable_remote_debug=True)
e.fit({{'train': 's3://b/train', 'local': 'file:///tmp'}})
"""
    assert request(started(source)) == {
        "AlgorithmSpecification": {"TrainingImage": "1.dkr.ecr.eu-west-1.amazonaws.com/x", "TrainingInputMode": "Pipe"},
        "RoleArn": ROLE,
        "ResourceConfig": {
            "InstanceCount": 2,
            "InstanceType": "ml.m5.xlarge",
            "VolumeSizeInGB": 50,
            "VolumeKmsKeyId": "alias/volume",
        },
        "OutputDataConfig": {"S3OutputPath": "s3://b/out", "KmsKeyId": "alias/out"},
        "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        "EnableNetworkIsolation": True,
        "CheckpointConfig": {"S3Uri": "s3://b/check"},
        "RemoteDebugConfig": {"EnableRemoteDebug": True},
        "DebugHookConfig": {"S3OutputPath": "s3://b/out"},
        "ProfilerConfig": {"S3OutputPath": "s3://b/out"},
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/train"}},
            }
        ],
    }


@pytest.mark.parametrize(
    "imported",
    [
        "from sagemaker.pytorch import PyTorch as Job",
        "from sagemaker.pytorch.estimator import PyTorch as Job",
        "from sagemaker.huggingface import HuggingFace as Job",
        "import sagemaker.sklearn as s; Job = s.SKLearn",
        "Job = sagemaker.xgboost.estimator.XGBoost",
        "from sagemaker.tensorflow import *; Job = TensorFlow",
    ],
)
def test_framework_estimators(imported: str, started: Started) -> None:
    found = request(
        started(f"{imported}\nJob(entry_point='t.py', role='{ROLE}', instance_count=1, instance_type='ml.m5.large')")
    )
    assert found["RoleArn"] == ROLE
    assert found["OutputDataConfig"] == {"S3OutputPath": DEFAULT}
    assert found["AlgorithmSpecification"]["TrainingImage"].startswith(
        "⟨AWS's account⟩.dkr.ecr.eu-west-1.amazonaws.com/"
    )


def test_names_of_version_one(started: Started) -> None:
    found = request(
        started(
            "Estimator('i', 'r', train_instance_count=1, train_instance_type='ml.m4.xlarge', train_volume_kms_key='k')"
        )
    )
    assert found["ResourceConfig"] == {"InstanceCount": 1, "InstanceType": "ml.m4.xlarge", "VolumeKmsKeyId": "k"}


def test_arguments_from_a_dictionary(started: Started) -> None:
    source = (
        f"c = {{'role': '{ROLE}', 'instance_type': 'ml.m5.large'}}\nc['instance_count'] = 1\nEstimator('i', **c, {OUT})"
    )
    assert request(started(source))["RoleArn"] == ROLE
    (found,) = started(f"Estimator('i', **settings(), {OUT})")
    assert found.request.open


@pytest.mark.parametrize(
    ("arguments", "hook", "profiler"),
    [
        ("", {"S3OutputPath": "s3://b/out"}, {"S3OutputPath": "s3://b/out"}),
        ("debugger_hook_config=False", None, {"S3OutputPath": "s3://b/out"}),
        ("debugger_hook_config=True", {"S3OutputPath": "s3://b/out"}, {"S3OutputPath": "s3://b/out"}),
        ("disable_profiler=True", {"S3OutputPath": "s3://b/out"}, {"DisableProfiler": True}),
        ("debugger_hook_config=DebuggerHookConfig('s3://b/d')", {"S3OutputPath": "s3://b/d"}, {"S3OutputPath": "s3://b/out"}),
        ("profiler_config=ProfilerConfig(disable_profiler=True)", {"S3OutputPath": "s3://b/out"}, {"S3OutputPath": "s3://b/out", "DisableProfiler": True}),
        ("disable_profiler=flag()", {"S3OutputPath": "s3://b/out"}, {"DisableProfiler": "⟨unknown⟩"}),
        ("debugger_hook_config=hook()", "⟨unknown⟩", {"S3OutputPath": "s3://b/out"}),
        ("**more()", "⟨unknown⟩", "⟨unknown⟩"),
    ],
)  # fmt: skip
def test_debugger_and_profiler_are_sent_by_default(arguments: str, hook: Any, profiler: Any, started: Started) -> None:
    source = "from sagemaker.debugger import DebuggerHookConfig, ProfilerConfig, Rule\n"
    found = request(started(f"{source}Estimator('i', 'r', 1, 'ml.m5.large', {OUT}, {arguments})"))
    assert found.get("DebugHookConfig") == hook
    assert found["ProfilerConfig"] == profiler


def test_regions_and_instances_without_debugger(started: Started) -> None:
    source = f"Estimator('i', 'r', 1, 'ml.m5.large', {OUT})"
    found = request(started(source, settings=Settings(region="eu-south-2")))
    assert "DebugHookConfig" not in found and "ProfilerConfig" not in found
    assert request(started(source.replace("m5.large", "trn1.2xlarge")))["ProfilerConfig"] == {"DisableProfiler": True}


def test_debugger_rules(started: Started) -> None:
    source = "from sagemaker.debugger import Rule, ProfilerRule\n"
    found = request(
        started(f"{source}Estimator('i', 'r', 1, 'ml.m5.large', rules=[Rule.sagemaker(x), ProfilerRule.sagemaker(y)])")
    )
    assert len(found["DebugRuleConfigurations"]) == len(found["ProfilerRuleConfigurations"]) == 1


@pytest.mark.parametrize(
    ("inputs", "uri"),
    [
        ("'s3://b/in'", "s3://b/in"),
        ("{'train': 's3://b/in'}", "s3://b/in"),
        ("inputs={'train': TrainingInput('s3://b/in')}", "s3://b/in"),
        ("inputs=TrainingInput(s3_data='s3://b/in', input_mode='Pipe')", "s3://b/in"),
        ("sagemaker.s3_input('s3://b/in')", "s3://b/in"),
        ("{'train': helper()}", None),
    ],
)
def test_inputs(inputs: str, uri: str | None, started: Started) -> None:
    source = "from sagemaker.inputs import TrainingInput, FileSystemInput\n"
    found = request(started(f"{source}e = Estimator('i', 'r', 1, 'ml.m5.large')\ne.fit({inputs})"))
    (channel,) = found["InputDataConfig"]
    source = channel["DataSource"] if uri is None else channel["DataSource"]["S3DataSource"]["S3Uri"]
    assert source == (uri or "⟨unknown⟩")
    assert channel.get("InputMode") == ("Pipe" if "Pipe" in inputs else None)


def test_other_inputs(started: Started) -> None:
    source = "from sagemaker.inputs import FileSystemInput\ne = Estimator('i', 'r', 1, 'ml.m5.large', model_uri='s3://b/model')\n"
    found = request(started(source + "e.fit(FileSystemInput('fs-1', 'EFS', '/x'))"))
    assert found["InputDataConfig"][0]["DataSource"] == {
        "FileSystemDataSource": {"FileSystemId": "fs-1", "FileSystemType": "EFS", "DirectoryPath": "/x"}
    }
    assert found["InputDataConfig"][1]["ChannelName"] == "model"
    assert request(started(source + "e.fit(helper())"))["InputDataConfig"] == "⟨unknown⟩"


def test_every_fit_is_a_job(started: Started) -> None:
    source = "e = Estimator('i', 'r', 1, 'ml.m5.large')\ne.fit('s3://b/1')\ne.fit('s3://b/2')\nEstimator('j', 'r', 1, 'ml.m5.large')"
    assert len(started(source)) == 3


@pytest.mark.parametrize(
    "source",
    [
        "Estimator('i', 'r', 1, 'local').fit('file://x')",
        "Estimator('i', 'r', 1, instance_type='local_gpu')",
        "s = sagemaker.LocalSession()\nEstimator('i', 'r', 1, 'ml.m5.large', sagemaker_session=s).fit()",
        "Estimator.attach('job')",
        "from sklearn.svm import Estimator\nEstimator().fit(x)",
    ],
)
def test_no_job(source: str, started: Started) -> None:
    assert started(source) == []


def test_the_execution_role_is_a_named_unknown(started: Started) -> None:
    (found,) = started("Estimator('i', sagemaker.get_execution_role(), 1, 'ml.m5.large')")
    role = found.request.get("RoleArn")
    assert role is not None and "execution-role" in repr(role.value)


def test_attributes_of_an_object(started: Started) -> None:
    source = f"""
class Job:
    def __init__(self):
        self.role = '{ROLE}'
        self.client = boto3.client('sagemaker')

    def run(self):
        e = Estimator('i', self.role, 1, 'ml.m5.large')
        e.output_kms_key = 'alias/x'
        e.fit('s3://b/x')
"""
    found = request(started(source))
    assert found["RoleArn"] == ROLE and found["OutputDataConfig"]["KmsKeyId"] == "alias/x"


def test_tuner(started: Started) -> None:
    source = f"""
from sagemaker.tuner import HyperparameterTuner
e = Estimator('i', '{ROLE}', 1, 'ml.m5.large', volume_kms_key='k', {OUT})
t = HyperparameterTuner(e, 'auc', {{}})
t.fit({{'train': 's3://b/in'}})
"""
    definition = request(started(source), "CreateHyperParameterTuningJob")["TrainingJobDefinition"]
    assert definition["RoleArn"] == ROLE and definition["ResourceConfig"]["VolumeKmsKeyId"] == "k"
    assert definition["InputDataConfig"][0]["ChannelName"] == "train"
    assert "DebugHookConfig" not in definition and len(started(source)) == 1


def test_model_trainer(started: Started) -> None:
    source = f"""
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, Networking
t = ModelTrainer(
    training_image='i', role='{ROLE}',
    compute=Compute(instance_type='ml.m5.large', volume_kms_key_id='k', volume_size_in_gb=9, enable_managed_spot_training=True),
    networking=Networking(subnets=['s'], security_group_ids=['g'], enable_network_isolation=True),
    output_data_config=OutputDataConfig(kms_key_id='o'),
)
t.train(input_data_config=[InputData(channel_name='a', data_source='s3://b/a'), InputData(channel_name='l', data_source='data')])
"""
    (found,) = started(source)
    assert found.sdk == "v3"
    assert plain(found.request) == {
        "OutputDataConfig": {"KmsKeyId": "o", "S3OutputPath": DEFAULT},
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": "i"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "k", "VolumeSizeInGB": 9},
        "EnableManagedSpotTraining": True,
        "EnableNetworkIsolation": True,
        "VpcConfig": {"Subnets": ["s"], "SecurityGroupIds": ["g"]},
        "InputDataConfig": [
            {"ChannelName": "a", "DataSource": {"S3DataSource": {"S3Uri": "s3://b/a", "S3DataType": "S3Prefix"}}},
            {
                "ChannelName": "l",
                "DataSource": {"S3DataSource": {"S3Uri": f"{DEFAULT}⟨uploaded⟩", "S3DataType": "S3Prefix"}},
            },
        ],
    }


def test_model_trainers_defaults(started: Started) -> None:
    source = "from sagemaker.train import ModelTrainer\nModelTrainer(training_image='i').with_remote_debug_config({'EnableRemoteDebug': True})"
    found = request(started(source))
    assert found["RoleArn"] == "⟨execution role⟩" and found["OutputDataConfig"] == {"S3OutputPath": DEFAULT}
    assert found["RemoteDebugConfig"] == {"EnableRemoteDebug": True}
    assert "DebugHookConfig" not in found and "ProfilerConfig" not in found
