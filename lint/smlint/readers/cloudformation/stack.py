"""A stack: one template, its parameters' values, and the deployment it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from smlint.document import Document, Origin
from smlint.facts import Problem, Settings
from smlint.readers.cloudformation.cdk import deployed
from smlint.readers.cloudformation.conditions import World
from smlint.readers.scope import Scope
from smlint.record import dataclass, replace
from smlint.syntax.parsed import Parsed
from smlint.values import Hole, Node, Text, join

if TYPE_CHECKING:
    from smlint.readers.cloudformation.evaluate import Evaluator

_TRANSPARENT = ("AWS::LanguageExtensions", "AWS::Include")
_SAM = "AWS::Serverless"
MAX_WORDS = 200  # characters of what a person reads of an unsettled value
PSEUDO = frozenset(f"AWS::{name}" for name in ("AccountId", "Partition", "Region", "StackId", "StackName", "URLSuffix"))


@dataclass(slots=True)
class Budget:
    """What a stack and all nested in it have used: nested stacks, values that loops made, the depth of evaluation."""

    stacks: int = 0
    copied: int = 0
    depth: int = 0


class Stack:
    """One template in a deployment. Its sections are raw nodes; `Evaluator` gives them their values.

    identity:  begins the names of the stack's holes; one template used by two nested stacks has two identities.
    arguments: the values that a parent stack gives to parameters; None for a stack that stands alone.
    name:      the stack's name, where something says it; settings: where it is deployed.
    world:     what is taken for granted of what nothing settles.
    lineage:   the paths of the templates from the outermost to this one; parsed: the files that were read for them.
    circular:  the resources of which it is said already that they depend on themselves.
    children:  the nested stacks that were read, by logical id.
    written:   the resources as the template has them, loops expanded; resources: what SAM makes of them.
    macros:    the template is rewritten by macros of which nothing is known; opaque: by these, by SAM or by modules, or
               it includes what is not in the repository, so an undefined name is no fault.
    """

    def __init__(
        self,
        root: Node,
        document: Document,
        scope: Scope,
        identity: str = "",
        arguments: Mapping[str, Node] | None = None,
        parent: Stack | None = None,
        world: World | None = None,
    ) -> None:
        self.root = root
        self._included: list[Node] = []
        self.document = document
        self.scope = scope
        self.identity = identity or f"cfn:{document.path}"
        self.arguments = arguments
        self.parameters = self.section("Parameters")
        self.mappings = self.section("Mappings")
        self.conditions = self.section("Conditions")
        self.written = self.resources = self.section("Resources")
        self.outputs = self.section("Outputs")
        types = [kind for node in self.resources.values() if (kind := node.get("Type")) is not None]
        self.serverless = any((kind.literal or "").startswith("AWS::Serverless::") for kind in types)
        self._transforms = root.get("Transform")
        transforms = [name for name in _names(self._transforms) if not name.startswith(_TRANSPARENT)]
        self.macros = any(not name.startswith(_SAM) for name in transforms)
        self.opaque = (
            self.serverless
            or bool(transforms)
            or any(kind.literal is None or kind.tag or kind.literal.endswith("::MODULE") for kind in types)
        )
        self.name = deployed(scope, document.path).name if parent is None else None
        self.settings: Settings = parent.settings if parent is not None else _settings(scope, document.path)
        self.world: World = parent.world if parent is not None else world or World()
        self.lineage: tuple[str, ...] = (*(parent.lineage if parent is not None else ()), document.path)
        self.budget: Budget = parent.budget if parent is not None else Budget()
        self.parsed: dict[str, Parsed] = parent.parsed if parent is not None else {}
        self.circular: set[str] = set()
        self.children: dict[str, Stack | None] = {}
        self._evaluator: Evaluator | None = None
        self._problems: dict[tuple[int, str], Problem] = {}

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates the stack where no undetermined condition is settled."""
        if self._evaluator is None:
            from smlint.readers.cloudformation.evaluate import Evaluator

            self._evaluator = Evaluator(self)
            self._expand(self._evaluator)
        return self._evaluator

    def _expand(self, evaluator: Evaluator) -> None:
        """Put in what the template includes, expand its loops, and make of SAM's resources what they become."""
        for transform in self._transforms.elements() if self._transforms is not None else ():
            self._included += evaluator.included(transform)
        self.mappings = evaluator.members(self.section("Mappings"))
        self.conditions = evaluator.members(self.section("Conditions"))
        self.written = self.resources = evaluator.members(self.section("Resources"))
        self.outputs = evaluator.members(self.section("Outputs"))
        if self.serverless:
            from smlint.readers.cloudformation import sam

            self.resources = sam.expanded(self)

    def close(self) -> None:
        """Part the stack from its evaluator: who knows each other is kept until somebody looks for garbage."""
        self._evaluator = None
        for child in self.children.values():
            if child is not None:
                child.close()

    def section(self, name: str) -> dict[str, Node]:
        """The members of a top-level section, here and in what the whole template includes."""
        sections = [section for root in (*self._included, self.root) if (section := root.get(name)) is not None]
        return {member: node for section in sections for member, node in section.items()}

    def defines(self, name: str) -> bool:
        """Whether the template has a parameter or a resource of the name, or CloudFormation defines it."""
        return name in self.resources or name in self.parameters or name in PSEUDO

    def hole(self, label: str, like: str = "*", only: str | None = None, oneof: tuple[str, ...] = ()) -> Hole:
        """A value that this template does not settle, named uniquely by the stack and the label."""
        label = shortened(label)
        return Hole(f"{self.identity}:{label}", like, only, oneof, label)

    def unsettled(self, label: str, like: str = "*", only: str | None = None, oneof: tuple[str, ...] = ()) -> Text:
        """The text that consists of such a hole."""
        return join([self.hole(label, like, only, oneof)])

    def generated(self, label: str, like: str, only: str | None) -> Text:
        """A name or an id that AWS makes for one resource alone."""
        return join([replace(self.hole(label, like, only), fresh=True)])

    def report(self, origin: Origin, message: str) -> None:
        """Note that something at a place cannot be; said once however often the place is evaluated."""
        self._problems.setdefault((id(origin), message), Problem(origin, message))

    @property
    def problems(self) -> list[Problem]:
        return list(self._problems.values())


def shortened(words: str) -> str:
    """The words, cut where they are long: the fingerprint at the end still tells them from others."""
    if len(words) <= MAX_WORDS:
        return words
    from hashlib import sha256

    return f"{words[: MAX_WORDS // 2]}…{sha256(words.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _settings(scope: Scope, path: str) -> Settings:
    """Where the stack is deployed: as the configuration says, else as the CDK's assembly does."""
    settings, known = scope.settings, deployed(scope, path)
    if known.account is not None and not isinstance(settings.account, str):
        settings = replace(settings, account=known.account)
    if known.region is not None and not isinstance(settings.region, str):
        settings = replace(settings, region=known.region)
    return settings


def _names(transform: Node | None) -> list[str]:
    names = []
    for element in transform.elements() if transform is not None else []:
        named = element.get("Name") if element.mapping is not None else element
        names.append(str(named.value) if named is not None else "")
    return names
