"""A condition on the network refuses the job.

What
----
A statement admits requests only from a VPC, a VPC endpoint or certain addresses, and the workload has no VPC
configuration that would bring its requests from there.

Why AWS refuses
---------------
`aws:SourceVpc` and `aws:SourceVpce` are in a request only if it goes through a VPC endpoint. A job without a VPC
configuration reaches S3 from SageMaker's own network, so the keys are absent and the condition is not met.

Fix
---
Give the workload a VPC configuration whose subnets reach S3 through the endpoint, or except the role from the
statement.

Source
------
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.verdicts.evidence import finding, quoted, some, whose
from smlint.verdicts.refusal import Cause, Refusal
from smlint_rules.examples import DATA, ROLE, deny, folder, policy

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.NETWORK:
        return
    verb = "is" if len(refusal.actions) == 1 else "are"
    yield finding(
        refusal,
        f"this statement admits requests only from a certain network, and {whose(refusal, 'comes')} from elsewhere: "
        f"{some(refusal.actions)} on {quoted(refusal.resources)} {verb} refused",
        LEVEL,
        fix="give the job a VpcConfig that reaches S3 through that endpoint, or except the role with aws:PrincipalArn",
    )


_ON = ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"]
_OUTSIDE = {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"}}
_DENY = deny("s3:*", _ON, Principal="*", Condition=_OUTSIDE)
_ESCAPE = {**_OUTSIDE, "ArnNotEquals": {"aws:PrincipalArn": ROLE}}
BAD = (folder(*DATA, bucket_json=policy(_DENY)),)
GOOD = (folder(*DATA, bucket_json=policy({**_DENY, "Condition": _ESCAPE})), folder(*DATA))
