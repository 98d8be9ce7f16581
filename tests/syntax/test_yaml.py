from __future__ import annotations

import pytest

from smlint.document import Document
from smlint.syntax import yaml
from smlint.values import Node, plain


def root(text: str) -> Node:
    parsed = yaml.parse(Document("a.yaml", text))
    assert not parsed.problems
    return parsed.nodes[0]


def at(node: Node | None) -> tuple[int, int]:
    assert node is not None
    first = node.origin.place().first
    return first.line, first.column


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("'true'", "true"),
        ("1.5", 1.5),
        ("1.50", "1.50"),
        ("0x1F", "0x1F"),
        ("~", None),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
    ],
)
def test_scalars_are_what_people_mean(written: str, value: object) -> None:
    assert plain(root(f"a: {written}")) == {"a": value}


def test_places_are_exact_to_the_character() -> None:
    node = root("# é\nA:\n  - 'x'\n  -   y # comment\n  - {b: [p, q]}\nB: >\n  folded\n")
    elements = (node.get("A") or node).elements()
    assert [at(element) for element in elements] == [(3, 5), (4, 7), (5, 5)]
    assert at((elements[2].get("b") or node).elements()[1]) == (5, 13)
    assert at(node.get("B")) == (6, 4)
    end = (node.get("A") or node).origin.place().last
    assert (end.line, end.column) == (5, 16)


def test_crlf_and_anchors() -> None:
    node = root("a: &x\r\n  k: v\r\nb: *x\r\n")
    assert plain(node) == {"a": {"k": "v"}, "b": {"k": "v"}}
    shared = node.get("b", "k")
    assert at(shared) == (2, 6)
    assert (node.get("b") or node).used is not None


def test_short_tags_are_kept() -> None:
    node = root("a: !GetAtt Role.Arn\nb: !Sub\n  - x\n  - {y: z}\nc: !!str 1")
    assert [(name, member.tag) for name, member in node.items()] == [("a", "!GetAtt"), ("b", "!Sub"), ("c", "")]


def test_merge_keys() -> None:
    assert plain(root("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"))["b"] == {"y": 3, "x": 1}


def test_a_key_that_stands_twice_is_reported() -> None:
    parsed = yaml.parse(Document("a.yaml", "a: 1\nb: 2\na: 3\n"))
    assert [(p.message, p.origin.place().first.line) for p in parsed.problems] == [
        ("the key `a` stands twice in this mapping", 3)
    ]
    assert plain(parsed.nodes[0]) == {"a": 1, "b": 2}


def test_documents_before_an_error_are_kept() -> None:
    parsed = yaml.parse(Document("a.yaml", "a: 1\n---\nb: [1\nc: 2\n"))
    assert [plain(node) for node in parsed.nodes] == [{"a": 1}]
    assert [problem.origin.place().first.line for problem in parsed.problems] == [4]


@pytest.mark.parametrize("text", ["a: *b\n", "a: \x00", "a: [1, 2", "\t- x", "%YAML 9", "a: &b [*b]", "? [a]: b\n"])
def test_bad_yaml_never_raises(text: str) -> None:
    yaml.parse(Document("a.yaml", text))


def test_alias_bombs_and_depth_are_bounded() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    for text in (bomb, "[" * 100_000):
        assert len(yaml.parse(Document("a.yaml", text)).problems) == 1
