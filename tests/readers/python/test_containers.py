"""How lists and dictionaries change, and what of them is certain after a change that is not known."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.readers.python.test_values import output, shown

from smlint.facts import Workload

Started = Callable[..., list[Workload]]
MADE = "e = Estimator('i', 'r', 1, 'ml.m5.large', output_path={})"
D = "d = {'a': 's3://x', 'b': 's3://y'}\n"
L = "l = ['s3://x', 's3://y']\n"


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        (D + "d.pop('b')", "d['a']"),
        (D + "v = d.pop('a')", "v"),
        (D + "del d['b']", "d['a']"),
        (D + "if input():\n    d.pop('b')", "d['a']"),
        (D + "if input():\n    del d['b'], d['c']", "d['a']"),
        (D + "d.update({'b': 's3://z'})", "d['a']"),
        (D + "d.update({'b': 's3://z'}, a='s3://x')", "d['a']"),
        ("d = {**helper(), 'a': 's3://x'}", "d['a']"),
        ("d = helper2() | {'a': 's3://z'}\nd = {'b': 1} | {'a': 's3://x'}", "d['a']"),
        (L + "l[1] = helper()", "l[0]"),
        (L + "l[0], l[1] = l[0], helper()", "l[0]"),
        ("l = ['s3://z', 's3://y']\nl[-2] = 's3://x'", "l[0]"),
    ],
)
def test_certain(before: str, expression: str, started: Started) -> None:
    assert output(started(f"{before}\n{MADE.format(expression)}")) == "s3://x"


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        (D + "d.pop(helper())", "d['a']"),
        (D + "d.popitem()", "d['a']"),
        (D + "d.clear()", "d['a']"),
        (D + "del d['a']", "d['a']"),
        (D + "del d[helper()]", "d['a']"),
        (D + "d[helper()] = 's3://z'", "d['a']"),
        (D + "d.update(helper())", "d['a']"),
        (D + "d.update(**helper())", "d['a']"),
        (D + "d.update({**helper()})", "d['a']"),
        (D + "for k in ('a', 'b'):\n    d.pop(k, None)", "d['a']"),
        (D + "for k in ('a', 'b'):\n    d[k] = helper()", "d['a']"),
        (D + "if input():\n    d.clear()", "d['a']"),
        (D + "if input():\n    d.update(helper())", "d['a']"),
        (D + "if input():\n    del d['a']", "d['a']"),
        ("d = {'a': 's3://x', **helper()}", "d['a']"),
        ("d = {'a': 's3://x', helper(): 1}", "d['a']"),
        ("d = {'a': 's3://x'} | {**helper()}", "d['a']"),
        ("d = dict({'a': 's3://x'}, **helper())", "d['a']"),
        (L + "l.clear()", "l[0]"),
        (L + "l.pop(0)", "l[0]"),
        (L + "l[helper()] = 's3://z'", "l[0]"),
        (L + "if input():\n    l[0] = 's3://z'", "l[0]"),
        (L + "if input():\n    l.append({'a': 1})\nv = l[-1]", "v"),
        (L + "del l[0]", "l[0]"),
        ("a = 's3://x'\n*a, b = helper()", "a"),
    ],
)
def test_uncertain(before: str, expression: str, started: Started) -> None:
    assert shown(output(started(f"{before}\n{MADE.format(expression)}"))) == "⟨unknown⟩"


def test_what_is_taken_out_is_not_sent(started: Started) -> None:
    source = "r = {'ModelName': 'm', 'ExecutionRoleArn': 'x', 'VpcConfig': {}}\ndel r['VpcConfig']\n"
    (found,) = started(f"{source}boto3.client('sagemaker').create_model(**r)")
    assert list(dict(found.request.items())) == ["ModelName", "ExecutionRoleArn"]
