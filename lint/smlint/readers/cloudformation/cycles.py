"""Resources that depend on each other in a circle: CloudFormation refuses the whole template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smlint.document import Origin
from smlint.readers.cloudformation.evaluate import Evaluator, call_of
from smlint.readers.cloudformation.functions import PLACEHOLDER
from smlint.readers.cloudformation.stack import Stack
from smlint.values import NO, YES, Node

_REFERRING = frozenset({"Ref", "GetAtt", "Sub"})

# For each resource those that it depends on, and where it says so.
Dependencies = Mapping[str, Mapping[str, Origin]]


def report(stack: Stack) -> None:
    """One problem for each circle, where its first resource depends on the next; its members are noted in the stack."""
    if stack.macros:
        return  # what a macro makes of the resources is not known
    evaluator = stack.evaluator  # it expands the loops
    written = {name: node for name, node in stack.written.items() if not _of_sam(node)}
    dependencies = {name: dict(_dependencies(node, written, None)) for name, node in written.items()}
    if next(circles(dependencies), None) is None:
        return
    settled = {name: node for name, node in written.items() if _exists(evaluator, node)}
    dependencies = {name: dict(_dependencies(node, settled, evaluator)) for name, node in settled.items()}
    for circle in circles(dependencies):
        first, following = circle[0], circle[1 % len(circle)]
        names = " → ".join(f"`{name}`" for name in (*circle, first))
        stack.report(dependencies[first][following], f"circular dependency between resources: {names}")
        stack.circular.update(circle)


def circles(dependencies: Dependencies) -> Iterator[list[str]]:
    """Circles, none of which shares a resource with another; where there is any, at least one."""
    done: set[str] = set()
    for start in dependencies:
        way: dict[str, Iterator[str]] = {} if start in done else {start: iter(dependencies[start])}
        while way:
            here = next(reversed(way))
            target = next(way[here], None)
            if target is None:
                done.add(here)
                del way[here]
            elif target in way:
                names = list(way)
                yield names[names.index(target) :]
                done.update(names)
                way.clear()
            elif target not in done:
                way[target] = iter(dependencies[target])


def _dependencies(
    resource: Node, resources: Mapping[str, Node], evaluator: Evaluator | None
) -> Iterator[tuple[str, Origin]]:
    """What a resource depends on; with an evaluator, only what its conditions are known not to leave out."""
    depends = resource.get("DependsOn")
    for element in depends.elements() if depends is not None else ():
        name = element.literal
        if name is not None and name in resources:
            yield name, element.origin
    for function, argument, origin in calls(resource, evaluator):
        for name in named(function, argument):
            if name in resources:
                yield name, origin


def calls(resource: Node, evaluator: Evaluator | None) -> Iterator[tuple[str, Node, Origin]]:
    """Every call in a node that refers to something: the function, its argument and where it stands.

    evaluator: of a choice whose condition it knows only the branch that is taken counts.
    """
    waiting = [resource]
    for node in waiting:  # it grows meanwhile
        value = node.value
        if type(value) is str and not node.tag:
            continue
        called = call_of(node) if node.tag or (type(value) is dict and len(value) == 1) else None
        if called is not None and called[0] in _REFERRING:
            yield *called, node.origin
        if called is not None and called[0] == "If" and evaluator is not None:
            waiting += _chosen(evaluator, called[1])
        elif type(value) is dict:
            waiting += value.values()
        elif type(value) is list:
            waiting += value


def named(function: str, argument: Node) -> Iterator[str]:
    """The names, of resources or else, that a call refers to."""
    if function == "Ref" and argument.literal is not None:
        yield argument.literal
    elif function == "GetAtt":
        for element in argument.elements()[:1]:
            yield (element.literal or "").partition(".")[0]
    elif function == "Sub":
        text, *given = argument.elements()[:2] or [argument]
        own = given[0].mapping or {} if given else {}
        for name in PLACEHOLDER.findall(text.literal or ""):
            if name.strip() not in own:
                yield name.strip().partition(".")[0]


def _chosen(evaluator: Evaluator, argument: Node) -> list[Node]:
    """The branch of a choice that is known to be taken."""
    elements = argument.sequence or []
    named = elements[0].literal if len(elements) == 3 else None
    truth = evaluator.conditions.named(named) if named is not None else None
    return elements[1:2] if truth is YES else elements[2:3] if truth is NO else []


def _exists(evaluator: Evaluator, node: Node) -> bool:
    condition = node.get("Condition")
    return condition is None or evaluator.conditions.named(condition.literal or "") is not NO


def _of_sam(node: Node) -> bool:
    kind = node.get("Type")
    return kind is not None and (kind.literal or "").startswith("AWS::Serverless::")
