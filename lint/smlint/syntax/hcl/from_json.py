"""HCL's JSON form (`.tf.json`, `.tfvars.json`): the same bodies, blocks and expressions as the native form."""

from __future__ import annotations

from smlint.document import Document, Origin, Runs, Span
from smlint.syntax import json
from smlint.syntax.hcl import tree
from smlint.syntax.hcl.tree import Attribute, Block, Body, File
from smlint.values import Node

# Block types at the top, and how many labels they have.
_LABELS = {
    "resource": 2,
    "data": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
# Members whose texts are references or types, not templates. (A variable's texts are texts.)
_REFERENCES = frozenset(["type", "depends_on", "provider", "providers"])
MAX_DEPTH = 60


def parse_json(document: Document) -> File:
    """Read a document in JSON syntax."""
    parsed = json.parse(document)
    made = File(Body(), parsed.problems)
    for root in parsed.nodes:
        if document.path.endswith(".tfvars.json"):
            made.body.attributes.update({name: _attribute(name, node, "text") for name, node in root.items()})
            continue
        for type, node in root.items():
            if type in _LABELS:
                made.body.blocks += _blocks(type, node, _LABELS[type], ())
    return made


def _blocks(type: str, node: Node, labels: int, given: tuple[str, ...]) -> list[Block]:
    """The blocks in a member: an object, or a list of them; names of labels are members."""
    made: list[Block] = []
    for element in node.elements():
        if element.mapping is None:
            continue
        if labels:
            for name, member in element.items():
                made += _blocks(type, member, labels - 1, (*given, name))
        else:
            made.append(_block(type, given, element))
    return made


def _block(type: str, labels: tuple[str, ...], node: Node) -> Block:
    span = _span(node.origin)
    return Block(type, labels, span, Span(span.document, span.start, span.start + 1), lambda: _body(node, type))


def _body(node: Node, type: str) -> Body:
    made = Body()
    for name, member in node.items():
        if name.startswith("//"):
            continue
        mode = "reference" if name in _REFERENCES else ("text" if type == "variable" else "template")
        made.attributes[name] = _attribute(name, member, mode)
        if type not in ("locals", "variable", "module") and _is_block(member):
            made.blocks += _nested(name, member)
    return made


def _is_block(node: Node) -> bool:
    items = node.elements()
    return bool(items) and all(item.mapping is not None for item in items)


def _nested(name: str, node: Node) -> list[Block]:
    return _blocks(name, node, 1 if name == "dynamic" else 0, ())


def _attribute(name: str, node: Node, mode: str) -> Attribute:
    span = _span(node.origin)
    key = _span(node.key) if node.key is not None else span
    return Attribute(name, key, span, lambda: _expression(node, mode, 0))


def _expression(node: Node, mode: str, depth: int) -> tree.Expression:
    span = _span(node.origin)
    value = node.value
    if depth > MAX_DEPTH:
        return tree.Call(span, "(nested too deeply)", [])
    if isinstance(value, dict):
        items = [
            (_text(name, _span(member.key or member.origin), mode), _expression(member, mode, depth + 1))
            for name, member in value.items()
        ]
        return tree.Object(span, items)
    if isinstance(value, list):
        return tree.Tuple(span, [_expression(item, mode, depth + 1) for item in value])
    if isinstance(value, str):
        return _text(value, span, mode)
    return tree.Literal(span, value if isinstance(value, (bool, int, float)) else None)


def _text(text: str, span: Span, mode: str) -> tree.Expression:
    """A text is a template; one that is a single interpolation is that expression."""
    if mode == "reference":
        return _type_of(text, span) or tree.Literal(span, text)
    if mode == "text" or ("${" not in text and "%{" not in text):
        return tree.Literal(span, text)
    from smlint.syntax.hcl.templates import parse_template

    inner = Document(span.document.path, text, (span.document, Runs(((0, span.start + 1, True),))))
    template = parse_template(inner)
    if template is None:
        return tree.Call(span, "(template)", [])
    if len(template.parts) == 1 and isinstance(template.parts[0], tree.Interpolation):
        return template.parts[0].expression
    return template


def _type_of(text: str, span: Span) -> tree.Expression | None:
    """A type constraint or reference, as it would stand in native syntax."""
    from smlint.syntax.hcl.native import parse_native

    inner = Document(span.document.path, f"x = {text}\n", (span.document, Runs(((0, span.start + 1, False),))))
    read = parse_native(inner)
    attribute = read.body.attributes.get("x")
    expression = attribute.expression if attribute is not None and not read.problems else None
    return expression if isinstance(expression, (tree.Name, tree.Call)) else None


def _span(origin: Origin) -> Span:
    return origin if isinstance(origin, Span) else Span(origin.document, *origin.offsets())
