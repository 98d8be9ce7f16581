"""The role cannot make the network interfaces of a job in a VPC.

What
----
A workload has a VPC configuration (`VpcConfig`, `NetworkConfig.VpcConfig`), and the execution role lacks some of the
nine EC2 actions with which SageMaker connects it to the subnets.

Why AWS refuses
---------------
SageMaker makes network interfaces in the account's subnets with the execution role: `ec2:CreateNetworkInterface`,
`ec2:CreateNetworkInterfacePermission`, `ec2:DeleteNetworkInterface`, `ec2:DeleteNetworkInterfacePermission`, and
`ec2:Describe…` of network interfaces, VPCs, DHCP options, subnets and security groups. Without one of them the job or
model is refused when it is created. The `Describe` actions take no resource: they are allowed on `*` or not at all.

Fix
---
Allow all nine on `*`. For a processing job the statement must have no `Condition` either.

Source
------
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.finding import Finding, Level
from smlint.fixes.grants import granted
from smlint.verdicts.evidence import finding, holder, some, whose
from smlint.verdicts.refusal import Cause, Refusal, allowing
from smlint_rules.examples import DATA, NETWORK, RUNTIME, allow, folder, resource, template, training, without

LEVEL = Level.ERROR


def check(refusal: Refusal) -> Iterator[Finding]:
    if refusal.cause is not Cause.MISSING or refusal.caller or not refusal.actions[0].startswith("ec2:"):
        return
    grant = allowing(refusal.actions, ["*"])
    yield finding(
        refusal,
        f"{whose(refusal, 'runs')} in a VPC, and {holder(refusal)} lacks {some(refusal.actions, 9)}",
        LEVEL,
        fix='allow the actions on "*", without a condition',
        snippet=granted(refusal, [grant]),
    )


_VPC = {"Subnets": ["subnet-0a1b2c3d4e5f60718"], "SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"]}
_MODEL = resource("AWS::SageMaker::Model", ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]}, VpcConfig=_VPC)

BAD = (
    folder(*DATA, request=training(VpcConfig=_VPC)),
    folder(*DATA, without(NETWORK, "ec2:DescribeDhcpOptions"), request=training(VpcConfig=_VPC)),
    template(RUNTIME, Model=_MODEL),
)
GOOD = (
    folder(*DATA, NETWORK, request=training(VpcConfig=_VPC)),
    folder(*DATA),
    template(RUNTIME, NETWORK, allow("ec2:DescribeVpcEndpoints", "*"), Model=_MODEL),
)
