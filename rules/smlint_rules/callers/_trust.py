"""The finding of a role that SageMaker may not assume."""

from __future__ import annotations

from smlint.finding import Finding, Related
from smlint.verdicts.evidence import quoted
from smlint.verdicts.trust import Distrust


def excluded(found: Distrust, message: str, *, fix: str, snippet: str = "") -> Finding:
    """At the trust policy, with the jobs that name the role."""
    role = str(found.role.arn or found.role.label)
    return Finding(
        f"{message}, so {quoted([job.label for job in found.jobs])} cannot use it",
        found.place,
        aws=f"ValidationException: Could not assume role {role}. Please ensure that the role exists and allows "
        f"principal '{found.service}' to assume the role.",
        fix=fix,
        snippet=snippet,
        related=found.related,
        chain=(*found.related[:1], Related(f"the role `{found.role.label}`", found.role.origin)),
        resource=f"role/{found.role.label}",
        access="sts:AssumeRole",
        workload=tuple(job.label for job in found.jobs),
        under=found.role.under,
    )
