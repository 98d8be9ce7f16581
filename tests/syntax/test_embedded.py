from __future__ import annotations

from smlint.document import Document
from smlint.syntax import embedded, json, placeholders, yaml
from smlint.values import Hole, Node, Unknown, join, plain


def word(node: Node | None) -> tuple[int, str]:
    """The line of the outer file and what is written there."""
    assert node is not None
    place = node.origin.place()
    assert place.document.host is None
    return place.first.line, place.document.text[place.start : place.end]


def test_a_policy_in_a_json_string() -> None:
    outer = json.parse(Document("a.json", '{\n "Policy": "{\\"Statement\\": [{\\"Effect\\": \\"Deny\\"}]}"\n}')).nodes[
        0
    ]
    inner = embedded.parse_json(outer.get("Policy") or outer)
    assert plain(inner.nodes[0]) == {"Statement": [{"Effect": "Deny"}]}
    effect = (inner.nodes[0].get("Statement") or outer).elements()[0].get("Effect")
    assert word(effect) == (2, '\\"Deny\\"')


def test_a_definition_in_a_block_scalar() -> None:
    text = 'a:\n  d: |\n    {\n      "x": "${Bucket}/y",\n      "z": ["p", "q"]\n    }\n'
    outer = yaml.parse(Document("a.yaml", text)).nodes[0]
    node = outer.get("a", "d") or outer
    holed = node.with_value(join(['{\n  "x": "', Hole("Bucket"), '/y",\n  "z": ["p", "q"]\n}\n']))
    inner = embedded.parse_json(holed).nodes[0]
    assert (inner.get("x") or outer).text == join([Hole("Bucket"), "/y"])
    assert word((inner.get("z") or outer).elements()[1]) == (5, '"q"')


def test_a_hole_outside_any_string_is_an_unknown_value() -> None:
    outer = yaml.parse(Document("a.yaml", "a: x")).nodes[0]
    holed = (outer.get("a") or outer).with_value(join(['{"n": ', Hole("count"), ', "m": [', Hole("list"), "]}"]))
    inner = embedded.parse_json(holed).nodes[0]
    assert isinstance((inner.get("n") or outer).value, Unknown)
    assert (inner.get("m") or outer).elements()[0].unknown


def test_what_is_no_json_is_a_problem_in_the_outer_file() -> None:
    outer = yaml.parse(Document("a.yaml", "a:\n  b: |\n    {\n      nonsense\n    }\n")).nodes[0]
    problem = embedded.parse_json(outer.get("a", "b") or outer).problems[0]
    assert problem.origin.place().path == "a.yaml"
    assert problem.origin.place().first.line == 4


def test_placeholders_of_template_engines_are_holes_and_places_stay() -> None:
    text = '{\n  "Resource": "arn:aws:s3:::${bucket}/*",\n  "n": {{ count }},\n  "last": "x"\n}'
    parsed = placeholders.parse(Document("policy.json.tpl", text))
    root = parsed.nodes[0]
    assert word(root.get("last")) == (4, '"x"')
    assert (root.get("n") or root).unknown
    quoted = placeholders.parse(Document("p.tpl", '{"Resource": "arn:aws:s3:::${bucket}/*", "last": "x"}')).nodes[0]
    assert str((quoted.get("Resource") or quoted).text) == "arn:aws:s3:::⟨bucket⟩/*"
    assert word(quoted.get("last")) == (1, '"x"')


def test_what_does_not_parse_with_placeholders_is_passed_over() -> None:
    assert placeholders.parse(Document("p.tpl", "{% for x in y %} {{ x }} {% endfor %} {")).problems == []
