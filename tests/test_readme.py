"""The README does what it says: its commands, its examples, its picture."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path

import jsonschema
import pytest
import yaml

from smlint.config import parse
from smlint.document import Document
from smlint.invocation import known_names
from smlint.options import build
from smlint.rule import all_rules

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PYTEST = "python -m pytest -n 2"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def block(language, text):
    (found,) = (one for one in blocks(language) if text in one)
    return found


def checked(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_both_commands_set_everything_up():
    commands = [one for one in blocks("console") if "venv" in one]
    assert [len(one.splitlines()) for one in commands] == [1, 1]
    assert commands[0].rstrip().endswith("smlint tests/cases/denied-by-bucket-policy")
    assert commands[1].rstrip().endswith(PYTEST)


def test_ci_runs_the_same_tests_at_its_end():
    assert (REPOSITORY / ".ci" / "run").read_text().rstrip().endswith(PYTEST)


def test_the_picture_shows_what_is_printed():
    spec = importlib.util.spec_from_file_location("picture", REPOSITORY / "tools" / "picture.py")
    picture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(picture)
    fresh = picture.picture(picture.printed())
    assert picture.PICTURE.read_text(encoding="utf-8") == fresh, "python tools/picture.py draws it anew"


def test_the_configuration_is_valid():
    text = block("toml", "[[guardrail]]").replace('rules = [".smlint/rules/*.yaml"]', "rules = []")
    schema = yaml.safe_load((REPOSITORY / "lint/smlint/data/smlint.schema.json").read_text())
    jsonschema.validate(tomllib.loads(text), schema)
    assert parse(Document("smlint.toml", text), "", partial(known_names, all_rules())).roles[0].name == "TrainRole"


def test_every_option_that_is_named_is_there():
    known = set(build().names()) | {"--cli-input-json"}
    assert set(re.findall(r"`?smlint [^`\n]*?(--[a-z-]+)", README)) <= known


@pytest.mark.parametrize(
    ("schema", "mark"), [("vendor.github-workflows", "security-events"), ("vendor.gitlab-ci", "codequality")]
)
def test_the_recipes_are_valid(tmp_path, schema, mark):
    file = tmp_path / "recipe.yml"
    file.write_text(block("yaml", mark))
    done = checked(schema, file)
    assert done.returncode == 0, done.stdout


def test_the_action_is_valid():
    done = checked("vendor.github-actions", REPOSITORY / "action.yml")
    assert done.returncode == 0, done.stdout


def test_the_action_documents_every_input():
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    table = dict(re.findall(r"^\| `([a-z-]+)` \|([^|]*)\|", README, flags=re.MULTILINE))
    assert {name: given["default"] for name, given in action["inputs"].items()} == {
        name: table[name].strip(" `") for name in action["inputs"]
    }


def test_zizmor_has_nothing_against_action_and_workflow(tmp_path):
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
    if not zizmor:
        pytest.skip("action.yml and the README's workflow were NOT checked: zizmor is not installed")
    workflow = tmp_path / ".github" / "workflows" / "smlint.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(block("yaml", "security-events"))
    command = [zizmor, "--offline", "--no-progress", str(workflow), str(REPOSITORY / "action.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_simulator_answers():
    script = block("console", "smlint.iam").split("\n", 1)[1].removesuffix("END\n")
    done = subprocess.run(
        [sys.executable, "-m", "smlint.iam"], input=script, capture_output=True, text=True, check=True
    )
    assert '"decision": "Allowed"' in done.stdout
