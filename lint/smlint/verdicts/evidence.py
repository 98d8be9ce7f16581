"""The words and places around a refusal: who needs what and why, and what AWS will say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smlint.document import Origin
from smlint.finding import Finding, Level, Related
from smlint.iam.match import arn_parts
from smlint.iam.policy import Kind
from smlint.iam.request import last_step
from smlint.needs.access import Need
from smlint.values import Text
from smlint.verdicts.propagation import DATA_ACTIONS
from smlint.verdicts.refusal import OWN_BUCKET, Cause, Refusal, Refused

_GRANTED = (Cause.MISSING, Cause.FULL_ACCESS)  # what a statement in a policy of the role mends
_MOST = 20


def finding(
    refusal: Refusal,
    message: str,
    level: Level,
    *,
    fix: str = "",
    snippet: str = "",
    place: Origin | None = None,
    extra: Sequence[Related] = (),
) -> Finding:
    """The finding of a refusal: its place, its evidence, AWS's words. `level`: the rule's own."""
    first = refusal.refused[0]
    if place is None and refusal.statement is None and first.cause in _GRANTED and first.role.editable:
        extra = (*extra, Related(f"the grant can stand in this policy of `{first.role.label}`", refusal.grant_at))
    return Finding(
        message,
        place or refusal.place,
        level=level_of(refusal, level),
        aws=aws_says(first),
        fix="; ".join([fix, *_besides(refusal)]) if snippet else fix,
        snippet=snippet,
        related=(*extra, *_unmet(refusal), *related(refusal.refused)),
        chain=chain(refusal),
        resource=f"role/{first.role.label}" if first.role else "",
        access=", ".join(f"{action} on {some(refusal.resources, 3)}" for action in refusal.actions),
        workload=tuple(job.label for job in refusal.jobs),
        under=first.role.under or (first.job.workload.under if first.job is not None else ""),
    )


def _besides(refusal: Refusal) -> Iterable[str]:
    """What is to be said of the statements to paste, where they are not simply one more in a list."""
    role = refusal.role
    if refusal.cause not in _GRANTED:
        return
    if all(job.propagates for job in refusal.jobs) and refusal.jobs and {*refusal.actions} <= DATA_ACTIONS:
        yield "not needed where S3 Access Grants serves the data: then give the role what that needs instead"
    keys = dict.fromkeys(condition.key for condition in refusal.refused[0].unmet)
    if keys:
        yield f"or meet the condition on {quoted([*keys])} under which a statement allows it already"
    also = list(dict.fromkeys(what for item in refusal.refused for what in item.also))
    if also:
        yield f"{some(also)} must allow it too"
    if not role.editable:
        yield f"`{role.label}` has no policy of its own, so this is a whole one"
    elif _stands_alone(refusal):
        yield "the statement there is no list yet: make it one"


def _stands_alone(refusal: Refusal) -> bool:
    """Whether the policy to edit has one statement that is no member of a list."""
    policies = [held.policy for held in refusal.role.editable]
    own = (policy for policy in policies if any(one is refusal.statement for one in policy.statements))
    statements = next(own, policies[0]).node.get("Statement")
    return statements is not None and statements.mapping is not None


def _unmet(refusal: Refusal) -> Iterable[Related]:
    """What keeps a grant that names the action and the resource from holding."""
    return (
        Related(f"granted only under this condition on `{one.key}`, which is not met", one.origin)
        for one in refusal.refused[0].unmet
    )


def level_of(refusal: Refusal, level: Level) -> Level:
    """The rule's level for a required access; a note for what AWS does not insist on; one lower without a job."""
    if all(item.access.need is not Need.REQUIRED for item in refusal.refused):
        level = min(level, Level.NOTE)
    return level.lower() if refusal.assumed else level


def aws_says(refused: Refused) -> str:
    """AWS's message in its own words, with what is known filled in."""
    who, called = session_name(refused), _called(refused)
    because = f"because no {called} allows the {refused.access.action} action"
    if refused.denied:
        because = f"with an explicit deny in {'an' if called.startswith('i') else 'a'} {called}"
    on = "" if refused.resource == "*" else f" on resource: {refused.resource}"
    if refused.access.action == "kms:Decrypt":  # a request to decrypt names no key
        on = " on the resource associated with this ciphertext"
    return f"User: {who} is not authorized to perform: {refused.access.action}{on} {because}"


def _called(refused: Refused) -> str:
    """What AWS calls the policy that refuses."""
    policy, boundary = refused.policy, refused.role.boundary
    if policy is None:
        return (Kind.BUCKET if refused.cause is Cause.BUCKET_GRANT else Kind.IDENTITY).called
    return (Kind.BOUNDARY if boundary is not None and boundary.policy is policy else policy.kind).called


def session_name(refused: Refused) -> str:
    """The assumed-role session as AWS's messages show it; what a caller's is called nobody knows."""
    role = refused.role
    session = "⟨session⟩" if refused.caller else "SageMaker"
    parts = arn_parts(role.arn) if role.arn is not None else None
    if parts is None:
        return f"arn:aws:sts::{role.account or '⟨account⟩'}:assumed-role/⟨{role.label}⟩/{session}"
    return f"arn:{parts[1]}:sts::{parts[4]}:assumed-role/{last_step(parts[5])}/{session}"


def related(broken: Iterable[Refused]) -> tuple[Related, ...]:
    """Each field of a job that needs a refused access, with what it needs."""
    by_place: dict[tuple[object, ...], tuple[Origin, list[Refused]]] = {}
    for item in broken:
        where = _asked_at(item)
        if where is not None:
            by_place.setdefault((where.document.path, *where.offsets()), (where, []))[1].append(item)
    return tuple(Related(_needs(items), where) for where, items in list(by_place.values())[:_MOST])


def _asked_at(item: Refused) -> Origin | None:
    """The field of the request that needs it, else the job; nothing where a role needs it without either."""
    if item.access.field is not None:
        return item.access.field.origin
    return item.job.origin if item.job is not None else None


def _needs(items: list[Refused]) -> str:
    """Who needs which actions on what: a bucket and its objects are told apart, a log group and its streams are not."""
    on_each: dict[str, list[str]] = {}
    for item in items:
        on_each.setdefault(str(item.resource).partition(":log-stream:")[0], []).append(item.access.action)
    if len(on_each) == 2 and "*" not in on_each and not items[0].caller:
        told = (f"{some(list(dict.fromkeys(actions)), 4)} on `{resource}`" for resource, actions in on_each.items())
        return f"{_who(items[0])} needs {', and '.join(told)}"
    actions = list(dict.fromkeys(item.access.action for item in items))
    on = _on(items[0]) if len({_kind(item) for item in items}) == 1 else ""
    return f"{_who(items[0])} needs {some(actions, 4)}{on}"


def _kind(item: Refused) -> str:
    """The resource without its last name: actions on a log group and its streams are told together."""
    return str(item.resource).partition("/")[0] if item.caller else ""


def _who(item: Refused) -> str:
    if item.job is None:
        return "a job that reads this" if item.access.bundle == OWN_BUCKET else "a SageMaker role"
    if item.caller:
        return f"whoever starts `{item.job.label}`"
    return f"`{item.access.path}` of `{item.job.label}`" if item.access.path else f"`{item.job.label}`"


def _on(item: Refused) -> str:
    return "" if item.resource == "*" else f" on `{item.resource}`"


def chain(refusal: Refusal) -> tuple[Related, ...]:
    """Job → role → policy → bucket or key."""
    first = refusal.refused[0]
    steps: list[Related] = []
    if first.job is not None:
        steps.append(Related(f"the job `{first.job.label}`", _asked_at(first) or first.job.origin))
    steps.append(Related(_works_as(refusal), first.role.origin))
    steps.append(Related(first.cause.value, refusal.place))
    if refusal.bucket is not None and refusal.bucket.origin is not None:
        steps.append(Related(f"the bucket `{refusal.bucket.name}`", refusal.bucket.origin))
    if refusal.key is not None and refusal.key.origin is not None:
        steps.append(Related(f"the key `{refusal.key.label or refusal.key.arn}`", refusal.key.origin))
    return tuple(steps)


def _works_as(refusal: Refusal) -> str:
    role = f"the role `{refusal.role.label}`"
    if not refusal.jobs:
        return role
    starts = refusal.refused[0].caller
    return f"{role} starts {whose(refusal)}" if starts else f"{whose(refusal, 'runs')} as {role}"


def some(items: Sequence[Text], most: int = 3) -> str:
    """The first few of a list, in words: "a, b and 2 more"."""
    shown = [str(item) for item in items[:most]]
    more = len(items) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def quoted(items: Sequence[Text], most: int = 3) -> str:
    """As `some`, each in backticks."""
    return some([f"`{item}`" for item in items], most)


def whose(refusal: Refusal, verb: str = "") -> str:
    """Whom it breaks: the job, "3 jobs" or "3 workloads"; for a role without one, the role. The verb follows suit."""
    jobs = refusal.jobs
    if len(jobs) == 1:
        return f"`{jobs[0].label}` {verb}".rstrip()
    kind = "jobs" if all("Job" in job.api for job in jobs) else "workloads"
    who = f"{len(jobs)} {kind}" if jobs else f"jobs that run as `{refusal.role.label}`"
    return f"{who} {_PLURAL.get(verb, verb.removesuffix('s'))}".rstrip()


def holder(refusal: Refusal) -> str:
    """The role, in a sentence that began with whom it breaks (`whose`): told apart from a job of its name."""
    label = refusal.role.label
    if not refusal.jobs:
        return "the role"
    return f"the role `{label}`" if any(job.label == label for job in refusal.jobs) else f"`{label}`"


_PLURAL = {"is": "are", "has": "have", "watches": "watch"}
