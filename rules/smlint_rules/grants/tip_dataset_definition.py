"""A processing job with a DatasetDefinition cannot start under trusted identity propagation.

What
----
Trusted identity propagation is on, and an input of a processing job is a `DatasetDefinition` (Athena or Redshift).

Why AWS refuses
---------------
With trusted identity propagation a processing job with a `DatasetDefinition` cannot be started.

Fix
---
Unload the data to S3 beforehand and read it as an `S3Input`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/trustedidentitypropagation-s3-access-grants-jobs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.finding import Finding, Level
from smlint_rules.examples import KEEPS_NOTHING, RUNTIME, processing, resource, template
from smlint_rules.grants._propagation import PROCESSING, found_at, propagating, unsupported

LEVEL = Level.ERROR


def check(job: Job) -> Iterator[Finding]:
    for definition in found_at(job, "ProcessingInputs[].DatasetDefinition") if job.api == PROCESSING else ():
        if definition.mapping is not None:
            yield unsupported(
                job,
                definition,
                "with which a DatasetDefinition cannot be used: the job does not start",
                fix="unload the data to S3 beforehand and read it as an `S3Input`",
            )


_ATHENA = {
    "Catalog": "AwsDataCatalog",
    "Database": "sales",
    "QueryString": "select * from orders",
    "OutputS3Uri": "s3://acme-data/unload/",
    "OutputFormat": "PARQUET",
}
_DATASET = {"LocalPath": "/opt/ml/processing/sales", "AthenaDatasetDefinition": _ATHENA}

_INPUTS = [{"InputName": "sales", "DatasetDefinition": _DATASET}]
_ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
_JOB = resource("AWS::SageMaker::ProcessingJob", RoleArn=_ROLE, ProcessingInputs=_INPUTS)

BAD = (propagating(processing(ProcessingInputs=_INPUTS)), template(*KEEPS_NOTHING, Sales=_JOB))
GOOD = (propagating(processing()), template(RUNTIME, Sales=_JOB))
