"""The facts that readers take from files and that the estate joins.

Names, ARNs and ids are texts (`str`, or `Template` where something is not settled). References need no type of their
own: the reader of a template resolves `!GetAtt Role.Arn` to the same text that it puts into `Role.arn`, holes included,
so facts join by comparing texts. An ARN is built with `arn(...)` so that every reader writes the same holes.
"""

from __future__ import annotations

from typing import TypeAlias

from smlint.document import Origin
from smlint.iam.policy import Policy
from smlint.record import dataclass, field
from smlint.values import DIGITS, LOWER, Hole, Node, Text, join

ACCOUNT = Hole("account", like="?" * 12, only=DIGITS)
_REGIONS = """
af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1
us-west-1 us-west-2
"""
REGION = Hole("region", like="*-*-*", only=LOWER + DIGITS + "-", oneof=tuple(_REGIONS.split()))
AWS_REGISTRY = Hole("aws-registry", like="?" * 12, only=DIGITS, label="AWS's account")
"""The account of a registry of AWS's own images, where the file does not say which (`image_uris.retrieve(...)`)."""
PARTITION = Hole("partition", like="aws*", only=LOWER + "-", oneof=("aws", "aws-cn", "aws-us-gov"))


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the repository is deployed and what its parameters are; from the configuration and the command line."""

    account: Text = field(default_factory=lambda: join([ACCOUNT]))
    region: Text = field(default_factory=lambda: join([REGION]))
    partition: Text = field(default_factory=lambda: join([PARTITION]))
    parameters: dict[str, object] = field(default_factory=dict)
    identity_propagation: bool = False
    assume_apis: tuple[str, ...] = ("CreateTrainingJob",)

    def arn(self, service: str, resource: Text, *, region: Text | None = None, account: Text | None = None) -> Text:
        """An ARN of this deployment; IAM's and S3's parts that are always empty are left empty."""
        region = ("" if service in ("iam", "s3") else self.region) if region is None else region
        account = ("" if service == "s3" else self.account) if account is None else account
        return join(["arn:", self.partition, f":{service}:", region, ":", account, ":", resource])


@dataclass(slots=True)
class Attachment:
    """A policy that hangs on a principal: a document (inline) or the ARN of a managed policy.

    role: name or ARN of the role (or "user/NAME", "group/NAME"); None where it is listed by the role fact itself, ""
    where an answer does not say whose it is.
    boundary: True where it is the principal's permissions boundary.
    given: True where the document is not the user's words (a SAM policy template): it grants, and is not linted.
    by: the resource that attaches, where the ARN itself (origin) stands elsewhere.
    """

    origin: Origin
    policy: Policy | None = None
    arn: Text | None = None
    role: Text | None = None
    name: Text | None = None
    boundary: bool = False
    given: bool = False
    by: Origin | None = None
    unit: str = ""


@dataclass(slots=True)
class Role:
    """An IAM role (or user or group: see kind) as one file describes it.

    arn is None for the unnamed role of loose files. complete: False where the file says that there are policies that
    could not be read (an unknown list of managed policies): missing-… rules then stay silent.
    label: what a message calls it: logical id, Terraform address, role name. construct: `aws:cdk:path`, or "".
    account: where the ARN does not tell. bare: the source is silent on the role's policies (get-role).
    unit: what it was read with, a template or a Terraform configuration: within one a name has one meaning.
    tags: as written: a mapping, or a list of Key and Value.
    """

    origin: Origin
    label: str
    arn: Text | None = None
    name: Text | None = None
    trust: Policy | None = None
    attachments: list[Attachment] = field(default_factory=list)
    complete: bool = True
    kind: str = "role"
    construct: str = ""
    under: str = ""
    account: Text | None = None
    bare: bool = False
    unit: str = ""
    tags: Node | None = None


@dataclass(slots=True)
class ManagedPolicy:
    """A customer-managed policy; attached by ARN."""

    origin: Origin
    arn: Text
    policy: Policy
    name: Text | None = None
    unit: str = ""


@dataclass(slots=True)
class LoosePolicy:
    """A policy document that stands in a file of its own; the estate decides to whom it belongs."""

    origin: Origin
    policy: Policy


@dataclass(slots=True)
class Bucket:
    """An S3 bucket. account is None where the file does not say (then the role's account)."""

    origin: Origin
    name: Text
    label: str = ""
    account: Text | None = None


@dataclass(slots=True)
class BucketPolicy:
    origin: Origin
    bucket: Text
    policy: Policy


@dataclass(slots=True)
class BucketEncryption:
    """Default encryption of a bucket. algorithm: "AES256", "aws:kms", "aws:kms:dsse"; key: id, ARN or alias, None for
    the AWS managed key aws/s3."""

    origin: Origin
    bucket: Text
    algorithm: Text
    key: Text | None = None


@dataclass(slots=True)
class AccessPoint:
    """An S3 access point: its ARN and alias stand for the bucket."""

    origin: Origin
    arn: Text
    bucket: Text
    alias: Text | None = None
    policy: Policy | None = None


@dataclass(slots=True)
class Key:
    """A KMS key. `key_id` is the id part of the ARN. policy None: no policy in the repository."""

    origin: Origin
    arn: Text
    key_id: Text
    label: str = ""
    policy: Policy | None = None
    multi_region: bool = False


@dataclass(slots=True)
class KeyPolicy:
    """A key policy that stands apart from its key (aws_kms_key_policy, get-key-policy). key: id or ARN."""

    origin: Origin
    key: Text
    policy: Policy


@dataclass(slots=True)
class KeyAlias:
    """name with "alias/"; target: key id or ARN."""

    origin: Origin
    name: Text
    target: Text


@dataclass(slots=True)
class KeyGrant:
    """A KMS grant (aws_kms_grant): it lets the grantee do the operations ("Decrypt") whatever the policies say."""

    origin: Origin
    key: Text
    grantee: Text
    operations: tuple[str, ...]


@dataclass(slots=True)
class Repository:
    """An ECR repository and its policy."""

    origin: Origin
    arn: Text
    name: Text
    policy: Policy | None = None


@dataclass(slots=True)
class Endpoint:
    """A VPC endpoint. vpc, endpoint_id: texts; service: "s3" or "com.amazonaws.eu-west-1.s3"; subnets it serves."""

    origin: Origin
    vpc: Text | None
    service: Text
    endpoint_id: Text | None = None
    policy: Policy | None = None
    label: str = ""


@dataclass(slots=True)
class Subnet:
    """A subnet or security group, so that a job's VpcConfig leads to its VPC."""

    origin: Origin
    subnet_id: Text
    vpc: Text | None


@dataclass(slots=True)
class AccessGrantsInstance:
    origin: Origin
    arn: Text


@dataclass(slots=True)
class AccessGrantsLocation:
    """scope: "s3://", "s3://bucket" or "s3://bucket/prefix*"; role: the ARN S3 Access Grants assumes."""

    origin: Origin
    location_id: Text
    scope: Text
    role: Text | None = None


@dataclass(slots=True)
class AccessGrant:
    """permission: READ, WRITE or READWRITE; prefix: S3SubPrefix under the location's scope, "" for all of it."""

    origin: Origin
    location: Text
    permission: Text
    prefix: Text = ""
    grantee: Text | None = None


@dataclass(slots=True)
class Guardrail:
    """An SCP or RCP: kind "scp" or "rcp"."""

    origin: Origin
    kind: str
    policy: Policy


@dataclass(slots=True)
class IdentityPropagation:
    """A place that switches trusted identity propagation on (a domain description)."""

    origin: Origin
    role: Text | None = None


@dataclass(slots=True)
class Workload:
    """One call of a SageMaker API, in the API's own shape.

    api:     "CreateTrainingJob" (as the API reference spells it).
    request: a mapping node in the API's member names (PascalCase), whatever the input's spelling was.
    role:    ARN or name of the execution role; None: take it from the request; an unknown text: not settled.
    caller:  ARN or name of the role that calls the API (a state machine's, function's, pipeline's); None: unknown.
    source:  "request", "cloudformation", "terraform", "step-functions", "pipeline", "python", "cli", "config",
             "kubernetes"; "assumed" for one that stands in no file.
    sync:    "" | "sync" | "waitForTaskToken" (Step Functions integration pattern).
    sdk:     "v2" | "v3" | "boto3" | "" for Python.
    names:   the texts other requests may refer to it by (a model's name for transform jobs and endpoint configs).
    unit:    what it was read with, a template or a Terraform configuration: within one a name has one meaning.
    """

    origin: Origin
    api: str
    request: Node
    label: str
    source: str
    role: Text | None = None
    caller: Text | None = None
    caller_origin: Origin | None = None
    sync: str = ""
    sdk: str = ""
    names: tuple[Text, ...] = ()
    construct: str = ""
    under: str = ""
    unit: str = ""


@dataclass(slots=True)
class Caller:
    """A principal that runs code or a state machine: its role, and what it is ("state machine Train")."""

    origin: Origin
    label: str
    role: Text
    kind: str = "state-machine"


@dataclass(slots=True)
class EstimatorClass:
    """A Python class with its own __init__ (or none), for the rules on SDK v2's EstimatorBase.

    bases: dotted names as imported ("sagemaker.estimator.EstimatorBase"). parameters: names that __init__ accepts;
    accepts_kwargs: it has **kwargs. forwarded: keyword names passed on to super().__init__; forwards_kwargs: **kwargs
    is passed on. has_init: False where the class inherits its __init__. init: where __init__ stands. accepted, call:
    its parameters and its only call of the base's __init__, as written; "" where there are several.
    """

    origin: Origin
    name: str
    bases: tuple[str, ...]
    has_init: bool = False
    init: Origin | None = None
    parameters: tuple[str, ...] = ()
    accepts_kwargs: bool = False
    forwarded: tuple[str, ...] = ()
    forwards_kwargs: bool = False
    accepted: str = ""
    call: str = ""


@dataclass(slots=True)
class UriLiteral:
    """An S3 URI literal in Python code that names variables of its scope instead of using them.

    text: as written; names: the variables in scope whose names stand in it; braces: it has {name} but is not formatted.
    """

    origin: Origin
    text: str
    names: tuple[str, ...] = ()
    braces: bool = False


@dataclass(slots=True)
class Alternative:
    """One of the ways in which conditions that no parameter settles can fall: all that the file says in that case.

    under: the case in words ("when IsProd and not HasKey"). Where a file has alternatives, they stand for its other
    facts, which hold in every case and leave the rest unknown.
    """

    origin: Origin
    under: str
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class Superseded:
    """The file at `path` was read as part of this one (a nested stack, a definition with its substitutions): what it
    says alone, without the values given here, does not count."""

    origin: Origin
    path: str


@dataclass(slots=True)
class Problem:
    """Something that does not parse or cannot be: becomes a finding of `rule` at its place."""

    origin: Origin
    message: str
    rule: str = "unreadable-file"
    fix: str = ""


Fact: TypeAlias = (
    Role
    | Attachment
    | ManagedPolicy
    | LoosePolicy
    | Bucket
    | BucketPolicy
    | BucketEncryption
    | AccessPoint
    | Key
    | KeyPolicy
    | KeyAlias
    | KeyGrant
    | Repository
    | Endpoint
    | Subnet
    | AccessGrantsInstance
    | AccessGrantsLocation
    | AccessGrant
    | Guardrail
    | IdentityPropagation
    | Workload
    | Caller
    | EstimatorClass
    | UriLiteral
    | Alternative
    | Superseded
    | Problem
)
