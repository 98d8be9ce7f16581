"""How a policy names what it is about: by references to what the same template or Terraform module makes."""

from __future__ import annotations

import re
from posixpath import dirname

from smlint.document import Origin
from smlint.estate.entities import Bucket, Role
from smlint.fixes.references import is_named, is_template, is_terraform, own_name
from smlint.values import Hole, Node, Template, Text, join, pieces
from smlint.verdicts.refusal import Refusal

# The name of one, as resources have it; those of statements are mappings.
_CONDITION = re.compile(r"\bCondition[\"']?[ \t]*:[ \t]*[\"']?(\w+)[\"']?[ \t]*(?=[\r\n,}#]|$)")
_INTERPOLATED = re.compile(r"\$\{([^{}]+)\}")


class Names:
    """The resources of a refusal as the file in which a grant would stand writes them."""

    def __init__(self, refusal: Refusal) -> None:
        self._made = _made(refusal)
        self._module = _Module(refusal) if is_terraform(refusal.grant_at.document) else None

    def of(self, resources: object) -> object:
        """A resource, or a list of them, with references where the file can refer."""
        if isinstance(resources, list):
            return [self.of(resource) for resource in resources]
        if not isinstance(resources, (str, Template)):
            return resources
        named = self._named(resources)
        return self._module.own(named) if self._module is not None and isinstance(named, Template) else named

    def _named(self, resource: Text) -> Text:
        if resource in self._made:
            return join([self._made[resource]])
        if not isinstance(resource, str) or ":s3:::" not in resource:
            return resource
        name, slash, keys = resource.rpartition(":::")[2].partition("/")
        return join([self._made[name], slash, keys]) if name in self._made else resource


class _Module:
    """The Terraform module in which a grant would stand: it cannot name the resources of another.

    What it is given it calls as the jobs' own fields do; where none shows that, a wildcard stands for it.
    """

    def __init__(self, refusal: Refusal) -> None:
        folder = dirname(refusal.grant_at.document.path)
        self._known = dirname(refusal.role.origin.document.path) == folder
        self._prefix = refusal.role.label.removesuffix(own_name(refusal.role.label))
        self._said: dict[str, str] = {}
        for field in (item.access.field for item in refusal.refused) if self._known else ():
            if field is not None and dirname(field.use.document.path) == folder:
                self._said |= _parts(field)

    def own(self, text: Template) -> Text:
        if not self._known:
            return text
        return join(self._local(piece) if isinstance(piece, Hole) else piece for piece in pieces(text))

    def _local(self, hole: Hole) -> Hole | str:
        label = hole.label or hole.name
        own = own_name(label)
        if "." not in label or label.startswith("data."):
            return hole
        given = self._prefix and label.startswith(("var.", "local."))
        if f"{self._prefix}{own}" == label and not given:
            return Hole(hole.name, label=own)
        return Hole(hole.name, label=self._said[hole.name]) if hole.name in self._said else "*"


def _parts(field: Node) -> dict[str, str]:
    """What the field has in the file at the place of each hole."""
    start, end = field.use.offsets()
    written = _INTERPOLATED.split(field.use.document.text[start:end].strip('"'))
    read = [""]
    holes = []
    for piece in pieces(field.text or ""):
        if isinstance(piece, Hole):
            holes.append(piece.name)
            read.append("")
        else:
            read[-1] += piece
    # Where the texts between are others, something that is settled was interpolated as well.
    return dict(zip(holes, written[1::2], strict=True)) if read == written[::2] else {}


def _made(refusal: Refusal) -> dict[Text, Hole]:
    """How the ARNs of buckets (by name) and roles are written in the file at hand, where that makes them."""
    found: dict[Text, Hole] = {}
    place, me = refusal.grant_at, refusal.role
    for bucket in refusal.known:
        if isinstance(bucket.name, str) and _is_there(bucket, refusal) and not mentions(bucket, me.label):
            found[bucket.name] = _arn(bucket.label, place)
    for role in {id(job.role): job.role for job in refusal.jobs}.values():
        if role is not None and role is not me and role.arn is not None and _is_there(role, refusal):
            found[role.arn] = _arn(role.label, place)
    return {name: hole for name, hole in found.items() if "?" not in hole.name}


def is_beside(origin: Origin | None, place: Origin) -> bool:
    """Whether both stand in one template or one Terraform module, where one can refer to the other."""
    if origin is None:
        return False
    if is_terraform(place.document):
        return is_terraform(origin.document) and dirname(origin.document.path) == dirname(place.document.path)
    return origin.document is place.document and is_template(place.document)


def _is_there(resource: Bucket | Role, refusal: Refusal) -> bool:
    """Whether what makes the role makes the resource beside it, under no condition that the role is not under."""
    return is_beside(resource.origin, refusal.grant_at) and _conditions(resource) <= _conditions(refusal.role)


def _conditions(resource: Bucket | Role) -> set[str]:
    origin = resource.origin
    if origin is None or not is_template(origin.document):
        return set()
    start, end = origin.offsets()
    return set(_CONDITION.findall(origin.document.text, start, end))


def mentions(resource: Bucket | Role, name: str) -> bool:
    """Whether a resource refers to the name: a reference back would make a circle."""
    if resource.origin is None:
        return False
    start, end = resource.origin.offsets()
    any_of_them = own_name(name).partition("[")[0]
    return is_named(any_of_them, resource.origin.document.text[start:end])


def role_arn(role: Role, place: Origin) -> Text | None:
    """The role's ARN as the file at the place writes it: by a reference, or in full; None where it can do neither."""
    if is_beside(role.origin, place) and "?" not in role.label:
        return join([_arn(role.label, place)])
    return role.arn if isinstance(role.arn, str) else None


def _arn(label: str, place: Origin) -> Hole:
    attribute = f"{own_name(label)}.{'arn' if is_terraform(place.document) else 'Arn'}"
    return Hole(attribute, label=attribute)
