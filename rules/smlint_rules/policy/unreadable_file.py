"""A file that does not parse.

What
----
A file that smlint should read (`.tf`, what the configuration names, a file whose content shows that it is a template, a
policy or a request) has a syntax error, or something that its format does not allow, such as resources of a template
that depend on each other in a circle. Where the format permits it, everything before and after the error is still
read. Templates of other tools (`.tpl`, `.j2`) that do not parse once their placeholders are taken as unknown are passed
over.

Why AWS refuses
---------------
The tool that deploys the file refuses it as smlint does. JSON is strict: AWS's services and command line accept
neither comments nor trailing commas.

Fix
---
Mend the syntax at the place that the finding names. A file that is not meant for AWS can be left out with `exclude`.

Source
------
RFC 8259 (JSON), YAML 1.1 as CloudFormation reads it, the Terraform language:
https://developer.hashicorp.com/terraform/language/syntax/configuration
"""

from __future__ import annotations

from collections.abc import Iterator

from smlint.facts import Problem
from smlint.finding import Finding, Level

LEVEL = Level.ERROR


def check(problem: Problem) -> Iterator[Finding]:
    if problem.rule == "unreadable-file":
        yield Finding(problem.message, problem.origin, fix=problem.fix, resource=problem.origin.document.path)


BAD = (
    {
        "template.yaml": """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Role:
    Type: AWS::IAM::Role
   Properties:
      RoleName: train
"""
    },
    {
        "policy.json": """\
{
  "Version": "2012-10-17",
  // what the job reads
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/*"}]
}
"""
    },
)
GOOD = (
    {
        "policy.json": """\
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/*"}]
}
""",
        "notes.json": "// of no concern to AWS\n{}\n",
    },
)
