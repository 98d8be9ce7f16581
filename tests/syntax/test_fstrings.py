"""F-strings of Python 3.12 for whoever runs an older Python."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smlint.document import Document
from smlint.syntax import python
from smlint.syntax.fstrings import without_news


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("f's3://{os.environ['B']}/{run}'", "f's3://{os.environ[\"B\"]}/{run}'"),
        ('rf"{d["k"]}\\d" + f\'{d["k"]}\'', "rf\"{d['k']}\\d\" + f'{d[\"k\"]}'"),
        ("f'{f'{x}'}'", "f'{f\"{x}\"}'"),
        ("f'{x:>{w['n']}}'", "f'{x:>{w[\"n\"]}}'"),
        ("f\"{'\\n'.join(a)}\"", 'f"{____________}"'),
        ("f'{a['b'][\"c\"]}'", "f'{___________}'"),
        ("f'{{{a['b']}}}'", "f'{{{a[\"b\"]}}}'"),
    ],
)
def test_what_is_new_is_said_otherwise(text: str, older: str) -> None:
    assert without_news(text) == older
    ast.parse(older)


@pytest.mark.parametrize(
    "text", ["x = 'it''s'  # f'{a['b']}'", "f'''{x['a']} {{}}'''", "'{a['", "'''f'{a['b']}''''", "f'\\'{x}\\''", "b'{'"]
)
def test_what_is_old_stays(text: str) -> None:
    assert without_news(text) == text


@given(st.text(alphabet="frx'\"{}[]:!\\\n#a", max_size=40))
def test_the_length_stays(text: str) -> None:
    assert len(without_news(text)) == len(text)


def test_a_program_with_new_f_strings_is_read() -> None:
    program = python.parse(Document("a.py", "uri = f's3://{os.environ['BUCKET']}/x'\n"))
    assert program.problems == [] and program.tree is not None


def test_the_python_that_does_not_understand_is_named() -> None:
    (problem,) = python.parse(Document("a.py", "uri = f'{x['a']}'\nprint 'x'\n")).problems
    assert problem.message.startswith("not valid Python 3.")
