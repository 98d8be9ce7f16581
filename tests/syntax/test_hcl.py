"""HCL: what tree-sitter's grammar gets wrong, places to the character, broken files."""

from __future__ import annotations

from typing import Any

import pytest

from smlint.document import Document
from smlint.syntax import hcl
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.templates import parse_template


def expression(text: str) -> Any:
    """The expression of an attribute."""
    read = hcl.parse(Document("x.tf", f"x = {text}\n"))
    assert not read.problems
    return read.body.attributes["x"].expression


def shape(node: Any) -> Any:
    """The tree as nested tuples, for comparing."""
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Name):
        return f"<{node.name}>"
    if isinstance(node, tree.Attr):
        return ("attr", shape(node.target), node.name)
    if isinstance(node, tree.Index):
        return ("index", shape(node.target), shape(node.key))
    if isinstance(node, tree.Splat):
        return ("splat", shape(node.target), shape(node.each))
    if isinstance(node, tree.Conditional):
        return ("if", shape(node.condition), shape(node.yes), shape(node.no))
    if isinstance(node, tree.Binary):
        return (node.operator, shape(node.left), shape(node.right))
    if isinstance(node, tree.Unary):
        return (node.operator, shape(node.operand))
    if isinstance(node, tree.Call):
        return (node.name, *map(shape, node.arguments))
    if isinstance(node, tree.Tuple):
        return list(map(shape, node.items))
    if isinstance(node, tree.Object):
        return {shape(key): shape(value) for key, value in node.items}
    if isinstance(node, tree.TemplateText):
        return [shape(part) for part in node.parts]
    if isinstance(node, tree.Chars):
        return node.text
    if isinstance(node, tree.Interpolation):
        return ("${}", shape(node.expression))
    return type(node).__name__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("1e5", 100000),
        ("2E-1", 0.2),
        ("true", True),
        ("null", None),
        ('"a"', "a"),
        ('"a\\n\\"\\u0041"', 'a\n"A'),
        ('"$${x} %%{y} $z"', "${x} %{y} $z"),
        ("a ? 1 : b ? 2 : c ? 3 : 4", ("if", "<a>", 1, ("if", "<b>", 2, ("if", "<c>", 3, 4)))),
        ("(a ? 1 : 2) ? 3 : 4", ("if", ("if", "<a>", 1, 2), 3, 4)),
        ("a ? 1 : (b ? 2 : 3)", ("if", "<a>", 1, ("if", "<b>", 2, 3))),
        ("a ? b ? 1 : 2 : 3", ("if", "<a>", ("if", "<b>", 1, 2), 3)),
        ("1 + 2 * 3", ("+", 1, ("*", 2, 3))),
        ("1 - 2 - 3", ("-", ("-", 1, 2), 3)),
        ("a == 1 && !b || c", ("||", ("&&", ("==", "<a>", 1), ("!", "<b>")), "<c>")),
        ("a[*].b", ("splat", "<a>", ("attr", "<*>", "b"))),
        ("a[ * ].b", ("splat", "<a>", ("attr", "<*>", "b"))),
        ("a[*].b[*].c", ("splat", "<a>", ("splat", ("attr", "<*>", "b"), ("attr", "<*>", "c")))),
        ("a.*.b[0]", ("index", ("splat", "<a>", ("attr", "<*>", "b")), 0)),
        ("a.0.b", ("attr", ("index", "<a>", 0), "b")),
        ('a["b"].c', ("attr", ("index", "<a>", "b"), "c")),
        ("f(a, b...)", ("f", "<a>", "<b>")),
        ("{ a = 1, (b) = 2, \"c\" : 3 }", {"a": 1, "<b>": 2, "c": 3}),
        ("[\n  1, # one\n  2,\n]", [1, 2]),
        ('"a ${b} c"', ["a ", ("${}", "<b>"), " c"]),
        ('"a ${~ b ~} c"', ["a", ("${}", "<b>"), "c"]),
        ("(\n  a\n  ? 1\n  : 2\n)", ("if", "<a>", 1, 2)),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: Any) -> None:
    assert shape(expression(text)) == expected


def test_places_are_characters_not_bytes() -> None:
    text = '# é𝄞\nx = ["é", "b"]\n'
    read = hcl.parse(Document("x.tf", text))
    items = read.body.attributes["x"].expression.items  # type: ignore[attr-defined]
    assert [text[item.span.start : item.span.end] for item in items] == ['"é"', '"b"']


def test_blocks() -> None:
    read = hcl.parse(Document("x.tf", 'resource "aws_x" y {\n  a = 1\n  inner "l" {\n    b = 2\n  }\n}\n'))
    (block,) = read.body.blocks
    assert (block.type, block.labels) == ("resource", ("aws_x", "y"))
    assert list(block.body.attributes) == ["a"]
    assert block.body.blocks[0].labels == ("l",)
    assert block.header.document.text[block.header.start : block.header.end] == 'resource "aws_x" y {'


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends(newline: str) -> None:
    text = newline.join(["x = <<-EOT", "    a", "      b", "  EOT", "y = 1", ""])
    read = hcl.parse(Document("x.tf", text))
    assert not read.problems
    assert shape(read.body.attributes["y"].expression) == 1
    assert "".join(part.text.replace("\r", "") for part in read.body.attributes["x"].expression.parts) == "a\n  b\n"  # type: ignore[attr-defined]


BROKEN = """
resource "a" "first" {
  x = 1
}
resource "a" "broken" {
  x = [1, 2
}
resource "a" "second" {
  x = 2
}
"""


def test_a_broken_block_costs_that_block() -> None:
    read = hcl.parse(Document("x.tf", BROKEN))
    assert [block.labels[1] for block in read.body.blocks] == ["first", "second"]
    (problem,) = read.problems
    assert 5 <= problem.origin.place().first.line <= 8


@pytest.mark.parametrize(
    ("text", "line", "marked", "what"),
    [
        ('a "b" {\n  x = f({\n    iam:Key = "y"\n  })\n}\n', 3, "=", "this is not HCL"),
        ('a "b" {\n  x = [1, 2\n}\n', 3, "}", "this is not HCL"),
        ('a "b" {\n  x = f(1\n', 2, "\n", "`)` is missing"),
    ],
)
def test_the_place_is_where_it_breaks(text: str, line: int, marked: str, what: str) -> None:
    (problem,) = hcl.parse(Document("x.tf", text)).problems
    start, end = problem.origin.offsets()
    assert problem.message.startswith(what)
    assert problem.origin.place().first.line == line
    assert text[start:end].startswith(marked) and problem.fix == ""


def test_a_policy_variable_is_to_be_escaped() -> None:
    (problem,) = hcl.parse(Document("x.tf", 'a "b" {\n  x = f(["user/${aws:username}"])\n}\n')).problems
    assert problem.fix == "write `$${aws:…}` for a policy variable"


def test_code_in_a_text_is_no_block() -> None:
    read = hcl.parse(Document("x.tf", 'a "b" {\n  x = "\nimport os\nimport re\n  y: 1\n}\na "c" {\n}\n'))
    assert len(read.problems) == 1


@pytest.mark.parametrize(
    "text", ["{", "}", '"', "x =", "x = <<EOT", "resource", "a b c", "\0", "é", "%{", "x = ${", "= 1"]
)
def test_nonsense_is_told_not_raised(text: str) -> None:
    read = hcl.parse(Document("x.tf", text))
    for block in read.body.blocks:
        assert block.body is not None


def test_deep_nesting_is_cut_off() -> None:
    node = expression("[" * 300 + "]" * 300)
    depth = 0
    while isinstance(node, tree.Tuple) and node.items:
        node, depth = node.items[0], depth + 1
    assert depth < 300


def test_a_whole_file_as_a_template() -> None:
    document = Document("p.tpl", '{"a": "${x}", "b": "é"}\n%{ if y }yes%{ endif }')
    template = parse_template(document)
    assert template is not None
    assert shape(template) == ['{"a": "', ("${}", "<x>"), '", "b": "é"}\n', "IfDirective"]
    assert template.parts[2].start == document.text.index('", "b"')  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["${", "%{ if x }", "%{ for a in }"])
def test_a_broken_template(text: str) -> None:
    assert parse_template(Document("p.tpl", text)) is None
