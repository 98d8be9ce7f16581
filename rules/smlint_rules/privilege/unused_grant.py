"""A grant of the execution role that no workload in the repository needs.

What
----
A statement of an execution role, or one of its resources, allows what none of the role's jobs, models and pipelines in
the repository needs by its request.

Why AWS refuses
---------------
It does not. What the code in a container does besides cannot be seen in a request: a grant for that is needed all the
same, and an ignore with its reason says so. What is left of a former job is not.

Fix
---
Take the grant out, or say in an ignore what needs it.

Source
------
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.document import Origin
from smlint.estate.entities import Role
from smlint.estate.estate import Estate
from smlint.finding import Finding, Level
from smlint.iam.match import arn_matches, matches
from smlint.iam.policy import Element, Statement
from smlint.values import NO
from smlint.verdicts.evidence import quoted, some
from smlint.verdicts.judge import Judged
from smlint.verdicts.spots import spot
from smlint_rules.examples import DATA, allow, folder
from smlint_rules.privilege._needed import needed

LEVEL = Level.NOTE
# What people do in these is not in the request.
_INTERACTIVE = frozenset(
    {"CreateNotebookInstance", "UpdateNotebookInstance", "CreateDomain", "UpdateDomain", "CreateUserProfile"}
    | {"UpdateUserProfile", "CreateCluster", "UpdateCluster"}
)


def check(role: Role, estate: Estate) -> Iterator[Finding]:
    if not role.jobs or any(job.api in _INTERACTIVE for job in role.jobs):
        return
    uses = list(needed(role, estate))
    for statement in role.own_statements:
        for place, what in _unused(statement, uses):
            yield Finding(
                f"no workload in the repository needs {what} of `{role.label}`",
                place,
                fix="take the grant out, or say in an ignore what needs it",
                resource=f"role/{role.label}",
                access=what,
                workload=tuple(job.label for job in role.jobs),
                under=role.under,
            )


def _unused(statement: Statement, uses: list[Judged]) -> Iterator[tuple[Origin, str]]:
    """The statement where nothing needs it, else each of its resources that nothing needs."""
    if not statement.grants or statement.negated_resources:
        return
    granted = [judged for judged in uses if _covers(statement.actions, judged)]
    idle = [element for element in statement.resources if not any(_is_for(element, judged) for judged in granted)]
    actions = some([element.text for element in statement.actions])
    if len(idle) == len(statement.resources):
        yield spot(statement), f"{actions} on {quoted([element.text for element in statement.resources])}"
        return
    for element in idle:
        yield element.origin, f"{actions} on `{element.text}`"


def _covers(actions: tuple[Element, ...], judged: Judged) -> bool:
    return any(matches(element.text, judged.access.action, ignore_case=True) is not NO for element in actions)


def _is_for(element: Element, judged: Judged) -> bool:
    """Whether the access may be on the resource; one with a policy variable may be anything."""
    return "${" in str(element.text) or arn_matches(element.text, judged.request.resource) is not NO


_ON = 'select = ["privilege"]\n'

BAD = (
    folder(*DATA, allow("s3:GetObject", "arn:aws:s3:::acme-data-2019/*"), smlint_toml=_ON),
    folder(*DATA, allow("dynamodb:*", "*"), smlint_toml=_ON),
)
GOOD = (folder(*DATA, smlint_toml=_ON),)
