"""From a request to the accesses it implies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from smlint.facts import Workload
from smlint.needs import paths, table
from smlint.needs.access import Access, Need, World
from smlint.needs.conditions import holds
from smlint.needs.context import context
from smlint.needs.resources import fill, log_group
from smlint.needs.roles import role_arn, roles, texts
from smlint.needs.subjects import Subject, Words, key_arn, subject
from smlint.values import DIGITS, NO, YES, Hole, Node, Text, Truth, join

_SURENESS = (Need.REQUIRED, Need.DOCUMENTED, Need.RECOMMENDED, Need.CONDITIONAL, Need.UNVERIFIED)
_NOTHING = Subject({})
ANY = Hole("any resource", label="*")
_ANY = {
    "any_resource": join([ANY]),
    "any_account": join([Hole("any registry", like="????????????", only=DIGITS, label="*")]),
    "any_stream": join([Hole("any log stream", label="*")]),
    # CloudWatch Logs names a group with and without the end that its streams' ARNs have: a grant on either counts.
    "group_end": join([Hole("end of a log group", oneof=("", ":*", ":log-stream:"), label="")]),
}


@dataclass(frozen=True, slots=True)
class _Use:
    """A field that implies something, where it was found, and the role that acts for it."""

    workload: Workload
    world: World
    api: table.Api
    role: Text | None
    field: table.Field | None = None
    node: Node | None = None
    path: str = ""
    settled: Truth = YES
    key: tuple[Node | None, bool] = (None, False)


def accesses(workload: Workload, world: World) -> list[Access]:
    """What the workload will do, by everything its request says. An API that is not known needs nothing."""
    api = table.api(workload.api)
    if api is None:
        return []
    found = [access for field in api.fields for access in _of_field(field, workload, world, api)]
    said = {(access.action, access.resource, access.role) for access in found}
    for role in _acting(workload, world):
        everywhere = _always(_Use(workload, world, api, role))
        found += [access for access in everywhere if (access.action, access.resource, role) not in said]
    return _merged(found)


def always(name: str, world: World, workload: Workload) -> list[Access]:
    """What the API needs whatever its request says, for a role without a workload; `workload` stands for it."""
    api = table.api(name)
    return [] if api is None else _merged(list(_always(_Use(workload, world, api, workload.role))))


def _always(use: _Use) -> Iterator[Access]:
    for name in use.api.always:
        yield from _of_bundle(name, _NOTHING, use)


def _of_field(field: table.Field, workload: Workload, world: World, api: table.Api) -> Iterator[Access]:
    if not field.bundles and not field.actions:
        return
    path = paths.steps(field.path)
    for place in paths.walk(workload.request, path).found:
        if place.node.value in ("", [], {}):
            continue
        settled = YES
        for condition in field.when:
            settled = settled & holds(condition, workload.request, path, place)
        if settled is NO:
            continue
        key = _key_of(field, workload.request, path, place)
        spelled = paths.spelled(place.trail)
        for role in _acting(workload, world, field, path, place):
            for node in _followed(field, place.node, world):
                use = _Use(workload, world, api, role, field, place.node, spelled, settled, key)
                yield from _of_value(node, use)


def _acting(workload: Workload, world: World, field: table.Field | None = None, *place: Any) -> list[Text] | list[None]:
    """The roles that act for a field; a role that is not known counts as one."""
    if field is not None and field.role:
        return texts(workload, paths.steps(field.role)) or [None]
    return roles(workload, world, *place) or [None]


def _key_of(field: table.Field, request: Node, path: Sequence[str], place: paths.Place) -> tuple[Node | None, bool]:
    """The field that names the key of this output, and whether the key is settled: given, or known to be absent."""
    if not field.key:
        return None, False
    places = paths.walk(request, paths.bound(paths.steps(field.key), path, place.trail))
    if not places.found:
        return None, not places.more
    node = places.found[0].node
    return node, node.text is not None


def _followed(field: table.Field, node: Node, world: World) -> list[Node]:
    """The values that a name leads to through the requests of other APIs."""
    nodes = [node]
    for step in field.follow:
        api, _, path = step.partition(".")
        named = [world.named(api, name.text) for name in nodes if name.text is not None]
        requests = [other.request for other in named if other is not None]
        nodes = [place.node for request in requests for place in paths.walk(request, paths.steps(path)).found]
    return nodes


def _of_value(node: Node, use: _Use) -> Iterator[Access]:
    assert use.field is not None
    for name in use.field.bundles:
        read = _read(table.bundles()[name].of, node, use)
        if read is not None:
            yield from _of_bundle(name, read, use)
    own = table.Bundle("API", use.field.of, use.field.actions)
    read = _read(own.of, node, use)
    if read is not None:
        yield from _of_actions(own, read, use)


def _read(of: str, node: Node, use: _Use) -> Subject | None:
    if not of:
        return _NOTHING
    return None if node.text is None else subject(of, node.text, use.world, use.role)


def _of_bundle(name: str, read: Subject, use: _Use) -> Iterator[Access]:
    bundle = table.bundles()[name]
    yield from _of_actions(bundle, read, use)
    for included in bundle.includes:
        yield from _of_actions(table.bundles()[included], read, use)


def _of_actions(bundle: table.Bundle, read: Subject, use: _Use) -> Iterator[Access]:
    for action in bundle.actions:
        for words in _surroundings(action, use):
            resource = fill(action.resource, {**read.words, **_keys(read, use), **words})
            if resource is not None:
                yield _access(bundle, action, resource, read, use)


def _keys(read: Subject, use: _Use) -> Words:
    """The keys of an output whose request can name one: that key instead of the bucket's own."""
    if use.field is None or not use.field.key:
        return {}
    node, settled = use.key
    if node is None or node.text is None:
        return {"key": None} if settled else {"key": None, "default_key": None}
    return {"key": key_arn(node.text, use.world, use.role), "default_key": None}


def _access(bundle: table.Bundle, action: table.Action, resource: Text, read: Subject, use: _Use) -> Access:
    field = use.field
    services = tuple(join([name, ".", use.world.region, ".amazonaws.com"]) for name in bundle.via)
    access = Access(
        workload=use.workload,
        action=action.action,
        resource=resource,
        kind=action.kind,
        need=_need(action, read, use),
        bundle=bundle.name,
        by=action.by or (field.by if field is not None and field.by else bundle.by),
        field=use.node,
        path=use.path,
        bucket=read.location.bucket if read.location is not None else None,
        key=read.key,
        source=action.source or (field.source if field is not None else ""),
        note=action.note,
        role=use.role,
        via_services=services,
        settled=use.settled is YES,
    )
    if read.location is not None and read.location.directory and access.action.startswith("s3:"):
        access = replace(access, action="s3express:CreateSession", resource=read.location.arn, kind="directory-bucket")
    return replace(
        access, context=context(access, read, use.key, action.passed_to or use.api.passed_to_service, use.world)
    )


def _need(action: table.Action, read: Subject, use: _Use) -> Need:
    if use.settled is not YES:
        return Need.CONDITIONAL
    need = action.need
    if use.field is not None and use.field.need is not None:
        need = max(need, use.field.need, key=_SURENESS.index)
    if read.aws_owned:
        need = max(need, Need.DOCUMENTED, key=_SURENESS.index)
    return need


def _surroundings(action: table.Action, use: _Use) -> Iterator[Mapping[str, Text]]:
    """The words that do not come from a field; an action on log groups is repeated for each of them."""
    role = join([Hole("role")]) if use.role is None else role_arn(use.role, use.world)
    world = use.world
    words = {"partition": world.partition, "region": world.region, "account": world.account, "role": role, **_ANY}
    words["sagemaker"] = join(["arn:", world.partition, ":sagemaker:", world.region, ":", world.account, ":", ANY])
    if "{log_group}" not in action.resource:
        yield words
        return
    for name in use.api.log_groups:
        yield {**words, "log_group": log_group(name)}


def _merged(found: list[Access]) -> list[Access]:
    """Each access once, at its first field and with its surest need."""
    kept: dict[object, Access] = {}
    for access in found:
        context = tuple(sorted(access.context.items(), key=lambda item: item[0]))
        same = (access.action, access.resource, access.by, access.role, context)
        first = kept.setdefault(same, access)
        if _SURENESS.index(access.need) < _SURENESS.index(first.need):
            kept[same] = replace(first, need=access.need, settled=access.settled)
    return list(kept.values())
