"""What has changed since a revision: the lines, and how every file looked then.

A finding is reported when it touches a changed line (with any of its places, so that a changed job brings up the old
policy that refuses it) or when it was not there at the revision (so that a deleted statement brings up what it broke).
"""

from __future__ import annotations

import re
import subprocess
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from smlint.document import Place
from smlint.errors import UsageError
from smlint.finding import Finding
from smlint.record import dataclass, field

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_EVERY_LINE = range(1, 1 << 60)


@dataclass(slots=True)
class Changes:
    """The changes of a working tree since `base` (a commit). lines: by path, the changed lines in their order."""

    root: str
    base: str
    lines: dict[str, Sequence[int]] = field(default_factory=dict)

    def touches(self, finding: Finding) -> bool:
        """Whether one of the finding's places holds a changed line."""
        origins = [finding.origin, *(one.origin for one in (*finding.related, *finding.chain))]
        return any(self._changed(origin.place()) for origin in origins)

    def _changed(self, place: Place) -> bool:
        changed = self.lines.get(place.path)
        if not changed:
            return False
        at = bisect_left(changed, place.first.line)
        return at < len(changed) and changed[at] <= place.last.line

    def before(self, wanted: Callable[[str], bool]) -> dict[str, bytes]:
        """The wanted files as they were at the base."""
        listed = _git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.base)
        blobs = {}
        for entry in listed.split(b"\0"):
            head, _, name = entry.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape")
            if head.startswith(b"100") and wanted(path):
                blobs[path] = head.split()[2]
        return dict(zip(blobs, _contents(self.root, blobs.values()), strict=True))


def since(revision: str, root: str) -> Changes:
    """The changes since the point where the working tree's history left `revision`. Raises UsageError."""
    commit = _commit(root, revision)
    common = _run(root, "merge-base", commit, "HEAD")
    base = common.stdout.decode().strip() if common.returncode == 0 else commit
    shown = ("--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames")
    prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
    diff = _git(root, "diff", *shown, *prefixes, base, "--")
    lines: dict[str, Sequence[int]] = {path: sorted(set(found)) for path, found in _changed_lines(diff)}
    for name in _git(root, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0"):
        if name:
            lines[name.decode("utf-8", "surrogateescape")] = _EVERY_LINE
    return Changes(root, base, lines)


def _commit(root: str, revision: str) -> str:
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    if found.returncode != 0:
        raise UsageError(f"--changed-since: {_no_commit(root, revision)}")
    return found.stdout.decode().strip()


def _no_commit(root: str, revision: str) -> str:
    """Why there is none, as CI sees it: a clone without history, a folder that git takes for somebody else's."""
    asked = _run(root, "rev-parse", "--is-shallow-repository")
    if asked.returncode != 0:
        said = asked.stderr.decode("utf-8", "replace").partition("\n")[0].removeprefix("fatal: ")
        return f"needs a git repository; git says: {said}"
    shallow = "; the clone is shallow: fetch its history" if asked.stdout.strip() == b"true" else ""
    return f"`{revision}` is no revision of this repository{shallow}"


def _changed_lines(diff: bytes) -> Iterator[tuple[str, list[int]]]:
    """By file, the lines of the new side that a diff without context adds or lies next to what it removes."""
    path, found, skip = "", list[int](), 0
    for line in diff.split(b"\n"):
        if skip and line[:1] in (b"+", b"-"):
            skip -= 1
        elif line.startswith(b"--- "):
            if path:
                yield path, found
            path, found = "", []
        elif line.startswith(b"+++ "):
            path = _path(line[4:])
        elif hunk := _HUNK.match(line):
            removed, start, added = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            skip = removed + added
            found += range(start, start + added) if added else (start, start + 1)
    if path:
        yield path, found


def _path(written: bytes) -> str:
    """A file name as git writes it: without "b/", quoted where it has unusual characters; "" for /dev/null."""
    name = written.rstrip(b"\t")
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name[2:].decode("utf-8", "surrogateescape") if name.startswith(b"b/") else ""


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else _ESCAPES.get(code, code)


def _contents(root: str, blobs: Iterable[bytes]) -> Iterator[bytes]:
    answer = _git(root, "cat-file", "--batch", given=b"".join(blob + b"\n" for blob in blobs))
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        yield answer[end + 1 : end + 1 + size]
        at = end + 2 + size


def _git(root: str, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(root, *arguments, given=given)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"--changed-since: git {arguments[0]} failed: {said[-1] if said else 'no message'}")
    return done.stdout


def _run(root: str, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # Nothing that the repository configures may run: no file system monitor, no lazy fetch from a network.
    command = ["git", "-C", root, "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=False)
    except OSError as problem:
        raise UsageError(f"--changed-since: git cannot be run: {problem.strerror}") from None
