"""A statement grants everything where the jobs need something.

What
----
A statement of an execution role has `"Resource": "*"`, and what the workloads in the repository need of it are named
buckets, repositories or log groups.

Why AWS refuses
---------------
It does not. But whoever can run code in a job has the role's permissions: with `*` that is every bucket and every
image of the account.

Fix
---
Name the resources. Actions that take no resource (`ecr:GetAuthorizationToken`, `cloudwatch:PutMetricData`) keep `*`,
in a statement of their own.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.estate.entities import Role
from smlint.estate.estate import Estate
from smlint.finding import Finding, Level, Related
from smlint.fixes.snippet import snippets
from smlint.iam.policy import Element
from smlint.verdicts.evidence import quoted, some
from smlint.verdicts.judge import Judged
from smlint.verdicts.refusal import grantable, grants
from smlint_rules.examples import LIST, OBJECTS, RUNTIME, allow, folder, without
from smlint_rules.privilege._needed import needed

LEVEL = Level.NOTE
_NAMED = frozenset({"bucket", "object", "repository", "log-group", "log-stream"})
_MOST = 20


def check(role: Role, estate: Estate) -> Iterator[Finding]:
    broad = list(_broad(role)) if role.jobs else []
    uses: dict[int, list[Judged]] = {}
    for judged in needed(role, estate) if broad else ():
        if judged.access.kind in _NAMED and judged.access.resource != "*":
            for statement in judged.granting:
                uses.setdefault(id(statement), []).append(judged)
    for key, star in broad:
        if key in uses:
            yield _finding(role, star, uses[key])


def _broad(role: Role) -> Iterator[tuple[int, Element]]:
    """The statements that allow on every resource, and where they say so."""
    for statement in role.own_statements:
        if statement.effect == "Allow" and not statement.negated_resources and not statement.conditions:
            star = next((element for element in statement.resources if element.text == "*"), None)
            if star is not None:
                yield id(statement), star


def _finding(role: Role, star: Element, used: list[Judged]) -> Finding:
    actions = list(dict.fromkeys(judged.access.action for judged in used))
    resources = list(dict.fromkeys(grantable(judged.request.resource) for judged in used))
    narrow = grants((judged.access.action, judged.request.resource) for judged in used)
    jobs = tuple(dict.fromkeys(judged.job.label for judged in used if judged.job is not None))
    needs, them = "needs" if len(jobs) == 1 else "need", "it" if len(actions) == 1 else "them"
    return Finding(
        f'`"Resource": "*"` for {some(actions)}: {quoted(jobs)} {needs} {them} only on {quoted(resources)}',
        star.origin,
        fix="name the resources, and leave `*` to the actions that take none",
        snippet=snippets(narrow, star.origin),
        related=tuple(_asked(used))[:_MOST],
        resource=f"role/{role.label}",
        access=", ".join(actions),
        workload=jobs,
        under=role.under,
    )


def _asked(used: list[Judged]) -> Iterator[Related]:
    """Each field of a job that needs something of the statement, with what it needs."""
    by_field: dict[int, list[Judged]] = {}
    for judged in used:
        if judged.access.field is not None:
            by_field.setdefault(id(judged.access.field), []).append(judged)
    for items in by_field.values():
        access, job = items[0].access, items[0].job
        if access.field is not None and job is not None:
            actions = list(dict.fromkeys(one.access.action for one in items))
            yield Related(f"`{access.path}` of `{job.label}` needs {some(actions)}", access.field.origin)


_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
_BARE = without(RUNTIME, *_LOGS, *_PULL)
_NAMED_RUNTIME = (
    _BARE,
    allow([*_LOGS], "arn:aws:logs:*:111122223333:log-group:/aws/sagemaker/TrainingJobs*"),
    allow([*_PULL], "arn:aws:ecr:us-east-1:683313688378:repository/*"),
)
_ON = 'select = ["privilege"]\n'

BAD = (
    folder(*_NAMED_RUNTIME, allow(["s3:ListBucket", "s3:GetObject", "s3:PutObject"], "*"), smlint_toml=_ON),
    folder(RUNTIME, LIST, OBJECTS, smlint_toml=_ON),
)
GOOD = (folder(*_NAMED_RUNTIME, LIST, OBJECTS, smlint_toml=_ON),)
