"""A stack: one template, its parameters' values, and the deployment it stands in."""

from __future__ import annotations

from collections.abc import Mapping

from smlint.document import Document, Origin
from smlint.facts import Problem, Settings
from smlint.readers.scope import Scope
from smlint.values import Hole, Node, Text, join

SERVERLESS = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
_TRANSPARENT = (SERVERLESS, LANGUAGE_EXTENSIONS, "AWS::Include", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager")


class Stack:
    """One template in a deployment. Its sections are raw nodes; `Evaluator` gives them their values.

    identity:  begins the names of the stack's holes; one template used by two nested stacks has two identities.
    arguments: the values that a parent stack gives to parameters; None for a stack that stands alone.
    opaque:    the template has macros or modules of which nothing is known, so an undefined name is no fault.
    """

    def __init__(
        self,
        root: Node,
        document: Document,
        scope: Scope,
        identity: str = "",
        arguments: Mapping[str, Node] | None = None,
    ) -> None:
        self.root = root
        self.document = document
        self.scope = scope
        self.identity = identity or f"cfn:{document.path}"
        self.arguments = arguments
        self.parameters = self.section("Parameters")
        self.mappings = self.section("Mappings")
        self.conditions = self.section("Conditions")
        self.resources = self.section("Resources")
        self.outputs = self.section("Outputs")
        self.transforms = _names(root.get("Transform"))
        self.opaque = any(not name.startswith(_TRANSPARENT) for name in self.transforms)
        self._problems: dict[tuple[int, str], Problem] = {}

    @property
    def settings(self) -> Settings:
        return self.scope.settings

    def section(self, name: str) -> dict[str, Node]:
        """The members of a top-level section; empty where it is absent or no mapping."""
        node = self.root.get(name)
        return node.mapping or {} if node is not None else {}

    def hole(self, label: str, like: str = "*", only: str | None = None, oneof: tuple[str, ...] = ()) -> Hole:
        """A value that this template does not settle, named uniquely by the stack and the label."""
        return Hole(f"{self.identity}:{label}", like, only, oneof, label)

    def unsettled(self, label: str, like: str = "*", only: str | None = None, oneof: tuple[str, ...] = ()) -> Text:
        """The text that consists of such a hole."""
        return join([self.hole(label, like, only, oneof)])

    def report(self, origin: Origin, message: str) -> None:
        """Note that something at a place cannot be; said once however often the place is evaluated."""
        self._problems.setdefault((id(origin), message), Problem(origin, message))

    @property
    def problems(self) -> list[Problem]:
        return list(self._problems.values())


def _names(transform: Node | None) -> list[str]:
    names = []
    for element in transform.elements() if transform is not None else []:
        named = element.get("Name") if element.mapping is not None else element
        names.append(str(named.value) if named is not None else "")
    return names
