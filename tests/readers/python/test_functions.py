"""Functions and classes of the program itself: what their calls give, and what their parameters stand for."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.readers.python.test_values import output, shown

from smlint.facts import Workload

Started = Callable[..., list[Workload]]
MADE = "Estimator('i', 'r', 1, 'ml.m5.large', output_path={})"


@pytest.mark.parametrize(
    ("before", "expression", "text"),
    [
        ("def f():\n    return 's3://x'", "f()", "s3://x"),
        ("def f(b):\n    return f's3://{b}'", "f('x')", "s3://x"),
        ("def f(b, p='y'):\n    return f's3://{b}/{p}'", "f(b='x')", "s3://x/y"),
        ("P = 'y'\ndef f(b, *, p=P):\n    return f's3://{b}/{p}'", "f('x')", "s3://x/y"),
        ("def f(*parts, **named):\n    return '/'.join(parts) + named['k']", "f('s3:/', 'x', k='y')", "s3://xy"),
        ("def f(b=None):\n    if b is None:\n        b = 'x'\n    return f's3://{b}'", "f()", "s3://x"),
        ("def f(b):\n    if b:\n        return b\n    return 's3://y'", "f('s3://x')", "s3://x"),
        ("def f(b):\n    if b:\n        return b\n    return 's3://y'", "f('')", "s3://y"),
        ("def f():\n    return g()\ndef g():\n    return 's3://x'", "f()", "s3://x"),
        ("def f():\n    return {'a': 's3://x'}, 2", "f()[0]['a']", "s3://x"),
        ("def f(c):\n    c['a'] = 's3://x'\nc = {}\nf(c)", "c['a']", "s3://x"),
        ("def f():\n    if helper():\n        raise ValueError\n    return 's3://x'", "f()", "s3://x"),
        ("def f():\n    try:\n        return 's3://x'\n    finally:\n        helper()", "f()", "s3://x"),
        ("def f():\n    s = sagemaker.Session(default_bucket='x')\n    return s", "f'''s3://{f().default_bucket()}'''", "s3://x"),
        ("class C:\n    def __init__(self, b):\n        self.b = f's3://{b}'", "C('x').b", "s3://x"),
        ("class C:\n    b = 'x'\n    def u(self):\n        return f's3://{self.b}'", "C().u()", "s3://x"),
        ("class C:\n    def __init__(self, b='x'):\n        self.b = b\n    @property\n    def u(self):\n        return 's3://' + self.b", "C().u", "s3://x"),
        ("class C:\n    @staticmethod\n    def u(b):\n        return 's3://' + b", "C.u('x')", "s3://x"),
        ("class C:\n    b = 's3://x'\n    @classmethod\n    def u(cls):\n        return cls.b", "C.u()", "s3://x"),
        ("class B:\n    def __init__(self):\n        self.b = 's3://x'\nclass C(B):\n    pass", "C().b", "s3://x"),
        ("class B:\n    b = 's3://x'\nclass C(B):\n    c = 1", "C().b", "s3://x"),
        ("class C(object):\n    b = 's3://x'", "C.b", "s3://x"),
    ],
)  # fmt: skip
def test_what_a_call_gives(before: str, expression: str, text: str, started: Started) -> None:
    assert output(started(f"{before}\ne = {MADE.format(expression)}")) == text


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        ("def f():\n    if helper():\n        return 's3://x'\n    return 's3://y'", "f()"),
        ("def f():\n    if helper():\n        return 's3://x'", "f()"),
        ("def f():\n    for u in helper():\n        return 's3://x'", "f()"),
        ("def f(b):\n    return b", "f(helper())"),
        ("def f(b):\n    return b", "f(**helper())"),
        ("def f(b='s3://x'):\n    return b", "f(**helper())"),
        ("def f(b='s3://x'):\n    return b", "f(*helper())"),
        ("def f():\n    yield 's3://x'", "f()"),
        ("@helper\ndef f():\n    return 's3://x'", "f()"),
        ("def f():\n    return f()", "f()"),
        ("class C:\n    def __init__(self):\n        if helper():\n            self.b = 's3://x'\n        else:\n            self.b = 's3://y'", "C().b"),
        ("class C(helper()):\n    b = 's3://x'", "C.b"),
        ("class C(helper()):\n    b = 's3://x'", "C().b"),
        ("b = 's3://x'\ndef f():\n    global b\n    b = 's3://y'\nf()", "b"),
    ],
)  # fmt: skip
def test_what_a_call_leaves_open(before: str, expression: str, started: Started) -> None:
    assert shown(output(started(f"{before}\ne = {MADE.format(expression)}"))).startswith("⟨")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(p):\n    e = {made}", "f('s3://x')"),
        ("def f(p='s3://x'):\n    e = {made}", "f()"),
        ("def f(p):\n    e = {made}", "f('s3://x')\nf('s3://x')"),
        ("def g():\n    f('s3://x')\ndef f(p):\n    e = {made}", "g()"),
        ("def f(p):\n    e = {made}\ndef g(q):\n    f(q)", "g('s3://x')"),
        ("def f(p):\n    e = {made}", "if __name__ == '__main__':\n    f(p='s3://x')"),
        ("class C:\n    def __init__(self, q):\n        self.q = q\n    def run(self):\n        p = self.q\n        e = {made}", "C('s3://x').run()"),
        ("class C:\n    def run(self, p):\n        e = {made}\n    def all(self):\n        self.run('s3://x')", "C().all()"),
        ("class C:\n    def __init__(self):\n        self.set()\n    def set(self):\n        self.q = 's3://x'\n    def run(self):\n        p = self.q\n        e = {made}", "C().run()"),
        ("def f(s, p):\n    e = {made}\n    s.upload_data('x')", "f(sagemaker.Session(), 's3://x')"),
    ],
)  # fmt: skip
def test_what_a_parameter_stands_for(before: str, after: str, started: Started) -> None:
    assert output(started(f"{before.format(made=MADE.format('p'))}\n{after}")) == "s3://x"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(p):\n    e = {made}", ""),
        ("def f(p='s3://x'):\n    e = {made}", ""),
        ("def f(p):\n    e = {made}", "f('s3://x')\nf('s3://y')"),
        ("def f(p='s3://y'):\n    e = {made}", "f()\nf('s3://x')"),
        ("def f(p):\n    e = {made}", "for x in helper():\n    f(x)"),
        ("def f(p):\n    e = {made}", "local = False\nif local:\n    f('s3://x')"),
        ("def f(p):\n    e = {made}", "f(*helper())"),
        ("class C:\n    def __init__(self, q):\n        self.q = q\n    def run(self):\n        p = self.q\n        e = {made}", "C('s3://x').run()\nC('s3://y').run()"),
        ("class C:\n    def __init__(self):\n        self.q = 's3://x'\n    def set(self):\n        self.q = 's3://y'\n    def run(self):\n        p = self.q\n        e = {made}", "C().run()"),
        ("class C:\n    q = 's3://x'\n    def run(self):\n        p = self.q\n        e = {made}\n    def set(self):\n        self.q = 's3://y'", "C().run()"),
        ("class B:\n    q = 's3://x'\n    def run(self):\n        p = self.q\n        e = {made}\nclass C(B):\n    q = 's3://y'", "C().run()"),
        ("class B:\n    q = 's3://x'\n    def run(self):\n        p = self.q\n        e = {made}\nclass C(B):\n    def __init__(self):\n        self.q = 's3://y'", "C().run()"),
        ("class C:\n    q = 's3://x'\n    def set(self):\n        self.q = 's3://y'\n    def run(self):\n        p = self.q\n        e = {made}", "C().run()"),
    ],
)  # fmt: skip
def test_what_no_call_settles(before: str, after: str, started: Started) -> None:
    assert shown(output(started(f"{before.format(made=MADE.format('p'))}\n{after}"))).startswith("⟨")


CLASS = "class C:\n    q = 's3://x'\n    def run(self):\n        p = self.q\n        e = {made}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CLASS, "c = C()\nc.q = 's3://y'\nc.run()"),
        (CLASS, "def set(c):\n    c.q = helper()\nc = C()\nset(c)\nc.run()"),
        (CLASS, "c = C()\nsetattr(c, 'q', 's3://y')\nc.run()"),
        (CLASS, "C.q = 's3://y'\nC().run()"),
        ("class C:\n    q = 's3://x'\nC.q = helper()\np = C.q\ne = {made}", ""),
        ("class C:\n    q = 's3://x'\nif helper():\n    C.q = 's3://y'\np = C.q\ne = {made}", ""),
        ("class C:\n    q = 's3://x'\nc = C()\nsetattr(c, 'q', helper())\np = c.q\ne = {made}", ""),
        ("class C:\n    q = 's3://x'\nc = C()\nfor k in helper():\n    setattr(c, k, 1)\np = c.q\ne = {made}", ""),
        ("class C:\n    q = 's3://x'\nc = C()\nc.__dict__.update(helper())\np = c.q\ne = {made}", ""),
        ("def f():\n    p = 's3://x'\n    def g():\n        nonlocal p\n        p = 's3://y'\n    g()\n    e = {made}", "f()"),
        ("p = 's3://x'\ntry:\n    from local_settings import *\nexcept ImportError:\n    pass\ne = {made}", ""),
    ],
)  # fmt: skip
def test_what_is_set_from_outside(before: str, after: str, started: Started) -> None:
    assert shown(output(started(f"{before.replace('{made}', MADE.format('p'))}\n{after}"))).startswith("⟨")


def test_what_is_set_from_outside_for_certain(started: Started) -> None:
    source = "class C:\n    q = 's3://x'\nC.q = 's3://y'\nc = C()\nsetattr(c, 'r', C.q)\n"
    assert output(started(f"{source}e = {MADE.format('c.r')}")) == "s3://y"


def test_what_is_changed_after_the_call_was_not_given(started: Started) -> None:
    source = "c = {'p': 's3://x'}\ndef f(c):\n    e = " + MADE.format("c['p']") + "\nf(c)\nc['p'] = 's3://y'\n"
    assert output(started(source)) == "s3://x"


def test_a_call_starts_nothing_twice(started: Started) -> None:
    source = f"def f():\n    e = {MADE.format(repr('s3://x'))}\n    e.fit()\n    return e\ne = f()\nf()\n"
    assert [work.api for work in started(source)] == ["CreateTrainingJob"]


def test_what_a_function_makes_is_started_where_it_is_used(started: Started) -> None:
    source = f"def make(p):\n    return {MADE.format('p')}\ne = make('s3://x')\ne.fit('s3://in/')\n"
    (found,) = started(source)
    assert output([found]) == "s3://x"
    assert found.request.get("InputDataConfig") is not None


def test_what_is_started_for_some_calls_only_counts_with_what_is_known(started: Started) -> None:
    source = f"def f(p, go):\n    e = {MADE.format('p')}\n    if go == 'yes':\n        e.fit()\nf('s3://x', 'yes')\nf('s3://x', 'no')\n"
    assert [output([work]) for work in started(source)] == ["s3://x"]


def test_an_estimator_is_started_by_the_function_it_is_given_to(started: Started) -> None:
    (found,) = started(f"def start(e):\n    e.fit('s3://in/')\nmine = {MADE.format(repr('s3://x'))}\nstart(mine)\n")
    assert found.request.get("InputDataConfig") is not None


def test_estimators_that_one_function_starts_each_count(started: Started) -> None:
    one, two = MADE.format(repr("s3://x")), MADE.format(repr("s3://y"))
    found = started(f"def start(e):\n    e.fit()\na = {one}\nb = {two}\nstart(a)\nstart(b)\n")
    assert [output([work]) for work in found] == ["s3://x", "s3://y"]


def test_calls_without_end(started: Started) -> None:
    many = "".join(f"def f{n}(p):\n    return f{n + 1}(p) + f{n + 1}(p)\n" for n in range(40))
    assert len(started(f"{many}e = {MADE.format('f0(1)')}\n")) == 1


@pytest.mark.parametrize("started_by", ["for e in made: e.fit()", "[e.fit() for e in made]", "made[0].fit()"])
def test_estimators_that_a_comprehension_makes(started: Started, started_by: str) -> None:
    source = f"made = [Estimator('i', 'r', 1, 'ml.m5.large', output_path='s3://x') for n in ('a', 'b')]\n{started_by}"
    assert {output([work]) for work in started(source)} == {"s3://x"}
