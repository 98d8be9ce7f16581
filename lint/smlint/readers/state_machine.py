"""State machines (Amazon States Language) whose tasks call SageMaker, by the optimised or the AWS SDK integration.

What a state takes from its input is unknown: members ending in ".$", JSONata expressions. `States.Format`
gives a text with holes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from smlint.document import Document, Origin
from smlint.facts import Caller, Fact, Workload
from smlint.readers import api as apis
from smlint.readers.scope import Scope
from smlint.record import dataclass
from smlint.values import Hole, Node, Text, Unknown, join, pieces, split

DEEPEST = 32
_MARKS = tuple(map(chr, range(0xE000, 0xE040)))  # private characters of Unicode
_SERVICES = frozenset({"sagemaker", "sagemakergeospatial"})
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_.:-]{1,128})\}")


def recognises(root: Node, path: str) -> bool:
    """Whether the file is a state machine's definition."""
    return root.get("StartAt") is not None and root.get("States") is not None


def read(root: Node, document: Document, scope: Scope) -> Iterator[Fact]:
    """The workloads of a definition in a file; `${Name}` is what the deployment substitutes."""
    label = basename(document.path).split(".")[0]
    yield from workloads(_substitutable(root, document.path, 0), None, label, scope)


def workloads(
    definition: Node, caller: Text | None, label: str, scope: Scope, caller_origin: Origin | None = None
) -> Iterator[Fact]:
    """The SageMaker calls of a definition, and their caller where it is known."""
    machine = _Machine(caller, label, caller_origin)
    called = list(_states(definition, machine, _jsonata(definition, False), 0))
    if called and caller is not None:
        yield Caller(caller_origin or definition.origin, f"state machine {label}", caller)
    yield from called


@dataclass(slots=True)
class _Machine:
    caller: Text | None
    label: str
    caller_origin: Origin | None


def _jsonata(node: Node, inherited: bool) -> bool:
    language = node.get("QueryLanguage")
    return language.value == "JSONata" if language is not None else inherited


def _states(flow: Node, machine: _Machine, jsonata: bool, depth: int) -> Iterator[Workload]:
    """The calls of a flow's states, of the flows inside its Map and Parallel states too."""
    states = flow.get("States")
    if states is None or depth > DEEPEST:
        return
    for name, state in states.items():
        language = _jsonata(state, jsonata)
        call = _call(name, state, machine, language)
        if call is not None:
            yield call
        branches = state.get("Branches")
        inner = [state.get("ItemProcessor"), state.get("Iterator"), *(branches.elements() if branches else ())]
        for nested in inner:
            if nested is not None:
                yield from _states(nested, machine, language, depth + 1)


def _call(name: str, state: Node, machine: _Machine, jsonata: bool) -> Workload | None:
    resource = state.get("Resource")
    if resource is None or resource.text is None:
        return None
    api, pattern = _integration(resource.text)
    if api is None:
        return None
    request = _request(state, f"asl:{state.origin.document.path}:{machine.label}:{name}", jsonata)
    own = apis.own_name(api, request)
    caller, caller_origin = _caller(state, machine)
    return Workload(
        state.origin,
        api,
        request,
        name,
        "step-functions",
        caller=caller,
        caller_origin=caller_origin,
        sync=pattern,
        names=(own,) if own else (),
    )


def _caller(state: Node, machine: _Machine) -> tuple[Text | None, Origin | None]:
    """Who calls: the role that the state assumes for it, else the machine's own."""
    credentials = state.get("Credentials")
    if credentials is None:
        return machine.caller, machine.caller_origin
    role = credentials.get("RoleArn")
    known = _jsonata_value(role, 0) if role is not None else None
    return (known.text, known.origin) if known is not None else (None, None)


def _integration(resource: Text) -> tuple[str | None, str]:
    """The API and the integration pattern: `arn:aws:states:::sagemaker:createTrainingJob.sync`."""
    parts = split(resource, ":")
    if len(parts) < 7 or parts[2] != "states":
        return None, ""
    service, called = (parts[6], parts[7:8]) if parts[5] == "aws-sdk" else (parts[5], parts[6:7])
    if service not in _SERVICES or not called or not isinstance(called[0], str):
        return None, ""
    action, _, pattern = called[0].partition(".")
    return apis.operation(action), pattern if pattern in ("sync", "waitForTaskToken") else ""


def _request(state: Node, hole: str, jsonata: bool) -> Node:
    """The request that a state sends. Without Parameters or Arguments it is the state's input: unknown."""
    given = state.get("Arguments" if jsonata else "Parameters")
    if given is None or given.mapping is None:
        return Node({}, given.origin if given is not None else state.origin, open=True)
    return _jsonata_value(given, 0) if jsonata else _jsonpath_value(given, hole, 0)


def _jsonata_value(node: Node, depth: int) -> Node:
    if depth > DEEPEST:
        return node.with_value(Unknown("nested too deeply"))
    if node.mapping is not None:
        return node.with_value({name: _jsonata_value(member, depth + 1) for name, member in node.items()})
    if node.sequence is not None:
        return node.with_value([_jsonata_value(element, depth + 1) for element in node.sequence])
    opening = pieces(node.text)[:1] if node.text else ()
    if opening and isinstance(opening[0], str) and opening[0].startswith("{%"):
        return node.with_value(Unknown("a JSONata expression"))
    return node


def _jsonpath_value(node: Node, hole: str, depth: int) -> Node:
    if depth > DEEPEST:
        return node.with_value(Unknown("nested too deeply"))
    if node.sequence is not None:
        return node.with_value([_jsonpath_value(element, hole, depth + 1) for element in node.sequence])
    if node.mapping is None:
        return node
    members = {}
    for name, member in node.items():
        if name.endswith(".$"):
            members[name.removesuffix(".$")] = member.with_value(_from_input(member, hole))
        else:
            members[name] = _jsonpath_value(member, hole, depth + 1)
    return node.with_value(members)


def _from_input(node: Node, hole: str) -> Text | Unknown:
    holes = list(dict.fromkeys(piece for piece in pieces(node.text or "") if isinstance(piece, Hole)))
    expression = _marked(node.text or "", holes).strip()
    if expression.startswith("States.Format(") and expression.endswith(")") and len(holes) <= len(_MARKS):
        arguments = _arguments(expression.removeprefix("States.Format(")[:-1])
        template = _quoted(arguments[0]) if arguments else None
        if template is not None:
            return _unmarked(_format(template, arguments[1:], hole), holes)
    return Unknown(f"`{node.text}` comes from the state's input")


def _marked(text: Text, holes: list[Hole]) -> str:
    """The text with a private character for each hole, so that it can be taken apart like any other."""
    marks = dict(zip(holes, _MARKS, strict=False))
    return "".join(marks.get(piece, "") if isinstance(piece, Hole) else piece for piece in pieces(text))


def _unmarked(text: Text, holes: list[Hole]) -> Text:
    for hole, mark in zip(holes, _MARKS, strict=False):
        first, *others = split(text, mark)
        text = join([first, *(piece for other in others for piece in (hole, other))])
    return text


def _format(template: str, arguments: list[str], hole: str) -> Text:
    """States.Format: every `{}` stands for the next argument."""
    parts: list[str | Hole] = []
    values = iter(arguments)
    for position, literal in enumerate(template.split("{}")):
        if position:
            parts.append(_argument(next(values, ""), hole))
        parts.append(re.sub(r"\\([{}'\\])", r"\1", literal))
    return join(parts)


def _argument(expression: str, hole: str) -> str | Hole:
    literal = _quoted(expression)
    if literal is not None:
        return literal
    label = "".join(character for character in expression if character not in _MARKS)
    return expression if expression.isdigit() else Hole(f"{hole}:{expression}", label=label)


def _quoted(expression: str) -> str | None:
    inside = len(expression) >= 2 and expression[0] == expression[-1] == "'"
    return expression[1:-1] if inside else None


def _arguments(text: str) -> list[str]:
    """Split the arguments of an intrinsic function at its own commas."""
    found, current, depth, quoted, escaped = [], "", 0, False, False
    for character in text:
        if character == "'" and not escaped:
            quoted = not quoted
        escaped = character == "\\" and not escaped
        if not quoted and character in "()[]":
            depth += 1 if character in "([" else -1
        if character == "," and not quoted and depth == 0:
            found.append(current.strip())
            current = ""
        else:
            current += character
    return [*found, current.strip()]


def _substitutable(node: Node, path: str, depth: int) -> Node:
    if depth > DEEPEST * 4:
        return node
    if node.mapping is not None:
        return node.with_value({name: _substitutable(member, path, depth + 1) for name, member in node.items()})
    if node.sequence is not None:
        return node.with_value([_substitutable(element, path, depth + 1) for element in node.sequence])
    if node.literal is None or "${" not in node.literal:
        return node
    parts = _PLACEHOLDER.split(node.literal)
    return node.with_value(
        join(Hole(f"{path}:{part}", label=part) if at % 2 else part for at, part in enumerate(parts))
    )
