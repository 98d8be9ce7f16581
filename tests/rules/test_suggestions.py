"""What a finding tells to write is right: with it in the file, the finding is gone and no other has come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smlint import gate
from smlint.config import Config
from smlint.document import Document
from smlint.engine import lint_files
from smlint.finding import Finding
from smlint.iam import grammar
from smlint.iam.policy import Kind
from smlint.rule import Example, all_rules
from smlint.syntax import json as json_syntax
from smlint_rules.examples import DATA, LIST, RUNTIME, allow, deny, folder, policy, trust

_READ = allow("s3:GetObject", "arn:aws:s3:::acme-data/train/*")
_WRITE = ["s3:PutObject", "s3:AbortMultipartUpload"]
_MODELS = ["arn:aws:s3:::acme-data/models", "arn:aws:s3:::acme-models/*"]
_TOKEN = ["ecr:GetAuthorizationToken", "s3:ListBucket", "s3:GetObject", "s3:PutObject"]
_SOURCES = {
    "StringEquals": {"aws:SourceAccount": "444455556666"},
    "ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:*:444455556666:training-job/*"},
}
_MORE = {
    "a-prefix-among-others": folder(RUNTIME, LIST, _READ, allow(_WRITE, _MODELS)),
    "three-kinds-of-resource": folder(
        RUNTIME, allow(_TOKEN, "arn:aws:s3:::acme-data/*", Condition={"Bool": {"aws:SecureTransport": "true"}})
    ),
    "a-source-and-its-account": folder(*DATA, trust_json=trust(Condition=_SOURCES)),
    "all-but-some": folder(
        *DATA,
        bucket_json=policy(
            deny(
                "s3:*",
                ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
                Principal="*",
                Condition={"StringNotLike": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/admin"]}},
            )
        ),
    ),
}
EXAMPLES = [
    pytest.param(example, id=f"{rule.name}-{number}")
    for rule in all_rules().values()
    for number, example in enumerate(rule.bad, 1)
    if rule.group != "privilege"
] + [pytest.param(example, id=name) for name, example in _MORE.items()]
_RESOURCES = {"prefix-not-covered", "action-resource-mismatch"}
_VALUES = {"unknown-action", "malformed-arn", "grants-instance-arn"}
_INSTEAD = {"kms-alias-in-resource"}  # what they tell takes the place of the statement at hand
# A job that S3 Access Grants serves needs no S3 permissions, and the finding that asks for them says so.
_ANNOUNCED = {"tip-role-keeps-s3"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_told_is_right(example: Example) -> None:
    before = lint(example)
    known = {(finding.rule, finding.resource) for finding in before}
    for finding in before:
        changed = applied(finding, example)
        if changed is None:
            continue
        after = lint(changed)
        assert (finding.rule, finding.message) not in {(one.rule, one.message) for one in after}, finding.snippet
        come = {one.rule for one in after if (one.rule, one.resource) not in known}
        assert come <= (_ANNOUNCED if "S3 Access Grants serves" in finding.fix else set()), finding.snippet


def test_most_of_it_is_tried() -> None:
    tried = [applied(finding, rule.bad[0]) for rule in all_rules().values() for finding in lint(rule.bad[0])]
    assert len([one for one in tried if one is not None]) > 40


def lint(example: Example) -> list[Finding]:
    return gate.apply(lint_files(example), Config(), all_rules()).reported


def applied(finding: Finding, example: Example) -> Example | None:
    """The example with what the finding tells to write; None where a person would have to think."""
    place = finding.origin.place()
    text = example[place.path]
    if finding.origin.document.host is not None or not place.path.endswith(".json") or not finding.snippet:
        return None
    if finding.rule in _VALUES:
        return {**example, place.path: text[: place.start] + finding.snippet + text[place.end :]}
    document = json.loads(text)
    if not isinstance(document.get("Statement"), list):
        return None
    if finding.rule == "old-policy-version":
        document |= json.loads(f"{{{finding.snippet}}}")
    elif not change(document["Statement"], finding, text):
        return None
    return {**example, place.path: json.dumps(document, indent=2)}


def change(statements: list[Any], finding: Finding, text: str) -> bool:
    """Add the statements of the snippet, or set what it says in the statement at hand; whether it was one of these."""
    told = read(f"[{finding.snippet}]") or [read(f"{{{finding.snippet}}}")]
    here = at(statements, finding, text)
    if all(isinstance(one, dict) and "Effect" in one for one in told):
        if finding.rule in _INSTEAD or finding.fix.startswith("write two statements instead"):
            del statements[here]
        statements += told
    elif isinstance(told[0], dict) and told[0]:
        statements[here] = {**statements[here], **told[0]}
        statements[here].pop("NotPrincipal" if "Principal" in told[0] else "", None)
    elif finding.rule in _RESOURCES:
        statements[here]["Resource"] = told[0]
    else:
        return False
    return True


def at(statements: list[Any], finding: Finding, text: str) -> int:
    """The number of the statement in which the finding stands."""
    parsed = grammar.parse(json_syntax.parse(Document("policy.json", text)).nodes[0], Kind.IDENTITY).statements
    start = finding.origin.place().start
    return next(number for number, one in enumerate(parsed) if one.origin.offsets()[1] > start)


def read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
