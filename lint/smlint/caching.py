"""The cache of facts: what files say, kept until they change, or what their readers looked at, or smlint itself.

One file a run's paths and settings, in the user's own cache folder: one in the scanned tree could be anybody's. A line
is an entry: a key, a checksum, what the reader looked at, the facts. Whatever is wrong with the file or a line of it,
the facts are read anew; where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import smlint
import smlint_rules
from smlint.codec import CodecError, Opener, decode, encode
from smlint.document import Document
from smlint.facts import Settings
from smlint.readers.reading import Reading, Unit
from smlint.readers.scope import Scope, Watch
from smlint.record import dataclass
from smlint.writing import put

MOST_BYTES = 64_000_000  # of a file
MOST_IN_ALL = 256_000_000
_MOST_LOOKED_AT = 500  # whoever looks at half of the repository is sooner read than checked
_MAGIC = b"smlint cache 1"

_DIGITS = 32  # of a digest
_NO_TRAPS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # neither links nor pipes


@dataclass(slots=True)
class Answer:
    """What a unit says and what its reader looked at. line: both as bytes, once they are."""

    reading: Reading
    watch: Watch | None = None
    line: bytes = b""

    @classmethod
    def of(cls, unit: Unit, scope: Scope) -> Answer:
        """Read a unit."""
        watch = Watch(scope)
        return cls(unit.read(watch), watch)

    @classmethod
    def read(cls, line: bytes, open: Opener) -> Answer:
        """The answer that was written as this line. Raises CodecError."""
        return cls(decode(line.partition(b"\t")[2], open), line=line)

    def written(self, open: Opener) -> bytes:
        """The line. Raises CodecError."""
        if not self.line and self.watch is not None:
            self.line = json.dumps(_looked(self.watch)).encode("ascii") + b"\t" + encode(self.reading, open)
        return self.line


def location(run: Sequence[str], settings: Settings) -> str | None:
    """The file of a run; None where the cache folder would lie in what is scanned, whose root is named first."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.realpath(os.path.join(base, "smlint"))
    if not os.path.isabs(base) or folder.startswith(os.path.join(run[0], "")):
        return None
    try:
        return os.path.join(folder, _digest("\0".join([*run, "", repr(settings), *_versions()])))
    except OSError:  # this program is no folder of files: what it is cannot be told
        return None


class Cache:
    """What was kept of a run on the same root and paths; nothing where the run is not named.

    open: the document at a path, as the decoded facts are to have it.
    """

    def __init__(self, run: Sequence[str], scope: Scope, open: Opener) -> None:
        self._file = location(run, scope.settings) if run else None
        self._scope, self._open = scope, open
        self._entries = _entries(self._file) if self._file is not None else {}
        self._used: dict[bytes, bytes] = {}
        self._now: dict[tuple[str, str], str | None] = {}

    def find(self, unit: Unit) -> Reading | None:
        """What a unit says, where that is known and nothing that its reader looked at has changed."""
        if not self._entries:
            return None
        key = _key(unit)
        entry = self._entries.get(key, b"")
        line = entry[2 * _DIGITS + 2 :]
        if not line or entry != _entry(key, line):
            return None
        try:
            if not self._holds(json.loads(line.partition(b"\t")[0])):
                return None
            reading = Answer.read(line, self._open).reading
        except (CodecError, ValueError, TypeError, AttributeError, RecursionError):
            return None
        self._used[key] = entry
        return reading if isinstance(reading, Reading) else None

    def keep(self, unit: Unit, answer: Answer) -> None:
        """Remember what a unit says, where it can be written down."""
        if self._file is None:
            return
        try:
            line = answer.written(self._open)
        except CodecError:
            return
        if not line.startswith(b"null\t"):
            key = _key(unit)
            self._used[key] = _entry(key, line)
            answer.line = b""  # it would be held twice

    def save(self) -> None:
        """Write what this run has used, whole or not at all."""
        if self._file is None:
            return
        try:
            if self._used == self._entries:
                os.utime(self._file)
            elif sum(map(len, self._used.values())) <= MOST_BYTES:
                _write(self._file, [_MAGIC, *self._used.values()])
        except OSError:
            return

    def _holds(self, looked: list[tuple[str, str, str | None]]) -> bool:
        """Whether everything is still as it was when the reader looked at it."""
        for kind, path, known in looked:
            if (kind, path) not in self._now:
                found = self._scope.open(path) if kind == "file" else self._scope.names(path)
                self._now[kind, path] = _state(found)
            if self._now[kind, path] != known:
                return False
        return True


def _looked(watch: Watch) -> list[tuple[str, str, str | None]] | None:
    """What was seen; None where it is too much to be looked at again."""
    if len(watch.opened) + len(watch.listed) > _MOST_LOOKED_AT:
        return None
    files = [("file", path, _state(document)) for path, document in watch.opened.items()]
    return [*files, *(("folder", path, _state(names)) for path, names in watch.listed.items())]


def _state(found: Document | list[str] | None) -> str | None:
    """What a reader saw: a file's text, a folder's names."""
    if found is None:
        return None
    return _digest(found.text if isinstance(found, Document) else "\0".join(found))


def _key(unit: Unit) -> bytes:
    texts = [f"{document.path}\0{_digest(document.text)}" for document in unit.documents]
    return _digest("\0".join([repr(unit.folder), *texts])).encode("ascii")


def _entry(key: bytes, line: bytes) -> bytes:
    return b" ".join([key, blake2b(line, digest_size=_DIGITS // 2).hexdigest().encode("ascii"), line])


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGITS // 2).hexdigest()


def _entries(file: str) -> dict[bytes, bytes]:
    """The entries by key; none where it is no file of this user's."""
    try:
        with open(os.open(file, os.O_RDONLY | _NO_TRAPS), "rb") as stream:
            about = os.fstat(stream.fileno())
            mine = not hasattr(os, "getuid") or about.st_uid == os.getuid()
            if not mine or not stat.S_ISREG(about.st_mode) or about.st_size > 2 * MOST_BYTES:
                return {}
            if stream.readline() != _MAGIC + b"\n":
                return {}
            return {line[:_DIGITS]: line.rstrip(b"\n") for line in stream}
    except OSError:
        return {}


def _write(file: str, lines: Iterable[bytes]) -> None:
    folder = os.path.dirname(file)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    put(file, (line + b"\n" for line in lines))
    _prune(folder)


def _prune(folder: str) -> None:
    """Remove the files that were not used for longest, where there is too much."""
    with os.scandir(folder) as found:
        files = sorted(((one.stat(), one.path) for one in found if one.is_file()), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for about, path in files:
        total += about.st_size
        if total > MOST_IN_ALL:
            os.unlink(path)


def _versions() -> list[str]:
    """What makes facts of text: this program as it is installed, what is installed beside it, and Python."""
    found = [smlint.__version__, sys.version]
    for package in (*smlint.__path__, *smlint_rules.__path__):
        found.append(str(os.stat(os.path.dirname(package)).st_mtime_ns))
        files = [os.path.join(folder, name) for folder, _, names in os.walk(package) for name in names]
        for path in sorted(path for path in files if not path.endswith(".pyc")):
            about = os.stat(path)
            found.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    return found
