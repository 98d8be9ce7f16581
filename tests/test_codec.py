"""What is written down is what was there: values, facts, policies; what was not written here is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smlint.codec import CodecError, decode, encode
from smlint.document import Document, JsonPlace, Origin, Runs, Span
from smlint.facts import Alternative, Role, Superseded, Workload
from smlint.iam.grammar import parse
from smlint.iam.policy import Kind
from smlint.syntax import structured
from smlint.values import Hole, Node, Template, Unknown

FILE = Document("a.json", '{"a": 1}\n')
INNER = Document("a.json", "inner", (FILE, Runs(((0, 2, True), (3, 4, False)))))

texts = st.text(st.characters(), max_size=8)
holes = st.builds(Hole, texts, texts, st.none() | texts, st.lists(texts, max_size=2).map(tuple), texts, st.booleans())
templates = st.lists(texts | holes, min_size=1, max_size=3).map(lambda parts: Template(tuple(parts)))
origins = st.builds(Span, st.sampled_from([FILE, INNER]), st.integers(0, 9), st.integers(0, 9))
scalars = texts | templates | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()
nodes = st.recursive(
    st.builds(Node, scalars | st.builds(Unknown, texts), origins, st.none() | origins, st.none() | origins, texts),
    lambda inner: st.builds(Node, st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), origins),
    max_leaves=8,
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def opened(path: str) -> Document | None:
    return FILE if path == FILE.path else None


def again(value: Any) -> Any:
    return decode(encode(value, opened), opened)


def seen(value: Any) -> Any:
    """What a value is made of, in a form that compares by what it says."""
    if isinstance(value, Node):
        parts = (value.value, value.origin, value.key, value.used, value.tag, value.open)
        return ("node", *map(seen, parts))
    if isinstance(value, Origin):
        place = value.place()
        return (place.path, place.document.text, place.start, place.end, value.offsets())
    if isinstance(value, Unknown):
        return "unknown", value.why
    if isinstance(value, dict):
        return {name: seen(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [seen(member) for member in value]
    fields = getattr(type(value), "__record__", {})
    if fields:
        return type(value).__name__, [seen(getattr(value, name)) for name, one in fields.items() if one.init]
    return value


@unhurried
@given(nodes)
def test_a_node_comes_back(node: Node) -> None:
    assert seen(again(node)) == seen(node)


@unhurried
@given(templates | origins | st.lists(texts | holes), st.integers())
def test_a_record_comes_back(value: Any, number: int) -> None:
    assert seen(again((value, number))) == seen((value, number))


def test_facts_come_back() -> None:
    span = Span(FILE, 1, 2)
    role = Role(span, "Train", Template(("arn:", Hole("account"))), complete=False)
    job = Workload(span, "CreateTrainingJob", Node({}, span), "job", "request", names=("a", "b"))
    facts = [Alternative(span, "when A", (role, job)), Superseded(span, "other.yaml")]
    assert seen(again(facts)) == seen(facts)


def test_what_was_shared_stays_shared() -> None:
    node = Node("x", Span(FILE, 0, 1))
    one, other = again([node, Node([node, node], node.origin)])
    assert other.value[0] is other.value[1] is one
    assert one.origin is other.origin


def test_json_places_are_found_by_the_other_side() -> None:
    root = structured(Document("a.json", FILE.text)).nodes[0]
    assert isinstance(root.value, dict)
    assert isinstance(root.value["a"].origin, JsonPlace)
    other = Document("a.json", FILE.text)
    back = decode(encode(root, lambda path: root.origin.document), lambda path: other)
    assert back.value["a"].origin.place().document is other
    assert back.value["a"].origin.offsets() == (6, 7)


def test_a_policy_keeps_what_its_statements_share_with_it() -> None:
    document = Document("a.json", '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}')
    policy = parse(structured(document).nodes[0], Kind.IDENTITY)
    back = decode(encode(policy, lambda _: document), lambda _: document)
    assert seen(back) == seen(policy)
    assert back.statements[0].node is back.node.get("Statement").elements()[0]


def test_what_the_other_side_does_not_have_is_not_written() -> None:
    with pytest.raises(CodecError):
        encode(Span(Document("b.json", ""), 0, 0), opened)
    with pytest.raises(CodecError):
        encode(Span(Document("a.json", "another text"), 0, 0), opened)
    with pytest.raises(CodecError):
        encode(object(), opened)


@pytest.mark.parametrize(
    "rows",
    [
        *([], {}, 1, None, [[]], [[0]], [[99]], [[-1]], [["a"]], [[1, 0, 0, 0]], [[1, 7, 0, 0]], [[2, 0, None, "", 1]]),
        *([[3, "gone.json", False]], [[3, 5, 5]], [[8, [1], 2]], [[9, "level", "__class__"]], [[9, "level", "NONE"]]),
        *([[6, 0]], [[4, "a", 1, 2, 3, 4]], [[10, 1, 2, 3, 4, 5, 6, 7, 8]], [[7, 1], [0]], "rows", [None]),
    ],
)
def test_foreign_rows_are_refused(rows: object) -> None:
    with pytest.raises(CodecError):
        decode(json.dumps(rows).encode(), opened)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 100_000, b"nonsense", b'[["' + b"\0"])
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(data, opened)
