"""Texts that make a careless search go over the same characters again and again: each is read in linear time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from smlint.document import Document, Span
from smlint.readers.python import handlers
from smlint.readers.reading import Reading, read_document
from smlint.syntax import embedded, json, placeholders, python
from smlint.values import Hole, Node, join

COUNT = 200_000


def _broken(text: str) -> object:
    from smlint.files import Tree

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
