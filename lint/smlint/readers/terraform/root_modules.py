"""Root modules: which folders are, the variants that their `.tfvars` files make, and the facts of all they call."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from smlint.document import Document, Span
from smlint.facts import Attachment, Fact, ManagedPolicy, Problem, Role, Workload
from smlint.readers.scope import Scope
from smlint.readers.terraform.calls import Called
from smlint.readers.terraform.evaluate import evaluate
from smlint.readers.terraform.expansion import objects_in
from smlint.readers.terraform.facts_common import Maker
from smlint.readers.terraform.known import Exhausted, Invalid, wrap
from smlint.readers.terraform.module import Definition, Module, Root, define, is_configuration
from smlint.readers.terraform.resources import Instance, Resource
from smlint.syntax import hcl
from smlint.syntax.hcl.tree import Body
from smlint.values import Node, Unknown

MAX_VARIANTS = 12
_SOURCE = re.compile(r"\bsource[\"']?[ \t]*[=:][ \t]*\"(\.\.?/[^\"$%]{0,400})\"")


def root_folders(folders: Mapping[str, Sequence[Document]]) -> list[str]:
    """The folders that no other calls as a module."""
    having = {folder for folder, documents in folders.items() if any(is_configuration(d.path) for d in documents)}
    called: set[str] = set()
    for folder in having:
        for document in folders[folder]:
            if is_configuration(document.path) and "source" in document.text:
                for found in _SOURCE.finditer(document.text):
                    path = posixpath.normpath(posixpath.join(folder or ".", found[1]))
                    path = "" if path == "." else path
                    if path != folder:
                        called.add(path)
    alone = having - called
    return sorted(alone or having)


def read_root(folder: str, documents: Sequence[Document], scope: Scope) -> Iterator[Fact]:
    """The facts of a root module, once for each of its variants."""
    problems: list[Problem] = []
    for module in variants(folder, documents, scope):
        root = module.root
        try:
            for fact in facts_of(module):
                if isinstance(fact, (Attachment, ManagedPolicy, Role, Workload)):
                    fact.unit = f"{folder}/{root.tag}"
                yield fact
        except Exhausted as spent:
            root.problems.append(_spent(module.definition, spent))
        problems += root.problems
    seen: set[tuple[str, int, str]] = set()
    for problem in problems:
        key = (problem.origin.document.path, problem.origin.offsets()[0], problem.message)
        if key not in seen:
            seen.add(key)
            yield problem


def variants(folder: str, documents: Sequence[Document], scope: Scope) -> Iterator[Module]:
    """A root module as each of its `.tfvars` files makes it."""
    definition = define(folder, documents)
    base, chosen = _variable_files(folder, documents, scope, definition)
    each: list[Document | None] = [*chosen] or [None]
    for variant in each:
        root = Root(definition.folder, scope, f"@{variant.path}" if variant is not None else "")
        root.put(definition)
        try:
            inputs = _inputs(root, definition, base if variant is None else [*base, variant])
        except Exhausted as spent:
            root.problems.append(_spent(definition, spent))
            inputs = {}
        yield Module(root, definition, inputs=inputs)


def _spent(definition: Definition, spent: Exhausted) -> Problem:
    blocks = [*definition.resources.values(), *definition.calls.values(), *definition.variables.values()]
    locals_ = list(definition.locals.values())
    at = blocks[0].header if blocks else locals_[0].span
    return Problem(Span(at.document, at.start, at.end), f"the module is not read to its end: {spent}")


def _variable_files(
    folder: str, documents: Sequence[Document], scope: Scope, definition: Definition
) -> tuple[list[Document], list[Document]]:
    """The files that always count, in Terraform's order, and those that each make a variant."""
    always: list[Document] = []
    chosen: list[Document] = []
    for document in documents:
        name = posixpath.basename(document.path)
        if ".tfvars" not in name:
            continue
        if name in ("terraform.tfvars", "terraform.tfvars.json"):
            always.insert(0, document)
        elif name.endswith((".auto.tfvars", ".auto.tfvars.json")):
            always.append(document)
        else:
            chosen.append(document)
    always.sort(key=lambda d: (".auto." in d.path, d.path))
    if definition.variables:
        chosen += _elsewhere(folder, scope)
    return always, chosen[:MAX_VARIANTS]


_FOLDERS = re.compile(r"(?i)^(?:env|envs|environments?|vars|tfvars|variables|config|configs|stages?|workspaces?)$")


def _elsewhere(folder: str, scope: Scope) -> list[Document]:
    """The variable files in the folders below that are named for it (`env/prod.tfvars`)."""
    found: list[Document] = []
    for path in scope.names(folder):
        if not path.endswith("/") or not _FOLDERS.match(posixpath.basename(path.rstrip("/"))):
            continue
        inside = scope.names(path.rstrip("/"))
        if any(is_configuration(inner) for inner in inside):
            continue
        paths = [inner for inner in inside if inner.endswith((".tfvars", ".tfvars.json"))]
        for below in inside:
            if below.endswith("/"):
                deeper = scope.names(below.rstrip("/"))
                if not any(is_configuration(inner) for inner in deeper):
                    paths += [inner for inner in deeper if inner.endswith((".tfvars", ".tfvars.json"))]
        found += [document for inner in paths[:MAX_VARIANTS] if (document := scope.open(inner)) is not None]
    return found


def _inputs(root: Root, definition: Definition, files: list[Document]) -> dict[str, Node]:
    """The root's variables: files first, then the settings, which win."""
    made: dict[str, Node] = {}
    scratch = Module(root, Definition(definition.folder))
    for document in files:
        read = hcl.parse(document)
        root.problems += read.problems
        made |= _values(read.body, scratch)
    for name, value in root.settings.parameters.items():
        name = name.removeprefix("TF_VAR_")
        if name in definition.variables:
            made[name] = wrap(value, definition.variables[name].span)
    return made


def _values(body: Body, module: Module) -> dict[str, Node]:
    made: dict[str, Node] = {}
    for name, attribute in body.attributes.items():
        try:
            made[name] = evaluate(attribute.expression, module.frame)
        except Invalid:
            made[name] = Node(Unknown(name), attribute.span)
    return made


def facts_of(module: Module, seen: Callable[[str], object] = id) -> Iterator[Fact]:
    """The facts of a module's resources and of those of the modules that it calls; `seen` is told their addresses."""
    for (mode, type, name), block in module.definition.resources.items():
        make = _maker(type) if mode == "resource" else None
        if make is None:
            continue
        try:
            node = module.resource(mode, type, name, block.span)
        except Invalid:
            continue
        for resource in objects_in(node):
            if isinstance(resource, Resource):
                seen(resource.label)
                yield from _made(make, resource)
    for name, block in module.definition.calls.items():
        yield from _called(module, name, block.span, seen)


def facts_of_instances(instances: Iterable[Instance]) -> Iterator[Fact]:
    """The facts of resources that were read one by one."""
    for instance in instances:
        make = _maker(instance.type) if instance.mode == "managed" else None
        if make is not None:
            yield from _made(make, instance)


def _made(make: Maker, resource: Instance) -> Iterator[Fact]:
    try:
        yield from make(resource)
    except Invalid:
        return


def _called(module: Module, name: str, span: Span, seen: Callable[[str], object]) -> Iterator[Fact]:
    try:
        node = module.called(name, span)
    except Invalid:
        return
    for called in objects_in(node):
        if isinstance(called, Called):
            yield from facts_of(called.module, seen)


def _maker(type: str) -> Maker | None:
    from smlint.readers.terraform import facts_awscc, facts_iam, facts_storage, facts_workloads

    if type.startswith("awscc_"):
        return facts_awscc.maker(type)
    if not type.startswith("aws_"):
        return None
    return facts_iam.MAKERS.get(type) or facts_storage.MAKERS.get(type) or facts_workloads.maker(type)
