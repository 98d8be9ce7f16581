"""The statements that would allow what is refused, as they would stand in the policy that lacks them.

What the same template or Terraform module makes is referred to, as people write it there. A role that has no policy of
its own gets a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from posixpath import dirname

from smlint.document import Origin
from smlint.estate.entities import Bucket, Role
from smlint.fixes.references import is_terraform
from smlint.fixes.snippet import member, snippet, snippets
from smlint.values import Hole, Text, join, pieces, split
from smlint.verdicts.refusal import Refusal

Statement = Mapping[str, object]


def granted(refusal: Refusal, statements: Sequence[Statement] = ()) -> str:
    """The statements (by default those that allow all of it) in the policy of the role, or in one that it lacks."""
    named = [named_in(refusal, statement) for statement in statements or refusal.grants]
    if refusal.role.editable:
        return snippets(named, refusal.grant_at)
    return _policy(refusal.role, named, refusal.grant_at)


def named_in(refusal: Refusal, statement: Statement) -> dict[str, object]:
    """The statement with references to what the file at hand, or its module, makes itself."""
    made = _made(refusal)
    return {name: _named(value, made) if name == "Resource" else value for name, value in statement.items()}


def _named(value: object, made: Mapping[Text, Hole]) -> object:
    if isinstance(value, list):
        return [_named(element, made) for element in value]
    if not isinstance(value, str):
        return value
    if value in made:
        return join([made[value]])
    name, slash, keys = value.rpartition(":::")[2].partition("/")
    return join([made[name], slash, keys]) if ":s3:::" in value and name in made else value


def _made(refusal: Refusal) -> dict[Text, Hole]:
    """How the ARNs of buckets (by name) and roles are written in the file at hand, where that makes them."""
    found: dict[Text, Hole] = {}
    place, me = refusal.grant_at, refusal.role
    for bucket in refusal.known:
        if isinstance(bucket.name, str) and _is_beside(bucket.origin, place) and not _mentions(bucket, me.label):
            found[bucket.name] = _arn(bucket.label, place)
    for role in (job.role for job in refusal.jobs if job.role is not None):
        if role is not me and isinstance(role.arn, str) and _is_beside(role.origin, place):
            found[role.arn] = _arn(role.label, place)
    return {name: hole for name, hole in found.items() if "?" not in hole.name}


def _is_beside(origin: Origin | None, place: Origin) -> bool:
    """Whether both stand in one template or one Terraform module, where one can refer to the other."""
    if origin is None:
        return False
    if is_terraform(place.document):
        return is_terraform(origin.document) and dirname(origin.document.path) == dirname(place.document.path)
    return origin.document is place.document and "AWS::" in place.document.text


def _mentions(resource: Bucket | Role, name: str) -> bool:
    """Whether a resource refers to the name: a reference back would make a circle."""
    if resource.origin is None:
        return False
    start, end = resource.origin.offsets()
    return re.search(rf"\b{re.escape(own_name(name))}\b", resource.origin.document.text[start:end]) is not None


def _arn(label: str, place: Origin) -> Hole:
    attribute = f"{own_name(label)}.{'arn' if is_terraform(place.document) else 'Arn'}"
    return Hole(attribute, label=attribute)


def own_name(label: str) -> str:
    """The address of a Terraform resource as its own module writes it; what has none as it is."""
    return re.sub(r"^(?:module\.[^.]+\.)+", "", label)


def principal(role: Role, refusal: Refusal) -> Text:
    """The role as the policy of a bucket or key names it; its account, where a reference would make a circle."""
    arn = role.arn if role.arn is not None else "arn:aws:iam::ACCOUNT:role/ROLE"
    if not _is_beside(role.origin, refusal.place):
        return arn
    label = refusal.key.label if refusal.key is not None else refusal.bucket.label if refusal.bucket is not None else ""
    if label and _mentions(role, label):
        parts = split(arn, ":", 5)
        return join([*(piece for part in parts[:5] for piece in (*pieces(part), ":")), "root"])
    return join([_arn(role.label, refusal.place)])


def _policy(role: Role, statements: Sequence[Statement], place: Origin) -> str:
    """A whole policy for a role that has none of its own: in its resource, or beside it."""
    document = {"Version": "2012-10-17", "Statement": [*statements]}
    name = _name(statements[0])
    kind, _, own = own_name(role.label).partition(".")
    if is_terraform(place.document) and own and "?" not in own:
        written = snippet(document, place).replace("\n", "\n  ")
        if kind == "awscc_iam_role":
            return f'policies = [{{\n  policy_name     = "{name}"\n  policy_document = jsonencode({written})\n}}]'
        title = re.sub(r"\W+", "_", f"{own}_{name}").strip("_").lower()
        holder = f"{kind.removeprefix('aws_iam_'):<6} = {kind}.{own}.name"
        return f'resource "{kind}_policy" "{title}" {{\n  {holder}\n  policy = jsonencode({written})\n}}'
    start, end = role.origin.offsets()
    resource = place.document.text[start:end] if role.origin.document is place.document else ""
    if "AWS::Serverless::" in resource:
        return member("Policies", [document], place)
    if "AWS::IAM::" in resource:
        return member("Policies", [{"PolicyName": name, "PolicyDocument": document}], place)
    return snippet(document, place)


def _name(statement: Statement) -> str:
    """What a policy of the statement is called: by its first action."""
    actions = statement["Action"]
    first = actions if isinstance(actions, str) else actions[0] if isinstance(actions, list) else ""
    return str(first).rpartition(":")[2]
