"""Files that are hostile, broken or not about SageMaker: no exception, bounded work."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smlint.facts import Fact, Problem

Read = Callable[..., list[Fact]]
HEADER = "import sagemaker\nfrom sagemaker.estimator import Estimator\n"


def test_other_files_are_not_read(read: Read) -> None:
    assert read("import os\nEstimator(") == []
    assert read("sagemaker (", "notes.txt") == []


def test_a_syntax_error_is_a_problem_at_its_place(read: Read) -> None:
    (problem,) = read("import sagemaker\n\nEstimator(\n")
    assert isinstance(problem, Problem) and problem.rule == "unreadable-file"
    assert problem.origin.place().first.line == 3


@pytest.mark.parametrize(
    "source",
    [
        "# sagemaker\ndef (",
        "import sagemaker\nBUCKET = {{ cookiecutter.bucket }}",
        "import sagemaker\n{% if x %}\nx = 1\n{% endif %}",
        "import sagemaker\nprint 'python 2'",
    ],
)
def test_what_need_not_parse(source: str, read: Read) -> None:
    assert read(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 500 + ")" * 500,
        "x = " + "[" * 90 + "]" * 90,
        "x = " + "-" * 5000 + "1",
        "x = " + " + ".join(["'s3://'"] * 3000),
        "x" + ".a" * 3000,
        "x" + "()" * 3000,
        "f(" * 90 + ")" * 90,
        "\n".join(" " * depth + "if x:" for depth in range(95)) + "\n" + " " * 95 + "pass",
        "class A(A): pass\nA(A())",
        "x = x\nx += x\nEstimator(x, *x, **x)",
        "Estimator(1, 2, 3, [], {}, output_path=4, subnets='x', security_group_ids=5).fit([1, {}, None])",
        "Estimator(output_path=None, role={}, instance_type=[], rules='x', tags=4).deploy(None, {}, kms_key=[])",
        "e = Estimator('i')\ne.fit(e)\ne.model = e\nEstimator(e, e, e).fit({'a': e})",
        "c = sagemaker.Session()\nc.sagemaker_session = c\nEstimator('i', sagemaker_session=c).fit()",
        "d = {}\nd['d'] = d\nsagemaker.Session(d)\nEstimator(tags=d)",
        "l = []\nl.append(l)\nEstimator(tags=l, output_path=str(l))",
        "'{:{}}'.format(1, 2)\n'{0.__class__}'.format(1)\n'{!x}'.format(2)\n'{' .format()\n'%(a' % {}\n'%s' % ()",
        "async def f():\n    async with x as y:\n        async for z in y:\n            await z\nmatch x:\n    case [1, *r]: y = r\n",
        "lambda: (yield)\nx: int\ndel x, y[0]\n[a := 1, *[2]]\nglobal z\n",
        "def f(a, /, b, *c, d=1, **e): return a\nclass C:\n    def g(): pass\n    def h(*a): pass\n",
        "\x00",
        "x = '\ud800'",
    ],
)
def test_no_exception(source: str, read: Read) -> None:
    for fact in read(f"{HEADER}{source}\n"):
        fact.origin.place()


def test_a_large_file_is_read_in_time(read: Read) -> None:
    source = HEADER + "".join(f"a{n} = f's3://{{a{n - 1}}}/x' if a{n - 1} else b\n" for n in range(20_000))
    began = time.monotonic()
    read(source)
    assert time.monotonic() - began < 20


def test_many_names_and_branches_are_read_in_time(read: Read) -> None:
    source = HEADER + "".join(f"a{n} = {n}\nif x:\n    b = {n}\n" for n in range(8_000))
    began = time.monotonic()
    read(source)
    assert time.monotonic() - began < 20


def test_a_text_does_not_grow_without_bound(read: Read) -> None:
    read(HEADER + "x = 's3://aaaaaaaaaaaaaaaa'\n" + "x = x + x\n" * 60 + "Estimator('i', output_path=x)\n")


@given(st.text(alphabet="(){}[]=,.:'\"f%sx1 \n+*", max_size=120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text(read: Read, source: str) -> None:
    read(HEADER + source)
