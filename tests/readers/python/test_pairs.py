"""One job in many writings: judged alike, whether its values stand in the call or elsewhere in the repository."""

from __future__ import annotations

import pytest
from tests.readers.python.test_modules import ROLE, TEMPLATE

from smlint.engine import lint_files

HEAD = "import json, sagemaker, boto3\nfrom sagemaker.estimator import Estimator\n"
OUTPUT = "s3://acme-out/models/"


def job(role: str, output: str) -> str:
    quiet = "disable_profiler=True, debugger_hook_config=False"
    return f"Estimator('i', {role}, 1, 'ml.m5.large', output_path={output}, {quiet}).fit()"


def fallback() -> str:
    named = "boto3.client('iam').get_role(RoleName='Train')['Role']['Arn']"
    role = f"try:\n    role = sagemaker.get_execution_role()\nexcept ValueError:\n    role = {named}\n"
    return HEAD + role + job("role", repr(OUTPUT))


VALUES = f"ROLE = '{ROLE}'\nOUTPUT = '{OUTPUT}'\n"
WRITINGS = {
    "literals": {"train.py": HEAD + job(repr(ROLE), repr(OUTPUT))},
    "module": {"config.py": VALUES, "train.py": f"{HEAD}from config import ROLE, OUTPUT\n{job('ROLE', 'OUTPUT')}"},
    "package": {
        "common/__init__.py": "from .settings import Settings\n",
        "common/settings.py": f"class Settings:\n    role = '{ROLE}'\n    output = '{OUTPUT}'\n",
        "jobs/train.py": f"{HEAD}from common import Settings\n{job('Settings.role', 'Settings.output')}",
    },
    "data": {
        "config.json": f'{{"role": "{ROLE}", "output": "{OUTPUT}"}}',
        "train.py": f"{HEAD}c = json.load(open('config.json'))\n" + job("c['role']", "c['output']"),
    },
    "parameters": {"train.py": f"{HEAD}def train(r, o='{OUTPUT}'):\n    {job('r', 'o')}\n\ntrain('{ROLE}')\n"},
    "object": {
        "train.py": f"{HEAD}class Job:\n    def __init__(self, role, output):\n"
        "        self.role, self.output = role, output\n"
        f"    def run(self):\n        {job('self.role', 'self.output')}\n\nJob('{ROLE}', '{OUTPUT}').run()\n"
    },
    "other module": {
        "lib.py": f"{HEAD}def train(r, o):\n    {job('r', 'o')}\n",
        "run.py": f"import sagemaker\nfrom lib import train\ntrain('{ROLE}', '{OUTPUT}')\n",
    },
    "condition": {
        "train.py": f"{HEAD}spot = None\no = 's3://acme-spot/' if spot else '{OUTPUT}'\n{job(repr(ROLE), 'o')}"
    },
    "fallback": {"train.py": fallback()},
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize(("bucket", "rules"), [("acme-out", []), ("acme-old", ["missing-put-object"])])
def test_a_job_is_judged_alike(writing: str, bucket: str, rules: list[str]) -> None:
    found = lint_files({"template.yaml": TEMPLATE.replace("BUCKET", bucket), **WRITINGS[writing]})
    assert [finding.rule for finding in found] == rules
