"""Rules as modules: `smlint_rules/<group>/<name>.py` is the rule `<name>` of the group, registered nowhere else.

A rule module has a docstring (its page), `LEVEL`, `check(subject, ...)` and the examples `BAD` and `GOOD`. The first
annotation of `check` says what it wants to see; a second parameter, if any, is the estate. `finding(...)` builds what
it yields; the engine fills in the rule's name and, where the rule did not choose, its level.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from types import ModuleType

from smlint.finding import Finding, Level
from smlint.record import dataclass, replace

GROUPS = ("policy", "s3", "kms", "layers", "callers", "runtime", "grants", "sdk", "privilege")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HEADINGS = ("What", "Why AWS refuses", "Fix", "Source")

Example = dict[str, str]

_CHECK = re.compile(r"^def check\(([^)]*)\)", re.MULTILINE)
_ANNOTATION = re.compile(r"\w+: (?:\w+\.)*(\w+)")


@dataclass(frozen=True)
class Page:
    """A rule's docstring: a title and the text below each of HEADINGS."""

    title: str
    sections: dict[str, str]


@dataclass(frozen=True)
class Rule:
    """A rule by its kebab-case name. Its module is imported when something of it is asked for."""

    name: str
    group: str
    path: str

    @cached_property
    def module(self) -> ModuleType:
        return importlib.import_module(f"smlint_rules.{self.group}.{self.name.replace('-', '_')}")

    @property
    def level(self) -> Level:
        level: Level = self.module.LEVEL
        return level

    @cached_property
    def page(self) -> Page:
        from inspect import cleandoc

        return _page(cleandoc(self.module.__doc__ or ""))

    @property
    def bad(self) -> tuple[Example, ...]:
        """Folders (file name → text) on which the rule fires."""
        return tuple(self.module.BAD)

    @property
    def good(self) -> tuple[Example, ...]:
        """Folders on which it stays silent."""
        return tuple(self.module.GOOD)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The types that `check` takes, by name: what it wants to see, and "Estate" where it asks for that too.

        They are read from the source, so that only the rules for which there is something to see are imported.
        """
        with open(self.path, encoding="utf-8") as file:
            found = _CHECK.search(file.read())
        return tuple(_ANNOTATION.findall(found[1])) if found else ()

    @property
    def subject(self) -> str:
        """What `check` wants to see: the name of its first parameter's type."""
        return self.parameters[0]

    @cached_property
    def wants_estate(self) -> bool:
        return len(self.parameters) > 1

    def check(self, subject: object, estate: object) -> Iterator[Finding]:
        """The rule's findings on one subject, with name and level filled in."""
        check: Callable[..., Iterator[Finding]] = self.module.check
        for found in check(subject, estate) if self.wants_estate else check(subject):
            yield replace(found, rule=self.name, level=found.level or self.level)


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by name, in the order of the groups; imports none of them."""
    import smlint_rules

    found: dict[str, Rule] = {}
    for group in GROUPS:
        folder = os.path.join(next(iter(smlint_rules.__path__)), group)
        for name, path in in_folder(folder):
            found[name] = Rule(name, group, path)
    return found


def in_folder(folder: str) -> Iterator[tuple[str, str]]:
    """The names and files of the rules in a folder; what begins with an underscore is none."""
    for file in sorted(os.listdir(folder)):
        stem, suffix = os.path.splitext(file)
        if suffix == ".py" and "a" <= stem[0] <= "z":
            yield stem.replace("_", "-"), os.path.join(folder, file)


def _page(text: str) -> Page:
    title, _, rest = text.partition("\n")
    sections: dict[str, str] = {}
    marks = list(re.finditer(rf"^({'|'.join(HEADINGS)})\n-+\n", rest, re.MULTILINE))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        sections[mark[1]] = rest[mark.end() : following.start() if following else len(rest)].strip()
    return Page(title.strip(), sections)
