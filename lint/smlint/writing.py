"""Writes files that are whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable

from smlint.errors import UsageError


def write_file(file: str, pieces: Iterable[str]) -> None:
    """Write beside the file and put it in place at the end. Raises UsageError where that cannot be done."""
    try:
        if os.path.exists(file) and not os.path.isfile(file) and not os.path.isdir(file):
            # A device or a pipe (/dev/stdout) has nothing beside it.
            with open(file, "w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.writelines(pieces)
            return
        _replace(os.path.realpath(file), pieces)
    except OSError as problem:
        raise UsageError(f"{file}: cannot be written: {(problem.strerror or str(problem)).lower()}") from None


def _replace(file: str, pieces: Iterable[str]) -> None:
    handle, beside = tempfile.mkstemp(prefix=".smlint-", dir=os.path.dirname(file))
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.writelines(pieces)
        os.chmod(beside, _mode(file))
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
