"""SARIF 2.1.0 as GitHub's code scanning wants it.

The only module that knows sarif_om. Paths are relative to the root (`%SRCROOT%`), regions are one line at most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import attr
import sarif_om as om

from smlint.baseline import identity
from smlint.document import Origin
from smlint.finding import Finding, Level
from smlint.gate import Suppressed
from smlint.reports.clean import clean
from smlint.reports.line_hash import line_hashes
from smlint.reports.run import Described, Run, Style, evidence, message_of, region

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://pypi.org/project/smlint/"
_ROOT = "%SRCROOT%"
_MOST_RESULTS = 25_000
_MOST_LOCATIONS = 100
_TEXT = 1024
_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}


def render(run: Run, style: Style) -> Iterator[str]:
    yield json.dumps(_plain(_log(run)), ensure_ascii=True, separators=(",", ":"))
    yield "\n"


def _log(run: Run) -> om.SarifLog:
    shown = [Suppressed(finding, "") for finding in run.findings]
    shown += run.suppressed
    if len(shown) > _MOST_RESULTS:
        shown = sorted(shown, key=lambda one: -one.finding.level)[:_MOST_RESULTS]
    names = sorted({one.finding.rule for one in shown} & run.rules.keys())
    results = _Results({name: index for index, name in enumerate(names)})
    driver = om.ToolComponent(
        name="smlint",
        semantic_version=run.version,
        version=run.version,
        information_uri=HOME,
        rules=[_rule(run.rules[name]) for name in names],
    )
    notifications = [
        om.Notification(
            level="error",
            message=om.Message(text=clean(f"{path}: {why}")),
            locations=[om.Location(physical_location=_file(path))],
        )
        for path, why in run.failures
    ]
    invocation = om.Invocation(execution_successful=True, tool_execution_notifications=notifications or None)
    return om.SarifLog(
        version="2.1.0",
        schema_uri=SCHEMA,
        runs=[
            om.Run(
                tool=om.Tool(driver=driver),
                results=[results.result(one) for one in shown],
                invocations=[invocation],
                automation_details=om.RunAutomationDetails(id="smlint/"),
                original_uri_base_ids={
                    _ROOT: om.ArtifactLocation(description=om.Message(text="The root of the repository."))
                },
                column_kind="unicodeCodePoints",
            )
        ],
    )


def _rule(rule: Described) -> om.ReportingDescriptor:
    page = rule.page
    what = page.sections.get("What", page.title)
    properties: dict[str, Any] = {
        "tags": ["sagemaker", "iam", rule.group],
        "precision": "high",
        "problem.severity": _SEVERITY[rule.level],
    }
    if rule.group == "privilege":
        # Over-broad grants are a matter of security, everything else one of availability.
        properties["tags"].append("security")
        properties["security-severity"] = "4.0"
    body = "\n\n".join(f"{heading}\n{text}" for heading, text in page.sections.items()) or page.title
    markdown = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in page.sections.items()) or page.title
    return om.ReportingDescriptor(
        id=rule.name,
        name="".join(part.capitalize() for part in rule.name.split("-")),
        short_description=om.MultiformatMessageString(text=page.title[:_TEXT]),
        full_description=om.MultiformatMessageString(text=_sentences(what, _TEXT)),
        help=om.MultiformatMessageString(text=body, markdown=markdown),
        help_uri=_first_link(page.sections.get("Source", "")),
        default_configuration=om.ReportingConfiguration(level=rule.level.word),
        properties=properties,
    )


def _first_link(text: str) -> str | None:
    found = re.search(r"https://[^\s,;()<>]+", text)
    return found[0].rstrip(".") if found else None


def _sentences(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rpartition(" ")[0] + "…"


class _Results:
    """Turns findings into results; the hashes of a document are computed once."""

    def __init__(self, indices: Mapping[str, int]) -> None:
        self._indices = indices
        self._hashes: dict[str, list[str]] = {}

    def result(self, one: Suppressed) -> om.Result:
        finding = one.finding
        places = list(evidence(finding))[:_MOST_LOCATIONS]
        related = [_location(origin, said, number) for number, (said, origin) in enumerate(places, 1)]
        key = "\0".join(identity(finding)).encode("utf-8", "surrogatepass")
        return om.Result(
            rule_id=finding.rule,
            rule_index=self._indices.get(finding.rule, -1),
            level=finding.level.word,
            message=om.Message(text=_message(finding, [said for said, _ in places])),
            locations=[_marked(finding.origin)],
            related_locations=related or None,
            code_flows=[_flow(finding)] if len(finding.chain) > 1 else None,
            partial_fingerprints={
                "primaryLocationLineHash": self._line_hash(finding.origin),
                "smlint/v1": sha256(key).hexdigest()[:32],
            },
            suppressions=[_suppression(one)] if one.kind else None,
        )

    def _line_hash(self, origin: Origin) -> str:
        place = origin.place()
        hashes = self._hashes.get(place.path)
        if hashes is None:
            hashes = self._hashes[place.path] = line_hashes(place.document.text)
        return hashes[place.first.line - 1]


def _suppression(one: Suppressed) -> om.Suppression:
    return om.Suppression(kind=one.kind, justification=clean(one.reason) or None)


def _message(finding: Finding, places: list[str]) -> str:
    sentences = [_unlinked(message_of(finding))]
    if finding.aws:
        sentences.append(f"AWS says: {_unlinked(finding.aws)}")
    if finding.fix:
        sentences.append(f"To do: {_unlinked(finding.fix)}")
    if places:
        links = (
            f"[{_unlinked(said).replace('[', '(').replace(']', ')')}]({number})"
            for number, said in enumerate(places[:10], 1)
        )
        sentences.append("See " + ", ".join(links))
    return " ".join(sentence if sentence.endswith((".", "?")) else f"{sentence}." for sentence in sentences)


def _unlinked(text: str) -> str:
    """The text without anything that would be read as a link."""
    return re.sub(r"\](?=\()", "] ", clean(text))


def _location(origin: Origin, message: str = "", number: int = -1) -> om.Location:
    place = origin.place()
    at = region(place)
    physical = _file(place.path)
    physical.region = om.Region(start_line=at.line, start_column=at.column, end_line=at.line, end_column=at.end)
    said = om.Message(text=clean(message)) if message else None
    return om.Location(physical_location=physical, message=said, id=number)


def _marked(origin: Origin) -> om.Location:
    """The first location, with the code that it marks."""
    location = _location(origin)
    at = location.physical_location.region
    line = origin.place().document.line(at.start_line)
    at.snippet = om.ArtifactContent(text=clean(line[at.start_column - 1 : at.end_column - 1]))
    return location


def _file(path: str) -> om.PhysicalLocation:
    uri = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    return om.PhysicalLocation(artifact_location=om.ArtifactLocation(uri=uri, uri_base_id=_ROOT))


def _flow(finding: Finding) -> om.CodeFlow:
    steps = [
        om.ThreadFlowLocation(location=_location(step.origin, step.message), importance="essential")
        for step in finding.chain
    ]
    return om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])


# Written even where they have the schema's default, because GitHub reads them.
_ALWAYS = frozenset(("level", "kind"))
_MEMBERS: dict[type, list[tuple[str, str, Any]]] = {}


def _plain(value: Any) -> Any:
    """The object model as plain data, members with their default left out."""
    if isinstance(value, list):
        return [_plain(element) for element in value]
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if not attr.has(type(value)):
        return value
    members = _MEMBERS.get(type(value))
    if members is None:
        members = _MEMBERS[type(value)] = [
            (member.name, member.metadata.get("schema_property_name", member.name), _default(member.default))
            for member in attr.fields(type(value))
        ]
    found = {}
    for name, written, default in members:
        member = getattr(value, name)
        if member is not None and (written in _ALWAYS or member != default):
            found[written] = _plain(member)
    return found


def _default(default: Any) -> Any:
    return default.factory() if hasattr(default, "factory") else default
