"""One run: engine, gate, reports."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from smlint import __version__, engine, gate
from smlint.errors import UsageError
from smlint.files import Tree
from smlint.files.discovery import CDK_OUT
from smlint.files.probe import LOOKED_FOR, readable
from smlint.finding import Finding, Level
from smlint.invocation import STDIN, Invocation, understand
from smlint.reports import renderer
from smlint.reports.clean import clean
from smlint.reports.run import Run, Style, counted, summary
from smlint.sharing import Means, processes

_SYNTH = "`cdk synth` writes what smlint reads of a CDK app"


def lint(options: argparse.Namespace) -> bool:
    """Do what the options say; True where something is at or above `--fail-on`."""
    asked = understand(options)
    outcome = _outcome(asked)
    if not outcome.read and not outcome.findings:
        raise UsageError(_nothing(asked))
    gated = _gated(asked, outcome)
    if options.write_baseline:
        _write_baseline(options, gated.open)
        return False
    run = Run(
        findings=gated.reported,
        suppressed=gated.suppressed,
        unknowns=_untold(outcome) if options.show_unknown else (),
        failures=outcome.failures,
        read=len({path for path, _ in outcome.read}),
        rules=asked.rules,
        version=__version__,
    )
    _report(run, asked)
    if not options.quiet:
        _tell(run, outcome, options)
    return gated.fail


def _outcome(asked: Invocation) -> engine.Outcome:
    options = asked.options
    # In a CI job a bar would only fill the log, even where standard error claims to be a terminal.
    if options.no_progress or options.quiet or os.environ.get("CI") or not sys.stderr.isatty():
        return _linted(asked)
    from smlint.progress import Bar

    to_read = [candidate for candidate in asked.candidates if candidate.to_read]
    bar = Bar(len(to_read))
    for candidate in to_read:
        candidate.taken = bar.step
    try:
        return _linted(asked)
    finally:
        bar.clear()


def _linted(asked: Invocation) -> engine.Outcome:
    cached = () if asked.options.no_cache else (asked.root, *asked.paths)
    means = Means(processes(asked.options.jobs), cached)
    return engine.lint(asked.tree, asked.candidates, asked.config, asked.rules, means)


def _nothing(asked: Invocation) -> str:
    if STDIN in asked.options.paths:
        unnamed = "" if asked.options.stdin_filename else "; --stdin-filename tells what kind of file it is"
        return f"nothing to lint on standard input: looked for {LOOKED_FOR}{unnamed}"
    where = ", ".join(f"`{path}`" for path in asked.paths)
    looked = counted(len(asked.candidates), "file")
    passed = f" ({looked} looked at; --verbose says why each was passed over)" if asked.candidates else ""
    if asked.options.verbose:
        _say(f"passed over {one.path}: {one.passed or 'is nothing that smlint reads'}" for one in asked.candidates)
    else:
        _say(_unread_cdk([(one.path, one.passed) for one in asked.candidates], []))
    synth = f"; {_SYNTH}" if any(_unsynthesised([one.path for one in asked.candidates])) else ""
    return f"nothing to lint in {where}: looked for {LOOKED_FOR}{passed}{synth}"


def _unread_cdk(passed: Iterable[tuple[str, str]], read: Sequence[str]) -> Iterator[str]:
    """What CDK wrote and git ignores holds the policies of its app: that it was not read must not go unsaid."""
    for path, why in passed:
        if path.endswith(f"{CDK_OUT}/") and not any(one.startswith(path) for one in read):
            yield f"{path} {why}"


def _unsynthesised(paths: Sequence[str]) -> Iterator[str]:
    """The first CDK app of which nothing stands there but its code, which says little of what it deploys."""
    apps = [path for path in paths if path.rpartition("/")[2] == "cdk.json"]
    written = {path.partition(f"{CDK_OUT}/")[0] for path in paths if f"{CDK_OUT}/" in path}
    bare = [path for path in apps if path.removesuffix("cdk.json") not in written]
    if bare:
        yield f"{bare[0]}{f' and {len(bare) - 1} more' if len(bare) > 1 else ''}: {_SYNTH}"


def _untold(outcome: engine.Outcome) -> list[Finding]:
    """What could not be told, in the order of places; it has no level of its own."""
    return gate.merge(one.at(Level.NOTE) for one in outcome.unknowns)


def _gated(asked: Invocation, outcome: engine.Outcome) -> gate.Gated:
    suppressions, baseline = [], None
    marked = [candidate.document() for candidate in asked.candidates if candidate.marked and candidate.to_read]
    if marked:
        from smlint.suppressions import read

        suppressions = read(marked)
    if asked.options.baseline:
        from smlint.baseline import load

        linted = {path for path, _ in outcome.read}
        baseline = load(asked.options.baseline, asked.relative(asked.options.baseline))
        baseline.linted = lambda path: path in linted or not asked.tree.store.kind(path)
    return gate.apply(outcome.findings, asked.config, asked.rules, suppressions, baseline, _touched(asked))


def _touched(asked: Invocation) -> Callable[[Finding], bool] | None:
    """With --changed-since: whether a finding touches a change, or was not there before it."""
    if not asked.options.changed_since:
        return None
    from smlint.baseline import identity
    from smlint.changes import since
    from smlint.files.store import Memory

    changed = since(asked.options.changed_since, asked.root)
    if asked.config.path in changed.lines:
        return lambda finding: True
    named = {path for path, _ in asked.config.files()}
    files = changed.before(lambda path: readable(path) or path in named or path.endswith(".gitignore"))
    before = Tree(Memory(files), asked.config.settings)
    means = Means(processes(asked.options.jobs))
    old = engine.lint(before, asked.discover(before), asked.config, asked.rules, means)
    known = {identity(finding) for finding in old.findings}
    return lambda finding: changed.touches(finding) or identity(finding) not in known


def _write_baseline(options: argparse.Namespace, findings: Sequence[Finding]) -> None:
    from smlint.baseline import render
    from smlint.writing import write_file

    write_file(options.write_baseline, [render(findings, __version__)])
    if not options.quiet:
        _say([f"{counted(len(findings), 'finding')} written to {options.write_baseline}"])


def _report(run: Run, asked: Invocation) -> None:
    from smlint.writing import write_file, write_out

    for output in asked.options.outputs:
        pieces = renderer(output.format)(run, _style(asked, output.file))
        if output.file is None:
            write_out(pieces)
        else:
            write_file(output.file, pieces)


def _style(asked: Invocation, file: str | None) -> Style:
    terminal = file is None and sys.stdout.isatty()
    color = _colored(asked.options.color, terminal)
    return Style(color, _width(terminal), terminal, _from_here(asked.root))


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


def _tell(run: Run, outcome: engine.Outcome, options: argparse.Namespace) -> None:
    """What is no finding goes to standard error."""
    if options.verbose:
        _say(f"read {path}: {what}" for path, what in outcome.read)
        _say(f"passed over {path}: {why}" for path, why in outcome.passed)
    else:
        _say(_unread_cdk(outcome.passed, [path for path, _ in outcome.read]))
    _say(_unsynthesised([path for path, _ in (*outcome.read, *outcome.passed)]))
    if any(one.format in ("text", "concise") or one.file for one in options.outputs):
        _say([summary(run)])


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(clean(line), file=sys.stderr)
