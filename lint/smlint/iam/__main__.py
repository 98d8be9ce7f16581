"""`python -m smlint.iam`: JSON lines on standard input, a decision a line on standard output. See `simulator`."""

from __future__ import annotations

import json
import sys
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
        target.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.stdin, sys.stdout))
