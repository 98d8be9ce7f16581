"""How fast templates become facts, and findings: `python tests/bench/bench_cloudformation.py [FOLDER]`.

FOLDER holds templates (`*.yaml`); without one, a thousand are generated where the generator is there. Where cfn-lint is
installed, its CPU time for a template, measured in the same run, is the yardstick.
Exits with 1 where reading a template takes more than 4 ms, or more than a sixtieth of cfn-lint's time, or where the
facts of all templates take more than 150 MB.
"""

import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from smlint.document import Document
from smlint.files import Tree
from smlint.readers import cloudformation
from smlint.syntax import structured

GENERATOR = Path(__file__).parents[3] / "shared" / "bench" / "gen_repo.py"
FLOOR_MS, FLOOR_TIMES, FLOOR_MB = 4.0, 60, 150
SAMPLE = 20  # templates for cfn-lint


def measured(paths):
    """Milliseconds a template for parsing and for reading, and all facts."""
    tree = Tree.of({})
    parsing = reading = 0.0
    facts = []
    for path in paths:
        document = Document(str(path), path.read_text("utf-8"))
        start = time.process_time()
        roots = structured(document).nodes
        parsed = time.process_time()
        facts += [fact for root in roots for fact in cloudformation.read(root, document, tree)]
        parsing, reading = parsing + parsed - start, reading + time.process_time() - parsed
    return parsing * 1000 / len(paths), reading * 1000 / len(paths), facts


def run(*command):
    """CPU seconds and megabytes of a whole process."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used = os.wait4(child.pid, 0)[2]
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def yardstick(paths):
    """cfn-lint's CPU milliseconds for one more template; None where it is not installed."""
    program = shutil.which("cfn-lint", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if program is None:
        return None
    many, _ = run(program, *map(str, paths[: SAMPLE + 1]))
    one, _ = run(program, str(paths[0]))
    return (many - one) * 1000 / SAMPLE


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = sys.argv[1] if len(sys.argv) > 1 else folder
        if source == folder:
            if not GENERATOR.exists():
                print("skipped: no templates given and no generator at", GENERATOR)
                return 0
            subprocess.run([sys.executable, GENERATOR, f"{folder}/repo", "1000", "--kinds", "cfn"], check=True)
        gc.disable()  # as the command does
        paths = sorted(Path(source).rglob("*.yaml"))
        parsing, reading, facts = measured(paths)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for _ in range(2):
            parsing, reading = min((parsing, reading), measured(paths)[:2], key=sum)
        print(f"{len(paths)} templates: YAML {parsing:.2f} ms, facts {reading:.2f} ms each")
        print(f"{len(facts)} facts in {memory:.0f} MB")
        seconds, most = run(sys.executable, "-m", "smlint", "--quiet", "--no-cache", "--jobs", "1", source)
        print(f"a whole run: {seconds:.1f} s, {seconds * 1000 / len(paths):.1f} ms each, {most:.0f} MB")
        theirs = yardstick(paths)
    missed = parsing + reading > FLOOR_MS or memory > FLOOR_MB
    if theirs is not None:
        print(f"cfn-lint: {theirs:.0f} ms each, {theirs / (parsing + reading):.0f} times our reading", end=", ")
        print(f"{theirs * len(paths) / 1000 / seconds:.0f} times our whole run")
        missed |= theirs < FLOOR_TIMES * (parsing + reading)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
