"""What programs ask of their session: the region, the account, the default bucket, the execution role, AWS's images."""

from __future__ import annotations

from smlint.document import Origin
from smlint.facts import AWS_REGISTRY, Settings
from smlint.readers.python.things import Arguments, Instance, hole, named_unknown, text_or_hole, text_with
from smlint.values import Hole, Node, Template, Text, join

SESSIONS = frozenset({"Session", "LocalSession", "PipelineSession", "LocalPipelineSession"})
EXECUTION_ROLE = "execution-role"  # the hole for what get_execution_role() returns
_LEADS_TO = ("sagemaker_session", "boto_session", "session")
# Regions without Debugger and its profiler, as SDK v2 lists them.
_WITHOUT_DEBUGGER = frozenset(
    {
        "us-iso-east-1",
        "us-isob-east-1",
        "ap-southeast-3",
        "ap-southeast-4",
        "eu-south-2",
        "me-central-1",
        "ap-south-2",
        "eu-central-2",
        "us-gov-east-1",
    }
)
DEPTH = 6


class Deployment:
    """Where the program's calls go: what its sessions say, else the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def region(self, thing: Node | None) -> Text:
        """The region of a session, a client or an object that was given one."""
        for _ in range(DEPTH):
            if not isinstance(thing, Instance):
                break
            given = thing.argument("region_name")
            if given is not None and given.text is not None:
                return given.text
            thing = next((inner for name in _LEADS_TO if (inner := thing.argument(name)) is not None), None)
        return self.settings.region

    def default_bucket(self, session: Node | None) -> Text | Hole:
        """The session's default bucket; unknown where the session is, for it may have been given another."""
        if isinstance(session, Instance) and session.cls in SESSIONS:
            given = session.argument("default_bucket")
            if given is not None:
                return text_or_hole(given, "default bucket")
        elif session is not None:
            return hole(session, "default bucket")
        return join(["sagemaker-", self.region(session), "-", self.settings.account])

    def default_uri(self, session: Node | None, origin: Origin, *below: Text | Hole) -> Node:
        """A place in the default bucket."""
        return text_with(["s3://", self.default_bucket(session), "/", *below], origin)

    def has_debugger(self, session: Node | None) -> bool:
        """Whether the SDK sends Debugger's and the profiler's configuration; all regions but a few have them."""
        return self.region(session) not in _WITHOUT_DEBUGGER

    def execution_role(self, origin: Origin) -> Node:
        return named_unknown(EXECUTION_ROLE, origin, "arn:*:iam::*:role/*", "execution role")

    def caller_identity(self, origin: Origin) -> Node:
        """What sts.get_caller_identity() answers."""
        return Node({"Account": Node(self.settings.account, origin)}, origin, open=True)

    def uploaded(self, session: Node | None, arguments: Arguments, origin: Origin) -> Node:
        """What session.upload_data() returns: the prefix, and a file's name where a file was uploaded."""
        bucket, prefix = arguments.get("bucket", 1), arguments.get("key_prefix", 2)
        if bucket is None or bucket.value is None:
            where = self.default_bucket(session)
        else:
            where = text_or_hole(bucket, "bucket")
        below = text_or_hole(prefix, "key_prefix") if prefix is not None else "data"
        return text_with(["s3://", where, "/", below, hole(Node(None, origin), "file")], origin)


def aws_image(region: Text, framework: str, origin: Origin) -> Node:
    """An image of AWS's own registries: which account and repository depends on framework, version and region."""
    image = Hole(f"aws-images:{framework}", label=f"{framework} image")
    return Node(join([AWS_REGISTRY, ".dkr.ecr.", region, ".amazonaws.com/", image]), origin)


def is_execution_role(node: Node) -> bool:
    """Whether the value is what get_execution_role() returns."""
    return isinstance(node.value, Template) and any(part.name == EXECUTION_ROLE for part in node.value.holes)
