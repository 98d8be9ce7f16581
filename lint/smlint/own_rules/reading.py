"""Reads own rules from their files. What is wrong with one is said with its file, line and field."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from smlint.document import Document, Origin, Span
from smlint.errors import UsageError, cannot_be_read
from smlint.facts import Problem
from smlint.files.decoding import UndecodableError, decode
from smlint.finding import LEVELS
from smlint.own_rules.path import Path, PathError, compile_path
from smlint.own_rules.rule import SUBJECTS, OwnRule
from smlint.packs import RESERVED, every_rule, groups
from smlint.rule import NAME
from smlint.spelling import hint
from smlint.syntax import yaml
from smlint.values import Node, plain

MAX_BYTES = 200_000
FIELDS = (
    *("on", "apis", "match", "require", "forbid", "equals", "pattern", "level"),
    *("message", "fix", "why", "source", "good", "bad"),
)


def load(paths: Iterable[str], root: str = "") -> list[OwnRule]:
    """The rules of the files (relative to root). Raises UsageError, a line for everything that is wrong with them."""
    rules, problems = _read(paths, root)
    if problems:
        raise UsageError("\n".join(_line(problem) for problem in problems))
    return rules


def check_rules(paths: Iterable[str], root: str = "") -> list[Problem]:
    """Everything that is wrong with the files, and every example that does not do what it is there for."""
    rules, problems = _read(paths, root)
    return [*problems, *(problem for rule in rules for problem in _examples(rule))]


def _line(problem: Problem) -> str:
    place = problem.origin.place()
    return f"{place.path}:{place.first.line}: {problem.message}"


def _read(paths: Iterable[str], root: str) -> tuple[list[OwnRule], list[Problem]]:
    rules: list[OwnRule] = []
    problems: list[Problem] = []
    known = every_rule(os.path.realpath(root))
    taken = {*known, *groups(known), *RESERVED}
    for path in paths:
        name = PurePosixPath(path).stem
        reader = _Reader(name, problems)
        rule = reader.file(path, os.path.join(root, path))
        if rule is not None and name in taken:
            reader.fail(
                rule.origin, f"the name `{name}` is taken by another rule or group: call the file something else"
            )
        elif rule is not None:
            rules.append(rule)
        taken.add(name)
    return rules, problems


def _examples(rule: OwnRule) -> Iterator[Problem]:
    if not rule.bad or not rule.good:
        missing = " and ".join(f"`{field}`" for field in ("good", "bad") if not getattr(rule, field))
        yield Problem(rule.origin, f"{missing}: at least one example of each is needed")
    for example in rule.good:
        if found := next(rule.findings(example), None):
            yield Problem(found.origin, "`good`: the rule fires on this example")
    for example in rule.bad:
        if next(rule.findings(example), None) is None:
            yield Problem(example.origin, "`bad`: the rule does not fire on this example")


class _Reader:
    """Reads one file and gathers what is wrong with it."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems
        self.failed = False

    def fail(self, origin: Origin, message: str) -> None:
        self.failed = True
        self.problems.append(Problem(origin, message))

    def file(self, path: str, real: str) -> OwnRule | None:
        document = Document(path, "")
        try:
            with open(real, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise UndecodableError(f"is larger than {MAX_BYTES} bytes", "", 0)
            document = Document(path, decode(data))
        except (OSError, UndecodableError) as error:
            self.fail(Span(document, 0, 0), cannot_be_read(error))
            return None
        parsed = yaml.parse(document)
        for problem in parsed.problems:
            self.fail(problem.origin, problem.message)
        if len(parsed.nodes) != 1 or parsed.nodes[0].mapping is None:
            if not parsed.problems:
                self.fail(
                    Span(document, 0, 1), "a rule's file holds one mapping, whose fields are " + ", ".join(FIELDS)
                )
            return None
        return self.rule(parsed.nodes[0])

    def rule(self, node: Node) -> OwnRule | None:
        for field, member in node.items():
            if field not in FIELDS:
                self.fail(member.key or member.origin, f"unknown field `{field}`{hint(field, FIELDS)}")
        if not NAME.fullmatch(self.name):
            self.fail(node.origin, f"`{self.name}` is no rule's name: the file's name is lower case words with hyphens")
        rule = OwnRule(
            name=self.name,
            origin=node.origin,
            on=self.choice(node, "on", tuple(SUBJECTS)),
            level=LEVELS[self.choice(node, "level", tuple(LEVELS), "warning")],
            message=self.text(node, "message", required=True),
            apis=self.apis(node),
            match=self.path(node, "match"),
            require=self.path(node, "require"),
            forbid=self.path(node, "forbid"),
            equals=tuple(self.member(node, "equals")),
            pattern=tuple(self.patterns(node)),
            fix=self.text(node, "fix"),
            why=self.text(node, "why"),
            source=self.text(node, "source"),
            good=self.examples(node, "good"),
            bad=self.examples(node, "bad"),
        )
        self.check_question(node)
        return None if self.failed else rule

    def check_question(self, node: Node) -> None:
        """A rule must ask something, and only one thing."""
        forbid = node.get("forbid")
        if forbid and node.get("require"):
            self.fail(forbid.origin, "`forbid`: a rule has `require` or `forbid`, not both")
        if not any(node.get(field) for field in ("require", "forbid", "equals", "pattern")):
            self.fail(node.origin, "a rule asks something: `require`, `forbid`, `equals` or `pattern` is missing")

    def member(self, node: Node, field: str) -> list[Node]:
        member = node.get(field)
        return [] if member is None else member.elements()

    def text(self, node: Node, field: str, required: bool = False) -> str:
        member = node.get(field)
        if member is None and required:
            self.fail(node.origin, f"`{field}` is missing")
        if member is not None and not member.literal:
            self.fail(member.origin, f"`{field}` is a text")
        return (member.literal or "").strip() if member else ""

    def choice(self, node: Node, field: str, known: tuple[str, ...], default: str = "") -> str:
        member = node.get(field)
        value = member.literal if member else default
        if value in known:
            return value
        words = ", ".join(known[:-1]) + f" or {known[-1]}"
        wrong = f", not `{plain(member)}`" if member else ""
        self.fail(member.origin if member else node.origin, f"`{field}` is {words}{wrong}")
        return known[0]

    def apis(self, node: Node) -> tuple[str, ...]:
        from smlint.readers.api import apis

        members = self.member(node, "apis")
        known = {name.lower(): name for name in apis()}
        for member in members:
            if member.literal not in known.values():
                meant = known.get(str(plain(member)).lower().replace("_", ""))
                clause = f"; did you mean `{meant}`?" if meant else ""
                self.fail(member.origin, f"`apis`: `{plain(member)}` is no API that smlint knows{clause}")
        asked = node.get("on")
        if members and asked is not None and asked.literal != "request":
            self.fail(members[0].origin, "`apis`: only rules on requests have it")
        return tuple(member.literal for member in members if member.literal)

    def path(self, node: Node, field: str) -> Path | None:
        member = node.get(field)
        if member is None:
            return None
        try:
            return compile_path(member.literal or "")
        except PathError as error:
            self.fail(member.origin, f"`{field}`: {error}")
            return None

    def patterns(self, node: Node) -> Iterator[str]:
        for member in self.member(node, "pattern"):
            if member.literal is None:
                self.fail(member.origin, "`pattern` is a text, or a list of texts, with the wildcards `*` and `?`")
            else:
                yield member.literal

    def examples(self, node: Node, field: str) -> tuple[Node, ...]:
        member = node.get(field)
        if member is None:
            return ()
        for example in [member] if member.sequence is None else member.sequence:
            if example.mapping is None or member.sequence is None:
                self.fail(example.origin, f"`{field}` is a list of examples, each a mapping in the normal form")
        return tuple(member.sequence or ())
