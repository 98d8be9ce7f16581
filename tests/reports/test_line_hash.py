import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smlint.reports.line_hash import line_hashes

TOOL = Path(__file__).parents[3] / "shared" / "tools" / "line_hash.py"

# Recorded from the reference implementation.
VECTORS: dict[str, list[str]] = {}


@pytest.fixture(scope="module")
def reference():
    if not TOOL.exists():
        pytest.skip(f"the reference implementation is not at {TOOL}")
    spec = importlib.util.spec_from_file_location("line_hash", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.line_hashes


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab= \t\r\n\0é😀\ud800"), max_size=260))
def test_agrees_with_the_reference(reference, text):
    assert line_hashes(text) == reference(text)


@pytest.mark.parametrize("text", VECTORS)
def test_recorded(text):
    assert line_hashes(text) == VECTORS[text]
