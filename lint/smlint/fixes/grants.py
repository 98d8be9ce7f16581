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
from smlint.fixes.modules import localised, own_name
from smlint.fixes.references import is_terraform
from smlint.fixes.snippet import members, snippet, snippets
from smlint.values import Hole, Template, Text, join, pieces
from smlint.verdicts.refusal import Cause, Refusal, allowing

Statement = Mapping[str, object]


def granted(refusal: Refusal, statements: Sequence[Statement] = ()) -> str:
    """The statements (by default those that allow all of it) in the policy of the role, or in one that it lacks."""
    written = [_named_in(refusal, statement) for statement in statements or refusal.grants]
    if refusal.role.editable:
        return snippets(written, refusal.grant_at)
    return _policy(refusal.role, written, refusal.grant_at)


def referring(refusal: Refusal, resources: object) -> object:
    """The resources with references to what the file at hand, or its module, makes itself."""
    if isinstance(resources, list):
        return [referring(refusal, resource) for resource in resources]
    found = _named(resources, _made(refusal))
    if not isinstance(found, Template) or not is_terraform(refusal.grant_at.document):
        return found
    return localised(found, refusal, refusal.grant_at)


def _named_in(refusal: Refusal, statement: Statement) -> dict[str, object]:
    return {**statement, "Resource": referring(refusal, statement["Resource"])}


def _named(value: object, made: Mapping[Text, Hole]) -> object:
    if isinstance(value, (str, Template)) and value in made:
        return join([made[value]])
    if not isinstance(value, str):
        return value
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
        if role is not me and role.arn is not None and _is_beside(role.origin, place):
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


def admitted(refusal: Refusal, principal: object = None) -> str:
    """The statements that would allow it in the policy of a bucket, a key or an endpoint, by default to the roles."""
    roles = [_principal(role, refusal) for role in refusal.roles]
    who = principal or {"AWS": roles[0] if len(roles) == 1 else roles}
    # A key has no name in its own policy: a reference to it would be one to itself.
    found = [allowing(refusal.actions, ["*"])] if refusal.cause is Cause.KEY_EXCLUDES else refusal.grants
    grants = [{"Effect": "Allow", "Principal": who, **_named_in(refusal, grant)} for grant in found]
    return snippets(grants, refusal.place)


def _principal(role: Role, refusal: Refusal) -> Text:
    """The role as the policy of a bucket or key names it; its account, where a reference would make a circle."""
    arn = role_arn(role, refusal.place)
    if isinstance(arn, str):
        return arn
    made = refusal.key or refusal.bucket
    if arn is not None and not (made is not None and made.label and _mentions(role, made.label)):
        return arn
    account = role.account if role.account is not None else "ACCOUNT"
    return join(["arn:aws:iam::", *pieces(account), ":root" if arn is not None else f":role/{_told(role.name)}"])


def _told(name: Text | None) -> str:
    return name if isinstance(name, str) else "ROLE"


def role_arn(role: Role, place: Origin) -> Text | None:
    """The role's ARN as the file at the place writes it: by a reference, or in full; None where it can do neither."""
    if _is_beside(role.origin, place) and "?" not in role.label:
        return join([_arn(role.label, place)])
    return role.arn if isinstance(role.arn, str) else None


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
    if "AWS::" not in resource:
        return snippet(document, place)
    named = {"PolicyName": name, "PolicyDocument": document}
    own_one = document if "AWS::Serverless::" in resource else named
    if not re.search(r"\bPolicies[\"']?\s*:", resource):
        return members({"Policies": [own_one]}, place)
    item = snippet([own_one], place)
    return item if item.startswith("- ") else snippet(own_one, place)


def _name(statement: Statement) -> str:
    """What a policy of the statement is called: by its first action."""
    actions = statement["Action"]
    first = actions if isinstance(actions, str) else actions[0] if isinstance(actions, list) else ""
    return str(first).rpartition(":")[2]
