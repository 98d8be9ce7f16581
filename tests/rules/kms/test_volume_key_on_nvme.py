"""volume-key-on-nvme: a pipeline's step is found fault with once, however its definition is written."""

import json

import pytest

from smlint.engine import lint_files
from smlint_rules.examples import KEY, ROLE, training

RESOURCES = {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30, "VolumeKmsKeyId": KEY}
STEP = {"Name": "Train", "Type": "Training", "Arguments": json.loads(training(ResourceConfig=RESOURCES))}
DEFINITION = {"Version": "2020-12-01", "Steps": [STEP]}


@pytest.mark.parametrize("body", [DEFINITION, json.dumps(DEFINITION)], ids=["structure", "text"])
def test_a_step_of_a_pipeline(body):
    pipeline = {"PipelineName": "churn", "RoleArn": ROLE, "PipelineDefinition": {"PipelineDefinitionBody": body}}
    template = {"Resources": {"Pipeline": {"Type": "AWS::SageMaker::Pipeline", "Properties": pipeline}}}
    found = lint_files({"template.json": json.dumps(template, indent=1)})
    assert [one.workload for one in found if one.rule == "volume-key-on-nvme"] == [("Train",)]
