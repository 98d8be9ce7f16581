"""A cheap look at a file's name and bytes: could it say anything about a SageMaker workload or a policy?

Whatever a reader recognises holds one of these marks; a file without any is never decoded.
"""

from __future__ import annotations

_DATA = (
    b"Statement",
    b"AWS::",
    b"arn:aws",
    b"aws_",
    b"agemaker",
    b"ageMaker",
    b"RoleArn",
    b"s3://",
    b"AWSTemplateFormatVersion",
    b"TrainingJob",
    b"ProcessingJob",
    b"TransformJob",
    b"ProductionVariants",
    b"EndpointConfigName",
    b"InferenceComponentName",
    b"UserProfileName",
    b"PipelineName",
    b".dkr.ecr.",
    b"ServerSideEncryption",
    b"2020-12-01",
)
_CODE = (b"agemaker", b"ageMaker")

_MARKS: dict[str, tuple[bytes, ...]] = {
    **dict.fromkeys((".json", ".yaml", ".yml", ".template", ".asl", ".cfn", ".policy", ".tfstate"), _DATA),
    **dict.fromkeys((".tpl", ".tmpl", ".tftpl", ".j2"), _DATA),
    **dict.fromkeys((".py", ".ipynb"), _CODE),
}
TERRAFORM = (".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json", ".tfvars.json")

LOOKED_FOR = "policies, CloudFormation, Terraform, job requests, state machines, pipelines, Python and notebooks"


def suffix(path: str) -> str:
    """The last extension in lower case, "" where there is none."""
    name = path.rpartition("/")[2].lower()
    _, dot, last = name.rpartition(".")
    return dot + last if dot else ""


def readable(path: str) -> bool:
    """Whether some reader reads files of this name."""
    return suffix(path) in _MARKS or path.endswith(TERRAFORM)


def relevant(path: str, data: bytes) -> bool:
    """Whether the bytes hold what a reader looks for; a file of an unknown kind counts as data."""
    return path.endswith(TERRAFORM) or any(mark in data for mark in _MARKS.get(suffix(path), _DATA))
