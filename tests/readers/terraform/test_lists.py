"""The lists of the APIs behind Terraform's resources are those of the service model."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_lists_are_the_service_models() -> None:
    pytest.importorskip("botocore.session")
    tool = runpy.run_path(str(ROOT / "tools" / "api_lists.py"))
    assert json.loads(tool["OUT"].read_text("utf-8")) == tool["made"](), "run: python tools/api_lists.py"
