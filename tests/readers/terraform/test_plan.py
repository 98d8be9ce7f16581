"""Plans and states: the same configuration gives the same findings from its `.tf` files and from its plan."""

from __future__ import annotations

import json
from typing import Any

import pytest
import terraform_console as console
import terraform_helpers as helpers

from smlint.document import Document
from smlint.engine import lint_files
from smlint.facts import Attachment, ManagedPolicy, Role, Workload
from smlint.finding import Finding
from smlint.readers.terraform import plan
from smlint.syntax import json as json_syntax

NAMES = sorted(folder.name for folder in console.CONFIGURATIONS.iterdir() if folder.is_dir())


def _key(finding: Finding) -> tuple[Any, ...]:
    place = finding.origin.place()
    return finding.rule, finding.level, place.path, place.first.line, finding.resource, finding.access


def _facts(files: dict[str, str], text: str) -> list[Any]:
    scope = helpers.Files(files)
    document = Document("tfplan.json", text)
    root = json_syntax.parse(document).nodes[0]
    assert plan.recognises(root, document.path)
    return list(plan.read(root, document, scope))


def _plan(name: str) -> str:
    return (console.CONFIGURATIONS / name / "tfplan.json").read_text("utf-8")


def test_there_are_enough() -> None:
    assert len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_beside_its_configuration_a_plan_changes_nothing(name: str) -> None:
    files = console.configuration(name)
    alone = {_key(finding) for finding in lint_files(files)}
    assert alone
    assert {_key(finding) for finding in lint_files({**files, "tfplan.json": _plan(name)})} == alone


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_alone_finds_the_same(name: str) -> None:
    from_files = {(finding.rule, finding.level) for finding in lint_files(console.configuration(name))}
    from_plan = lint_files({"tfplan.json": _plan(name)})
    assert {(finding.rule, finding.level) for finding in from_plan} == from_files
    assert {finding.origin.place().path for finding in from_plan} == {"tfplan.json"}


def test_a_plan_alone_joins_what_its_configuration_joins() -> None:
    facts = _facts({}, _plan("counted"))
    role = next(fact for fact in facts if isinstance(fact, Role))
    assert all(fact.role == role.arn for fact in facts if isinstance(fact, Workload))
    assert [fact.role for fact in facts if isinstance(fact, Attachment)] == ["counted"]


def test_the_configuration_gives_the_places_and_the_plan_the_values() -> None:
    files = {
        "main.tf": 'variable "bucket" {}\n\nresource "aws_iam_policy" "p" {\n  name = "p"\n'
        '  policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [{\n      Effect = "Allow"\n'
        '      Action = "s3:GetObject"\n      Resource = "arn:aws:s3:::${var.bucket}/*"\n    }]\n  })\n}\n'
    }
    made = {"format_version": "1.2", "terraform_version": "1.11.4", "variables": {"bucket": {"value": "acme"}}}
    made |= {"planned_values": {"root_module": {}}, "configuration": {"root_module": {}}}
    policy = helpers.one(_facts(files, json.dumps(made)), ManagedPolicy)
    statement = policy.policy.statements[0]
    assert [element.text for element in statement.resources] == ["arn:aws:s3:::acme/*"]
    assert helpers.lines(statement.resources[0]) == ("main.tf", 10, 10)


STATE = {
    "version": 4,
    "terraform_version": "1.11.4",
    "lineage": "x",
    "resources": [
        {
            "mode": "managed",
            "type": "aws_iam_role",
            "name": "r",
            "instances": [
                {
                    "index_key": "a",
                    "attributes": {
                        "arn": "arn:aws:iam::111122223333:role/r",
                        "name": "r",
                        "assume_role_policy": '{"Statement": []}',
                        "permissions_boundary": "",
                    },
                }
            ],
        }
    ],
}


def test_state_file() -> None:
    role = helpers.one(_facts({}, json.dumps(STATE, indent=1)), Role)
    assert (role.label, role.arn, role.attachments) == (
        'aws_iam_role.r["a"]',
        "arn:aws:iam::111122223333:role/r",
        [],
    )


def test_beside_its_configuration_a_state_adds_nothing() -> None:
    files = {
        "main.tf": 'variable "team" {}\n\nresource "aws_iam_role" "r" {\n  name = "r"\n'
        '  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{\n    Effect = "Allow"\n'
        '    Action = "sts:AssumeRole"\n    Principal = { Service = "sagemaker.amazonaws.com" }\n  }] })\n}\n'
    }
    role = helpers.one(_facts(files, json.dumps(STATE).replace('"index_key": "a", ', "")), Role)
    assert role.origin.document.path == "main.tf"
    assert role.trust is not None and len(role.trust.statements) == 1


@pytest.mark.parametrize("text", ['{"resources": []}', '{"terraform_version": "1"}', "[]", '{"planned_values": 1}'])
def test_what_is_no_plan(text: str) -> None:
    document = Document("x.json", text)
    assert not any(plan.recognises(root, "x.json") for root in json_syntax.parse(document).nodes)


@pytest.mark.parametrize(
    "text",
    [
        '{"format_version": "1", "planned_values": null}',
        '{"format_version": "1", "planned_values": {"root_module": {"resources": [null, 1, {"address": 5}]}}}',
        '{"format_version": "1", "planned_values": {"root_module": {"resources": [{"address": "aws_iam_role.r", '
        '"type": "aws_iam_role", "mode": "managed", "values": {"name": [1], "assume_role_policy": {}}}]}}}',
    ],
)
def test_odd_plans(text: str) -> None:
    _facts({}, text)
