"""What the caller of an API needs: the call itself, passing the role, tags, and Step Functions' event rule."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job
from smlint.estate.estate import Estate
from smlint.iam import catalogue
from smlint.needs import table
from smlint.needs.access import Access, By, Need
from smlint.needs.roles import role_arn, roles
from smlint.values import Hole, Node, Text, join

# https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
_EVENT_RULES = {
    "CreateTrainingJob": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    "CreateTransformJob": "StepFunctionsGetEventsForSageMakerTransformJobsRule",
    "CreateHyperParameterTuningJob": "StepFunctionsGetEventsForSageMakerTuningJobsRule",
    "CreateProcessingJob": "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
    "CreateLabelingJob": "StepFunctionsGetEventsForSageMakerLabelingJobsRule",
}
_STEP_FUNCTIONS = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html"
_ROLES = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
_AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html"


def caller_accesses(job: Job, estate: Estate) -> Iterator[Access]:
    """The accesses of whoever starts the job."""
    api = table.api(job.api)
    if api is None:
        return
    service = "sagemaker-geospatial" if "geospatial" in api.service else "sagemaker"
    yield from _call(job, f"{service}:{job.api}", estate, None, _AUTHORIZATION)
    tags = job.workload.request.get("Tags")
    synchronous = job.workload.sync == "sync" and job.workload.source == "step-functions"
    if (tags is not None and tags.value != [] and not tags.unknown) or (synchronous and job.api in _EVENT_RULES):
        yield from _call(job, "sagemaker:AddTags", estate, tags, _STEP_FUNCTIONS if synchronous else _AUTHORIZATION)
    if api.pass_role:
        for role in roles(job.workload, estate):
            yield _pass_role(job, role, api.passed_to_service, estate)
    if synchronous and job.api in _EVENT_RULES:
        arn = estate.settings.arn("events", f"rule/{_EVENT_RULES[job.api]}")
        for action in ("events:PutTargets", "events:PutRule", "events:DescribeRule"):
            yield _access(job, action, arn, "rule", None, _STEP_FUNCTIONS)


def _call(job: Job, action: str, estate: Estate, field: Node | None, source: str) -> Iterator[Access]:
    """The call on the resource that it makes, which has a name that nobody knows yet."""
    formats = catalogue.arn_formats(action)
    own = [known for known in formats if _kind(known) == _noun(job.api)]
    resource: Text = "*"
    if own:
        name = Hole(f"name of {job.label}", like="?*", label="name")
        region, account = estate.settings.region, estate.settings.account
        resource = join(["arn:", estate.partition, ":sagemaker:", region, ":", account, f":{_noun(job.api)}/", name])
    elif formats:
        resource = join([Hole(f"resource of {job.label}", like="arn:*", label="resource")])
    yield _access(job, action, resource, "api", field, source)


def _kind(arn_format: str) -> str:
    return arn_format.rpartition(":")[2].partition("/")[0]


def _noun(api: str) -> str:
    """CreateTrainingJob → training-job, as SageMaker's ARNs have it."""
    name = api.removeprefix("Create").removeprefix("Start").removeprefix("Update")
    name = (
        name.replace("HyperParameter", "Hyper-parameter")
        .replace("AutoMLJobV2", "AutomlJob")
        .replace("AutoML", "Automl")
    )
    dashed = "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
    return dashed.replace("hyper-parameter", "hyper-parameter").replace("--", "-")


def _pass_role(job: Job, role: Text, service: str, estate: Estate) -> Access:
    arn = job.role.arn if job.role is not None and job.role.arn is not None else role_arn(role, estate)
    context: dict[str, tuple[Text, ...] | None] = {"iam:passedtoservice": (service or "sagemaker.amazonaws.com",)}
    return _access(job, "iam:PassRole", arn, "role", None, _ROLES, context)


def _access(
    job: Job,
    action: str,
    resource: Text,
    kind: str,
    field: Node | None,
    source: str,
    context: dict[str, tuple[Text, ...] | None] | None = None,
) -> Access:
    return Access(
        job.workload,
        action,
        resource,
        kind,
        Need.REQUIRED,
        "CALLER",
        By.CALLER,
        field,
        "Tags" if field is not None else "",
        context or {},
        source=source,
    )
