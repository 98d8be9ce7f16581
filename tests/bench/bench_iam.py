"""How fast decisions are: `python tests/bench/bench_iam.py`. Exits with 1 where a figure misses its floor."""

import sys
import time

from smlint.iam import data, grammar, managed
from smlint.iam.decision import Layers, decide
from smlint.iam.match import matches
from smlint.iam.policy import Kind
from smlint.iam.request import Context, Principal, Request
from smlint.values import DIGITS, LOWER, Hole, join

ACCOUNT = "111122223333"
TWO = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::ml-data/*"},
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::ml-data",
            "Condition": {"StringLike": {"s3:prefix": "train/*"}},
        },
    ],
}


def requests(resource):
    """Requests for many objects of a bucket and for the bucket itself, in turn."""
    role = Principal.role(f"arn:aws:iam::{ACCOUNT}:role/Train")
    context = Context({"s3:prefix": ("train/x",)}, default_absent=True)
    for number in range(5000):
        yield Request(role, "s3:GetObject", join([resource, f"/train/{number}"]), ACCOUNT, context)
        yield Request(role, "s3:ListBucket", resource, ACCOUNT, context)


def decisions_a_second(policy, resource):
    asked, layers = list(requests(resource)), Layers(identity=(policy,))
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for request in asked:
            decide(request, layers)
        best = max(best, len(asked) / (time.process_time() - start))
    return best


def main():
    two = grammar.parse(data.node(TWO, "two"), Kind.IDENTITY)
    full = managed.lookup("AmazonSageMakerFullAccess")
    bucket = join(["arn:aws:s3:::", Hole("bucket", like="*databucket*", only=LOWER + DIGITS + ".-")])
    known = "arn:aws:s3:::ml-data"
    missed = False
    for name, policy, resource, floor in (
        ("two statements", two, known, 50_000),
        ("AmazonSageMakerFullAccess", full, known, 5_000),
        ("AmazonSageMakerFullAccess, a bucket of unknown name", full, bucket, 500),
    ):
        found = decisions_a_second(policy, resource)
        missed |= found < floor
        print(f"{name}: {found:,.0f} decisions/s (floor {floor:,})")
    start = time.process_time()
    for end in ("", "b"):
        matches("*a" * 60 + end, "a" * 100_000)
    taken = (time.process_time() - start) * 1000
    print(f"60 × `*a` against 100 kB: {taken:.2f} ms (ceiling 10)")
    return int(missed or taken > 10)


if __name__ == "__main__":
    sys.exit(main())
