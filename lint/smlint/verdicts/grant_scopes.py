"""Which S3 locations the access grants of the repository cover."""

from __future__ import annotations

from collections.abc import Iterator

from smlint import facts
from smlint.document import Origin
from smlint.estate.entities import Job
from smlint.estate.estate import Estate
from smlint.iam.match import matches
from smlint.needs.access import Access
from smlint.record import dataclass
from smlint.values import NO, UNKNOWN, Hole, Node, Text, Truth, any_of, join, pieces

_DATA = ("InputDataConfig", "OutputDataConfig", "ProcessingInputs", "ProcessingOutputConfig")
_KEY = Hole("any key", like="?*", label="*")


@dataclass(frozen=True, slots=True, eq=False)
class Location:
    """A place in S3 that a job reads or writes. field: where the request names it."""

    uri: Text
    permission: str
    field: Node

    @property
    def origin(self) -> Origin:
        return self.field.use


def locations(job: Job) -> Iterator[Location]:
    """The S3 locations of the job's inputs and outputs, each once."""
    seen: set[tuple[Text, str]] = set()
    for access in job.accesses:
        permission = {"s3:GetObject": "READ", "s3:PutObject": "WRITE"}.get(access.action)
        if permission is None or not _is_data(access) or access.field is None or access.field.text is None:
            continue
        uri = access.field.text
        if (uri, permission) not in seen:
            seen.add((uri, permission))
            yield Location(uri, permission, access.field)


def _is_data(access: Access) -> bool:
    return access.path.startswith(_DATA)


def granted(location: Location, estate: Estate) -> Truth:
    """Whether some grant covers the location, or the keys below it."""
    answer = NO
    below = [join([location.uri, _KEY]), join([_stripped(location.uri, "/"), "/", _KEY])]
    for grant in estate.grants:
        scope, permits = _scope(grant, estate), _permits(grant, location.permission)
        if scope is None:
            answer |= UNKNOWN & permits
            continue
        answer |= any_of(matches(scope, uri) for uri in (location.uri, *below)) & permits
    return answer


def _permits(grant: facts.AccessGrant, permission: str) -> Truth:
    if not isinstance(grant.permission, str):
        return UNKNOWN
    return Truth.of(permission in grant.permission)


def _scope(grant: facts.AccessGrant, estate: Estate) -> Text | None:
    """The grant's scope as a pattern: its prefix appended to that of its location; None where that is not known."""
    location = next((known for known in estate.grants_locations if known.location_id == grant.location), None)
    if location is None:
        return None
    base = _stripped(location.scope, "*")
    inside = "".join(piece if isinstance(piece, str) else "\0" for piece in pieces(base)).removeprefix("s3://")
    whole_bucket = inside != "" and "/" not in inside
    return join([base, "/" if whole_bucket else "", grant.prefix or "*"])


def _stripped(text: Text, end: str) -> Text:
    *parts, last = pieces(text) or ("",)
    return join([*parts, last.rstrip(end) if isinstance(last, str) else last])
