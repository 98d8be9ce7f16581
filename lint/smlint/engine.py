"""The one place that knows the order: files → readers → estate → needs → verdicts → rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from smlint import facts
from smlint.cases import together
from smlint.config import Config
from smlint.config.reading import AREAS
from smlint.estate.names import account_of
from smlint.files import Candidate, Tree, discover
from smlint.finding import Finding, Related
from smlint.gate import chosen
from smlint.iam.policy import Policy
from smlint.readers import configured
from smlint.readers.reading import Reading, read_all, read_document
from smlint.record import dataclass, field, replace
from smlint.rule import Rule, all_rules
from smlint.sharing import ALONE, Means, Sharing

if TYPE_CHECKING:
    from smlint.estate.estate import Estate
    from smlint.verdicts.collect import Tried, Verdicts
    from smlint.verdicts.judge import Judged


@dataclass(slots=True)
class Outcome:
    """What a run found: all findings, unfiltered, at the levels that the rules gave them.

    unknowns: what could not be told, one entry an access or a job whose role nobody shows.
    failures: (path, why) of what did not parse. read: (path, what it was read as). passed: (path, why not).
    """

    findings: list[Finding] = field(default_factory=list)
    unknowns: list[Finding] = field(default_factory=list)
    read: list[tuple[str, str]] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    estate: Estate | None = None
    verdicts: Verdicts | None = None


def lint(
    tree: Tree,
    candidates: Iterable[Candidate],
    config: Config,
    rules: Mapping[str, Rule] | None = None,
    means: Means = ALONE,
) -> Outcome:
    """Lint the candidates of a tree; `rules` is by default every rule that smlint brings."""
    candidates = list(candidates)
    sharing = Sharing(means, tree, candidates)
    rules = all_rules() if rules is None else rules
    config = replace(config, settings=_settled(config.settings, candidates))
    outcome = _lint(sharing, config, rules)
    account = _evident_account(outcome.estate)
    if account is None:
        return outcome
    return _lint(sharing, replace(config, settings=replace(config.settings, account=account)), rules)


def _lint(sharing: Sharing, config: Config, rules: Mapping[str, Rule]) -> Outcome:
    from smlint.estate.build import build

    tree = sharing.tree
    tree.settings = settings = config.settings
    reading = read_all(sharing.candidates, tree, sharing.read)
    said, claimed = _configured(config, tree, reading)
    asked = _asked(rules, config)
    found: list[list[Finding]] = []
    for case in reversed(range(reading.cases)):  # the first case is the one that is shown
        estate = build([*said, *reading.without_repeats(claimed, case)], settings, claimed)
        policies = documents(estate)
        tried, told = sharing.judged(estate, policies, _document_check(estate, asked))
        verdicts = _verdicts(estate, tried)
        in_documents = [
            (finding, policy) for policy, findings in zip(policies, told, strict=True) for finding in findings
        ]
        found.insert(0, list(check(estate, verdicts, asked, in_documents)))
    findings = together(found)
    problems = [fact for fact in estate.others if isinstance(fact, facts.Problem)]
    failures = [(problem.origin.document.path, problem.message) for problem in problems]
    unknowns = [*_unknowns(verdicts), *_without_role(estate)] if verdicts is not None else []
    return Outcome(findings, unknowns, reading.read, reading.passed, failures, estate, verdicts)


def _asked(rules: Mapping[str, Rule], config: Config) -> list[Rule]:
    """All rules but those of the group that is off unless selected, which look at every access once more."""
    return [rule for rule in rules.values() if rule.group != "privilege" or chosen(rule.name, rule.group, config)]


def _evident_account(estate: Estate | None) -> str | None:
    """The account that the jobs' role ARNs name for roles of the repository, where nothing else says which it is."""
    if estate is None or isinstance(estate.account, str):
        return None
    named = {
        account_of(job.role_text)
        for job in estate.jobs
        if job.role is not None and isinstance(job.role_text, str) and not isinstance(job.role.arn, str)
    }
    account = named.pop() if len(named) == 1 else None
    return account if isinstance(account, str) else None


def lint_files(files: Mapping[str, str | bytes], config: Config | None = None) -> list[Finding]:
    """The findings on files in memory; a `smlint.toml` among them is the configuration."""
    tree = Tree.of(files)
    if config is None:
        config = Config()
        document = tree.open("smlint.toml")
        if document is not None:
            from smlint.config import parse
            from smlint.rule import GROUPS

            config = parse(document, "", lambda _: {*all_rules(), *GROUPS, "all"})
    return lint(tree, discover(tree, [""]), config).findings


def _settled(settings: facts.Settings, candidates: Iterable[Candidate]) -> facts.Settings:
    """The partition of the configured region; else `aws`, where no file names another: outside China and GovCloud
    nobody names theirs."""
    if settings.partition != facts.Settings().partition:
        return settings
    if isinstance(settings.region, str):
        area = settings.region.rpartition("-")[0].rpartition("-")[0]
        return replace(settings, partition=AREAS.get(area, "aws"))
    elsewhere = any("arn:aws-" in candidate.text for candidate in candidates)
    return settings if elsewhere else replace(settings, partition="aws")


def _configured(config: Config, tree: Tree, reading: Reading) -> tuple[list[facts.Fact], frozenset[str]]:
    """What the configuration says; the files that it names are read although they were no candidates."""
    if not (config.roles or config.buckets or config.keys or config.jobs or config.guardrails):
        return [], frozenset()

    def match(pattern: str) -> list[str]:
        if not any(character in pattern for character in "*?["):
            return [pattern] if tree.open(pattern) is not None else []
        return [known for known in _below(tree, config.base) if fnmatchcase(known, pattern)]

    def of(path: str) -> list[facts.Fact]:
        document = tree.open(path) if path not in reading.facts else None
        if document is not None:
            read_document(document, tree, reading, needed=True)
        return list(reading.of(path))

    return configured.read(config, configured.Files(of, match, tree.open))


def _below(tree: Tree, folder: str) -> Iterator[str]:
    for path in tree.names(folder):
        if path.endswith("/"):
            yield from _below(tree, path.rstrip("/"))
        else:
            yield path


def _verdicts(estate: Estate, tried: list[Tried] | None) -> Verdicts | None:
    """What the workloads need and get; None where there is neither a workload nor a role."""
    if not (estate.jobs or estate.roles):
        return None
    from smlint.verdicts.collect import collect

    return collect(estate, tried)


def _document_check(estate: Estate, rules: Iterable[Rule]) -> Callable[[Policy], list[Finding]]:
    """What the rules that want to see policy documents find in one."""
    wanted = [rule for rule in rules if rule.subject == "Policy"]
    return lambda policy: [finding for rule in wanted for finding in rule.check(policy, estate)]


def check(
    estate: Estate, verdicts: Verdicts | None, rules: Iterable[Rule], found: Sequence[tuple[Finding, Policy]]
) -> Iterator[Finding]:
    """Show the other rules what they want to see, after what was `found` in documents: dead grants explain refusals."""
    by_subject: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.subject != "Policy":
            by_subject.setdefault(rule.subject, []).append(rule)
    subjects = _subjects(estate)
    if verdicts is None:
        yield from (finding for finding, _ in found)
    else:
        from smlint.explained import explain

        explained = explain(found, estate, verdicts)
        yield from explained.findings
        subjects["Refusal"] = [*verdicts.refusals(without=explained.refused)]
    for kind, rules_of_kind in by_subject.items():
        for subject in subjects.get(kind, ()):
            for rule in rules_of_kind:
                yield from rule.check(subject, estate)


def _subjects(estate: Estate) -> dict[str, list[object]]:
    """What there is to see, by the name of its type."""
    subjects: dict[str, list[object]] = {
        "Job": [*estate.jobs],
        "Role": [*estate.roles],
        "Bucket": [*estate.buckets.values()],
        "Key": list({id(key): key for key in estate.keys.values()}.values()),
        "Attachment": [*estate.attachments],
        "Estate": [estate] if estate.jobs or estate.roles else [],
    }
    for fact in estate.others:
        subjects.setdefault(type(fact).__name__, []).append(fact)
    return subjects


def documents(estate: Estate) -> list[Policy]:
    """Every policy document that a user of the repository can edit, each once."""
    found: list[Policy | None] = [*estate.policies]
    for role in estate.roles:
        found += [role.trust, *(held.policy for held in role.held if not held.aws)]
    found += [bucket.policy for bucket in estate.buckets.values()]
    found += [key.policy for key in estate.keys.values()]
    found += [endpoint.policy for endpoint in estate.endpoints]
    found += [point.policy for point in estate.access_points]
    found += [repository.policy for repository in estate.repositories.values()]
    found += [guardrail.policy for guardrail in estate.guardrails]
    return list({id(policy): policy for policy in found if policy is not None}.values())


def _unknowns(verdicts: Verdicts) -> Iterator[Finding]:
    for judged in verdicts.judged:
        if judged.allowed or judged.refused:
            continue
        node = judged.access.field
        origin = node.origin if node is not None else judged.role.origin
        what = f"whether `{judged.role.label}` may {judged.access.action} on `{judged.access.resource}` cannot be told"
        yield Finding(what, origin, rule="unknown", access=judged.access.action, related=tuple(_open_questions(judged)))


def _open_questions(judged: Judged) -> Iterator[Related]:
    """What would settle it: the statements that may count or not, the attached policies that nobody shows."""
    managed = {id(one.policy): one.edit for one in judged.role.held if one.aws}
    for reason in judged.verdict.because:
        if reason.statement is not None:
            place = managed.get(id(reason.policy), reason.statement.origin)
            yield Related("whether this counts depends on what is not known", place)
    for attachment in judged.role.unread:
        yield Related("what this policy says is not known", attachment.origin)


def _without_role(estate: Estate) -> Iterator[Finding]:
    """The jobs of which nothing was asked, because nobody knows the role that they run as."""
    from smlint.needs.access import By

    for job in estate.jobs:
        if job.role is None and any(access.by is not By.CALLER for access in job.accesses):
            what = f"what `{job.label}` may do cannot be told: the repository does not show its role"
            yield Finding(what, job.origin, rule="unknown", workload=(job.label,))
