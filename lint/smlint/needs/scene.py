"""Where accesses are made: the workload, the world, the role that acts, the field that implies it."""

from __future__ import annotations

from smlint.facts import Workload
from smlint.needs import table
from smlint.needs.access import World
from smlint.needs.context import Context, whereabouts
from smlint.needs.resources import log_group
from smlint.needs.roles import network, role_arn
from smlint.needs.subjects import Words
from smlint.record import dataclass, field
from smlint.values import DIGITS, YES, Hole, Node, Text, Truth, join

_ANY = Hole("any resource", label="*")
_ANYTHING: Words = {
    "any_resource": join([_ANY]),
    "any_account": join([Hole("any registry", like="????????????", only=DIGITS, label="*")]),
    "any_stream": join([Hole("any log stream", label="*")]),
    # CloudWatch Logs names a group with and without the end that its streams' ARNs have: a grant on either counts.
    "group_end": join([Hole("end of a log group", oneof=("", ":*", ":log-stream:"), label="*")]),
}


@dataclass(slots=True)
class Scene:
    """A workload in its world; what is the same for all of its accesses is found once."""

    workload: Workload
    world: World
    api: table.Api
    _where: Context | None = None
    _words: dict[Text | None, list[Words]] = field(default_factory=dict)

    @property
    def where(self) -> Context:
        """The condition keys that say from where the requests come."""
        if self._where is None:
            self._where = whereabouts(*network(self.workload, self.world))
        return self._where

    def words(self, role: Text | None) -> list[Words]:
        """The words that do not come from a field, once for each log group of the API."""
        if role not in self._words:
            self._words[role] = self._surroundings(role)
        return self._words[role]

    def _surroundings(self, role: Text | None) -> list[Words]:
        world = self.world
        words: Words = {
            **_ANYTHING,
            "partition": world.partition,
            "region": world.region,
            "account": world.account,
            "role": join([Hole("role")]) if role is None else role_arn(role, world),
            "sagemaker": join(["arn:", world.partition, ":sagemaker:", world.region, ":", world.account, ":", _ANY]),
        }
        return [{**words, "log_group": log_group(name)} for name in self.api.log_groups] or [words]


@dataclass(frozen=True, slots=True)
class Use:
    """A field that implies something, where it was found, and the role that acts for it.

    key: the field that names the key of this output, None where there is none; key_settled: whether that is certain.
    """

    scene: Scene
    role: Text | None
    field: table.Field | None = None
    node: Node | None = None
    path: str = ""
    settled: Truth = YES
    key: Node | None = None
    key_settled: bool = False
