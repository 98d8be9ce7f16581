"""Least privilege: off unless selected, quiet about what cannot be told."""

from __future__ import annotations

from smlint.engine import lint_files
from smlint.finding import Finding
from smlint_rules.examples import DATA, RUNTIME, allow, folder, resource, template

ON = 'select = ["privilege"]\n'
OLD = allow("s3:GetObject", "arn:aws:s3:::acme-data-2019/*")


def found(rule: str, files: dict[str, str]) -> list[Finding]:
    return [finding for finding in lint_files(files) if finding.rule == rule]


def test_off_unless_selected() -> None:
    rules = {finding.rule for finding in lint_files(folder(*DATA, OLD))}
    assert not rules & {"broad-resource", "unused-grant"}


def test_one_resource_of_a_statement_that_nothing_needs() -> None:
    both = allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::acme-data/*", "arn:aws:s3:::acme-data-2019/*"])
    (finding,) = found("unused-grant", folder(*DATA, both, smlint_toml=ON))
    assert "`arn:aws:s3:::acme-data-2019/*`" in finding.message


def test_what_a_notebook_needs_is_not_in_its_request() -> None:
    notebook = resource(
        "AWS::SageMaker::NotebookInstance", InstanceType="ml.t3.medium", RoleArn={"Fn::GetAtt": ["Role", "Arn"]}
    )
    assert found("unused-grant", {**template(RUNTIME, OLD, Notebook=notebook), "smlint.toml": ON}) == []


def test_actions_without_resources_keep_the_star() -> None:
    token = allow(["ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"], "*")
    broad = found("broad-resource", folder(token, smlint_toml=ON))
    assert broad == []
