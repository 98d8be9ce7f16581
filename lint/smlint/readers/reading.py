"""From candidates to facts: which syntax, which reader, and what becomes of a file that does not parse."""

from __future__ import annotations

import gc
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from posixpath import dirname

from smlint.document import Document, Origin, Span
from smlint.facts import Alternative, Attachment, Fact, LoosePolicy, ManagedPolicy, Problem, Role, Superseded, Workload
from smlint.files.discovery import Candidate
from smlint.files.probe import TERRAFORM, suffix
from smlint.readers.registry import reader_for
from smlint.readers.scope import Scope
from smlint.record import dataclass, field
from smlint.values import Node

_CODE = frozenset({".py", ".ipynb"})
_WHOLE = (0, -1)  # the place that stands for all of a file

# A broken file whose text shows one of these should have been read: passing it over in silence would hide its faults.
_SHOWS = re.compile(
    r"AWSTemplateFormatVersion"
    r"|\bAWS::[A-Za-z0-9]+::"
    r"|arn:aws[a-z-]*:states:::(?:aws-sdk:)?sagemaker:"
    r"|[\"']?(?:TrainingJobName|ProcessingJobName|AlgorithmSpecification|TrainingJobDefinition|TransformJobName)[\"']?\s*:"
)
_STATEMENT = re.compile(r"(Statement|Effect)[\"']?\s*:")
_NEAR = 20_000  # characters from a policy's Statement to its first Effect, at most


@dataclass(slots=True)
class Reading:
    """What was read: the facts of each file, what each file was read as, and what was passed over and why."""

    facts: dict[str, list[Fact]] = field(default_factory=dict)
    read: list[tuple[str, str]] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, path: str, kind: str, found: Iterable[Fact]) -> None:
        facts = self.facts.setdefault(path, [])
        facts.extend(found)
        self.read.append((path, kind))

    def join(self, other: Reading) -> None:
        """What was read after this."""
        for path, found in other.facts.items():
            self.facts.setdefault(path, []).extend(found)
        self.read += other.read
        self.passed += other.passed

    def of(self, path: str) -> Sequence[Fact]:
        return self.facts.get(path, ())

    @property
    def cases(self) -> int:
        """In how many cases a file must be looked at whose conditions no parameter settles; 1 where there are none."""
        alternatives = [sum(isinstance(fact, Alternative) for fact in found) for found in self.facts.values()]
        return max([1, *alternatives])

    def without_repeats(self, claimed: frozenset[str], case: int = 0) -> list[Fact]:
        """All facts in one of the cases.

        A policy or request that another file reads as its own (`file()`, a nested stack) counts once, and so does an
        object that one module of a program makes and another one starts; a file that another one supersedes only keeps
        what does not parse in it.
        """
        superseded = {fact.path for found in self.facts.values() for fact in found if isinstance(fact, Superseded)}
        elsewhere: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for path, found in self.facts.items():
            for origin in (origin for fact in found for origin in _origins(fact) if origin.document.path != path):
                elsewhere[origin.document.path].add(origin.offsets() if _is_code(origin.document.path) else _WHOLE)
        kept: list[Fact] = []
        for path, found in self.facts.items():
            if path in superseded:
                kept.extend(fact for fact in found if isinstance(fact, Problem))
                continue
            found = _in_case(found, case)
            for fact in found:
                if isinstance(fact, (Attachment, ManagedPolicy, Role, Workload)):
                    fact.unit = fact.unit or path
            taken = elsewhere.get(path, set()) | ({_WHOLE} if path in claimed else set())
            kept.extend(fact for fact in found if not (taken and _repeats(fact, taken)))
        return kept


def _repeats(fact: Fact, taken: set[tuple[int, int]]) -> bool:
    """Whether a fact stands at a place, or in a file, that counts elsewhere."""
    return isinstance(fact, (LoosePolicy, Workload)) and (_WHOLE in taken or fact.origin.offsets() in taken)


def _is_code(path: str) -> bool:
    return suffix(path) in _CODE


def _origins(fact: Fact) -> Iterator[Origin]:
    """Where a fact stands, and where its policies do."""
    yield fact.origin
    policies = [getattr(fact, "policy", None)]
    if isinstance(fact, Role):
        policies += [fact.trust, *(attachment.policy for attachment in fact.attachments)]
    yield from (policy.origin for policy in policies if policy is not None)


def _in_case(found: list[Fact], case: int) -> list[Fact]:
    """A file's facts in the case of that number, or in its last one."""
    alternatives = [fact for fact in found if isinstance(fact, Alternative)]
    if not alternatives:
        return found
    problems = [fact for fact in found if isinstance(fact, Problem)]
    return [*alternatives[min(case, len(alternatives) - 1)].facts, *problems]


@dataclass(slots=True)
class Unit:
    """What is read by itself: a file, or the root module of a Terraform configuration, which is a folder."""

    documents: list[Document]
    folder: str | None = None
    candidate: Candidate | None = None

    def read(self, scope: Scope) -> Reading:
        """What it says; a pure function of its documents and of what `scope` gives to its reader."""
        reading = Reading()
        if self.folder is None:
            read_document(self.documents[0], scope, reading)
        else:
            from smlint.readers import terraform

            found = terraform.read(self.folder, self.documents, scope)
            reading.facts[self.folder + "/"] = list(_bounded(found, self.documents[0]))
            reading.read += [(document.path, "Terraform") for document in self.documents]
        if self.folder is not None or _is_code(self.documents[0].path):
            gc.collect(0)  # modules and programs are rings of what refers to each other; whatever else is read is none
        return reading

    def finished(self, scope: Scope) -> Reading:
        """Read it here and tell so."""
        found = self.read(scope)
        self.done()
        return found

    def done(self) -> None:
        """Tell that it has been read."""
        if self.candidate is not None:
            self.candidate.done()

    @property
    def heavy(self) -> bool:
        """Whether reading it takes longer than writing down and reading again what it says: JSON is read in no time."""
        path, text = self.documents[0].path, self.documents[0].text
        return self.folder is not None or not path.endswith(".json") or "AWS::" in text

    @property
    def size(self) -> int:
        """How many characters there are to read."""
        return sum(len(document.text) for document in self.documents)


Reader = Callable[[Sequence[Unit], Scope], Iterable[Reading]]


def one_by_one(units: Sequence[Unit], scope: Scope) -> Iterator[Reading]:
    """Read units here and now."""
    for unit in units:
        yield unit.finished(scope)


def read_all(candidates: Iterable[Candidate], scope: Scope, read: Reader = one_by_one) -> Reading:
    """The facts of all files. read: gives what each unit says, in their order."""
    parts = [*_parts(candidates, scope)]
    results = iter(read([part for part in parts if isinstance(part, Unit)], scope))
    reading = Reading()
    for part in parts:
        reading.join(next(results) if isinstance(part, Unit) else part)
    return reading


def _parts(candidates: Iterable[Candidate], scope: Scope) -> Iterator[Unit | Reading]:
    """What is to be read, and in its place what is known without."""
    folders: dict[str, list[Document]] = defaultdict(list)
    for candidate in candidates:
        if candidate.passed:
            yield Reading(passed=[(candidate.path, candidate.passed)])
        elif candidate.problem:
            at = Span(candidate.document(), candidate.offset, candidate.offset + 1)
            what = "folder" if candidate.path.endswith("/") else "file"
            found: list[Fact] = [Problem(at, f"this {what} {candidate.problem}")]
            yield Reading({candidate.path: found}, [(candidate.path, "unreadable")])
        elif candidate.path.endswith(TERRAFORM):
            folders[dirname(candidate.path)].append(candidate.document())
            candidate.done()
        else:
            yield Unit([candidate.document()], candidate=candidate)
    if folders:
        from smlint.readers import terraform

        yield from (Unit(folders[folder], folder) for folder in terraform.roots(folders, scope))


def read_document(document: Document, scope: Scope, reading: Reading, needed: bool = False) -> None:
    """The facts of one file that is no Terraform. needed: the configuration names it, so it must be readable."""
    if _is_code(document.path):
        from smlint.readers import python

        reading.add(document.path, "Python", _bounded(python.read(document, scope), document))
        return
    nodes, problems = _parse(document)
    recognised = False
    for node in nodes:
        found = reader_for(node, document.path)
        if found is not None:
            recognised = True
            facts = found[1].read(node, document, scope)
            reading.add(document.path, found[0].replace("_", " "), _bounded(facts, document))
    if problems and (needed or recognised or _shows(document.text)):
        reading.add(document.path, "unreadable", problems)
    elif not recognised:
        reading.passed.append((document.path, "is nothing that smlint reads"))


def _shows(text: str) -> bool:
    """Whether a text shows that smlint should have read it."""
    if _SHOWS.search(text):
        return True
    nearest = None
    for found in _STATEMENT.finditer(text):
        if found[1] == "Statement":
            nearest = found.end()
        elif nearest is not None and found.start() - nearest <= _NEAR:
            return True
    return False


def _bounded(found: Iterator[Fact], document: Document) -> Iterator[Fact]:
    """The facts of a reader; what is nested more deeply than it can follow costs the rest of its file, not the run."""
    try:
        yield from found
    except RecursionError:
        yield Problem(Span(document, 0, 1), "the rest of this is not read: it is nested too deeply")


def _parse(document: Document) -> tuple[list[Node], list[Problem]]:
    from smlint.syntax import placeholders, structured

    if document.path.endswith(placeholders.SUFFIXES):
        return placeholders.parse(document).nodes, []
    parsed = structured(document)
    if parsed.problems and not parsed.nodes and ("${" in document.text or "{{" in document.text):
        # Templates of Terraform and of others often keep the suffix of what they become.
        filled = placeholders.parse(document)
        if filled.nodes:
            return filled.nodes, []
    return parsed.nodes, parsed.problems
