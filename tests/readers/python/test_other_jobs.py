"""Processing, hosting, transforms, monitors, AutoML, feature groups, pipelines."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smlint.facts import Workload
from smlint.values import plain

Started = Callable[..., list[Workload]]
ROLE = "arn:aws:iam::111122223333:role/train"
DEFAULT = "s3://sagemaker-eu-west-1-111122223333/"
PROCESSING = """
from sagemaker.processing import *
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.spark.processing import PySparkProcessor
from sagemaker.network import NetworkConfig
"""


def requests(workloads: list[Workload]) -> dict[str, Any]:
    return {work.api: plain(work.request) for work in workloads}


def test_processor(started: Started) -> None:
    source = f"""{PROCESSING}
p = Processor('{ROLE}', 'image', 1, 'ml.m5.large', volume_kms_key='v', output_kms_key='o',
              network_config=NetworkConfig(enable_network_isolation=True, subnets=['s'], security_group_ids=['g']))
p.run(inputs=[ProcessingInput(source='s3://b/in', destination='/x', input_name='a', s3_input_mode='Pipe')],
      outputs=[ProcessingOutput(source='/y', destination='s3://b/out', output_name='c')])
"""
    assert requests(started(source)) == {
        "CreateProcessingJob": {
            "AppSpecification": {"ImageUri": "image"},
            "RoleArn": ROLE,
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeKmsKeyId": "v"}
            },
            "ProcessingOutputConfig": {
                "KmsKeyId": "o",
                "Outputs": [{"OutputName": "c", "S3Output": {"LocalPath": "/y", "S3Uri": "s3://b/out"}}],
            },
            "NetworkConfig": {
                "EnableNetworkIsolation": True,
                "VpcConfig": {"Subnets": ["s"], "SecurityGroupIds": ["g"]},
            },
            "ProcessingInputs": [
                {"InputName": "a", "S3Input": {"S3Uri": "s3://b/in", "S3InputMode": "Pipe", "LocalPath": "/x"}}
            ],
        }
    }


def test_what_is_local_goes_through_the_default_bucket(started: Started) -> None:
    source = f"""{PROCESSING}
p = SKLearnProcessor('1.2-1', '{ROLE}', 'ml.m5.large', 1)
p.run('script.py', [ProcessingInput('data.csv', '/x')], [ProcessingOutput('/y')])
"""
    found = requests(started(source))["CreateProcessingJob"]
    uris = [given["S3Input"]["S3Uri"] for given in found["ProcessingInputs"]]
    assert uris == [f"{DEFAULT}⟨uploaded⟩"] * 2
    assert found["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] == f"{DEFAULT}⟨output⟩"


def test_an_output_to_the_feature_store_goes_to_no_bucket(started: Started) -> None:
    source = f"""{PROCESSING}
features = FeatureStoreOutput(feature_group_name='g')
Processor('{ROLE}', 'i', 1, 'x').run(outputs=[ProcessingOutput(output_name='o', app_managed=True, feature_store_output=features)])
"""
    (output,) = requests(started(source))["CreateProcessingJob"]["ProcessingOutputConfig"]["Outputs"]
    assert output == {"OutputName": "o", "AppManaged": True, "FeatureStoreOutput": {"FeatureGroupName": "g"}}


def test_dataset_definitions(started: Started) -> None:
    source = f"""{PROCESSING}
from sagemaker.dataset_definition.inputs import DatasetDefinition, AthenaDatasetDefinition, S3Input
athena = AthenaDatasetDefinition(catalog='c', output_s3_uri='s3://b/o', kms_key_id='k')
Processor('{ROLE}', 'i', 1, 'x').run([
    ProcessingInput(input_name='d', dataset_definition=DatasetDefinition(athena_dataset_definition=athena)),
    ProcessingInput(input_name='s', s3_input=S3Input(s3_uri='s3://b/in')),
])
"""
    one, other = requests(started(source))["CreateProcessingJob"]["ProcessingInputs"]
    athena = {"Catalog": "c", "OutputS3Uri": "s3://b/o", "KmsKeyId": "k"}
    assert one == {"DatasetDefinition": {"AthenaDatasetDefinition": athena}, "InputName": "d"}
    assert other == {"S3Input": {"S3Uri": "s3://b/in"}, "InputName": "s"}


def test_spark_and_clarify(started: Started) -> None:
    source = f"""{PROCESSING}
from sagemaker import clarify
PySparkProcessor(role='{ROLE}').run('s3://b/app.py', submit_jars=['s3://b/x.jar'])
c = clarify.SageMakerClarifyProcessor('{ROLE}', 1, 'ml.m5.large')
c.run_bias(clarify.DataConfig('s3://b/in', 's3://b/report'), bias)
"""
    spark, bias = (plain(work.request) for work in started(source))
    assert [given["S3Input"]["S3Uri"] for given in spark["ProcessingInputs"]] == ["s3://b/app.py", "s3://b/x.jar"]
    uris = [given["S3Input"]["S3Uri"] for given in bias["ProcessingInputs"]]
    assert uris == ["s3://b/in", "s3://b/report/analysis_config.json"]
    assert bias["ProcessingOutputConfig"]["Outputs"] == [{"S3Output": {"S3Uri": "s3://b/report"}}]


def test_a_model_is_deployed(started: Started) -> None:
    source = f"""
from sagemaker.model import Model
from sagemaker.async_inference import AsyncInferenceConfig
from sagemaker.model_monitor import DataCaptureConfig
m = Model('image', 's3://b/model.tar.gz', '{ROLE}', vpc_config={{'Subnets': ['s'], 'SecurityGroupIds': ['g']}})
m.deploy(1, 'ml.m5.large', endpoint_name='e', kms_key='k', async_inference_config=AsyncInferenceConfig('s3://b/async', kms_key_id='a'),
         data_capture_config=DataCaptureConfig(True, destination_s3_uri='s3://b/capture'))
"""
    found = started(source)
    made = requests(found)
    assert made["CreateModel"]["PrimaryContainer"] == {"Image": "image", "ModelDataUrl": "s3://b/model.tar.gz"}
    assert made["CreateModel"]["VpcConfig"] == {"Subnets": ["s"], "SecurityGroupIds": ["g"]}
    config = made["CreateEndpointConfig"]
    assert config["KmsKeyId"] == "k" and config["EndpointConfigName"] == "e"
    assert config["AsyncInferenceConfig"] == {"OutputConfig": {"S3OutputPath": "s3://b/async", "KmsKeyId": "a"}}
    assert config["DataCaptureConfig"] == {"DestinationS3Uri": "s3://b/capture", "EnableCapture": True}
    model, endpoint_config, endpoint = found
    name = endpoint_config.request.get("ProductionVariants")
    assert name is not None and name.sequence is not None
    variant = name.sequence[0].get("ModelName")
    assert variant is not None and variant.value in model.names
    assert endpoint.api == "CreateEndpoint" and endpoint_config.names == ("e",)


def test_an_estimator_is_deployed(started: Started) -> None:
    source = (
        f"e = Estimator('i', '{ROLE}', 1, 'ml.m5.large', output_path='s3://b/out')\ne.fit()\ne.deploy(1, 'ml.m5.large')"
    )
    made = requests(started(source))
    assert made["CreateModel"]["PrimaryContainer"]["ModelDataUrl"] == "s3://b/out/⟨job⟩/output/model.tar.gz"
    assert made["CreateModel"]["ExecutionRoleArn"] == ROLE
    assert started(source.replace("deploy(1, 'ml.m5.large')", "deploy(1, 'local')"))[-1].api == "CreateTrainingJob"


@pytest.mark.parametrize(
    ("source", "container"),
    [
        ("MultiDataModel('n', 's3://b/models/', image_uri='i', role='r')", {"Image": "i", "ModelDataUrl": "s3://b/models/", "Mode": "MultiModel"}),
        ("Model('i', model_data={'S3DataSource': {'S3Uri': 's3://b'}}, role='r')", {"Image": "i", "ModelDataSource": {"S3DataSource": {"S3Uri": "s3://b"}}}),
        ("ModelPackage('r', model_package_arn='arn:p')", {"ModelPackageName": "arn:p"}),
        ("PyTorchModel('s3://b/m', 'r', entry_point='x.py', image_uri='i')", {"Image": "i", "ModelDataUrl": "⟨unknown⟩"}),
        ("SKLearnModel('s3://b/m', 'r', 'x.py', image_uri='i')", {"Image": "i", "ModelDataUrl": "s3://b/m"}),
    ],
)  # fmt: skip
def test_models(source: str, container: Any, started: Started) -> None:
    header = "from sagemaker.model import *\nfrom sagemaker.multidatamodel import *\nfrom sagemaker.pytorch import PyTorchModel\n"
    header += "from sagemaker.sklearn import SKLearnModel\nfrom sagemaker.model import Model, ModelPackage\n"
    header += "from sagemaker.multidatamodel import MultiDataModel\n"
    assert requests(started(f"{header}m = {source}\nm.create()"))["CreateModel"]["PrimaryContainer"] == container
    assert started(f"{header}m = {source}") == []


def test_a_pipeline_of_models(started: Started) -> None:
    source = "from sagemaker.pipeline import PipelineModel\nfrom sagemaker.model import Model\n"
    source += "PipelineModel([Model('a', 's3://b/a'), helper()], 'r').deploy(1, 'ml.m5.large')"
    found = requests(started(source))["CreateModel"]
    assert found["Containers"] == [{"Image": "a", "ModelDataUrl": "s3://b/a"}, "⟨unknown⟩"]


def test_transformers(started: Started) -> None:
    source = f"""
from sagemaker.transformer import Transformer
t = Transformer('model', 1, 'ml.m5.large', output_path='s3://b/out', output_kms_key='o', volume_kms_key='v')
t.transform('s3://b/in', data_type='ManifestFile')
e = Estimator('i', '{ROLE}', 1, 'ml.m5.large', output_path='s3://b/out')
e.transformer(1, 'ml.m5.large').transform('s3://b/in')
"""
    given, model, from_estimator, *_ = started(source)
    assert plain(given.request) == {
        "ModelName": "model",
        "TransformOutput": {"S3OutputPath": "s3://b/out", "KmsKeyId": "o"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeKmsKeyId": "v"},
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": "s3://b/in"}}},
    }
    name = from_estimator.request.get("ModelName")
    assert name is not None and name.value in model.names


def test_monitors(started: Started) -> None:
    source = f"""
from sagemaker.model_monitor import DefaultModelMonitor, ModelMonitor, EndpointInput, MonitoringOutput
m = DefaultModelMonitor('{ROLE}', volume_kms_key='v', output_kms_key='o')
m.suggest_baseline('s3://b/data.csv', fmt, output_s3_uri='s3://b/base')
m.create_monitoring_schedule(endpoint_input='endpoint', output_s3_uri='s3://b/report', constraints='s3://b/c.json')
ModelMonitor('{ROLE}', 'image').create_monitoring_schedule(EndpointInput('e', '/x'), MonitoringOutput(source='/y', destination='s3://b/z'))
"""
    baseline, definition, _, schedule = (plain(work.request) for work in started(source))
    assert baseline["ProcessingInputs"] == [{"S3Input": {"S3Uri": "s3://b/data.csv"}}]
    assert definition["DataQualityJobOutputConfig"]["KmsKeyId"] == "o"
    assert definition["DataQualityJobInput"] == {"EndpointInput": {"EndpointName": "endpoint"}}
    assert definition["DataQualityBaselineConfig"] == {"ConstraintsResource": {"S3Uri": "s3://b/c.json"}}
    job = schedule["MonitoringScheduleConfig"]["MonitoringJobDefinition"]
    assert job["RoleArn"] == ROLE and job["MonitoringInputs"] == [{"EndpointInput": {"EndpointName": "e"}}]


def test_automl_features_pipelines_and_notebook_jobs(started: Started) -> None:
    source = f"""
from sagemaker import AutoML
from sagemaker.automl.automlv2 import AutoMLV2, AutoMLDataChannel
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.notebook_job_step import NotebookJobStep
AutoML('{ROLE}', 'y', 'o', 's3://b/out', volume_kms_key='v').fit('s3://b/in')
AutoMLV2(config, role='{ROLE}', volume_kms_key='v').fit([AutoMLDataChannel(s3_data_type='ManifestFile', s3_uri='x')])
g = FeatureGroup('g')
g.create(s3_uri='s3://b/f', record_identifier_name='i', event_time_feature_name='t', role_arn='{ROLE}', enable_online_store=True)
Pipeline('p', steps=[]).upsert('{ROLE}')
NotebookJobStep(input_notebook='x.ipynb', role='{ROLE}', s3_root_uri='s3://b/n')
"""
    made = requests(started(source))
    assert made["CreateAutoMLJob"]["AutoMLJobConfig"] == {"SecurityConfig": {"VolumeKmsKeyId": "v"}}
    assert made["CreateAutoMLJob"]["OutputDataConfig"] == {"S3OutputPath": "s3://b/out", "KmsKeyId": "o"}
    assert made["CreateAutoMLJobV2"]["SecurityConfig"] == {"VolumeKmsKeyId": "v"}
    assert made["CreateFeatureGroup"]["OfflineStoreConfig"] == {"S3StorageConfig": {"S3Uri": "s3://b/f"}}
    assert made["CreatePipeline"] == {"PipelineName": "p", "RoleArn": ROLE}
    assert made["CreateTrainingJob"]["OutputDataConfig"] == {"S3OutputPath": "s3://b/n"}


def test_pipeline_steps(started: Started) -> None:
    source = f"""{PROCESSING}
from sagemaker.workflow.steps import TrainingStep, ProcessingStep, TransformStep, CreateModelStep
from sagemaker.inputs import TransformInput
from sagemaker.transformer import Transformer
from sagemaker.model import Model
e = Estimator('i', '{ROLE}', 1, 'ml.m5.large')
TrainingStep('train', estimator=e, inputs={{'a': 's3://b/in'}})
TrainingStep('again', step_args=e.fit('s3://b/again'))
ProcessingStep('prepare', processor=Processor('{ROLE}', 'i', 1, 'x'), inputs=[ProcessingInput('s3://b/raw', '/x')])
CreateModelStep('model', model=Model('i', 's3://b/m', '{ROLE}'))
TransformStep('score', transformer=Transformer('m', 1, 'x', output_path='s3://b/o'), inputs=TransformInput(data='s3://b/d'))
"""
    found = started(source)
    assert [(work.api, work.label) for work in found] == [
        ("CreateTrainingJob", "train"),
        ("CreateTrainingJob", "e"),
        ("CreateProcessingJob", "prepare"),
        ("CreateModel", "Model"),
        ("CreateTransformJob", "score"),
    ]


def test_model_builder(started: Started) -> None:
    source = f"""
from sagemaker.serve import ModelBuilder
from sagemaker.serve.configs import Network
from sagemaker.serve.mode.function_pointers import Mode
b = ModelBuilder(image_uri='i', s3_model_data_url='s3://b/m', role_arn='{ROLE}', network=Network(subnets=['s'], enable_network_isolation=True))
b.build().deploy(endpoint_name='e')
ModelBuilder(image_uri='i', mode=Mode.LOCAL_CONTAINER).build().deploy()
"""
    made = requests(started(source))
    assert made["CreateModel"]["PrimaryContainer"] == {"Image": "i", "ModelDataUrl": "s3://b/m"}
    assert made["CreateModel"]["EnableNetworkIsolation"] is True and made["CreateModel"]["VpcConfig"] == {
        "Subnets": ["s"]
    }
    assert len(started(source)) == 3


def test_compilation(started: Started) -> None:
    source = "from sagemaker.model import Model\nm = Model('i', 's3://b/m', 'r')\nm.compile('ml_c5', {}, 's3://b/compiled', 'r')"
    assert requests(started(source))["CreateCompilationJob"] == {
        "RoleArn": "r",
        "OutputConfig": {"S3OutputLocation": "s3://b/compiled"},
        "InputConfig": {"S3Uri": "s3://b/m"},
    }


def test_the_pipelines_role_starts_its_steps(started: Started) -> None:
    source = f"""
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.function_step import step
e = Estimator('i', 'r', 1, 'ml.m5.large', sagemaker_session=PipelineSession())
TrainingStep('train', step_args=e.fit('s3://b/in'))
Estimator('i', 'r', 1, 'ml.m5.large').fit()

@step(name='prepare', instance_type='ml.m5.large', role='r', s3_root_uri='s3://b')
def prepare():
    pass

Pipeline('p').upsert(role_arn='{ROLE}')
"""
    assert [work.caller for work in started(source)] == [ROLE, None, ROLE, None]


def test_remote_functions(started: Started) -> None:
    source = "from sagemaker.remote_function import remote\n@remote(instance_type='ml.m5.large', volume_kms_key='v', s3_kms_key='o')\ndef f(): pass"
    assert requests(started(source))["CreateTrainingJob"] == {
        "RoleArn": "⟨execution role⟩",
        "OutputDataConfig": {"S3OutputPath": DEFAULT, "KmsKeyId": "o"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "v"},
    }


def test_registered_models(started: Started) -> None:
    source = "from sagemaker.model import Model\nModel('i', 's3://b/m', 'r').register(model_package_group_name='g')"
    assert requests(started(source))["CreateModelPackage"] == {
        "ModelPackageGroupName": "g",
        "InferenceSpecification": {"Containers": [{"Image": "i", "ModelDataUrl": "s3://b/m"}]},
    }
