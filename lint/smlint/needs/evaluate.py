"""From a request to the accesses it implies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smlint.facts import Workload
from smlint.needs import making, paths, table
from smlint.needs.access import Access, Need, World
from smlint.needs.conditions import holds
from smlint.needs.making import SURENESS
from smlint.needs.roles import roles, texts
from smlint.needs.scene import Scene, Use
from smlint.record import replace
from smlint.values import NO, Node, Text, Truth, all_of

_PULL, _TOKEN = "ECR_PULL", "ECR_TOKEN"


def accesses(workload: Workload, world: World) -> list[Access]:
    """What the workload will do, by everything its request says. An API that is not known needs nothing."""
    api = table.api(workload.api)
    if api is None:
        return []
    scene = Scene(workload, world, api)
    found = [access for field in api.fields for access in _of_field(field, scene)]
    said = {(access.action, access.resource, access.role) for access in found}
    sure = Need.REQUIRED if _pulls(scene) else Need.DOCUMENTED
    for role in _acting(scene):
        everywhere = [_at_most(sure, access) for access in making.of_api(Use(scene, role))]
        found += [access for access in everywhere if (access.action, access.resource, role) not in said]
    return _merged(found)


def _pulls(scene: Scene) -> bool:
    """Whether an image may come from ECR: one is named, or the API has no field for it."""
    fields = [field for field in scene.api.fields if _PULL in field.bundles]
    for field in fields:
        path = paths.steps(field.path)
        walked = paths.walk(scene.workload.request, path)
        named = [place for place in walked.found if place.node.value != ""]
        if walked.more or any(_settled(field, scene.workload.request, path, place) is not NO for place in named):
            return True
    return not fields


def _at_most(need: Need, access: Access) -> Access:
    """The token, no surer than that there is something to pull."""
    return replace(access, need=need) if access.bundle == _TOKEN and access.need is Need.REQUIRED else access


def always(name: str, world: World, workload: Workload) -> list[Access]:
    """What the API needs whatever its request says, for a role without a workload; `workload` stands for it."""
    api = table.api(name)
    return [] if api is None else _merged(list(making.of_api(Use(Scene(workload, world, api), workload.role))))


def _of_field(field: table.Field, scene: Scene) -> Iterator[Access]:
    request, path = scene.workload.request, paths.steps(field.path)
    if not (field.bundles or field.actions) or request.get(path[0]) is None:
        return
    for place in paths.walk(request, path).found:
        settled = _settled(field, request, path, place)
        if settled is NO or place.node.value in ("", [], {}):
            continue
        key, key_settled = _key_of(field, request, path, place)
        spelled = paths.spelled(place.trail)
        for role in _acting(scene, field, path, place):
            use = Use(scene, role, field, place.node, spelled, settled, key, key_settled)
            for node in _followed(field, place.node, scene.world):
                yield from making.of_value(node, use)


def _settled(field: table.Field, request: Node, path: Sequence[str], place: paths.Place) -> Truth:
    """Whether all of the field's conditions hold."""
    return all_of(holds(condition, request, path, place) for condition in field.when)


def _acting(
    scene: Scene, field: table.Field | None = None, path: Sequence[str] = (), place: paths.Place | None = None
) -> list[Text] | list[None]:
    """The roles that act for a field; a role that is not known counts as one."""
    if field is not None and field.role:
        return texts(scene.workload, paths.steps(field.role)) or [None]
    return roles(scene.workload, scene.world, path, place) or [None]


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


def _merged(found: list[Access]) -> list[Access]:
    """Each access once, at its first field and with its surest need."""
    kept: dict[object, Access] = {}
    for access in found:
        same = (access.action, access.resource, access.by, access.role, tuple(access.context.items()))
        first = kept.setdefault(same, access)
        if SURENESS.index(access.need) < SURENESS.index(first.need):
            kept[same] = replace(first, need=access.need, settled=access.settled)
    return list(kept.values())
