from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smlint.document import Document, Span
from smlint.values import NO, UNKNOWN, YES, Hole, Node, Template, Text, Truth, Unknown, fill, join, pieces, plain, split

TRUTHS = st.sampled_from([NO, UNKNOWN, YES])
HOLES = st.sampled_from([Hole("a"), Hole("b")])
TEXTS = st.lists(st.text("xy/:", max_size=3) | HOLES, max_size=5).map(join)


def test_truth_is_no_boolean() -> None:
    with pytest.raises(TypeError):
        bool(YES)


@given(TRUTHS, TRUTHS)
def test_truth_follows_kleene(one: Truth, other: Truth) -> None:
    assert ~(one & other) is (~one | ~other)
    assert ~~one is one
    assert (one & NO) is NO
    assert (one | YES) is YES


@given(TEXTS)
def test_join_keeps_a_text_as_it_is(text: Text) -> None:
    assert join(pieces(text)) == text


@given(st.lists(TEXTS, max_size=4))
def test_join_merges_neighbouring_literals(texts: list[Text]) -> None:
    joined = pieces(join(texts))
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(joined))


@given(TEXTS, st.sampled_from("/:"))
def test_split_and_join_are_inverse(text: Text, separator: str) -> None:
    parts = split(text, separator)
    woven = [piece for part in parts for piece in (separator, part)][1:]
    assert join(woven) == text


@given(TEXTS, st.integers(0, 3))
def test_split_obeys_its_limit(text: Text, limit: int) -> None:
    parts = split(text, "/", limit)
    assert len(parts) <= limit + 1
    assert join([piece for part in parts for piece in ("/", part)][1:]) == text


def test_fill_replaces_holes_by_name() -> None:
    text = join(["arn:", Hole("partition"), ":s3:::", Hole("bucket")])
    assert fill(text, {"partition": "aws"}) == join(["arn:aws:s3:::", Hole("bucket")])
    assert fill(text, {"partition": "aws", "bucket": "b"}) == "arn:aws:s3:::b"


def test_holes_of_one_name_are_one_value() -> None:
    assert Hole("a", like="x*") == Hole("a")
    assert Template((Hole("a"),)) != Template((Hole("b"),))


def test_a_node_answers_none_for_another_kind() -> None:
    origin = Span(Document("a.json", "{}"), 0, 2)
    node = Node({"a": Node([Node("x", origin)], origin), "u": Node(Unknown("why"), origin)}, origin)
    assert node.text is None
    assert node.get("a", "b") is None
    assert [element.literal for element in (node.get("a") or node).elements()] == ["x"]
    assert plain(node) == {"a": ["x"], "u": "⟨unknown⟩"}
