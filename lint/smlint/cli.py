"""The command. Turns arguments into a run and everything that can go wrong into an exit status and one line."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

OK, FOUND, FAILED = 0, 1, 2


def command() -> NoReturn:
    """The program `smlint`: a process that runs it once and ends.

    Nearly all that is made lives to the end, when the system takes it back at once. So nobody looks for garbage, on
    the way (who makes some says so) or at the end: it took a sixth of the time of a large run.
    """
    gc.disable()
    status = main()
    gc.freeze()
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run smlint; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        from smlint import __version__

        print(f"smlint {__version__}")
        return OK
    return _guarded(given)


def _guarded(arguments: list[str]) -> int:
    from smlint.errors import UsageError
    from smlint.writing import write_out

    # A stream that was closed before the start is None: what would go there goes nowhere, the status still counts.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # What a terminal's encoding cannot show is written as an escape instead of ending the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(arguments)
        write_out()
        return status
    except UsageError as problem:
        return _complain("error", str(problem))
    except BrokenPipeError:
        # Whoever read us has seen enough; Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        if "--verbose" in arguments or "-v" in arguments:
            import traceback

            traceback.print_exc()
        what = f"{type(problem).__name__}: {problem}"
        return _complain("internal failure", f"{what} (--verbose shows where; please report it)")


def _complain(kind: str, message: str) -> int:
    from smlint.reports.clean import clean

    print(f"smlint: {kind}: {clean(message)}", file=sys.stderr)
    return FAILED


def _run(arguments: list[str]) -> int:
    from smlint import options as command_line
    from smlint.errors import UsageError
    from smlint.writing import write_out

    options = command_line.parse(arguments)
    asked = vars(options)
    later = next((name for name in command_line.LATER if asked[name[2:].replace("-", "_")] is not None), None)
    if later:
        raise UsageError(f"{later} is not there yet in this version")
    if options.help:
        write_out([command_line.build().format_help()])
    elif options.version:
        return main(["--version"])
    elif options.completion:
        from smlint.completion import script

        write_out([script(options.completion)])
    elif options.explain or options.list_rules:
        from smlint import pages

        write_out([pages.explain(options.explain) if options.explain else pages.listing(options.outputs)])
    elif options.check_rules:
        return _check_rules(options.paths)
    else:
        from smlint.run import lint

        return FOUND if lint(options) else OK
    return OK


def _check_rules(paths: Sequence[str]) -> int:
    from smlint.errors import UsageError
    from smlint.invocation import existing
    from smlint.own_rules import check_rules
    from smlint.reports.clean import clean
    from smlint.writing import write_out

    if not paths:
        raise UsageError("--check-rules: name the files of the rules")
    problems = check_rules(existing(paths))
    for problem in problems:
        place = problem.origin.place()
        write_out([clean(f"{place.path}:{place.first.line}:{place.first.column}: {problem.message}"), "\n"])
    return FOUND if problems else OK


if __name__ == "__main__":
    command()
