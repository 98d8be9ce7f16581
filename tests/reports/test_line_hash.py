import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlint.reports.line_hash import line_hashes

TOOL = Path(__file__).parents[3] / "shared" / "tools" / "line_hash.py"

# Recorded from the reference implementation.
VECTORS: dict[str, list[str]] = {
    "": ["c129715d7a2bc9a3:1"],
    "a": ["53b5d4aabe50d64:1"],
    "a\nb\na\n": ["78850de79f3f4c1d:1", "77eeb3ce06ccfd76:1", "243cbaa4685aab12:1", "c129715d7a2bc9a3:1"],
    '{\n  "Version": "2012-10-17",\n  "Statement": []\n}\n': [
        "e66af83435fae8ea:1",
        "5328c3ec05a5e319:1",
        "6070cd2f03c7abcb:1",
        "32dce9ccfdbc9d3e:1",
        "c129715d7a2bc9a3:1",
    ],
    "\ta b\r\n\r\nc\rd": ["e8000b878d3b226f:1", "dd3bb2ba23ce2936:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
    "é😀\n" + "x" * 300 + "\nend": [
        "949561c6b7ac8764:1",
        "52b56201ffb58620:1",
        "43b6461eda086fe2:1",
    ],
    "ab\nb=\n": ["7da0877e7a308c01:1", "882bbb3d8de7a640:1", "c129715d7a2bc9a3:1"],
}


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
