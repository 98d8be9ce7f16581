"""What the caller of an API needs: the API's own action, the passing of the roles, the tags."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import Workload
from smlint.needs import paths, table
from smlint.needs.access import Access, By, Need, World
from smlint.needs.roles import role_arn
from smlint.values import Hole, Text, join

_ANY = Hole("any resource", label="*")
_PAGE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html"
_PIPELINES = "https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-access.html"
_STEP_FUNCTIONS = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html"


def calls(workload: Workload, world: World) -> list[Access]:
    """The accesses of whoever makes the call; `role` is the caller's, None where it is not known."""
    api = table.api(workload.api)
    if api is None:
        return []
    return [*_own_actions(workload, api, world), *_passed_roles(workload, api, world)]


def _own_actions(workload: Workload, api: table.Api, world: World) -> Iterator[Access]:
    resource = join(["arn:", world.partition, f":{api.service}:", world.region, ":", world.account, ":", _ANY])
    for name, need, source in _names(workload, api):
        yield Access(
            workload=workload,
            action=f"{api.service}:{name}",
            resource=resource,
            kind=api.service,
            need=need,
            bundle="CALL",
            by=By.CALLER,
            source=source,
            role=workload.caller,
        )


def _names(workload: Workload, api: table.Api) -> Iterator[tuple[str, Need, str]]:
    """The actions, how sure AWS is of them, and where it says so."""
    name = workload.api
    yield name, Need.REQUIRED, _PAGE
    tags = workload.request.get("Tags")
    tagged = tags is not None and (tags.unknown or bool(tags.sequence or tags.mapping))
    waits = workload.sync == "sync"
    if name.startswith("Create") and (tagged or waits):
        unknown = tags is not None and tags.unknown and not waits
        yield "AddTags", Need.CONDITIONAL if unknown else Need.REQUIRED, _STEP_FUNCTIONS if waits else _PAGE
    elif name.startswith("Create") and workload.source == "pipeline":
        yield "AddTags", Need.DOCUMENTED, _PIPELINES
    job = name.removeprefix("Create")
    if job != name and job.removesuffix("V2").endswith("Job") and (waits or workload.source == "pipeline"):
        source = _STEP_FUNCTIONS if waits else _PIPELINES
        yield f"Describe{job}", Need.DOCUMENTED if waits else Need.REQUIRED, source
        yield f"Stop{job.removesuffix('V2')}", Need.DOCUMENTED, source


def _passed_roles(workload: Workload, api: table.Api, world: World) -> Iterator[Access]:
    """iam:PassRole for every execution role that the request names, or that its reader knows it to run with."""
    if not api.pass_role:
        return
    paths_of_roles = [paths.steps(field.path) for field in api.execution_roles]
    places = [place for path in paths_of_roles for place in paths.walk(workload.request, path).found]
    named = {place.node.text: place for place in reversed(places) if place.node.text is not None}
    passed: dict[Text, paths.Place | None] = dict(named)
    if not places and workload.role is not None:
        passed[workload.role] = None
    for role, place in passed.items():
        yield Access(
            workload=workload,
            action="iam:PassRole",
            resource=role_arn(role, world),
            kind="role",
            need=Need.REQUIRED,
            bundle="CALL",
            by=By.CALLER,
            field=place.node if place is not None else None,
            path=paths.spelled(place.trail) if place is not None else "",
            context={"iam:passedtoservice": (api.passed_to_service,)},
            source=_PAGE,
            role=workload.caller,
        )
