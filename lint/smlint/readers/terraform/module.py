"""Modules: a folder's blocks, and one call of them with its inputs and providers."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence

from smlint.document import Document, Origin, Span
from smlint.facts import Problem, Settings
from smlint.readers.scope import Scope
from smlint.readers.terraform.evaluate import Frame, evaluate
from smlint.readers.terraform.known import Budget, Exhausted, Invalid, LazyObject, hole, unsettled
from smlint.readers.terraform.providers import Provider
from smlint.record import dataclass, field
from smlint.syntax import hcl
from smlint.syntax.hcl.tree import Attribute, Block
from smlint.values import Node, Unknown

MAX_MODULE_DEPTH = 12


@dataclass(slots=True)
class Definition:
    """What the files of one folder define."""

    folder: str
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    calls: dict[str, Block] = field(default_factory=dict)
    providers: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_configuration(path: str) -> bool:
    """Whether the file belongs to a module."""
    return path.endswith((".tf", ".tf.json", ".tofu", ".tofu.json"))


def define(folder: str, documents: Sequence[Document]) -> Definition:
    """Read the configuration files of a folder; override files come last."""
    made = Definition(folder)
    files = [document for document in documents if is_configuration(document.path)]
    for document in sorted(files, key=lambda d: (_overrides(d.path), d.path)):
        read = hcl.parse(document)
        made.problems += read.problems
        for block in read.body.blocks:
            _define(made, block, _overrides(document.path))
    return made


def _overrides(path: str) -> bool:
    stem = posixpath.basename(path).split(".")[0]
    return stem == "override" or stem.endswith("_override")


def _define(made: Definition, block: Block, override: bool) -> None:
    kind, labels = block.type, block.labels
    if kind == "locals":
        made.locals |= block.body.attributes
    elif kind in ("resource", "data") and len(labels) == 2:
        key = (kind, *labels)
        if override and key in made.resources:
            _override(made.resources[key], block)
        else:
            made.resources[key] = block
    elif len(labels) == 1 and kind in ("variable", "output", "module"):
        table = {"variable": made.variables, "output": made.outputs, "module": made.calls}[kind]
        if override and labels[0] in table:
            _override(table[labels[0]], block)
        else:
            table[labels[0]] = block
    elif kind == "provider" and labels:
        made.providers.append(block)


def _override(block: Block, by: Block) -> None:
    block.body.attributes.update(by.body.attributes)
    replaced = {inner.type for inner in by.body.blocks}
    block.body.blocks[:] = [inner for inner in block.body.blocks if inner.type not in replaced] + by.body.blocks


class Root:
    """One evaluation of a root module: what all its modules share."""

    def __init__(self, folder: str, scope: Scope, tag: str = "") -> None:
        self.folder = folder
        self.scope = scope
        self.settings: Settings = scope.settings
        self.tag = tag
        self.budget = Budget()
        self.depth = 0
        self.templates = 0
        self.problems: list[Problem] = []
        self.plan: Mapping[str, Node] = {}
        self._definitions: dict[str, Definition] = {}
        self._serial = 0

    def serial(self) -> int:
        """A number of its own for each unknown that iteration makes."""
        self._serial += 1
        return self._serial

    def definition(self, folder: str) -> Definition | None:
        """The definition of a folder under the scanned root; None where it has no configuration."""
        if folder not in self._definitions:
            paths = [path for path in self.scope.names(folder) if is_configuration(path)]
            documents = [document for path in paths if (document := self.scope.open(path)) is not None]
            made = define(folder, documents)
            self.problems += made.problems
            self._definitions[folder] = made
        made = self._definitions[folder]
        return made if made.resources or made.variables or made.outputs or made.calls or made.locals else None

    def put(self, definition: Definition) -> None:
        """The root's own definition, already read."""
        self._definitions[definition.folder] = definition
        self.problems += definition.problems


class Namespace:
    """What names mean somewhere."""

    root: Root
    prefix: str

    def names(self, name: str, span: Span) -> Node:
        raise Invalid(f"there is no `{name}`")

    def template_scope(self) -> Namespace:
        return TemplateScope(self.root, self.prefix)


class TemplateScope(Namespace):
    """Inside a template file there are only the variables that it is given."""

    def __init__(self, root: Root, prefix: str) -> None:
        self.root = root
        self.prefix = prefix


class _Named(LazyObject):
    """`var`, `local`, `module`, `data.TYPE` or a resource type: names that are looked up in a module."""

    def __init__(self, look: Callable[[str, Span], Node], span: Span) -> None:
        super().__init__()
        self.look = look
        self.span = span

    def attribute(self, name: str) -> Node:
        return self.look(name, self.span)


class Module(Namespace):
    """One call of a module."""

    def __init__(
        self,
        root: Root,
        definition: Definition,
        address: str = "",
        inputs: Mapping[str, Node] | None = None,
        providers: dict[str, Provider] | None = None,
        depth: int = 0,
    ) -> None:
        self.root = root
        self.definition = definition
        self.address = address
        self.inputs = inputs or {}
        self.depth = depth
        self.prefix = f"tf:{root.folder}{root.tag}:{address}"
        self.frame = Frame(self)
        self.given = providers or {}
        self._memo: dict[tuple[str, ...], Node] = {}
        self._active: set[tuple[str, ...]] = set()
        self._providers: dict[str, Provider] = {}
        self._spaces: dict[str, LazyObject] = {}

    def names(self, name: str, span: Span) -> Node:
        if name == "path":
            return Node(self._path(span), span)
        if name == "terraform":
            return Node({"workspace": hole(f"{self.prefix}workspace", "terraform.workspace", span)}, span)
        space = self._spaces.get(name)
        if space is None:
            space = self._spaces[name] = self._space(name, span)
        return Node(space, span)

    def _space(self, name: str, span: Span) -> LazyObject:
        looks = {"var": self.variable, "local": self.local, "module": self.called, "data": self._data}
        if name in looks:
            return _Named(looks[name], span)
        if name in ("each", "count", "self"):
            raise Invalid(f"there is no `{name}` here")
        return _Named(lambda label, at: self.resource("resource", name, label, at), span)

    def _path(self, span: Span) -> dict[str, Node]:
        here = posixpath.relpath(self.definition.folder or ".", self.root.folder or ".")
        cwd = hole(f"{self.prefix}path.cwd", "path.cwd", span)
        return {"module": Node(here, span), "root": Node(".", span), "cwd": cwd}

    def _once(self, key: tuple[str, ...], make: Callable[[], Node]) -> Node:
        """Evaluate once; a value that needs itself cannot be evaluated."""
        found = self._memo.get(key)
        if found is None:
            if key in self._active:
                raise Invalid(f"`{'.'.join(key)}` refers to itself")
            self._active.add(key)
            try:
                found = make()
            except RecursionError:
                raise Exhausted("its references are nested too deeply") from None
            finally:
                self._active.discard(key)
            self._memo[key] = found
        return found

    def unknown(self, name: str, origin: Origin) -> Node:
        """A named value that nothing settles."""
        return unsettled(f"{self.prefix}{name}", f"{self.address}{name}", origin)

    def variable(self, name: str, span: Span) -> Node:
        """The variable's value: what the caller gives, else its default."""
        return self._once(("var", name), lambda: self._variable(name, span))

    def _variable(self, name: str, span: Span) -> Node:
        from smlint.readers.terraform.calls import Deferred
        from smlint.readers.terraform.types import converted, unknown_of

        block = self.definition.variables.get(name)
        given = self.inputs.get(name)
        if isinstance(given, Deferred):
            given = given.made()
        if block is None:
            return given or self.unknown(f"var.{name}", span)
        attributes = block.body.attributes
        kind = attributes["type"].expression if "type" in attributes else None
        nullable = attributes.get("nullable")
        if given is not None and given.value is None and "default" in attributes and nullable is not None:
            given = None if evaluate(nullable.expression, self.frame).value is False else given
        if given is None and "default" in attributes:
            given = evaluate(attributes["default"].expression, self.frame)
        if given is None:
            return unknown_of(kind, f"{self.prefix}var.{name}", f"{self.address}var.{name}", block.span)
        if isinstance(given.value, Unknown) and kind is not None:
            return given
        try:
            return converted(given, kind, self.frame) if kind is not None else given
        except Invalid:
            return given

    def local(self, name: str, span: Span) -> Node:
        """A local value."""
        return self._once(("local", name), lambda: self._local(name, span))

    def _local(self, name: str, span: Span) -> Node:
        attribute = self.definition.locals.get(name)
        if attribute is None:
            return self.unknown(f"local.{name}", span)
        return evaluate(attribute.expression, self.frame)

    def output(self, name: str, span: Span) -> Node:
        """What the module's caller gets."""
        return self._once(("output", name), lambda: self._output(name, span))

    def _output(self, name: str, span: Span) -> Node:
        block = self.definition.outputs.get(name)
        if block is None or "value" not in block.body.attributes:
            return self.unknown(f"output.{name}", span)
        return evaluate(block.body.attributes["value"].expression, self.frame)

    def called(self, name: str, span: Span) -> Node:
        """`module.NAME`"""
        from smlint.readers.terraform.calls import module_node

        return self._once(("module", name), lambda: module_node(self, name, span))

    def _data(self, type: str, span: Span) -> Node:
        return Node(_Named(lambda label, at: self.resource("data", type, label, at), span), span)

    def resource(self, mode: str, type: str, name: str, span: Span) -> Node:
        """`TYPE.NAME` or `data.TYPE.NAME`: one instance, a list (count) or a map (for_each) of them."""
        from smlint.readers.terraform.resources import resource_node

        return self._once((mode, type, name), lambda: resource_node(self, mode, type, name, span))

    def provider(self, reference: str) -> Provider:
        """The provider that a reference ("aws", "aws.us_east_1") means here."""
        if reference in self.given:
            return self.given[reference]
        if reference not in self._providers:
            self._providers[reference] = Provider.read(self, reference)
        return self._providers[reference]

    def resources(self) -> Iterator[tuple[str, str, str]]:
        """Mode, type and name of every resource and data source."""
        return iter(self.definition.resources)
