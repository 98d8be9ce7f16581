"""What a SageMaker request will do with its execution role: the fact table, and its evaluation."""

from smlint.needs.evaluate import accesses, always
from smlint.needs.images import aws_owned_registry
from smlint.needs.instances import nvme
from smlint.needs.roles import network, passed_roles, role_arn, roles
from smlint.needs.s3 import locate

__all__ = ["accesses", "always", "aws_owned_registry", "locate", "network", "nvme", "passed_roles", "role_arn", "roles"]
