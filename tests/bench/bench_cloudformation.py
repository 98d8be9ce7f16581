"""How fast templates become facts: `python tests/bench/bench_cloudformation.py [FOLDER]`.

FOLDER holds templates (`*.yaml`); without one, a thousand are generated where the generator is there.
Exits with 1 where a template takes more than 4 ms or memory grows past 150 MB.
"""

import resource
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
FLOOR_MS, FLOOR_MB = 4.0, 150


def templates(folder):
    return [Document(str(path), path.read_text("utf-8")) for path in sorted(Path(folder).rglob("*.yaml"))]


def measured(documents):
    """Milliseconds a template for parsing and for reading, and how many facts there were."""
    tree = Tree.of({})
    parsing = reading = 0.0
    facts = 0
    for document in documents:
        start = time.process_time()
        roots = structured(document).nodes
        parsed = time.process_time()
        facts += sum(1 for root in roots for _ in cloudformation.read(root, document, tree))
        parsing, reading = parsing + parsed - start, reading + time.process_time() - parsed
    return parsing * 1000 / len(documents), reading * 1000 / len(documents), facts


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = sys.argv[1] if len(sys.argv) > 1 else folder
        if source == folder:
            if not GENERATOR.exists():
                print("skipped: no templates given and no generator at", GENERATOR)
                return 0
            subprocess.run([sys.executable, GENERATOR, f"{folder}/repo", "1000", "--kinds", "cfn"], check=True)
        documents = templates(source)
        parsing, reading, facts = min((measured(documents) for _ in range(3)), key=sum)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = sum(len(document.line_starts) for document in documents) // len(documents)
    print(f"{len(documents)} templates of {lines} lines: YAML {parsing:.2f} ms, facts {reading:.2f} ms each")
    print(f"{facts} facts, {memory:.0f} MB")
    return int(parsing + reading > FLOOR_MS or memory > FLOOR_MB)


if __name__ == "__main__":
    sys.exit(main())
