"""What expressions stand for: each is given as an estimator's output path."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from smlint.facts import Settings, Workload
from smlint.values import Hole, Template, Text, Unknown

Started = Callable[..., list[Workload]]
DEFAULT = "sagemaker-eu-west-1-111122223333"


def output(workloads: list[Workload]) -> object:
    (found,) = workloads
    node = found.request.get("OutputDataConfig", "S3OutputPath")
    assert node is not None
    return node.value


def shown(value: object) -> str:
    return str(value) if isinstance(value, (str, Template, Unknown)) else repr(value)


@pytest.mark.parametrize(
    ("before", "expression", "text"),
    [
        ("", "'s3://a/b'", "s3://a/b"),
        ("a = 'x'", "f's3://{a}/b'", "s3://x/b"),
        ("a = 'x'; a = 'y'", "f's3://{a}/b'", "s3://y/b"),
        ("a = b = 'x'", "'s3://' + b", "s3://x"),
        ("a, b = 'x', 'y'", "'s3://%s/%s' % (a, b)", "s3://x/y"),
        ("a = 'x'", "'s3://%(k)s/%%' % {'k': a}", "s3://x/%"),
        ("a = 'x'", "'s3://{}/{k}'.format(a, k=2)", "s3://x/2"),
        ("a = 'x'", "'s3://{0}/{0}'.format(a)", "s3://x/x"),
        ("import os", "os.path.join('s3://a', 'b', 'c/')", "s3://a/b/c/"),
        ("from os.path import join", "'/'.join(['s3://a', 'b'])", "s3://a/b"),
        ("c = {'a': {'b': 's3://x'}}", "c['a']['b']", "s3://x"),
        ("c = dict(a='s3://x')", "c.get('a')", "s3://x"),
        ("c = {}\nc['a'] = 's3://x'", "c['a']", "s3://x"),
        ("c = ['s3://x', 's3://y']", "c[-1]", "s3://y"),
        ("a = 's3://x'\na += '/y'", "a", "s3://x/y"),
        ("a = None", "a or 's3://x'", "s3://x"),
        ("", "str('s3://x')", "s3://x"),
        ("a = 'X/'", "'s3://' + a.lower().rstrip('/')", "s3://x"),
        ("a = 2", "'s3://%d/%s' % (a, a)", "s3://2/2"),
        ("a = 'x'", "f's3://{a:s}/{a!s}'", "s3://x/x"),
        ("a = 'a-b'", "'s3://' + a.replace('-', '_')", "s3://a_b"),
        ("s = sagemaker.Session()", "f's3://{s.default_bucket()}/x'", f"s3://{DEFAULT}/x"),
        ("s = sagemaker.Session(default_bucket='mine')", "'s3://' + s.default_bucket()", "s3://mine"),
        ("b = boto3.Session(region_name='us-east-1')", "f's3://{b.region_name}'", "s3://us-east-1"),
        ("s = sagemaker.Session()", "f's3://{s.boto_region_name}'", "s3://eu-west-1"),
        ("a = boto3.client('sts').get_caller_identity()['Account']", "f's3://{a}'", "s3://111122223333"),
        ("a = boto3.client('sts').get_caller_identity().get('Account')", "f's3://{a}'", "s3://111122223333"),
        ("x = 1 if input() else 2", "'s3://a' if x else 's3://a'", "s3://a"),
        ("if input():\n    a = 's3://x'\nelse:\n    a = 's3://x'", "a", "s3://x"),
        ("class C:\n    a = 's3://x'", "C.a", "s3://x"),
        ("class C:\n    a: str = 's3://x'", "C().a", "s3://x"),
        ("class C:\n    b: int\n    a: str = 's3://y'", "C(1, a='s3://x').a", "s3://x"),
        ("class C:\n    a: str\nc = C('s3://x')", "c.a", "s3://x"),
        ("if __name__ == '__main__':\n    a = 's3://x'", "a", "s3://x"),
        ("def f():\n    pass\na = 's3://x'", "a", "s3://x"),
        ("with open('x') as f:\n    a = 's3://x'", "a", "s3://x"),
        ("if (a := 's3://x'):\n    pass", "a", "s3://x"),
        ("names = ('a', 'b')", "[f's3://{n}' for n in names][1]", "s3://b"),
        ("names = ['a', 'b']", "{n: f's3://{n}' for n in names}['b']", "s3://b"),
        ("names = ['', 'a']", "[f's3://{n}' for n in names if n][0]", "s3://a"),
        ("names = {'a': 'x'}", "{k: f's3://{v}' for k, v in names.items()}['a']", "s3://x"),
        ("names = {'a': 'x'}", "[f's3://{k}' for k in names][0]", "s3://a"),
        ("names = {'a': 'x'}", "[f's3://{v}' for v in names.values()][0]", "s3://x"),
        ("", "'/'.join(p for p in ('s3://a', 'b'))", "s3://a/b"),
        (
            "from sagemaker.workflow.parameters import ParameterString\np = ParameterString('p', 's3://x')",
            "p",
            "s3://x",
        ),
        ("from sagemaker.workflow.functions import Join", "Join(on='/', values=['s3:/', 'x', 2])", "s3://x/2"),
    ],
)
def test_known(before: str, expression: str, text: str, started: Started) -> None:
    source = f"{before}\ne = Estimator('i', 'r', 1, 'ml.m5.large', output_path={expression})"
    assert output(started(source)) == text


@pytest.mark.parametrize(
    ("before", "expression", "text"),
    [
        ("import os\na = os.environ['A']", "f's3://{a}/x'", "s3://⟨a⟩/x"),
        ("a = helper()", "'s3://{}/x'.format(a)", "s3://⟨0⟩/x"),
        ("if input():\n    a = 'x'\nelse:\n    a = 'y'", "f's3://{a}'", "s3://⟨a⟩"),
        ("for a in ['x', 'y']:\n    pass", "f's3://{a}'", "s3://⟨a⟩"),
        ("a = 'x'\nfor i in range(3):\n    a = a + 'y'", "f's3://{a}'", "s3://⟨a⟩"),
        ("try:\n    a = 'x'\nexcept ValueError:\n    a = 'y'", "f's3://{a}'", "s3://⟨a⟩"),
        ("import time", "f's3://x/{time.time():.0f}'", "s3://x/⟨…⟩"),
        ("a = 3", "f's3://x/{a:04d}'", "s3://x/⟨a⟩"),
        ("a = 3", "'s3://x/%04d' % a", "s3://x/⟨value⟩"),
        ("a = 'long'", "f's3://{a:.2}'", "s3://⟨a⟩"),
        ("a = 'long'", "f's3://{a!r}'", "s3://⟨a⟩"),
        ("a = 'long'", "'s3://{:.2}'.format(a)", "s3://⟨0⟩"),
        ("a = 'long'", "'s3://%.2s' % a", "s3://⟨value⟩"),
        ("a = f'/{helper()}/x/'", "a.strip('/')", "⟨…⟩/x"),
        ("a = f'/{helper()}/x/'", "a.rstrip('/')", "/⟨…⟩/x"),
        ("a = f'{helper()}/x/'", "a.strip('/')", "⟨unknown⟩"),
        ("", "'s3://{}/{}'.format('x')", "s3://x/⟨1⟩"),
        ("", "f's3://{undefined}/x'", "s3://⟨undefined⟩/x"),
        ("s = helper()", "f's3://{s.default_bucket()}/x'", "s3://⟨…⟩/x"),
        ("", "'s3://{'.format(1)", "⟨unknown⟩"),
        ("", "helper()", "⟨unknown⟩"),
        ("import enum\nclass C(enum.Enum):\n    a = 's3://x'", "C.a", "⟨unknown⟩"),
        (
            "class C:\n    a = 's3://x'\n    def set(self):\n        self.a = 's3://y'\nc = C()\nc.set",
            "c.b",
            "⟨unknown⟩",
        ),
        ("a = ['x']\na.insert(0, 'y')", "a[0]", "⟨unknown⟩"),
        ("a = {**helper()}", "a['x']", "⟨unknown⟩"),
        ("", "[f's3://{n}' for n in ('a', 'b') if helper(n)][0]", "⟨unknown⟩"),
        ("", "[f's3://{n}{m}' for n in ('a',) for m in ('b',)][0]", "⟨unknown⟩"),
        ("", "{helper(n): f's3://{n}' for n in ('a',)}['a']", "⟨unknown⟩"),
        ("a = []", "[a.append(n) or f's3://{n}' for n in ('a',)][0]", "⟨unknown⟩"),
        ("", "[f's3://{n}' for n in [*helper(), 'b']][0]", "⟨unknown⟩"),
    ],
)
def test_unknown(before: str, expression: str, text: str, started: Started) -> None:
    source = f"{before}\ne = Estimator('i', 'r', 1, 'ml.m5.large', output_path={expression})"
    assert shown(output(started(source))) == text


def test_one_unknown_is_one_hole(started: Started) -> None:
    source = "a = helper()\ne = Estimator('i', 'r', 1, 'ml.m5.large', output_path=f's3://{a}/o', checkpoint_s3_uri=f's3://{a}/o')"
    (found,) = started(source)
    checkpoint = found.request.get("CheckpointConfig", "S3Uri")
    assert checkpoint is not None and checkpoint.value == output([found])


def test_where_the_deployment_is_not_known(started: Started) -> None:
    value = output(started("e = Estimator('i', 'r', 1, 'ml.m5.large')", settings=Settings()))
    assert isinstance(value, Template)
    assert [hole.name for hole in value.holes] == ["region", "account"]


def test_an_upload_stays_below_its_prefix(started: Started) -> None:
    source = "u = sagemaker.Session().upload_data('data', bucket='b', key_prefix='p')\ne = Estimator('i', 'r', 1, 'x', output_path=u)"
    value: object = output(started(source))
    assert isinstance(value, Template)
    parts: tuple[str | Hole, ...] = value.parts
    assert parts[0] == "s3://b/p"


def test_values_keep_the_place_where_they_are_defined(started: Started) -> None:
    (found,) = started("path = 's3://x'\ne = Estimator('i', 'r', 1, 'ml.m5.large', output_path=path)")
    node = found.request.get("OutputDataConfig", "S3OutputPath")
    assert node is not None and node.used is not None and node.key is not None
    assert node.origin.place().first.line == 3
    assert node.used.place().first.line == node.key.place().first.line == 4
    text: Text | None = node.text
    assert text == "s3://x"
