"""The only place that drops or re-levels findings: selection, severity, ignores, baseline, what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from smlint.config import Config
from smlint.finding import Finding, Level, Related
from smlint.record import dataclass, field, replace
from smlint.spelling import hint

if TYPE_CHECKING:
    from smlint.baseline import Baseline, Entry
    from smlint.suppressions import Suppression

UNUSED = "unused-suppression"
# Never silenced by `select`: a file that cannot be read must not look like a clean one.
ALWAYS = "unreadable-file"


class Named(Protocol):
    """What the gate asks of a rule."""

    @property
    def group(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that an ignore in a file ("inSource") or the baseline ("external") holds back, and its reason."""

    finding: Finding
    kind: str
    reason: str = ""


@dataclass(slots=True)
class Gated:
    """What is reported, in the order of files and lines, and what is held back.

    open: what no ignore in a file holds back, one by one, as a new baseline would keep it.
    """

    reported: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    open: list[Finding] = field(default_factory=list)
    fail: bool = False


def apply(
    findings: Iterable[Finding],
    config: Config,
    rules: Mapping[str, Named],
    suppressions: Sequence[Suppression] = (),
    baseline: Baseline | None = None,
    touched: Callable[[Finding], bool] | None = None,
) -> Gated:
    """Decide for every finding whether and at which level it is reported."""
    gate = _Gate(config, rules)
    gated = Gated()
    for finding in filter(gate.wanted, findings):
        finding = gate.levelled(finding)
        ignore = next((one for one in suppressions if one.covers(finding)), None)
        if ignore:
            ignore.used.add(finding.rule)
            gated.suppressed.append(Suppressed(finding, "inSource", ignore.reason))
        elif touched is None or finding.rule == ALWAYS or touched(finding):
            gated.open.append(finding)
    new = gated.open
    if baseline:
        new, known, gone = baseline.split(gated.open)
        gated.suppressed += [Suppressed(finding, "external", "in the baseline") for finding in known]
        # With --changed-since only a part of the findings came here: nothing can be called gone.
        new = [*new, *(gate.gone(gone, baseline) if touched is None else ())]
    unused = [finding for finding in gate.unused(suppressions) if touched is None or touched(finding)]
    gated.reported = merge([*new, *unused])
    gated.fail = config.fail_on is not None and any(finding.level >= config.fail_on for finding in gated.reported)
    return gated


def chosen(name: str, group: str, config: Config) -> bool:
    """Whether a rule is switched on: the more exact of `select` and `ignore` wins, `ignore` where both are as exact."""
    on = _exactness(name, group, config.select)
    off = _exactness(name, group, config.ignore)
    return on > off or (name == ALWAYS and off < 2)


def _exactness(name: str, group: str, names: Sequence[str]) -> int:
    if name in names:
        return 2
    if group in names:
        return 1
    return 0 if "all" in names and group != "privilege" else -1


class _Gate:
    """Selection and levels, looked up once a rule."""

    def __init__(self, config: Config, rules: Mapping[str, Named]) -> None:
        self.config = config
        self.rules = rules
        self._chosen: dict[str, bool] = {}
        self._files = [(_pattern(config.base, glob), names) for glob, names in config.per_file_ignores]

    def group(self, name: str) -> str:
        return self.rules[name].group if name in self.rules else ""

    def chosen(self, name: str) -> bool:
        if name not in self._chosen:
            self._chosen[name] = chosen(name, self.group(name), self.config)
        return self._chosen[name]

    def wanted(self, finding: Finding) -> bool:
        if not self.chosen(finding.rule):
            return False
        if not self._files:
            return True
        path = finding.origin.place().path
        group = self.group(finding.rule)
        return not any(matches(path) and _exactness(finding.rule, group, names) >= 0 for matches, names in self._files)

    def levelled(self, finding: Finding) -> Finding:
        severity = self.config.severity
        level = severity.get(finding.rule) or severity.get(self.group(finding.rule))
        return finding.at(level) if level else finding

    def gone(self, entries: Iterable[Entry], baseline: Baseline) -> list[Finding]:
        """Notes on entries of the baseline that no finding uses any more."""
        found = [
            Finding(
                f"`{entry.rule}` of the baseline is gone from `{entry.resource}`",
                baseline.origins[entry.identity],
                UNUSED,
                Level.NOTE,
                fix="remove the entry, or write the baseline anew with --write-baseline",
                resource=entry.resource,
                access=entry.access,
            )
            for entry in entries
            if self.chosen(entry.rule)
        ]
        return [self.levelled(finding) for finding in found if self.wanted(finding)]

    def unused(self, suppressions: Iterable[Suppression]) -> list[Finding]:
        found = [finding for suppression in suppressions for finding in self._useless(suppression)]
        return [self.levelled(finding) for finding in found if self.wanted(finding)]

    def _useless(self, suppression: Suppression) -> Iterable[Finding]:
        for name in suppression.rules or ("",):
            if not name:
                message, fix = "the ignore names no rule", "name the rules to ignore in the brackets"
            elif name not in self.rules:
                message, fix = f"`{name}` is no rule{hint(name, self.rules)}", "name a rule of `smlint --list-rules`"
            elif name not in suppression.used and name != UNUSED and self.chosen(name):
                message, fix = f"no finding of `{name}` is left to ignore here", "remove it"
            else:
                continue
            yield Finding(
                message, suppression.origin, UNUSED, Level.NOTE, fix=fix, resource=suppression.path, access=name
            )


def _pattern(base: str, glob: str) -> Callable[[str], bool]:
    from smlint.files.ignoring import Patterns

    patterns = Patterns(base, [glob])
    return lambda path: bool(patterns.verdict(path))


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by place; several findings of one rule on one line become one, the others its related places."""
    placed: dict[tuple[str, int, str], list[tuple[int, Finding]]] = {}
    for finding in findings:
        place = finding.origin.place()
        first = place.first
        placed.setdefault((place.path, first.line, finding.rule), []).append((first.column, finding))
    merged = []
    for (path, line, rule), group in placed.items():
        group.sort(key=lambda pair: (-pair[1].level, pair[0]))
        column = min(column for column, _ in group)
        merged.append(((path, line, column, rule), _together([finding for _, finding in group])))
    return [finding for _, finding in sorted(merged, key=lambda pair: pair[0])]


def _together(findings: list[Finding]) -> Finding:
    """One finding for several at a place: what mends one of them alone would only bring out the next."""
    first, *others = findings
    if not others:
        return first
    from smlint.fixes.snippet import beside

    more = len({finding.message for finding in findings}) - 1
    return replace(
        first,
        message=f"{first.message} (and {more} more of the kind here)" if more else first.message,
        fix="; ".join(dict.fromkeys(finding.fix for finding in findings if finding.fix)),
        snippet=beside([finding.snippet for finding in findings if finding.snippet]),
        related=_evidence(first, others),
        workload=tuple(dict.fromkeys(label for finding in findings for label in finding.workload)),
    )


def _evidence(first: Finding, others: list[Finding]) -> tuple[Related, ...]:
    """The related places of all, each once; where another finding says something else, what it says."""
    told = {first.message}
    related = list(first.related)
    for other in others:
        if other.message not in told:
            told.add(other.message)
            at_its_field = bool(other.related) and other.origin.place() == first.origin.place()
            related.append(Related(other.message, other.related[0].origin if at_its_field else other.origin))
            related += other.related[at_its_field:]
        else:
            related += other.related
    return tuple({(one.message, one.origin.place()): one for one in related}.values())
