"""One run: configuration, files, engine, gate, reports."""

from __future__ import annotations

import argparse
import os
import posixpath
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smlint import __version__, engine, gate
from smlint import config as configuration
from smlint.config import Config
from smlint.config.reading import LEVELS
from smlint.errors import UsageError
from smlint.files import Candidate, Tree, discover, examine, find_root
from smlint.files.ignoring import Patterns
from smlint.files.probe import LOOKED_FOR, readable
from smlint.files.store import Folder, Memory
from smlint.finding import Finding
from smlint.reports import renderer
from smlint.reports.clean import clean
from smlint.reports.run import Run, Style, summary
from smlint.rule import GROUPS, all_rules
from smlint.spelling import hint

if TYPE_CHECKING:
    from smlint.baseline import Baseline
    from smlint.changes import Changes
    from smlint.suppressions import Suppression

STDIN = "-"


def lint(options: argparse.Namespace) -> bool:
    """Do what the options say; True where something is at or above `--fail-on`."""
    paths = _paths(options)
    file = _config_file(options, paths)
    root = find_root(paths, file)
    config = _overridden(_load(file, root), options)
    tree = Tree(Folder(root), config.settings)
    candidates = _candidates(tree, root, paths, options, config)
    changed = _changes(options.changed_since, root)
    outcome = engine.lint(tree, _tracked(candidates, options), config)
    if not outcome.read and not outcome.findings:
        raise UsageError(_nothing(paths, candidates))
    rules = _rules(config, root)
    touched = _touched(changed, [_relative(root, path) for path in paths], config) if changed else None
    gated = _gated(outcome.findings, candidates, config, rules, options, touched)
    run = Run(
        findings=gated.reported,
        suppressed=gated.suppressed,
        unknowns=outcome.unknowns if options.show_unknown else (),
        failures=_unreadable(gated.reported),
        read=len(outcome.read),
        rules=rules,
        version=__version__,
    )
    if options.write_baseline:
        _write_baseline(options.write_baseline, gated.open)
        return False
    _report(run, options, root)
    if not options.quiet:
        _tell(run, outcome, gated, options)
    return gated.fail


def _changes(revision: str | None, root: str) -> Changes | None:
    if not revision:
        return None
    from smlint.changes import since

    return since(revision, root)


def _write_baseline(file: str, findings: Iterable[Finding]) -> None:
    from smlint.baseline import render
    from smlint.writing import write_file

    write_file(file, [render(findings, __version__)])


def _unreadable(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(one.origin.place().path, one.message) for one in findings if one.rule == gate.ALWAYS]


def _paths(options: argparse.Namespace) -> list[str]:
    paths = options.paths or ["."]
    if STDIN in paths:
        if len(paths) > 1:
            raise UsageError("`-` is the only PATH when standard input is linted")
        return [os.path.dirname(options.stdin_filename or "") or "."]
    for path in paths:
        if not os.path.exists(path):
            raise UsageError(f"`{path}` does not exist{hint(path, _neighbours(path))}")
    return list(paths)


def _neighbours(path: str) -> list[str]:
    folder = os.path.dirname(path)
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder or ".")]
    except OSError:
        return []


def _config_file(options: argparse.Namespace, paths: Sequence[str]) -> str | None:
    if options.isolated:
        if options.config:
            raise UsageError("--isolated and --config exclude each other")
        return None
    return options.config or configuration.find(paths[0])


def _load(file: str | None, root: str) -> Config:
    return configuration.load(file, root, _known) if file else Config()


def _known(own: Sequence[str]) -> Collection[str]:
    """What select, ignore and severity may name: rules, groups, "all", and an organisation's own rules."""
    mine = {posixpath.splitext(posixpath.basename(path))[0] for path in own}
    return {"all", "own", *GROUPS, *all_rules(), *mine}


def _rules(config: Config, root: str) -> dict[str, Any]:
    """Every rule by name, the organisation's own included."""
    rules: dict[str, Any] = dict(all_rules())
    if config.rules:
        from smlint import own_rules

        rules.update((rule.name, rule) for rule in own_rules.load(config.rules, root))
    return rules


def _overridden(config: Config, options: argparse.Namespace) -> Config:
    """The configuration with the command line's options in place of its own."""
    changes: dict[str, Any] = {}
    known = _known(config.rules)
    for option, names in (("--select", options.select), ("--ignore", options.ignore)):
        for name in names or ():
            if name not in known:
                raise UsageError(f"{option}: `{name}` is neither a rule nor a group{hint(name, known)}")
    if options.select:
        changes["select"] = options.select
    if options.ignore:
        changes["ignore"] = config.ignore + options.ignore
    if options.fail_on:
        changes["fail_on"] = LEVELS.get(options.fail_on)
    places = {name: getattr(options, name) for name in ("account", "region", "partition") if getattr(options, name)}
    if places or options.param or options.param_file:
        from smlint.parameters import given

        merged = {**config.settings.parameters, **given(options.param, options.param_file)}
        changes["settings"] = replace(config.settings, **places, parameters=merged)
    return replace(config, **changes)


def _candidates(
    tree: Tree, root: str, paths: Sequence[str], options: argparse.Namespace, config: Config
) -> list[Candidate]:
    if STDIN in options.paths:
        found = examine(_relative(root, options.stdin_filename or "stdin"), sys.stdin.buffer.read(), named=True)
        tree.add(found.document())
        return [found]
    return list(discover(tree, [_relative(root, path) for path in paths], _exclude(config)))


def _exclude(config: Config) -> list[Patterns]:
    return [Patterns(config.base, config.exclude)] if config.exclude else []


def _relative(root: str, path: str) -> str:
    real = os.path.join(os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path))
    real = os.path.realpath(path) if os.path.exists(path) else real
    relative = os.path.relpath(real, root).replace(os.sep, "/")
    return "" if relative == "." else relative


def _tracked(candidates: list[Candidate], options: argparse.Namespace) -> Iterator[Candidate] | list[Candidate]:
    # In a CI job a bar would only fill the log, even where standard error claims to be a terminal.
    if options.no_progress or options.quiet or os.environ.get("CI") or not sys.stderr.isatty():
        return candidates
    from smlint.progress import track

    return track(candidates, len(candidates))


def _nothing(paths: Sequence[str], candidates: Sequence[Candidate]) -> str:
    where = ", ".join(f"`{path}`" for path in paths)
    passed = f" ({len(candidates)} files were looked at; --verbose says why each was passed over)" if candidates else ""
    return f"nothing to lint in {where}: looked for {LOOKED_FOR}{passed}"


def _gated(
    findings: Iterable[Finding],
    candidates: Sequence[Candidate],
    config: Config,
    rules: Mapping[str, Any],
    options: argparse.Namespace,
    touched: Callable[[Finding], bool] | None,
) -> gate.Gated:
    ignores: list[Suppression] = []
    known: Baseline | None = None
    marked = [candidate.document() for candidate in candidates if candidate.marked and candidate.to_read]
    if marked:
        from smlint.suppressions import read

        ignores = read(marked)
    if options.baseline:
        from smlint.baseline import load

        known = load(options.baseline)
    return gate.apply(findings, config, rules, ignores, known, touched)


def _touched(changed: Changes, paths: Sequence[str], config: Config) -> Callable[[Finding], bool]:
    """Whether a finding touches a change, or was not there before it."""
    if config.path in changed.lines:
        return lambda finding: True
    from smlint.baseline import identity

    named = {path for path, _ in config.files()}
    kept = (".gitignore", ".tfvars")
    files = changed.before(lambda path: readable(path) or path in named or path.endswith(kept))
    before = Tree(Memory(files), config.settings)
    old = engine.lint(before, list(discover(before, paths, _exclude(config))), config)
    known = {identity(finding) for finding in old.findings}
    return lambda finding: changed.touches(finding) or identity(finding) not in known


def _report(run: Run, options: argparse.Namespace, root: str) -> None:
    for output in options.outputs:
        pieces = renderer(output.format)(run, _style(options, output.file, root))
        if output.file is None:
            sys.stdout.writelines(pieces)
        else:
            from smlint.writing import write_file

            write_file(output.file, pieces)


def _style(options: argparse.Namespace, file: str | None, root: str) -> Style:
    terminal = file is None and sys.stdout.isatty()
    return Style(color=_colored(options.color, terminal), width=_width(terminal), shown=_from_here(root))


def _colored(when: str | None, terminal: bool) -> bool:
    if when in ("always", "never"):
        return when == "always"
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width(terminal: bool) -> int:
    if not terminal:
        return 100
    import shutil

    return max(40, min(shutil.get_terminal_size().columns, 160))


def _from_here(root: str) -> Callable[[str], str]:
    """From a path below the root to one that can be opened from the working directory."""
    here = os.path.realpath(".")
    if here == root:
        return str
    return lambda path: os.path.relpath(os.path.join(root, path), here)


def _tell(run: Run, outcome: engine.Outcome, gated: gate.Gated, options: argparse.Namespace) -> None:
    """What is no finding goes to standard error."""
    say: list[str] = []
    if options.verbose:
        say += [f"read {path}: {what}" for path, what in outcome.read]
        say += [f"passed over {path}: {why}" for path, why in outcome.passed]
    say += [f"{options.baseline}: gone: {entry.rule} {entry.resource} {entry.access}".rstrip() for entry in gated.gone]
    if any(one.format in ("text", "concise") or one.file for one in options.outputs):
        say.append(summary(run))
    for line in say:
        print(clean(line), file=sys.stderr)
