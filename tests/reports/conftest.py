"""Runs to print: an ordinary one, an empty one, and one in which every text is hostile."""

from dataclasses import dataclass, field

import pytest

from smlint.document import Document, Span
from smlint.finding import Finding, Level, Related
from smlint.gate import Suppressed
from smlint.reports.run import Run

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject"],
      "Resource": "arn:aws:s3:::ml-data/*"
    }
  ]
}
"""
JOB = """{
  "TrainingJobName": "churn",
  "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": "s3://ml-data/train/"}}}]
}
"""
HOSTILE = (
    "evil\x1b[31m\n::error::owned\r\n##[add-mask]x ]]> </script><script>alert(1)</script>"
    " </code><img src=x> `|` **b** [x](http://e) %0A::set-output \u202e\u2028 \ud800 \x00 &amp; \"'"
)


@dataclass
class FakePage:
    title: str = "The role cannot list a bucket that its job lists."
    sections: dict = field(default_factory=lambda: {"What": "What it is.", "Fix": "What to do."})


@dataclass
class FakeRule:
    name: str
    group: str = "s3"
    level: Level = Level.ERROR
    page: FakePage = field(default_factory=FakePage)


RULES = {name: FakeRule(name) for name in ("missing-list-bucket", "unknown-action", "missing-logs")}


def span(document, text):
    start = document.text.index(text)
    return Span(document, start, start + len(text))


@pytest.fixture
def finding():
    policy, job = Document("iam/train.json", POLICY), Document("jobs/churn.json", JOB)
    uri = Related("the job lists this prefix", span(job, '"s3://ml-data/train/"'))
    role = Related("role TrainRole", span(policy, '"2012-10-17"'))
    return Finding(
        message="`TrainRole` may not list `ml-data`",
        origin=span(policy, '"s3:GetObject"'),
        rule="missing-list-bucket",
        level=Level.ERROR,
        aws="no identity-based policy allows the s3:ListBucket action",
        fix="allow `s3:ListBucket` on `arn:aws:s3:::ml-data`",
        snippet='"s3:ListBucket"',
        related=(uri,),
        chain=(Related("job churn", span(job, '"churn"')), role, uri),
        resource="role/TrainRole",
        access="s3:ListBucket on ml-data",
        workload=("churn",),
    )


@pytest.fixture
def run(finding):
    other = Finding("`s3:ListObject` does not exist", finding.origin, "unknown-action", Level.WARNING)
    advice = Finding("nobody can write logs", finding.origin, "missing-logs", Level.NOTE)
    known = Suppressed(finding, "inSource", "known since May")
    return Run([finding, other, advice], suppressed=[known], read=2, rules=RULES, version="1.2.3")


@pytest.fixture
def empty_run():
    return Run([], read=2, rules=RULES, version="1.2.3")


@pytest.fixture
def hostile_run():
    # A path comes from the operating system: no NUL, and undecodable bytes as low surrogates.
    path = HOSTILE.replace("\x00", "").replace("\ud800", "\udcff")
    document = Document(path, HOSTILE * 2)
    origin = Span(document, 3, 30)
    related = Related(HOSTILE, Span(document, 40, 60))
    bad = Finding(
        message=HOSTILE,
        origin=origin,
        rule="missing-list-bucket",
        level=Level.ERROR,
        aws=HOSTILE,
        fix=HOSTILE,
        snippet="::error::x\n" + HOSTILE,
        related=(related,),
        chain=(related, Related(HOSTILE, origin)),
        resource=HOSTILE,
        access=HOSTILE,
        workload=(HOSTILE,),
        under=HOSTILE,
    )
    return Run(
        [bad, bad.at(Level.NOTE)],
        suppressed=[Suppressed(bad, "inSource", HOSTILE)],
        unknowns=[bad],
        failures=[(path, HOSTILE)],
        read=1,
        rules=RULES,
        version="1.2.3",
    )
