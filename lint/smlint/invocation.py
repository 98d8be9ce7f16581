"""From the command line's options to what a run works on: root, configuration, files, rules."""

from __future__ import annotations

import argparse
import os
import posixpath
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from smlint import config as configuration
from smlint.config import Config
from smlint.config.reading import wrong_place
from smlint.errors import UsageError
from smlint.files import Candidate, Tree, discover, examine, find_root
from smlint.files.store import Folder
from smlint.finding import LEVELS
from smlint.packs import RESERVED, every_rule, groups
from smlint.record import dataclass, replace
from smlint.rule import Rule
from smlint.spelling import hint

STDIN = "-"


@dataclass(slots=True)
class Invocation:
    """What a run works on. paths: as they were given; tree and candidates: below `root`."""

    options: argparse.Namespace
    paths: list[str]
    root: str
    config: Config
    tree: Tree
    candidates: list[Candidate]
    rules: dict[str, Rule]

    def relative(self, path: str) -> str:
        """A path of the working directory as one below the root."""
        return below(self.root, path)

    def discover(self, tree: Tree) -> list[Candidate]:
        """The candidates of the same paths in a tree, which may be another revision's."""
        return list(discover(tree, [self.relative(path) for path in self.paths], excluded(self.config)))


def understand(options: argparse.Namespace) -> Invocation:
    """Read the configuration and find the files. Raises UsageError."""
    paths = _paths(options)
    file = _config_file(options, paths)
    root = find_root(paths, file)
    rules = every_rule(root)
    known = partial(known_names, rules)
    config = _overridden(configuration.load(file, root, known) if file else Config(), options, known)
    tree = Tree(Folder(root), config.settings)
    found = Invocation(options, paths, root, config, tree, [], _with_own(rules, config, root))
    found.candidates = _from_stdin(found) if STDIN in options.paths else found.discover(tree)
    return found


def _paths(options: argparse.Namespace) -> list[str]:
    paths = options.paths or ["."]
    if STDIN in paths:
        if len(paths) > 1:
            raise UsageError("`-` is the only PATH when standard input is linted")
        folder = os.path.dirname(options.stdin_filename or "")
        return [folder if os.path.isdir(folder) else "."]
    if options.stdin_filename:
        raise UsageError("--stdin-filename names standard input, whose PATH is `-`")
    return existing(paths)


def existing(paths: Sequence[str]) -> list[str]:
    """The paths, all of which are there. Raises UsageError, which names what stands nearest instead."""
    for path in paths:
        if os.path.islink(path) and not os.path.exists(path):
            raise UsageError(f"`{path}` is a link to nothing")
        if not os.path.exists(path):
            raise UsageError(f"`{path}` does not exist{hint(path, _neighbours(path))}")
    return list(paths)


def _neighbours(path: str) -> list[str]:
    folder = os.path.dirname(path)
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder or ".")]
    except OSError:
        return []


def _from_stdin(found: Invocation) -> list[Candidate]:
    path = found.relative(found.options.stdin_filename or "stdin")
    candidate = examine(path, sys.stdin.buffer.read() if sys.stdin else b"", named=True)
    found.tree.add(candidate.document())
    return [candidate]


def _config_file(options: argparse.Namespace, paths: Sequence[str]) -> str | None:
    if options.isolated:
        if options.config:
            raise UsageError("--isolated and --config exclude each other")
        return None
    return options.config or configuration.find(paths[0])


def known_names(rules: Mapping[str, Rule], own: Sequence[str]) -> Collection[str]:
    """What select, ignore and severity may name: rules, groups, "all", and the rules of the organisation's files."""
    mine = {posixpath.splitext(posixpath.basename(path))[0] for path in own}
    return {*RESERVED, *groups(rules), *rules, *mine}


def _with_own(rules: Mapping[str, Rule], config: Config, root: str) -> dict[str, Any]:
    """Every rule by name, the organisation's own included."""
    if not config.rules:
        return {**rules}
    from smlint import own_rules

    return {**rules, **{rule.name: rule for rule in own_rules.load(config.rules, root)}}


def _overridden(
    config: Config, options: argparse.Namespace, names: Callable[[Sequence[str]], Collection[str]]
) -> Config:
    """The configuration with the command line's options in place of its own."""
    changes: dict[str, Any] = {}
    known = names(config.rules)
    for option, given in (("--select", options.select), ("--ignore", options.ignore)):
        for name in given or ():
            if name not in known:
                raise UsageError(f"{option}: `{name}` is neither a rule nor a group{hint(name, known)}")
    if options.select:
        changes["select"] = options.select
    if options.ignore:
        changes["ignore"] = config.ignore + options.ignore
    if options.fail_on:
        changes["fail_on"] = LEVELS.get(options.fail_on)
    places = {name: getattr(options, name) for name in ("account", "region", "partition") if getattr(options, name)}
    for name, value in places.items():
        wrong = wrong_place(name, value)
        if wrong:
            raise UsageError(f"--{name}: {wrong}")
    if places or options.param or options.param_file:
        from smlint.parameters import given

        merged = {**config.settings.parameters, **given(options.param, options.param_file)}
        changes["settings"] = replace(config.settings, **places, parameters=merged)
    return replace(config, **changes)


def excluded(config: Config) -> list[Any]:
    """The configuration's `exclude` as patterns."""
    if not config.exclude:
        return []
    from smlint.files.ignoring import Patterns

    return [Patterns(config.base, config.exclude)]


def below(root: str, path: str) -> str:
    """A path relative to the root, with "/" between its parts; "" is the root. The file itself need not be there."""
    folder, name = os.path.split(path)
    real = os.path.realpath(path) if os.path.exists(path) else os.path.join(os.path.realpath(folder or "."), name)
    relative = os.path.relpath(real, root).replace(os.sep, "/")
    return "" if relative == "." else relative
