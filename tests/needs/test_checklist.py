"""Every statement of the checklist: tested here against the needs, or listed with where it is tested."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.needs.conftest import BUCKET_KEY, KEY_ID, SmallWorld, at, workload

from smlint.facts import Workload
from smlint.needs import table
from smlint.needs.access import Access
from smlint.needs.evaluate import accesses
from smlint.needs.roles import passed_roles

LAST = 387
LIST: dict[str, Any] = tomllib.loads((Path(__file__).parent / "seed_checklist.toml").read_text(encoding="utf-8"))


def request(api: str, variant: str) -> dict[str, Any]:
    """The request of a variant: the plain one with the variant's paths put in."""
    variants = LIST["requests"][api]
    root: dict[str, Any] = {}
    paths = {**variants["plain"], **variants[variant]}
    for path, value in paths.items():
        if value == "":
            root.pop(path, None)
        else:
            at(path, value, root)
    return root


@pytest.fixture
def estate(world: SmallWorld) -> SmallWorld:
    world.encrypt("encrypted", BUCKET_KEY)
    world.requests["CreateDomain", "d-encrypted"] = workload("CreateDomain", {"KmsKeyId": KEY_ID})
    return world


def needs_of(entry: dict[str, Any], estate: SmallWorld) -> list[Access]:
    return accesses(made(entry), estate)


def made(entry: dict[str, Any]) -> Workload:
    return workload(entry["api"], request(entry["api"], entry.get("variant", "plain")))


def numbered(kind: str) -> list[Any]:
    """One case a number and action."""
    cases = []
    for entry in LIST[kind]:
        for offset, action in enumerate(entry["actions"]):
            number = entry["first"] + offset if "first" in entry else entry["number"]
            cases.append(pytest.param(entry, action, id=f"{number}-{entry['api']}-{action}"))
    return cases


def named(kind: str) -> list[Any]:
    return [
        pytest.param(entry, id=f"{entry.get('number', entry.get('numbers'))}-{entry['api']}") for entry in LIST[kind]
    ]


@pytest.mark.parametrize(("entry", "action"), numbered("needs"))
def test_needed(entry: dict[str, Any], action: str, estate: SmallWorld) -> None:
    found = [access for access in needs_of(entry, estate) if access.action == action]
    assert entry["need"] in {access.need.value for access in found}
    assert all(access.source for access in found)


@pytest.mark.parametrize(("entry", "action"), numbered("not-needed"))
def test_not_needed(entry: dict[str, Any], action: str, estate: SmallWorld) -> None:
    needed = [access for access in needs_of(entry, estate) if access.need.value in ("required", "documented")]
    assert action not in {access.action for access in needed}


@pytest.mark.parametrize("entry", named("resource"))
def test_resource(entry: dict[str, Any], estate: SmallWorld) -> None:
    path = entry.get("path", "")
    found = [access for access in needs_of(entry, estate) if access.action == entry["action"]]
    assert entry["resource"] in {str(access.resource) for access in found if path in ("", access.path)}


@pytest.mark.parametrize("entry", named("context"))
def test_context(entry: dict[str, Any], estate: SmallWorld) -> None:
    found = [access for access in needs_of(entry, estate) if access.action == entry["action"]]
    assert {access.context[entry["key"]] for access in found} == {(entry["value"],)}


@pytest.mark.parametrize("entry", named("passes-role"))
def test_passes_the_role(entry: dict[str, Any]) -> None:
    api = table.api(entry["api"])
    assert api is not None
    assert api.passed_to_service == "sagemaker.amazonaws.com"
    [role] = passed_roles(made(entry))
    assert str(role).startswith("arn:aws:iam::111122223333:role/ml/")


def covered() -> set[int]:
    numbers: set[int] = set()
    for kind in ("needs", "not-needed", "resource", "context", "passes-role", "elsewhere"):
        for entry in LIST[kind]:
            if "first" in entry:
                numbers |= set(range(entry["first"], entry["first"] + len(entry["actions"])))
            for text in [entry["number"]] if "number" in entry else entry.get("numbers", []):
                first, _, last = str(text).partition("-")
                numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def test_every_number_is_covered_or_listed() -> None:
    assert set(range(1, LAST + 1)) - covered() == set()
    assert covered() <= set(range(1, LAST + 1))


def test_what_is_tested_elsewhere_says_where() -> None:
    for entry in LIST["elsewhere"]:
        where = entry["where"]
        assert where == "nowhere" or (Path(__file__).parent / where).is_file()
        assert entry["why"]
