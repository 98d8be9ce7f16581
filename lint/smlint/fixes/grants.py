"""The statements that would allow what is refused, as they would stand in the policy that lacks them.

A role that has no policy of its own gets a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from smlint.document import Origin
from smlint.estate.entities import Role
from smlint.fixes.names import Names, mentions, role_arn
from smlint.fixes.references import is_terraform, own_name
from smlint.fixes.snippet import members, snippet, snippets
from smlint.values import Text, join, pieces
from smlint.verdicts.refusal import Cause, Refusal, allowing

Statement = Mapping[str, object]


def granted(refusal: Refusal, statements: Sequence[Statement] = ()) -> str:
    """The statements (by default those that allow all of it) in the policy of the role, or in one that it lacks."""
    written = _named(refusal, statements or refusal.grants)
    if refusal.role.editable:
        return snippets(written, refusal.grant_at)
    return _policy(refusal.role, written, refusal.grant_at)


def _named(refusal: Refusal, statements: Sequence[Statement]) -> list[dict[str, object]]:
    names = Names(refusal)
    return [{**statement, "Resource": names.of(statement["Resource"])} for statement in statements]


def admitted(refusal: Refusal, principal: object = None) -> str:
    """The statements that would allow it in the policy of a bucket, a key or an endpoint, by default to the roles."""
    roles = [_principal(role, refusal) for role in refusal.roles]
    who = principal or {"AWS": roles[0] if len(roles) == 1 else roles}
    # A key has no name in its own policy: a reference to it would be one to itself.
    found = [allowing(refusal.actions, ["*"])] if refusal.cause is Cause.KEY_EXCLUDES else refusal.grants
    grants = [{"Effect": "Allow", "Principal": who, **grant} for grant in _named(refusal, found)]
    return snippets(grants, refusal.place)


def _principal(role: Role, refusal: Refusal) -> Text:
    """The role as the policy of a bucket or key names it; its account, where a reference would make a circle."""
    arn = role_arn(role, refusal.place)
    if isinstance(arn, str):
        return arn
    made = refusal.key or refusal.bucket
    if arn is not None and not (made is not None and made.label and mentions(role, made.label)):
        return arn
    account = role.account if role.account is not None else "ACCOUNT"
    return join(["arn:aws:iam::", *pieces(account), ":root" if arn is not None else f":role/{_told(role.name)}"])


def _told(name: Text | None) -> str:
    return name if isinstance(name, str) else "ROLE"


def _policy(role: Role, statements: Sequence[Statement], place: Origin) -> str:
    """A whole policy for a role that has none of its own: in its resource, or beside it."""
    document = {"Version": "2012-10-17", "Statement": [*statements]}
    name = _name(statements[0])
    kind, _, own = own_name(role.label).partition(".")
    if is_terraform(place.document) and own and "?" not in own:
        written = snippet(document, place).replace("\n", "\n  ")
        if kind == "awscc_iam_role":
            return f'policies = [{{\n  policy_name     = "{name}"\n  policy_document = jsonencode({written})\n}}]'
        title = re.sub(r"[\W_]+", "_", f"{own}_{name}").strip("_").lower()
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
