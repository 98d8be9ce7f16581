"""How long a start takes: `python tests/bench/bench_start.py`. Exits with 1 where a figure misses its floor.

Whole processes against `python -c pass` in the same run, by the CPU time of the child: the best of several rounds.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 15
FLOORS = {"--version": 3.0, "one policy file": 7.0}
POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::ml-data/*"},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::ml-data/*"}
  ]
}
"""


def seconds(command, folder):
    """The least CPU time of the command, with compiled modules as an installed package has them."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, capture_output=True, check=False, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def main():
    smlint = str(Path(sys.executable).parent / "smlint")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "policy.json").write_text(POLICY)
        base = seconds([sys.executable, "-c", "pass"], folder)
        print(f"python -c pass: {base * 1000:.0f} ms")
        commands = {"--version": [smlint, "--version"], "one policy file": [smlint, "policy.json"]}
        missed = False
        for name, command in commands.items():
            took = seconds(command, folder)
            missed |= took > FLOORS[name] * base
            print(f"smlint {name}: {took * 1000:.0f} ms, {took / base:.1f} times (at most {FLOORS[name]:.0f})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
