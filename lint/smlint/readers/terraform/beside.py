"""The configuration that stands beside a plan, evaluated with the plan's variables and settled by the plan's values."""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import Fact, Superseded
from smlint.readers.terraform.functions.encoding import relocated
from smlint.readers.terraform.known import Exhausted
from smlint.readers.terraform.module import Module, Root, define, is_configuration
from smlint.readers.terraform.plan import Plan, values_by_address
from smlint.readers.terraform.root_modules import facts_of
from smlint.values import Node


def read_beside(plan: Plan, root: Node, covered: set[str]) -> Iterator[Fact]:
    """The facts of the configuration; `covered` gets the addresses that it has."""
    paths = [path for path in plan.scope.names(plan.folder) if is_configuration(path)]
    documents = [document for path in paths if (document := plan.scope.open(path)) is not None]
    if not documents:
        return
    yield Superseded(root.origin, f"{plan.folder}/")
    definition = define(plan.folder, documents)
    made = Root(plan.folder, plan.scope)
    made.put(definition)
    made.plan = values_by_address(plan.known)
    inputs: dict[str, Node] = {}
    given = root.get("variables")
    for name, variable in given.items() if given is not None else ():
        value, block = variable.get("value"), definition.variables.get(name)
        if value is not None and block is not None and "default" not in block.body.attributes:
            inputs[name] = relocated(value, block.span)
        elif value is not None and block is not None:
            inputs[name] = relocated(value, block.body.attributes["default"].expression.span)
    try:
        yield from facts_of(Module(made, definition, inputs=inputs), covered.add)
    except Exhausted:
        return
