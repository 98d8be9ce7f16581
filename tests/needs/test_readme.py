"""The page on how to add an API names every word that the files may use, and its examples are right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from smlint.needs import table
from smlint.needs.access import Need
from smlint.needs.conditions import TESTS
from smlint.needs.load import load_api, load_equivalents
from smlint.needs.table import Equivalents

PAGE = (table.folder() / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def resources() -> set[str]:
    found = {action.resource for bundle in table.bundles().values() for action in bundle.actions}
    for name in table.apis():
        api = table.api(name)
        assert api is not None
        found |= {action.resource for field in api.fields for action in field.actions}
    return found


def test_every_word_of_a_resource_is_explained() -> None:
    words = {word for resource in resources() for word in re.findall(r"\{(\w+)\}", resource)}
    assert {word for word in words if f"`{{{word}}}`" not in PAGE} == set()


@pytest.mark.parametrize("word", [*TESTS, *(need.value for need in Need), "either", "follow", "through", "under"])
def test_every_word_is_explained(word: str) -> None:
    assert f"`{word}" in PAGE or f"`{word}:" in PAGE


def parts() -> dict[str, Any]:
    loaded = [yaml.safe_load(example) for example in EXAMPLES]
    field, api, names, groups = loaded
    return {"field": field, "api": api, "names": names, "groups": groups}


def test_the_examples_load(tmp_path: Path) -> None:
    example = parts()
    example["api"]["fields"] += example["field"]
    example["api"]["groups"] = example["groups"]["groups"]
    path = tmp_path / "create_report_job.yaml"
    path.write_text(yaml.safe_dump(example["api"]), encoding="utf-8")
    api = load_api(path, Equivalents())
    assert {name for field in api.fields for name in field.bundles} <= set(table.bundles())
    other = tmp_path / "equivalents.yaml"
    other.write_text(yaml.safe_dump(example["names"]), encoding="utf-8")
    assert load_equivalents(other)["CreateReportJob"].pipeline_steps == ("Report",)
