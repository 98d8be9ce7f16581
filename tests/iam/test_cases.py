"""Every collected case of AWS authorization, through the simulator."""

import json
from pathlib import Path

import pytest

from smlint.iam.simulator import simulate

CASES = [
    pytest.param(json.loads(line), id=json.loads(line)["id"])
    for path in sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def test_there_are_cases():
    assert len(CASES) == 558


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    answer = simulate(case)
    assert answer["decision"] == case["expected"], case.get("why", "")
