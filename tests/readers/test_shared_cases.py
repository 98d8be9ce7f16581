"""Every document of the labelled cases is read by at most one reader of this kind, without an exception."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smlint.document import Document
from smlint.facts import Fact, Problem, Workload
from smlint.readers import cli_output, kubernetes, pipeline, policy_file, python, request, state_machine
from smlint.readers.scope import Scope

CASES = Path(__file__).parents[3] / "shared" / "cases"
READERS = (cli_output, kubernetes, pipeline, policy_file, request, state_machine)

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the labelled cases are not at {CASES}")


def test_structured_files(facts_of: Callable[..., list[Fact]]) -> None:
    read = 0
    for path in sorted(CASES.glob("**/*.json")):
        text = path.read_text(encoding="utf-8")
        found = {reader.__name__: facts for reader in READERS if (facts := facts_of(reader, text, path.name))}
        assert len(found) <= 1, path
        for fact in [fact for facts in found.values() for fact in facts]:
            assert fact.origin.place().path == path.name
            read += 1
    assert read > 300


def test_programs(scope: Scope) -> None:
    jobs = 0
    for path in sorted([*CASES.glob("**/*.py"), *CASES.glob("**/*.ipynb")]):
        for fact in python.read(Document(path.name, path.read_text(encoding="utf-8")), scope):
            assert not isinstance(fact, Problem), path
            jobs += isinstance(fact, Workload)
    assert jobs > 20
