"""What the rules on trusted identity propagation share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smlint.document import Origin
from smlint.estate.entities import Job
from smlint.finding import Finding, Level, Related
from smlint.fixes.grants import granted
from smlint.needs import paths
from smlint.values import Node
from smlint.verdicts.evidence import finding, holder, quoted, whose
from smlint.verdicts.refusal import Refusal
from smlint_rules.examples import KEEPS_NOTHING, Example, estimator, folder, trust

TRAINING, PROCESSING = "CreateTrainingJob", "CreateProcessingJob"


def found_at(job: Job, path: str) -> list[Node]:
    """The values that the request has at a path, where the job runs with the identity of who starts it."""
    return [place.node for place in paths.walk(job.workload.request, paths.steps(path)).found] if job.propagates else []


def is_true(node: Node) -> bool:
    """Whether a switch is on; formats without types write it as text."""
    return node.value is True or (node.literal or "").lower() == "true"


def unsupported(job: Job, node: Node, message: str, *, fix: str, others: Sequence[Node] = ()) -> Finding:
    """A feature that a job may not use while identity propagation is on; others: further fields that switch it on."""
    on = (
        ()
        if job.propagation is None
        else (Related("trusted identity propagation is on because of this", job.propagation),)
    )
    return Finding(
        f"`{job.label}` runs with trusted identity propagation, {message}",
        place_of(node),
        fix=fix,
        related=(*(Related("this too", place_of(other)) for other in others), *on),
        chain=(Related(f"the job `{job.label}`", job.origin), *on),
        resource=f"job/{job.label}",
        workload=(job.label,),
        under=job.workload.under,
    )


def lacking(refusal: Refusal, action: str) -> Iterator[Finding]:
    """The action that the role lacks on the S3 Access Grants instance."""
    if refusal.lacks(action):
        yield finding(
            refusal,
            f"{whose(refusal, 'runs')} with trusted identity propagation, and {holder(refusal)} lacks {action} on "
            f"{quoted(refusal.resources)}",
            Level.ERROR,
            fix=f"allow {action} on the S3 Access Grants instance",
            snippet=granted(refusal),
        )


def place_of(node: Node) -> Origin:
    """The member's name where it has one: a place of one line."""
    return node.key or node.origin


def program(**arguments: str) -> Example:
    """A program that trains with an estimator, where the configuration switches propagation on."""
    return {"train.py": estimator(**arguments), "smlint.toml": "trusted-identity-propagation = true\n"}


def propagating(request: str) -> Example:
    """A folder whose role has what S3 Access Grants needs, which switches propagation on, and a request."""
    return folder(*KEEPS_NOTHING, request=request, trust_json=trust(action=["sts:AssumeRole", "sts:SetContext"]))
