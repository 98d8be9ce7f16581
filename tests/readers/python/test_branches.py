"""Which way a program goes where the file settles it, and what stays unknown where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.readers.python.test_values import output, shown

from smlint.facts import Workload
from smlint.values import Template

Started = Callable[..., list[Workload]]
OTHER = "else:\n    a = 's3://other'"


@pytest.mark.parametrize(
    ("before", "condition"),
    [
        ("x = None", "x is None"),
        ("x = None", "not x"),
        ("x = 'y'", "x"),
        ("x = 'y'", "x is not None"),
        ("x = 'y'", "x == 'y'"),
        ("x = 'y'", "x != 'z' and x"),
        ("x = 'y'", "helper() or x"),
        ("x = 'y'", "x in ('y', 'z')"),
        ("x = 'y'", "x not in ['z']"),
        ("x = {'y': 1}", "'y' in x"),
        ("x = 'xyz'", "'y' in x"),
        ("x = ['y']", "x"),
        ("x = 2", "x > 1"),
        ("x = 2", "1 <= x < 3"),
        ("x = []", "not x"),
        ("x = sagemaker.Session()", "x is not None"),
        ("class C:\n    y = 1\nx = C()", "x"),
        ("x = sagemaker.Session()", "x.default_bucket_prefix is None"),
        ("x = sagemaker.Session().default_bucket()", "x"),
    ],
)
def test_the_way_is_known(before: str, condition: str, started: Started) -> None:
    made = "e = Estimator('i', 'r', 1, 'ml.m5.large', output_path=a)"
    statement = f"{before}\nif {condition}:\n    a = 's3://x'\n{OTHER}\n{made}"
    expression = f"{before}\na = 's3://x' if {condition} else 's3://other'\n{made}"
    assert output(started(statement)) == output(started(expression)) == "s3://x"
    assert (
        output(started(f"{before}\nif not ({condition}):\n    a = 's3://other'\nelse:\n    a = 's3://x'\n{made}"))
        == "s3://x"
    )


@pytest.mark.parametrize(
    ("before", "condition"),
    [
        ("", "helper()"),
        ("x = helper()", "x is None"),
        ("x = helper()", "x == 'y'"),
        ("from config import x", "x"),
        ("x = [helper()]", "'y' in x"),
        ("x = [*helper()]", "x"),
        ("x = {**helper()}", "'y' in x"),
        ("x = 'y'", "helper() and x"),
        ("x = ''", "helper() or x"),
        ("x = 'y'", "x > helper()"),
        ("x = '2'", "x > 1"),
        ("import os\nx = os.environ.get('X', '')", "x"),
        ("x = 1\nfor y in helper():\n    x = 2", "x == 1"),
        ("x = 1\ndef f():\n    global x\n    x = 2\nf()", "x == 1"),
        ("x = sagemaker.Session(**helper())", "x.default_bucket_prefix is None"),
        ("class C:\n    def __len__(self):\n        return 0\nx = C()", "x"),
        ("class C(list):\n    pass\nx = C()", "x"),
    ],
)
def test_the_way_is_not_known(before: str, condition: str, started: Started) -> None:
    made = "e = Estimator('i', 'r', 1, 'ml.m5.large', output_path=f'{a}/')"
    found = started(f"{before}\nif {condition}:\n    a = 's3://x'\n{OTHER}\n{made}")
    assert shown(output(found)) == "⟨a⟩/"


@pytest.mark.parametrize(
    ("case", "known"),
    [
        ("case 'y':\n        a = 's3://x'\n    case _:\n        a = 's3://x'", True),
        ("case 'y':\n        a = 's3://x'\n    case other:\n        a = 's3://x'", True),
        ("case 'y':\n        a = 's3://x'", False),
        ("case 'y':\n        a = 's3://x'\n    case other if other:\n        a = 's3://x'", False),
        ("case str() as a:\n        pass", False),
        ("case [*a]:\n        pass", False),
        ("case {'b': 1, **a}:\n        pass", False),
    ],
)
def test_a_match_need_not_match(case: str, known: bool, started: Started) -> None:
    made = "e = Estimator('i', 'r', 1, 'ml.m5.large', output_path=f'{a}/')"
    found = started(f"a = 's3://other'\nmatch helper():\n    {case}\n{made}")
    assert shown(output(found)) == ("s3://x/" if known else "⟨a⟩/")


def test_what_a_branch_changes_is_changed_where_it_is_gone_through(started: Started) -> None:
    source = "c = {}\nlocal = False\nif local:\n    c['p'] = 's3://no'\nelse:\n    c['p'] = 's3://x'\n"
    assert output(started(source + "e = Estimator('i', 'r', 1, 'ml.m5.large', output_path=c['p'])")) == "s3://x"


def test_a_job_of_a_branch_that_is_switched_off_still_counts(started: Started) -> None:
    source = "spot = False\nif spot:\n    e = Estimator('i', 'r', 1, 'ml.m5.large')\n    e.fit()\n"
    assert [work.api for work in started(source)] == ["CreateTrainingJob"]


FALLBACK = """\
try:
    role = sagemaker.get_execution_role()
except ValueError:
    {fallback}
e = Estimator('i', role, 1, 'ml.m5.large')
"""


@pytest.mark.parametrize(
    ("fallback", "role"),
    [
        ("role = 'arn:aws:iam::111122223333:role/Train'", "arn:aws:iam::111122223333:role/Train"),
        ("iam = boto3.client('iam')\n    role = iam.get_role(RoleName='Train')['Role']['Arn']", "Train"),
        ("role = helper()", "⟨execution role⟩"),
        ("raise", "⟨execution role⟩"),
    ],
)
def test_the_role_that_stands_in_for_the_execution_role(fallback: str, role: str, started: Started) -> None:
    (found,) = started(FALLBACK.format(fallback=fallback))
    node = found.request.get("RoleArn")
    assert node is not None and shown(node.value) == role


def test_two_roles_are_not_one(started: Started) -> None:
    source = "try:\n    role = 'One'\nexcept ValueError:\n    role = 'Two'\ne = Estimator('i', role, 1, 'ml.m5.large')"
    (found,) = started(source)
    node = found.request.get("RoleArn")
    assert node is not None and node.unknown


def test_the_caller_of_a_session_is_the_execution_role(started: Started) -> None:
    (found,) = started("s = sagemaker.Session()\ne = Estimator('i', s.get_caller_identity_arn(), 1, 'ml.m5.large')")
    node = found.request.get("RoleArn")
    assert node is not None and isinstance(node.value, Template) and node.value.holes[0].name == "execution-role"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("sagemaker.s3.s3_path_join('s3://a', 'b/', '/c')", "s3://a/b/c"),
        ("sagemaker.s3.s3_path_join('s3://a/', None, x, 'c')", "s3://a/⟨x is not defined in the file⟩/c"),
        ("'s3://a/' + sagemaker.utils.name_from_base('job')", "s3://a/job-⟨now⟩"),
        ("'s3://a/' + sagemaker.utils.unique_name_from_base('job')", "s3://a/job-⟨now⟩"),
        ("'s3://a/' + sagemaker.utils.name_from_base(helper())", "s3://a/⟨…⟩"),
    ],
)
def test_helpers_of_the_sdk(expression: str, text: str, started: Started) -> None:
    found = started(f"import sagemaker.s3, sagemaker.utils\ne = Estimator('i', 'r', 1, 'x', output_path={expression})")
    assert shown(output(found)) == text
