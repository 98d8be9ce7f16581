"""What the caller of an API needs: the call itself, passing the role, tags, and Step Functions' event rule."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Job, Role
from smlint.estate.estate import Estate
from smlint.iam import catalogue
from smlint.iam.match_statement import allows
from smlint.needs import paths, table
from smlint.needs.access import Access, By, Need
from smlint.needs.context import Context, of_pass_role
from smlint.needs.making import service_in
from smlint.needs.roles import passed_roles, role_arn
from smlint.needs.spelling import snake
from smlint.record import replace
from smlint.values import Hole, Node, Text, join
from smlint.verdicts.assumed import names_sagemaker
from smlint.verdicts.request_keys import request_keys

# As the page of _STEP_FUNCTIONS names them.
_EVENT_RULES = {
    "CreateTrainingJob": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    "CreateTransformJob": "StepFunctionsGetEventsForSageMakerTransformJobsRule",
    "CreateHyperParameterTuningJob": "StepFunctionsGetEventsForSageMakerTuningJobsRule",
    "CreateProcessingJob": "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
    "CreateLabelingJob": "StepFunctionsGetEventsForSageMakerLabelingJobsRule",
}
PASS_ROLE = "iam:PassRole"
_SAGEMAKER = "sagemaker.amazonaws.com"
_NOTEBOOKS = ("CreateNotebookInstance", "UpdateNotebookInstance")
_JOBS = tuple(
    f"sagemaker:Create{kind}"
    for kind in ("TrainingJob", "ProcessingJob", "HyperParameterTuningJob", "AutoMLJob", "AutoMLJobV2", "LabelingJob")
)
_STEP_FUNCTIONS = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html"
_ROLES = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
_AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html"


def caller_accesses(job: Job, estate: Estate) -> Iterator[Access]:
    """The accesses of whoever starts the job."""
    api = table.api(job.api)
    if api is None:
        return
    call = _call(job, f"{api.service}:{job.api}", estate, None, _AUTHORIZATION)
    yield from (replace(access, context=request_keys(job, api, estate)) for access in call)
    tags = job.workload.request.get("Tags")
    synchronous = job.workload.sync == "sync" and job.workload.source == "step-functions"
    if (tags is not None and tags.value != [] and not tags.unknown) or (synchronous and job.api in _EVENT_RULES):
        yield from _call(job, "sagemaker:AddTags", estate, tags, _STEP_FUNCTIONS if synchronous else _AUTHORIZATION)
    if api.pass_role:
        for role in passed_roles(job.workload) or _some_role(job, api, estate):
            yield _pass_role(job, role, api.passed_to_service, estate)
    if synchronous and job.api in _EVENT_RULES:
        for verb in ("Describe", "Stop"):
            follow = _call(job, f"sagemaker:{job.api.replace('Create', verb)}", estate, None, _STEP_FUNCTIONS)
            yield from (replace(access, need=Need.DOCUMENTED) for access in follow)
        arn = estate.settings.arn("events", f"rule/{_EVENT_RULES[job.api]}")
        for action in ("events:PutTargets", "events:PutRule", "events:DescribeRule"):
            yield _access(job, action, arn, "rule", None, _STEP_FUNCTIONS)


def _call(job: Job, action: str, estate: Estate, field: Node | None, source: str) -> Iterator[Access]:
    """The call on the resource that it makes; who starts many gives their names as they run."""
    formats = catalogue.arn_formats(action)
    service = action.partition(":")[0]
    noun = _noun(job.api)
    resource: Text = "*"
    if noun in map(_kind, formats):
        resource = estate.settings.arn(service, join([f"{noun}/", _name(job)]))
    elif formats != ("*",):
        resource = join([Hole(f"resource of {job.label}", like="arn:*", label="*")])
    yield _access(job, action, resource, "api", field, source)


def _name(job: Job) -> Text:
    """The name in the request, where it stands in the ARN as it is: SageMaker's ARNs are in lower case."""
    field = job.workload.request.get(f"{job.api.removeprefix('Create')}Name")
    known = field.text if field is not None else None
    if isinstance(known, str) and known and known == known.lower():
        return known
    return join([Hole(f"name of {job.label}", like="?*", label="name")])


def _kind(arn_format: str) -> str:
    return arn_format.rpartition(":")[2].partition("/")[0]


def _noun(api: str) -> str:
    """CreateTrainingJob → training-job, CreateAutoMLJobV2 → automl-job, as SageMaker's ARNs have it."""
    name = api.removeprefix("Create").removeprefix("Start").removeprefix("Update").removesuffix("V2")
    return snake(name.replace("AutoML", "Automl")).replace("_", "-")


def _pass_role(job: Job, role: Text, service: str, estate: Estate) -> Access:
    known = job.role if role == job.role_text else estate.role(role)
    arn = known.arn if known is not None and known.arn is not None else role_arn(role, estate)
    told = of_pass_role(service_in(service or _SAGEMAKER, estate))
    return _access(job, PASS_ROLE, arn, "role", None, _ROLES, told)


def _some_role(job: Job, api: table.Api, estate: Estate) -> list[Text]:
    """The role of a request that names one only as it is sent: who may pass none may not pass it."""
    fields = [paths.walk(job.workload.request, paths.steps(role.path)).found for role in api.execution_roles]
    return [_any_role("role that the request names", estate)] if any(fields) else []


def _any_role(name: str, estate: Estate) -> Text:
    return join(["arn:", estate.partition, ":iam::", estate.account, ":role/", Hole(name, like="?*", label="*")])


def notebook_accesses(job: Job, estate: Estate) -> Iterator[Access]:
    """A notebook whose role may create jobs must pass a role to them; which one, its code decides."""
    if job.api not in _NOTEBOOKS or job.role is None or not _creates_jobs(job.role):
        return
    arn = _any_role("role of the notebook's jobs", estate)
    access = _access(job, PASS_ROLE, arn, "role", None, _ROLES, of_pass_role(service_in(_SAGEMAKER, estate)))
    yield replace(access, by=By.ROLE, role=job.role_text)


def _creates_jobs(role: Role) -> bool:
    return any(allows(statement, *_JOBS) for statement in role.statements)


def is_execution_role(role: Role) -> bool:
    """Whether it is SageMaker that uses the role: a job's, a pipeline's, a notebook's."""
    return bool(role.jobs) or names_sagemaker(role)


def _access(
    job: Job,
    action: str,
    resource: Text,
    kind: str,
    field: Node | None,
    source: str,
    context: Context | None = None,
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
