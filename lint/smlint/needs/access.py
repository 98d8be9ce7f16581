"""An access that a workload will make, and what the fact table says of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Protocol

from smlint.facts import BucketEncryption, Workload
from smlint.record import dataclass
from smlint.record import field as record_field
from smlint.values import Node, Text


class Need(enum.Enum):
    """How sure AWS is of it; see `need_values` of the fact table."""

    REQUIRED = "required"
    DOCUMENTED = "documented"
    RECOMMENDED = "recommended"
    CONDITIONAL = "conditional"
    UNVERIFIED = "unverified"


class By(enum.Enum):
    """Who makes the access."""

    ROLE = "execution role"
    CALLER = "caller"
    EITHER = "execution role or caller"


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """One action on one resource.

    resource: an ARN; a part that stands for "any key below the prefix" is a Hole; "*" where the action takes none.
    kind:     "bucket", "object", "key", "repository", "log-group", "log-stream", "role", "none", …: what it is on.
    bundle:   the fact table's bundle ("S3_READ_PREFIX"), or "API" for single actions of an API.
    field:    the request's field that implies it; None where the API always needs it.
    path:     the field's path as the user knows it: "InputDataConfig[0].DataSource.S3DataSource.S3Uri".
    context:  condition keys (lower case) with their values; None: known to be absent from the request that AWS makes.
              A key that is not listed is not known.
    role:     the role that makes it, as written (ARN or name); None where the repository does not say.
    via_services: the services of which any may be the one that calls KMS on the role's behalf, as kms:ViaService names
              them; where it can only be one, the context has it too.
    settled:  False where a condition of the access hangs on a value that the repository does not settle; its need is
              then CONDITIONAL.
    bucket, key: the bucket's name and the key (id, ARN or alias) the access is about, as written.
    source:   where the fact stands: the address of a page, or words.
    """

    workload: Workload
    action: str
    resource: Text
    kind: str
    need: Need
    bundle: str
    by: By = By.ROLE
    field: Node | None = None
    path: str = ""
    context: Mapping[str, tuple[Text, ...] | None] = record_field(default_factory=dict)
    bucket: Text | None = None
    key: Text | None = None
    source: str = ""
    role: Text | None = None
    via_services: tuple[Text, ...] = ()
    settled: bool = True


class World(Protocol):
    """What the needs may ask of the estate."""

    account: Text
    region: Text
    partition: Text

    def encryption(self, bucket: Text) -> BucketEncryption | None:
        """The default encryption that the repository gives the bucket; None where it says nothing."""
        ...

    def key_arn(self, key: Text, role: Text | None) -> Text | None:
        """The ARN of the key that an id, ARN, alias name or alias ARN means; None where an alias cannot be resolved."""
        ...

    def bucket_of(self, access_point: Text) -> Text | None:
        """The bucket behind an access point's ARN or alias, where the repository defines it."""
        ...

    def named(self, api: str, name: Text) -> Workload | None:
        """The request of another API that the name refers to: ("CreateModel", "churn") for a transform job."""
        ...
