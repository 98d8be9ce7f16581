"""Against the terraform binary: expressions and policy documents are equal or unknown, never different.

The recorded answers are always compared; where the binary (and the provider) is installed, it is asked again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import terraform_console as console
import terraform_helpers as helpers

from smlint.readers.terraform.functions.encoding import json_text
from smlint.readers.terraform.known import Budget, Invalid, JsonText, settled
from smlint.readers.terraform.module import Module
from smlint.values import plain

HERE = Path(__file__).parent


ANSWERS: dict[str, list[Any]] = json.loads((HERE / "expressions.json").read_text("utf-8"))
HEREDOCS: dict[str, list[Any]] = json.loads((HERE / "heredocs.json").read_text("utf-8"))
DOCUMENTS: dict[str, Any] = json.loads((HERE / "policy_documents.json").read_text("utf-8"))

# Terraform answers, we leave it unknown: a pattern from the input, more digits than a float has, the machine's files.
UNKNOWN = {
    "1 / 3",
    "pow(2, -1)",
    'abspath("x")',
    'fileexists("none.txt")',
    'filebase64("data.txt")',
    'filemd5("data.txt")',
    'filesha256("data.txt")',
    'format("%e", 12345.678)',
    'pathexpand("/x")',
    'format("%v", 1e10)',
    'regex("[a-z]+", "123abc")',
    'regex("x", "x")',
    'regexall("[a-z]", "a1b2")',
    'replace("hello", "/l+/", "L")',
    "terraform.workspace",
    'textencodebase64("hi", "UTF-16LE")',
    'yamldecode("a: 1\\nb: [x, y]")',
    "yamlencode({ a = 1 })",
}


@pytest.fixture(scope="module")
def module() -> Module:
    made: Module = helpers.module_of(console.CONTEXT)
    return made


def _answer(text: str, module: Module) -> list[Any] | None:
    """As the console answers: a list of one value, an empty one where it is refused; None: unknown."""
    module.root.budget = Budget()
    try:
        node = helpers.value_of(text, module)
    except Invalid:
        return []
    return [json.loads(str(json_text(node)))] if settled(node) else None


def test_there_are_enough() -> None:
    assert len(ANSWERS) >= 400
    assert len(DOCUMENTS) >= 60


@pytest.mark.parametrize("text", ANSWERS)
def test_expression(text: str, module: Module) -> None:
    ours, theirs = _answer(text, module), ANSWERS[text]
    if text in UNKNOWN or (ours is None and not theirs):
        assert ours is None
    else:
        assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("name", HEREDOCS)
def test_heredoc(name: str) -> None:
    node = helpers.value_of(f"local.{name}", helpers.module_of({"main.tf": console.heredocs()}))
    if name == "yaml_words":
        assert not settled(node)
    else:
        assert json.loads(str(json_text(node))) == HEREDOCS[name][0]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_policy_document(name: str) -> None:
    node = helpers.value_of(
        f"data.aws_iam_policy_document.{name}.json", helpers.module_of({"main.tf": console.policy_documents()})
    )
    assert isinstance(node, JsonText)
    assert _normal(plain(node.tree)) == _normal(DOCUMENTS[name])


def _normal(value: Any) -> Any:
    """IAM's lists are sets, and a list of one is the one; numbers and booleans are written as texts."""
    if isinstance(value, dict):
        return {name: _normal(member) for name, member in value.items()}
    if isinstance(value, list):
        items = [_normal(item) for item in value]
        if not all(isinstance(item, str) for item in items):
            return items
        return items[0] if len(set(items)) == 1 else sorted(set(items))
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.slow
def test_the_console_still_says_so() -> None:
    if console.terraform() is None:
        pytest.skip("terraform is not installed: only its recorded answers were compared")
    asked = [text for at, text in enumerate(ANSWERS) if at % 25 == 0]
    assert console.ask(asked, console.CONTEXT) == [ANSWERS[text] for text in asked]


@pytest.mark.slow
def test_the_provider_still_says_so() -> None:
    if not console.provider():
        pytest.skip("terraform and its AWS provider are not installed: only recorded documents were compared")
    assert console.planned_documents() == DOCUMENTS
