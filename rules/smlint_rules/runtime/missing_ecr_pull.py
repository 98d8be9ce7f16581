"""The role cannot pull the container image.

What
----
SageMaker pulls the image of a job, model or SageMaker image from Amazon ECR with the execution role, and no policy
allows one of the pull actions (`ecr:BatchCheckLayerAvailability`, `ecr:GetDownloadUrlForLayer`, `ecr:BatchGetImage`) on
the image's repository, or `ecr:GetAuthorizationToken`.

Why AWS refuses
---------------
The pull actions are authorised on the repository's ARN, and its account is that of the registry in the image's URI,
not that of the role: `arn:aws:ecr:region::repository/name` with an empty account matches nothing.
`ecr:GetAuthorizationToken` takes no resource, so it must be allowed on `*`. For the images that AWS publishes in its
own registries this is a note: AWS documents the actions for them too, but nothing says that the pull fails without.

Fix
---
Allow the three pull actions on the repository and `ecr:GetAuthorizationToken` on `*`.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import LIST, OBJECTS, RUNTIME, allow, folder, resource, template, training, without

LEVEL = Level.ERROR
_TOKEN = "ecr:GetAuthorizationToken"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or refusal.caller or not refusal.actions[0].startswith("ecr:"):
        return
    repositories = [found for found in refusal.resources if found != "*"]
    named = [found for found in repositories if not str(found).endswith("⟨*⟩")]
    where = f" from {quoted(named)}" if named else ""
    token = f"{_TOKEN} on `*`" if _TOKEN in refusal.actions else ""
    pull = "the pull actions on the repository, by the account of its registry" if repositories else ""
    yield finding(
        refusal,
        f"{whose(refusal)} must pull an image{where}, and {holder(refusal)} lacks {some(refusal.actions, 4)}",
        LEVEL,
        fix="allow " + " and ".join(filter(None, (pull, token))),
        snippet=granted(refusal),
    )


_REPOSITORY = "arn:aws:ecr:eu-west-1:111122223333:repository/churn"
_OWN = training(
    AlgorithmSpecification={
        "TrainingImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3",
        "TrainingInputMode": "File",
    }
)
_TOKEN_ONLY = without(RUNTIME, *_PULL)
_MODEL = resource(
    "AWS::SageMaker::Model",
    ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]},
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3"},
)

BAD = (
    folder(_TOKEN_ONLY, LIST, OBJECTS, allow([*_PULL], f"{_REPOSITORY}-serving"), request=_OWN),
    folder(without(RUNTIME, "ecr:BatchGetImage"), LIST, OBJECTS, request=_OWN),
    template(_TOKEN_ONLY, Model=_MODEL),
)
GOOD = (
    folder(_TOKEN_ONLY, LIST, OBJECTS, allow([*_PULL], _REPOSITORY), request=_OWN),
    template(_TOKEN_ONLY, allow("ecr:*", "arn:aws:ecr:*:111122223333:repository/*"), Model=_MODEL),
)
