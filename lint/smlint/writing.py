"""Writes what is asked for: to standard output, or to files that are whole or not there at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from smlint.errors import UsageError


def write_out(pieces: Iterable[str] = ()) -> None:
    """Write to standard output, all that waits to be written included. Raises UsageError where that cannot be done."""
    try:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise UsageError(f"standard output: {_why(problem)}") from None


def write_file(file: str, pieces: Iterable[str]) -> None:
    """Make a file of pieces of text. Raises UsageError where that cannot be done."""
    try:
        if os.path.exists(file) and not os.path.isfile(file) and not os.path.isdir(file):
            # A device or a pipe (/dev/stdout) has nothing beside it.
            with open(file, "w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.writelines(pieces)
            return
        real = os.path.realpath(file)
        put(real, (piece.encode("utf-8", "backslashreplace") for piece in pieces), _mode(real))
    except OSError as problem:
        raise UsageError(f"{file}: {_why(problem)}") from None


def _why(problem: OSError) -> str:
    return f"cannot be written: {(problem.strerror or str(problem)).lower()}"


def put(file: str, pieces: Iterable[bytes], mode: int = 0o600) -> None:
    """Write beside the file and put it in its place. Raises OSError; then nothing is left behind."""
    import tempfile

    handle, beside = tempfile.mkstemp(prefix=".smlint-", dir=os.path.dirname(file))
    try:
        with open(handle, "wb") as stream:
            stream.writelines(pieces)
        os.chmod(beside, mode)
        os.replace(beside, file)
    except BaseException:
        os.unlink(beside)
        raise


def _mode(file: str) -> int:
    """The mode of the file that is replaced, else what the user's mask gives to a new one."""
    if os.path.exists(file):
        return os.stat(file).st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
