from __future__ import annotations

import json as standard

from hypothesis import given
from hypothesis import strategies as st

from smlint.document import Document
from smlint.syntax import json
from smlint.values import Node, plain

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def root(text: str) -> Node:
    parsed = json.parse(Document("a.json", text))
    assert not parsed.problems
    return parsed.nodes[0]


def written(node: Node | None) -> str:
    assert node is not None
    start, end = node.origin.offsets()
    return node.origin.document.text[start:end]


@given(DATA, st.sampled_from([None, 1, 3, "\t"]))
def test_every_value_stands_where_its_text_is(data: object, indent: int | str | None) -> None:
    node = root(standard.dumps(data, indent=indent))
    assert plain(node) == data
    stack = [node]
    while stack:
        one = stack.pop()
        assert standard.loads(written(one)) == plain(one)
        stack += one.sequence or []
        for name, member in one.items():
            stack.append(member)
            assert member.key is not None
            start, end = member.key.offsets()
            assert standard.loads(one.origin.document.text[start:end]) == name


def test_places_count_characters_with_tabs_crlf_and_other_alphabets() -> None:
    node = root('{\r\n\t"é\u00a0": ["ü", "𝔸", "here"]\r\n}')
    element = (node.get("é\u00a0") or node).elements()[2]
    first = element.origin.place().first
    assert (first.line, first.column) == (2, 19)
    assert written(element) == '"here"'


def test_comments_and_trailing_commas_are_reported_and_the_rest_is_read() -> None:
    document = Document("a.json", '{\n  // why\n  "a": "// no comment",\n  "b": [1, 2,],\n}')
    parsed = json.parse(document)
    assert plain(parsed.nodes[0]) == {"a": "// no comment", "b": [1, 2]}
    assert [document.position(problem.origin.offsets()[0]).line for problem in parsed.problems] == [2, 4]
    assert written(parsed.nodes[0].get("b")) == "[1, 2,]"


def test_places_beside_comments() -> None:
    document = Document("a.json", '{\n  // it\'s a "{ here [\n  "a": 1, /* } */ "b": [2]\n}')
    parsed = json.parse(document)
    assert [written(parsed.nodes[0].get(name)) for name in ("a", "b")] == ["1", "[2]"]


def test_what_is_no_json_is_one_problem_at_its_place() -> None:
    for text, line in (('{\n "a": 1\n "b": 2}', 3), ("{", 1), ("", 1), ('{"a": NaN}', 1), ("[" * 5000, 1)):
        parsed = json.parse(Document("a.json", text))
        assert parsed.nodes == []
        assert len(parsed.problems) == 1
        assert parsed.problems[0].origin.place().first.line == line


def test_depth_is_bounded() -> None:
    assert json.parse(Document("a.json", "[" * 900 + "]" * 900)) is not None
