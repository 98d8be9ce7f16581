"""What an S3 location names: s3:// and https:// URIs, ARNs, access points and their aliases, directory buckets."""

from __future__ import annotations

import re
from string import printable

from smlint.needs.access import World
from smlint.record import dataclass, replace
from smlint.values import Hole, Text, head, join, pieces, split

ANY_KEY = Hole("any key", label="*")
ANY_REST = Hole("any rest of a key", like="?*", label="*")
_BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}")
_HOST = re.compile(r"(?:(?P<bucket>[^/]+)\.)?s3(?:[.-](?:dualstack\.|fips\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")
_OPEN_ENDS = ("-", "_", ".", "=")
# What a value in a location is made of: whoever writes a location means one, so there is no wildcard in it.
_PLAIN = "".join(character for character in printable if character not in "*?")
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$")


@dataclass(frozen=True, slots=True)
class Location:
    """A bucket (or access point, or directory bucket) and a key or prefix in it.

    bucket: the bucket's name, None where an access point's bucket is not known. arn: of the bucket or access point.
    """

    arn: Text
    key: Text
    bucket: Text | None
    access_point: bool = False
    directory: bool = False

    def object(self, key: Text) -> Text:
        """The ARN of an object with the key."""
        return join([self.arn, "/object/" if self.access_point else "/", *pieces(key)])

    @property
    def below(self) -> Text:
        """The ARN of any object below the prefix, where SageMaker writes."""
        return self.object(join([*pieces(_folder(self.key)), ANY_KEY]))

    @property
    def beginning(self) -> Text:
        """The ARN of any object that is read when the key is a prefix: those below it; for a file's name, that file and
        what begins like it; for the beginning of names (`train-`), what begins like it."""
        if _FILE.search(_tail(self.key)):
            return self.object(join([*pieces(self.key), ANY_KEY]))
        if _tail(self.key).endswith(_OPEN_ENDS):
            return self.object(join([*pieces(self.key), ANY_REST]))
        return self.below


def locate(text: Text, world: World) -> Location | None:
    """The location that a text names; None where it is none, or where not even its kind can be told."""
    start = head(text)
    text = join(
        replace(part, only=_PLAIN) if isinstance(part, Hole) and part.only is None else part for part in pieces(text)
    )
    if start.startswith("s3://"):
        return _in_bucket(_without(text, len("s3://")), world)
    if start.startswith("arn:"):
        return _of_arn(text, world)
    if start.startswith("https://"):
        return _of_host(_without(text, len("https://")), world)
    return None


def _in_bucket(rest: Text, world: World) -> Location | None:
    """`BUCKET/KEY`, where the bucket may be an access point's ARN or alias."""
    if head(rest).startswith("arn:"):
        return _of_arn(rest, world)
    name, *key = split(rest, "/", 1)
    if name == "" or (isinstance(name, str) and not _BUCKET.fullmatch(name)):
        return None
    return _named(name, key[0] if key else "", world)


def _named(name: Text, key: Text, world: World) -> Location:
    if _tail(name).endswith("--x-s3"):
        arn = ["arn:", world.partition, ":s3express:", world.region, ":", world.account, ":bucket/", name]
        return Location(join(arn), key, name, directory=True)
    if _tail(name).endswith("-s3alias"):
        behind = Hole(f"access point {name}")
        arn = ["arn:", world.partition, ":s3:", world.region, ":", world.account, ":accesspoint/"]
        return Location(join([*arn, behind]), key, world.bucket_of(name), access_point=True)
    return Location(join(["arn:", world.partition, ":s3:::", name]), key, name)


def _of_arn(text: Text, world: World) -> Location | None:
    parts = split(text, ":", 5)
    if len(parts) != 6:
        return None
    resource = parts[5]
    if not head(resource).startswith("accesspoint/"):
        return _in_bucket(resource, world) if parts[3] == "" == parts[4] else None
    name, *key = split(_without(resource, len("accesspoint/")), "/", 1)
    if name == "":
        return None
    arn = join([part for piece in parts[:5] for part in (*pieces(piece), ":")] + ["accesspoint/", *pieces(name)])
    inside = key[0] if key else ""
    inside = _without(inside, len("object/")) if head(inside).startswith("object/") else inside
    return Location(arn, inside, world.bucket_of(arn), access_point=True)


def _of_host(rest: Text, world: World) -> Location | None:
    """`BUCKET.s3.REGION.amazonaws.com/KEY` and `s3.REGION.amazonaws.com/BUCKET/KEY`."""
    host, *path = split(rest, "/", 1)
    inside = path[0] if path else ""
    if isinstance(host, str):
        found = _HOST.fullmatch(host)
        if found is None:
            return None
        return _in_bucket(join([found["bucket"], "/", *pieces(inside)]) if found["bucket"] else inside, world)
    name, *after = split(host, ".s3", 1)
    return _named(name, inside, world) if after else None


def _folder(key: Text) -> Text:
    """The key, ending in a slash unless it is empty."""
    return key if key == "" or _tail(key).endswith("/") else join([*pieces(key), "/"])


def _tail(text: Text) -> str:
    last = pieces(text)[-1]
    return last if isinstance(last, str) else ""


def _without(text: Text, length: int) -> Text:
    """The text without its first characters, which are known."""
    first, *others = pieces(text)
    assert isinstance(first, str)
    return join([first[length:], *others])
