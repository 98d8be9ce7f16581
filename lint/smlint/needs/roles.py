"""Which role performs what a request implies: the one it names, or the one of the request it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smlint.facts import Workload
from smlint.needs import paths, table
from smlint.needs.access import World
from smlint.values import Hole, Node, Text, join, pieces

MOST_STEPS = 4


def roles(workload: Workload, world: World, path: Sequence[str] = (), place: paths.Place | None = None) -> list[Text]:
    """The execution roles of a request, each once; of several, those that belong to the field found at the place.

    A role belongs to a field whose path begins like its own (a tuning job's definition, a cluster's instance group);
    a field that is no role's in this sense belongs to all of them.
    """
    api = table.api(workload.api)
    if api is None:
        return [] if workload.role is None else [workload.role]
    if workload.role is not None and len(api.execution_roles) <= 1:
        return [workload.role]
    named = _named(workload, api, path, place)
    if not named and workload.role is not None:
        named = [workload.role]
    return _each_once(named or _behind(workload, api, world, MOST_STEPS))


def passed_roles(workload: Workload) -> list[Text]:
    """The execution roles that the call itself passes, so that its caller needs iam:PassRole: those the request names,
    or the one that its reader knows it to run with. The role of a model that an endpoint refers to is not passed."""
    api = table.api(workload.api)
    if api is None or not api.pass_role:
        return []
    if workload.role is not None and len(api.execution_roles) <= 1:
        return [workload.role]
    return _each_once(_named(workload, api, (), None)) or ([] if workload.role is None else [workload.role])


def role_arn(role: Text, world: World) -> Text:
    """The role's ARN; of a role given by its name, the ARN with a path that is not known."""
    first = pieces(role)[0]
    if isinstance(first, Hole) or first.startswith("arn:"):
        return role
    path = Hole(f"path of role {role}", like="/*", label="*")
    return join(["arn:", world.partition, ":iam::", world.account, ":role", path, *pieces(role)])


def _named(workload: Workload, api: table.Api, path: Sequence[str], place: paths.Place | None) -> list[Text]:
    fields: list[tuple[str | int, ...]] = [paths.steps(role.path) for role in api.execution_roles]
    if place is not None:
        own = [paths.steps(role.path) for role in api.execution_roles]
        near = [field for field in own if field[0] == path[0] and len(field) > 1]
        fields = [paths.bound(field, path, place.trail) for field in near] or fields
    return [text for field in fields for text in texts(workload, field)]


def _behind(workload: Workload, api: table.Api, world: World, steps: int) -> list[Text]:
    """The roles of the requests that this one refers to."""
    found: list[Text] = []
    for through, other in _others(workload, api, world) if steps else ():
        known = table.api(through.api)
        if known is not None:
            found += _of_other(other, known, through.role) or _behind(other, known, world, steps - 1)
    return found


def _others(workload: Workload, api: table.Api, world: World) -> Iterator[tuple[table.Through, Workload]]:
    """The requests that this one refers to for its role, and how."""
    for through in api.through:
        for name in texts(workload, paths.steps(through.field)):
            other = world.named(through.api, name)
            if other is not None:
                yield through, other


def _of_other(other: Workload, api: table.Api, path: str) -> list[Text]:
    if path:
        return texts(other, paths.steps(path))
    return [other.role] if other.role is not None else _named(other, api, (), None)


def texts(workload: Workload, path: Sequence[str | int]) -> list[Text]:
    """The texts at a path of the request."""
    return [place.node.text for place in paths.walk(workload.request, path).found if place.node.text is not None]


def _each_once(found: list[Text]) -> list[Text]:
    return list(dict.fromkeys(found))


def network(workload: Workload, world: World, steps: int = MOST_STEPS) -> tuple[list[Node], bool]:
    """The values of the network configuration, and whether there may be one that is not known.

    A request that runs with another one's role runs in that one's network.
    """
    api = table.api(workload.api)
    if api is None:
        return [], True
    nodes: list[Node] = []
    more = False
    for path in api.network:
        places = paths.walk(workload.request, paths.steps(path))
        nodes += [place.node for place in places.found]
        more = more or places.more
    if nodes or not api.through or not steps:
        return nodes, more
    around = [network(other, world, steps - 1) for _, other in _others(workload, api, world)]
    return [node for found, _ in around for node in found], more or not around or any(more for _, more in around)
