"""Instance types with local NVMe storage: they refuse a volume key.

The families are those of EC2's page on instance store volumes.
"""

from __future__ import annotations

import re

from smlint.values import NO, UNKNOWN, YES, Text, Truth

# fmt: off
NVME_FAMILIES = frozenset(
    (
        "g5", "g6", "g6e", "gr6", "g7e", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200", "trn1", "trn1n",
        "trn2", "trn2u", "dl1", "f1", "f2", "i2", "i3", "i4g", "i4i", "i7i", "i7ie", "i8g", "im4gn", "is4gen", "x2idn",
        "x2iedn", "z1d", "h1", "d2", "d3", "d3en", "p4d", "p4de", "p3dn", "g4dn", "g4ad",
    )
)
# fmt: on
EBS_FAMILIES = frozenset(("p2", "p3", "g3", "g3s", "g5g", "inf1", "inf2"))
_GENERAL = re.compile(r"[cmrt]\d+([a-z]{0,3})(-flex)?")


def nvme(instance_type: Text) -> Truth:
    """Whether the instance type (`ml.g5.xlarge`) stores its data on local NVMe disks."""
    if not isinstance(instance_type, str):
        return UNKNOWN
    parts = instance_type.removeprefix("ml.").split(".")
    family = parts[0]
    if len(parts) != 2:
        return UNKNOWN
    if family in NVME_FAMILIES:
        return YES
    if family in EBS_FAMILIES:
        return NO
    general = _GENERAL.fullmatch(family)
    if general is None:
        return UNKNOWN
    return Truth.of("d" in general[1])
