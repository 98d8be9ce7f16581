"""The command line: options as INTERFACE names them, and mistakes answered with the nearest known name."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

from smlint.errors import UsageError
from smlint.reports import FORMATS
from smlint.spelling import hint, listed

LATER = ("--fix", "--diff", "--write-policy", "--show", "--watch")
SHELLS = ("bash", "zsh", "fish")


class Output(NamedTuple):
    """A report to write: its format and its file, None for standard output."""

    format: str
    file: str | None = None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(_worded(message, self))

    def names(self) -> list[str]:
        return [name for action in self._actions for name in action.option_strings if name.startswith("--")]


def _worded(message: str, parser: _Parser) -> str:
    """argparse's complaint in our words: what was written in backticks, the nearest known name."""
    unknown = re.match(r"unrecognized arguments: (\S+)", message)
    if unknown:
        name = unknown[1].partition("=")[0]
        return f"unknown option `{name}`{hint(name, parser.names())}"
    choice = re.match(r"argument (\S+): invalid choice: '([^']*)' \(choose from (.*)\)", message)
    if choice:
        known = [one.strip(" '") for one in choice[3].split(",")]
        option = choice[1].partition("/")[0]
        return f"{option}: `{choice[2]}` is none of {', '.join(known)}{hint(choice[2], known)}"
    argument = re.match(r"argument (\S+): (.*)", message)
    return f"{argument[1].partition('/')[0]}: {argument[2]}" if argument else message


class _Ordered(argparse.Action):
    """Keeps --format and --output in the order they are given."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:
        namespace.reports = [*(namespace.reports or []), (self.dest, values)]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; `outputs` pairs the formats with their files. Raises UsageError."""
    parser = build()
    options = parser.parse_args(arguments)
    options.outputs = outputs(options.reports or [])
    return options


def outputs(given: Sequence[tuple[str, str]]) -> list[Output]:
    """Each --output belongs to the --format before it, or, standing first, to the first --format."""
    formats: list[list[str | None]] = []
    waiting: list[str] = []
    for kind, value in given:
        if kind == "format":
            formats.append([value, waiting.pop(0) if waiting else None])
        elif formats and formats[-1][1] is None:
            formats[-1][1] = value
        else:
            waiting.append(value)
    if not formats:
        formats.append(["text", waiting.pop(0) if waiting else None])
    if waiting:
        raise UsageError(f"--output {waiting[0]}: every further --output needs a --format of its own")
    found = [Output(name or "", None if file == "-" else file) for name, file in formats]
    files = [one.file for one in found]
    if files.count(None) > 1:
        raise UsageError("only one format can go to standard output: give the others an --output")
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise UsageError(f"--output {twice}: every report needs a file of its own")
    return found


def build() -> _Parser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="smlint",
        usage="smlint [OPTIONS] [PATH ...]",
        description="Finds, before the deployment, why a SageMaker workload will be refused: at the line to change.",
        epilog="Exit status: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage, nothing to lint, a failure.",
        # A width of its own: asking the terminal for one, at every option, imports the compression libraries.
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=28, width=100),
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .); - is standard input")
    _add_reports(parser)
    _add_selection(parser)
    _add_deployment(parser)
    _add_questions(parser)
    _add_usual(parser)
    return parser


def _add_reports(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("reports")
    parser.set_defaults(reports=None)
    group.add_argument("--format", action=_Ordered, choices=FORMATS, metavar="FORMAT", help=", ".join(FORMATS))
    group.add_argument("--output", action=_Ordered, metavar="FILE", help="write there; once for each --format")
    group.add_argument("--show-unknown", action="store_true", help="also list what could not be told")
    group.add_argument("--color", choices=("auto", "always", "never"), metavar="WHEN", help="auto, always, never")
    group.add_argument("--quiet", "-q", action="store_true", help="print findings only")
    group.add_argument("--verbose", "-v", action="store_true", help="say what was read, as what, and what was not")
    group.add_argument("--no-progress", action="store_true", help="no progress bar")


def _add_selection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is reported")
    group.add_argument("--select", type=listed, metavar="RULE[,RULE]", help="only these rules and groups")
    group.add_argument(
        "--ignore", type=listed, metavar="RULE[,RULE]", help="not these rules and groups, besides the configured"
    )
    group.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        metavar="LEVEL",
        help="the lowest level of exit status 1",
    )
    group.add_argument("--baseline", metavar="FILE", help="report only what the baseline does not hold")
    group.add_argument("--write-baseline", metavar="FILE", help="write the findings of this run as a baseline")
    group.add_argument(
        "--changed-since", metavar="REV", help="report only what touches changes since REV, or what they break"
    )


def _add_deployment(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("configuration and deployment")
    group.add_argument("--config", metavar="FILE", help="this configuration file instead of the nearest")
    group.add_argument("--isolated", action="store_true", help="no configuration file at all")
    group.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a CloudFormation parameter or Terraform variable",
    )
    group.add_argument(
        "--param-file", action="append", default=[], metavar="FILE", help="parameters as JSON (AWS CLI, CDK) or .tfvars"
    )
    group.add_argument("--account", metavar="ID", help="the account that is deployed to")
    group.add_argument("--region", metavar="REGION", help="the region that is deployed to")
    group.add_argument("--partition", metavar="PARTITION", help="aws, aws-cn, aws-us-gov")
    group.add_argument("--stdin-filename", metavar="PATH", help="what to call the file on standard input")


def _add_questions(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("other questions")
    group.add_argument("--explain", metavar="RULE", help="print a rule's page")
    group.add_argument("--list-rules", action="store_true", help="list the rules (--format json for machines)")
    group.add_argument("--check-rules", action="store_true", help="check own rule files (PATH ...) and lint nothing")
    group.add_argument(
        "--completion", choices=SHELLS, metavar="SHELL", help="print a completion script: bash, zsh, fish"
    )
    for name in LATER:
        group.add_argument(name, nargs="?", const="", help=argparse.SUPPRESS)


def _add_usual(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("as usual")
    group.add_argument("--jobs", "-j", type=_jobs, metavar="N", help="how many processes may work (default: the CPUs)")
    group.add_argument("--no-cache", action="store_true", help="neither use nor keep what was read before")
    group.add_argument("--version", "-V", action="store_true", help="print the version")
    group.add_argument("--help", "-h", action="store_true", help="print this help")


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"`{text}` is no number of processes")
    return int(text)
