"""The intrinsic functions, one each: from the argument as written to its value.

Each takes the evaluator, the calling node (where the result stands) and the argument, and returns a node, or None for
AWS::NoValue. What cannot be raises IntrinsicError; what is not settled is a hole or an unknown.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING

from smlint.document import Origin
from smlint.readers.cloudformation import references
from smlint.readers.cloudformation.exports import imported
from smlint.readers.cloudformation.lists import cidr, select, split
from smlint.readers.cloudformation.loops import for_each, include
from smlint.readers.cloudformation.stack import shortened
from smlint.values import NO, YES, Hole, Node, Text, Unknown, join

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator

Function = Callable[["Evaluator", Node, Node], "Node | None"]

MEMBER_FUNCTIONS = ("Fn::ForEach::", "Fn::Transform")
MAX_ALTERNATIVES = 50
PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")


class JsonText(Node):
    """The text that a structure makes as JSON; the structure itself where somebody reads the JSON again."""

    __slots__ = ()


class IntrinsicError(Exception):
    """A call that CloudFormation would refuse, with the place to mend."""

    def __init__(self, message: str, origin: Origin) -> None:
        super().__init__(message)
        self.origin = origin


def _arguments(name: str, node: Node, argument: Node, least: int, most: int | None = None) -> list[Node]:
    elements = argument.sequence
    if elements is None or not least <= len(elements) <= (most or least):
        wanted = str(least) if most is None else f"{least} to {most}"
        raise IntrinsicError(f"`Fn::{name}` takes a list of {wanted} arguments", node.origin)
    return elements


def ref(evaluator: Evaluator, node: Node, argument: Node) -> Node | None:
    name = evaluator.text(argument)
    if not isinstance(name, str):
        raise IntrinsicError("`Ref` takes the name of a parameter or resource", node.origin)
    return references.referred(evaluator, name, node)


def get_att(evaluator: Evaluator, node: Node, argument: Node) -> Node | None:
    if argument.sequence is not None:
        elements = _arguments("GetAtt", node, argument, 2)
        names = [evaluator.text(element) for element in elements]
    else:
        name, dot, attribute = str(argument.literal or "").partition(".")
        names = [name, attribute] if dot else [None]
    if len(names) != 2 or not isinstance(names[0], str) or names[1] is None:
        raise IntrinsicError("`Fn::GetAtt` takes the name of a resource and of its attribute", node.origin)
    return references.attribute(evaluator, names[0], str(names[1]), node)


def sub(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    variables: dict[str, Node] = {}
    template = argument
    if argument.sequence is not None:
        template, given = _arguments("Sub", node, argument, 2)
        if given.mapping is None:
            raise IntrinsicError("`Fn::Sub` takes a text and a mapping", node.origin)
        variables = given.mapping
    if not isinstance(template.value, str) or template.tag:
        raise IntrinsicError("`Fn::Sub` takes a text", node.origin)
    parts: list[Text] = [*PLACEHOLDER.split(template.value)]
    for at in range(1, len(parts), 2):
        parts[at] = _substituted(evaluator, node, str(parts[at]).strip(), variables)
    result = evaluator.concatenated(node, parts)
    return Node(result.value, template.origin, node.key, node.used) if argument.sequence is not None else result


def _substituted(evaluator: Evaluator, node: Node, name: str, variables: dict[str, Node]) -> Text:
    if name.startswith("!"):
        return f"${{{name[1:]}}}"
    if name in variables:
        value = evaluator.resolve(variables[name])
        written = evaluator.written(value) if value is not None else ""
    elif evaluator.stack.defines(name.partition(".")[0]):
        written = evaluator.once(_text_of, name)
    else:
        written = _text_of(evaluator, name, node.origin)
    if written is None:
        raise IntrinsicError(f"`${{{name}}}` is a list or a mapping and cannot stand in a text", node.origin)
    return written


def _text_of(evaluator: Evaluator, name: str, origin: Origin | None = None) -> Text | None:
    """What a name in a `Sub` stands for; `origin` is where it is asked for, which matters if nothing defines it."""
    place = Node(name, origin or evaluator.stack.root.origin)
    value = get_att(evaluator, place, place) if "." in name else references.referred(evaluator, name, place)
    return evaluator.written(value) if value is not None else ""


def join_function(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    delimiter, members = _arguments("Join", node, argument, 2)
    between = evaluator.text(delimiter)
    values = evaluator.resolve(members)
    if between is None or values is None or values.literal is not None:
        raise IntrinsicError("`Fn::Join` takes a delimiter and a list", node.origin)
    if values.sequence is None or values.open:
        return node.with_value(evaluator.stack.unsettled(f"Join {between} of {told(values)}"))
    parts: list[Text] = []
    for position, element in enumerate(values.sequence):
        written = evaluator.written(element)
        if written is None:
            raise IntrinsicError("`Fn::Join` joins texts, this is none", element.origin)
        parts += [between, written] if position else [written]
    return evaluator.concatenated(node, parts)


def split_function(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    delimiter, source = _arguments("Split", node, argument, 2)
    between, text = evaluator.text(delimiter), evaluator.text(source)
    if not between or not isinstance(between, str) or text is None:
        raise IntrinsicError("`Fn::Split` takes a delimiter and a text", node.origin)
    return split(node, between, text)


def select_function(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    index, members = _arguments("Select", node, argument, 2)
    at, values = evaluator.text(index), evaluator.resolve(members)
    if values is None or values.literal is not None or at is None:
        raise IntrinsicError("`Fn::Select` takes an index and a list", node.origin)
    if isinstance(at, str) and not at.isdigit():
        raise IntrinsicError(f"`{at}` is no index", index.origin)
    if isinstance(at, str) and values.sequence is not None and not values.open:
        chosen = select(values.sequence, int(at))
        if chosen is None:
            raise IntrinsicError(f"the list has no element {at}", node.origin)
        return node.with_value(chosen.value)
    return node.with_value(evaluator.stack.unsettled(f"Select {at} of {told(values)}"))


def told(node: Node | None, known: dict[int, str] | None = None) -> str:
    """A value in words. Texts that are told alike are taken to be the same: what may differ is told differently.

    known: collections that have been told. One that stands in many places, each time in others, is told once.
    """
    if node is None:
        return "nothing"
    value = node.value
    if isinstance(value, Unknown):
        return value.why
    if not isinstance(value, (dict, list)):
        return str(value)
    known = {} if known is None else known
    if id(value) not in known:
        if isinstance(value, list):
            words = f"[{', '.join(told(member, known) for member in value)}]"
        else:
            words = f"{{{', '.join(f'{name}: {told(member, known)}' for name, member in value.items())}}}"
        known[id(value)] = shortened(words)
    return known[id(value)]


def if_function(evaluator: Evaluator, node: Node, argument: Node) -> Node | None:
    condition, yes, no = _arguments("If", node, argument, 3)
    name = condition.literal
    if name is None:
        raise IntrinsicError("`Fn::If` takes the name of a condition", condition.origin)
    truth = evaluator.condition(name, condition)
    if truth is YES:
        return evaluator.resolve(yes)
    if truth is NO:
        return evaluator.resolve(no)
    first, second = evaluator.resolve(yes), evaluator.resolve(no)
    return _either(evaluator, node, name, first, second)


def _either(evaluator: Evaluator, node: Node, name: str, first: Node | None, second: Node | None) -> Node:
    """What is known of a value of which only the two possibilities are known."""
    label = f"If {name} {told(first)} {told(second)}"
    if first is None or second is None or first.text is None or second.text is None:
        return node.with_value(Unknown(shortened(label)))
    if first.text == second.text:
        return node.with_value(first.text)
    known = [text for text in (first.literal, second.literal) if text is not None]
    return node.with_value(evaluator.stack.unsettled(label, oneof=tuple(known) if len(known) == 2 else ()))


def find_in_map(evaluator: Evaluator, node: Node, argument: Node) -> Node | None:
    elements = _arguments("FindInMap", node, argument, 3, 4)
    given = elements[3].get("DefaultValue") if len(elements) == 4 else None
    default = evaluator.resolve(given) if given is not None else None
    stack, (name, *keys) = evaluator.stack, [evaluator.text(element) for element in elements[:3]]
    must_be = given is None and not stack.opaque
    if must_be and isinstance(name, str) and name not in stack.mappings:
        raise IntrinsicError(f"there is no mapping `{name}` in this template", elements[0].origin)
    found = _entries([stack.mappings[name]] if isinstance(name, str) and name in stack.mappings else [], keys)
    if all(isinstance(text, str) for text in (name, *keys)):
        if found:
            call = function_name(found[0])  # a mapping takes none
            return found[0].used_at(node.origin) if call is None else node.with_value(Unknown(call))
        if must_be:
            raise IntrinsicError(f"the mapping `{name}` has no entry {'.'.join(map(str, keys))}", node.origin)
        if given is not None:
            return default
    found += [default] if default is not None else []
    return _one_of(evaluator, node, f"FindInMap {name} {' '.join(map(str, keys))}", found)


def _entries(mappings: list[Node], keys: list[Text | None]) -> list[Node]:
    """What may stand below the keys; one that is not known may be any."""
    for key in keys:
        if isinstance(key, str):
            mappings = [member for mapping in mappings if (member := mapping.get(key)) is not None]
        else:
            mappings = [member for mapping in mappings for _, member in mapping.items()]
    return mappings


def _one_of(evaluator: Evaluator, node: Node, label: str, found: list[Node]) -> Node:
    """One of several values; the hole tells which, where all of them are known and few."""
    if found and all(member.sequence is not None or member.mapping is not None for member in found):
        return node.with_value(Unknown(label))
    texts = [member.scalar for member in found]
    known = sorted({text for text in texts if isinstance(text, str)})
    if not all(isinstance(text, str) for text in texts) or len(known) > MAX_ALTERNATIVES:
        known = []
    if len(known) == 1 and found[0].literal is not None:
        return node.with_value(known[0])
    return node.with_value(evaluator.stack.unsettled(label, oneof=tuple(known)))


def import_value(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    name = evaluator.text(argument)
    if name is None:
        raise IntrinsicError("`Fn::ImportValue` takes the name of an export", node.origin)
    found = imported(evaluator.stack.scope, name)
    label = shortened(str(name))
    return node.with_value(found if found is not None else join([Hole(f"export:{label}", label=label)]))


def base64(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    text = evaluator.text(argument)
    if text is None:
        raise IntrinsicError("`Fn::Base64` takes a text", node.origin)
    if isinstance(text, str):
        return node.with_value(b64encode(text.encode("utf-8", "replace")).decode("ascii"))
    return node.with_value(evaluator.stack.unsettled(f"Base64 {text}"))


def cidr_function(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    elements = _arguments("Cidr", node, argument, 2, 3)
    block, count, *bits = (evaluator.text(element) for element in elements)
    return cidr(node, block, count, bits[0] if bits else "")


def get_azs(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    evaluator.resolve(argument)  # for its faults
    return node.with_value(Unknown("the availability zones of the region"))


def length(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    values = evaluator.resolve(argument)
    if values is None or (values.sequence is None and not values.unknown):
        raise IntrinsicError("`Fn::Length` takes a list", node.origin)
    if values.sequence is None or values.open:
        return node.with_value(Unknown(shortened(f"Length of {told(values)}")))
    return node.with_value(len(values.sequence))


def to_json_string(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    value = evaluator.resolve(argument)
    if value is None or value.text is not None:
        raise IntrinsicError("`Fn::ToJsonString` takes a mapping or a list", node.origin)
    return JsonText(value.value, argument.origin, node.key, open=value.open)


def transform(evaluator: Evaluator, node: Node, argument: Node) -> Node:
    included = include(evaluator, argument)
    if included is None:
        return node.with_value(Unknown(shortened(f"Transform {told(argument)}")))
    return evaluator.resolve(included) or included


def expand_member(evaluator: Evaluator, name: str, member: Node, resolve: bool = True) -> dict[str, Node] | None:
    """What stands for a member called `Fn::ForEach::X` or `Fn::Transform`; None where that is not known."""
    if name == "Fn::Transform":
        included = include(evaluator, member)
        members = None if included is None else included.mapping
    else:
        try:
            members = for_each(evaluator, member)
        except ValueError as error:
            evaluator.stack.report(member.key or member.origin, str(error))
            return None
    if members is None or not resolve:
        return members
    resolved = {key: evaluator.resolve(value) for key, value in members.items()}
    return {key: value for key, value in resolved.items() if value is not None}


def function_name(node: Node) -> str | None:
    """The name of the function, known or not, that a node calls in either spelling; None where it calls none."""
    if node.tag:
        return node.tag[1:]
    if type(node.value) is not dict or len(node.value) != 1:
        return None
    (name,) = node.value
    if name == "Ref":
        return name
    return name[4:] if name.startswith("Fn::") and "::" not in name[4:] else None


def spelt(name: str) -> str:
    """The long name of a function."""
    return name if name in ("Ref", "Condition") else f"Fn::{name}"


FUNCTIONS: dict[str, Function] = {
    "Ref": ref,
    "GetAtt": get_att,
    "Sub": sub,
    "Join": join_function,
    "Split": split_function,
    "Select": select_function,
    "If": if_function,
    "FindInMap": find_in_map,
    "ImportValue": import_value,
    "Base64": base64,
    "Cidr": cidr_function,
    "GetAZs": get_azs,
    "Length": length,
    "ToJsonString": to_json_string,
    "Transform": transform,
}
