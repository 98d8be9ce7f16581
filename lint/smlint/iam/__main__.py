"""`python -m smlint.iam`: JSON lines on standard input, a decision a line on standard output. See `simulator`."""

from __future__ import annotations

import json
import os
import sys
from io import TextIOWrapper
from typing import TextIO

from smlint.iam.simulator import simulate


def main(source: TextIO, target: TextIO) -> int:
    """Answers each line; 1 where a line was no case, else 0."""
    status = 0
    for line in source:
        if not line.strip():
            continue
        try:
            answer = simulate(json.loads(line))
        except (ValueError, RecursionError) as error:
            answer = {"id": None, "decision": "Unknown", "because": [], "error": f"not JSON: {error}"}
        status = 1 if "error" in answer else status
        target.write(json.dumps(answer) + "\n")
    target.flush()
    return status


def _command() -> int:
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        return main(sys.stdin, sys.stdout)
    except BrokenPipeError:
        # Whoever read us has seen enough; Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(_command())
