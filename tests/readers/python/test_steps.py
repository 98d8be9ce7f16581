"""What a pipeline's steps leave for the steps after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.readers.python.test_values import shown

from smlint.facts import Workload

Started = Callable[..., list[Workload]]
START = """\
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.transformer import Transformer
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import CreateModelStep, ProcessingStep, TrainingStep, TransformStep, TuningStep
session = PipelineSession()
processor = ScriptProcessor('i', 'r', ['python3'], 1, 'ml.m5.large', sagemaker_session=session)
outputs = [ProcessingOutput(output_name='train', source='/opt/a', destination='s3://data/train'),
           ProcessingOutput(output_name='test', source='/opt/b')]
first = Estimator('i', 'r', 1, 'ml.m5.large', output_path='s3://models/a', sagemaker_session=session)
later = Estimator('i', 'r', 1, 'ml.m5.large', sagemaker_session=session)
"""
PREPARE = {
    "recorded": "prepare = ProcessingStep('P', step_args=processor.run(code='p.py', outputs=outputs))\n",
    "positional": "prepare = ProcessingStep('P', processor.run('p.py', None, outputs))\n",
    "named": "prepare = ProcessingStep('P', processor=processor, code='p.py', outputs=outputs)\n",
}
TRAIN = {
    "recorded": "train = TrainingStep('T', step_args=first.fit())\n",
    "named": "train = TrainingStep('T', estimator=first)\n",
}


def inputs(workloads: list[Workload]) -> list[str]:
    """The URIs of the training jobs' channels."""
    every = (work.request.get("InputDataConfig") for work in workloads if work.api == "CreateTrainingJob")
    channels = (channel for given in every if given is not None for channel in given.elements())
    found = (channel.get("DataSource", "S3DataSource", "S3Uri") for channel in channels)
    return [shown(uri.value) for uri in found if uri is not None]


def sent(workloads: list[Workload], api: str, *path: str) -> str:
    (work,) = (work for work in workloads if work.api == api)
    node = work.request.get(*path)
    assert node is not None
    return shown(node.value)


@pytest.mark.parametrize("how", PREPARE)
def test_the_outputs_of_a_processing_step(how: str, started: Started) -> None:
    outputs = "prepare.properties.ProcessingOutputConfig.Outputs"
    channels = ", ".join(f"'{name}': TrainingInput({outputs}['{name}'].S3Output.S3Uri)" for name in ("train", "test"))
    train, test = inputs(started(f"{START}{PREPARE[how]}TrainingStep('T', step_args=later.fit({{{channels}}}))\n"))
    assert train == "s3://data/train"
    assert test.startswith("s3://sagemaker-eu-west-1-111122223333/⟨")


@pytest.mark.parametrize("how", TRAIN)
def test_the_model_of_a_training_step(how: str, started: Started) -> None:
    made = "Model('i', train.properties.ModelArtifacts.S3ModelArtifacts, 'r', sagemaker_session=session).create()"
    found = started(f"{START}{TRAIN[how]}{made}\n")
    assert sent(found, "CreateModel", "PrimaryContainer", "ModelDataUrl").startswith("s3://models/a/⟨")


def test_the_model_of_a_model_step(started: Started) -> None:
    made = "m = CreateModelStep('M', model=Model('i', 's3://m/m.tar.gz', 'r', name='mine'))\n"
    transform = "TransformStep('X', transformer=Transformer(m.properties.ModelName, 1, 'ml.m5.large'))\n"
    assert sent(started(START + made + transform), "CreateTransformJob", "ModelName") == "mine"


@pytest.mark.parametrize(("prefix", "middle"), [("", ""), (", prefix='p'", "p/")])
def test_the_best_model_of_a_tuning_step(prefix: str, middle: str, started: Started) -> None:
    best = f"t.get_top_model_s3_uri(0, s3_bucket='b'{prefix})"
    found = started(f"{START}t = TuningStep('T', tuner=None)\nModel('i', {best}, 'r').create()\n")
    assert sent(found, "CreateModel", "PrimaryContainer", "ModelDataUrl").startswith(f"s3://b/{middle}⟨")


@pytest.mark.parametrize(
    "uri",
    [
        "prepare.properties.ProcessingOutputConfig.Outputs['other'].S3Output.S3Uri",
        "prepare.properties.Environment",
        "helper().properties.ModelArtifacts.S3ModelArtifacts",
    ],
)
def test_what_no_step_settles(uri: str, started: Started) -> None:
    found = started(
        f"{START}{PREPARE['recorded']}TrainingStep('T', step_args=later.fit({{'a': TrainingInput({uri})}}))\n"
    )
    uris = inputs(found)
    assert uris and all(uri.startswith("⟨") for uri in uris)
