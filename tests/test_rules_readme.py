"""rules/README.md is what the rules' pages say today."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_readme_is_up_to_date() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "rules_readme.py"))
    written = (ROOT / "rules" / "README.md").read_text("utf-8")
    assert written == tool["text"](), "run: python tools/rules_readme.py"
