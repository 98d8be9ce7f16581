"""Texts that make a careless search go over the same characters again and again: each is read in linear time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from smlint.document import Document, Span
from smlint.files import Tree
from smlint.readers import terraform
from smlint.readers.python import handlers
from smlint.readers.python import read as program_facts
from smlint.readers.reading import Reading, read_document
from smlint.syntax import embedded, json, placeholders, python
from smlint.values import Hole, Node, join

COUNT = 200_000


def _broken(text: str) -> object:
    return read_document(Document("a.json", text), Tree.of({}), Reading())


def _hosted(text: str) -> object:
    origin = Span(Document("a.yaml", "x"), 0, 1)
    return embedded.parse_json(Node(join([text, Hole("a")]), origin))


TEXTS: dict[str, tuple[Callable[[str], object], str]] = {
    "comments that nothing closes": (lambda text: json.parse(Document("a.json", text)), "{" + "/* " * COUNT),
    "strings that nothing closes": (lambda text: json.parse(Document("a.json", text)), "{" + '\\"' * COUNT),
    "statements without an effect": (_broken, "Statement: " * COUNT),
    "a template's strings": (
        lambda text: placeholders.parse(Document("a.json.tpl", text)),
        '{"' + '\\"' * COUNT + "${x}",
    ),
    "a text's strings": (_hosted, '{"' + '\\"' * COUNT),
    "an environment": (handlers._CHANGED.search, "environ[" * COUNT),
    "fields of a long f-string": (
        lambda text: python.parse(Document("a.py", text)),
        'x = f"""' + "{a}\n" * COUNT + '"""',
    ),
    "fields of an f-string": (lambda text: python.parse(Document("a.py", text)), 'x = f"' + "{a}" * COUNT + '"'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_linear_time(name: str) -> None:
    read, text = TEXTS[name]
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 5


def _chain(first: str, link: str, count: int) -> str:
    """Values of which each is made of two of the one before."""
    return first + "".join(link.replace("Y", f"v{n - 1}").replace("X", f"v{n}") for n in range(1, count))


def test_copies_of_copies_are_bounded() -> None:
    program = _chain("import copy, sagemaker\nv0 = ['x']\n", "X = [copy.deepcopy(Y), copy.deepcopy(Y)]\n", 40)
    start = time.process_time()
    list(program_facts(Document("train.py", program), Tree.of({})))
    assert time.process_time() - start < 15


def test_json_in_json_is_bounded() -> None:
    chain = _chain('locals {\n  v0 = "x"\n', "  X = jsonencode([local.Y, local.Y])\n", 40)
    text = chain + '}\nresource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = local.v39\n}\n'
    start = time.process_time()
    list(terraform.read("", [Document("main.tf", text)], Tree.of({"main.tf": text})))
    assert time.process_time() - start < 15
