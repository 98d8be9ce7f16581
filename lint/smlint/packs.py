"""Packs: installed distributions that bring rules by the entry-point group `smlint.rules`.

    [project.entry-points."smlint.rules"]
    acme = "acme_rules"

The package is laid out as smlint_rules is: `acme_rules/<group>/<name>.py` is the rule `<name>` of the group. What is
linted brings no rules: neither the scanned tree nor the current folder count, whatever Python's path says.
"""

from __future__ import annotations

import importlib
import os
import re
import site
import sys
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from smlint.errors import UsageError
from smlint.finding import Finding, Level
from smlint.record import dataclass
from smlint.rule import GROUPS, NAME, Rule, all_rules, in_folder

if TYPE_CHECKING:
    from importlib.metadata import Distribution

GROUP = "smlint.rules"
RESERVED = frozenset({"all", "own"})  # groups that stand for something else
_SECTION = f"[{GROUP}]".encode()
_PACKAGE = re.compile(r"\w+(\.\w+)*")


@dataclass(frozen=True)
class PackRule(Rule):
    """A rule of a pack. What goes wrong in it ends the run with one line that names it."""

    package: str
    pack: str

    @cached_property
    def module(self) -> ModuleType:
        try:
            found = importlib.import_module(f"{self.package}.{self.group}.{os.path.basename(self.path)[:-3]}")
        except Exception as problem:
            raise self._failure("cannot be imported", problem) from problem
        if not isinstance(getattr(found, "LEVEL", None), Level):
            raise UsageError(f"{self._named} has no `LEVEL` of smlint.finding.Level")
        return found

    def check(self, subject: object, estate: object) -> Iterator[Finding]:
        """The rule's findings on one subject, with name and level filled in."""
        try:
            yield from Rule.check(self, subject, estate)
        except UsageError:
            raise
        except Exception as problem:
            raise self._failure("fails", problem) from problem

    @property
    def _named(self) -> str:
        return f"the rule `{self.name}` of {self.pack}"

    def _failure(self, how: str, problem: Exception) -> UsageError:
        lines = []
        trace = problem.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.path:
                lines.append(trace.tb_lineno)
            trace = trace.tb_next
        where = f" ({os.path.basename(self.path)}, line {lines[-1]})" if lines else ""
        return UsageError(f"{self._named} {how}: {type(problem).__name__}: {problem}{where}")


@cache
def every_rule(root: str) -> dict[str, Rule]:
    """smlint's own rules and those of the installed packs, by name. root: the scanned tree, which brings none."""
    rules = dict(all_rules())
    for distribution in _distributions(root):
        pack = f"{distribution.name} {distribution.version}"
        for point in distribution.entry_points.select(group=GROUP):
            for rule in _rules(point.value, pack, root):
                _add(rule, rules)
    return rules


def groups(rules: Mapping[str, Rule]) -> set[str]:
    """The names of all groups that the rules belong to."""
    return {*GROUPS, *(rule.group for rule in rules.values())}


def _distributions(root: str) -> Iterator[Distribution]:
    """The installed distributions that declare packs, the first one of each name."""
    seen: set[str] = set()
    for folder in _declaring(root):
        # Costs more than a start of smlint may, so it is imported only where there is a pack.
        from importlib.metadata import PathDistribution
        from pathlib import Path

        distribution = PathDistribution(Path(folder))
        if distribution.name not in seen:
            seen.add(distribution.name)
            yield distribution


def _declaring(root: str) -> Iterator[str]:
    """The folders with metadata of installed distributions that name the entry-point group."""
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder) if os.path.isabs(folder) else []
        except OSError:
            continue
        infos = sorted(name for name in names if name.endswith((".dist-info", ".egg-info")) and name[0] != "~")
        declaring = [info for info in infos if _declares(os.path.join(folder, info))]
        if declaring and _installed(folder, root):
            yield from (os.path.join(folder, info) for info in declaring)


def _declares(info: str) -> bool:
    try:
        with open(os.path.join(info, "entry_points.txt"), "rb") as file:
            return _SECTION in file.read()
    except OSError:
        return False


def _installed(folder: str, root: str) -> bool:
    """Whether what lies in a folder of Python's path was installed there, and is not what is linted.

    The environment in which smlint itself runs may lie in the scanned tree.
    """
    real = os.path.realpath(folder)
    if real in {os.path.realpath(own) for own in (*site.getsitepackages(), site.getusersitepackages())}:
        return True
    return real not in (root, os.path.realpath(".")) and not real.startswith(os.path.join(root, ""))


def _rules(value: str, pack: str, root: str) -> Iterator[PackRule]:
    """The rules of the package that an entry point names."""
    from importlib.util import find_spec

    if not _PACKAGE.fullmatch(value):
        raise UsageError(f"{pack}: `{value}` names no package (`{GROUP}` takes the name of a package of rules)")
    top, *inner = value.split(".")
    spec = find_spec(top)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    if any(not _installed(os.path.dirname(os.path.realpath(place)), root) for place in places):
        return
    folder = next((at for place in places if os.path.isdir(at := os.path.join(place, *inner))), None)
    if folder is None:
        raise UsageError(f"{pack}: there is no package `{value}`")
    groups = {group: os.path.join(folder, group) for group in sorted(os.listdir(folder)) if "a" <= group[0] <= "z"}
    found = [(group, *rule) for group, at in groups.items() if os.path.isdir(at) for rule in in_folder(at)]
    if not found:
        raise UsageError(f"{pack}: the package `{value}` has no rules (they are {value}/GROUP/NAME.py)")
    for group, name, path in found:
        yield PackRule(name, group, path, value, pack)


def _add(rule: PackRule, rules: dict[str, Rule]) -> None:
    """Take a rule up if it is one and its names are free."""
    if not NAME.fullmatch(rule.name):
        raise UsageError(
            f"{rule.pack}: `{rule.name}` is no name of a rule ({os.path.basename(rule.path)}: a-z, 0-9 and `_` only)"
        )
    if rule.name in rules or rule.name in groups(rules) | RESERVED:
        raise UsageError(f"{rule.pack}: `{rule.name}` is already the name of another rule or group")
    if rule.group in rules or rule.group in RESERVED:
        raise UsageError(f"{rule.pack}: the group `{rule.group}` is taken by a rule or by smlint")
    try:
        readable = bool(rule.parameters)
    except (OSError, ValueError):
        readable = False
    if not readable:
        raise UsageError(f"{rule.pack}: the rule `{rule.name}` has no `def check(SUBJECT: TYPE)`")
    rules[rule.name] = rule
