"""Values that come from other modules of the repository."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

import pytest
from tests.readers.python.test_values import output, shown

from smlint.engine import lint_files
from smlint.facts import EstimatorClass, Settings, UriLiteral, Workload
from smlint.files import Tree, discover
from smlint.readers import python
from smlint.readers.reading import read_all

HEADER = "import sagemaker\nfrom sagemaker.estimator import Estimator\n"
MADE = "e = Estimator('i', 'r', 1, 'ml.m5.large', output_path={})"
SETTINGS = Settings(account="111122223333", region="eu-west-1", partition="aws")


def read(files: dict[str, str], path: str = "jobs/train.py") -> list[object]:
    tree = Tree.of(files, SETTINGS)
    document = tree.open(path)
    assert document is not None
    return list(python.read(document, tree))


def found(statements: str, expression: str, files: dict[str, str], path: str = "jobs/train.py") -> object:
    program = f"{HEADER}{statements}\n{MADE.format(expression)}"
    return output([fact for fact in read({**files, path: program}, path) if isinstance(fact, Workload)])


def jobs(files: dict[str, str]) -> list[Workload]:
    """The jobs of a repository, each once."""
    tree = Tree.of(files, SETTINGS)
    facts = read_all(discover(tree, [""]), tree).without_repeats(frozenset())
    return [fact for fact in facts if isinstance(fact, Workload)]


CONFIG = "BUCKET = 'x'\nURI = f's3://{BUCKET}'\nPATHS = {'out': URI}\n"


@pytest.mark.parametrize(
    ("statements", "expression", "files"),
    [
        ("from config import URI", "URI", {"jobs/config.py": CONFIG}),
        ("from config import URI as U", "U", {"jobs/config.py": CONFIG}),
        ("from config import *", "URI", {"jobs/config.py": CONFIG}),
        ("import config", "config.URI", {"jobs/config.py": CONFIG}),
        ("import config as c", "c.PATHS['out']", {"jobs/config.py": CONFIG}),
        ("from config import URI", "URI", {"config.py": CONFIG}),
        ("from jobs.config import URI", "URI", {"jobs/config.py": CONFIG}),
        ("import jobs.config", "jobs.config.URI", {"jobs/config.py": CONFIG}),
        ("import jobs.config as c", "c.URI", {"jobs/config.py": CONFIG}),
        ("from common.settings import URI", "URI", {"common/__init__.py": "", "common/settings.py": CONFIG}),
        ("from common import settings", "settings.URI", {"common/settings.py": CONFIG}),
        ("from common import URI", "URI", {"common/__init__.py": "from .settings import *", "common/settings.py": CONFIG}),
        ("from common import URI", "URI", {"common/__init__.py": "from common.settings import URI", "common/settings.py": CONFIG}),
        ("from .config import URI", "URI", {"jobs/__init__.py": "", "jobs/config.py": CONFIG}),
        ("from . import config", "config.URI", {"jobs/config.py": CONFIG}),
        ("from ..config import URI", "URI", {"config.py": CONFIG}),
        ("from config import get", "get('x')", {"jobs/config.py": "def get(b):\n    return 's3://' + b"}),
        ("import config", "config.get('x')", {"jobs/config.py": "def get(b):\n    return 's3://' + b"}),
        ("from config import C", "C('x').uri", {"jobs/config.py": "class C:\n    def __init__(self, b):\n        self.uri = f's3://{b}'"}),
        ("from config import settings", "settings.uri", {"jobs/config.py": "class C:\n    uri = 's3://x'\nsettings = C()"}),
        ("from config import URI", "URI", {"jobs/config.py": CONFIG, "config.py": "URI = 's3://other'"}),
        ("from config import URI", "URI", {"jobs/config/__init__.py": CONFIG, "jobs/config.py": "URI = 's3://other'"}),
        ("import sys\nsys.path.append('src')\nfrom config import URI", "URI", {"jobs/src/config.py": CONFIG}),
        ("import sys\nsys.path.insert(0, '../src')\nfrom config import URI", "URI", {"src/config.py": CONFIG}),
        ("import os, sys\nsys.path.append(os.path.dirname(os.path.dirname(__file__)) + '/src')\nfrom config import URI", "URI", {"src/config.py": CONFIG}),
        ("import sys\nfrom pathlib import Path\nSRC = Path(__file__).resolve().parent / 'src'\nsys.path.insert(0, str(SRC))\nfrom config import URI", "URI", {"jobs/src/config.py": CONFIG}),
        ("if True:\n    from config import URI", "URI", {"jobs/config.py": CONFIG}),
        ("from config import BUCKET", "f's3://{BUCKET}'", {"jobs/config.py": "import os\n" + CONFIG}),
    ],
)  # fmt: skip
def test_values_of_other_modules(statements: str, expression: str, files: dict[str, str]) -> None:
    assert found(statements, expression, files) == "s3://x"


@pytest.mark.parametrize(
    ("statements", "expression", "files"),
    [
        ("from config import URI", "URI", {}),
        ("from config import URI", "URI", {"jobs/config.py": "import os\nURI = os.environ['URI']"}),
        ("from config import URI", "URI", {"jobs/config.py": "if helper():\n    URI = 's3://x'\nelse:\n    URI = 's3://y'"}),
        ("from config import URI", "URI", {"jobs/config.py": "URI = ("}),
        ("import config\nconfig.URI = helper()", "config.URI", {"jobs/config.py": CONFIG}),
        ("from config import URI", "URI", {"jobs/config.py": CONFIG + "from local_settings import *"}),
        ("from config import URI", "URI", {"jobs/config.py": "URI = 's3://x'\ndef set():\n    global URI\n    URI = 's3://y'"}),
        ("from config import URI", "URI", {"jobs/__init__.py": "", "jobs/config.py": CONFIG, "config.py": CONFIG}),
        ("from ...config import URI", "URI", {"config.py": CONFIG}),
        ("from json import URI", "URI", {"jobs/json.py": CONFIG}),
        ("from boto3 import URI", "URI", {"jobs/boto3/__init__.py": CONFIG}),
        ("from config import URI", "URI", {"jobs/config.py": "from train import URI"}),
        ("from config import URI", "URI", {"elsewhere/config.py": CONFIG}),
        ("import sys\nsys.path.append('../..')\nfrom config import URI", "URI", {"elsewhere/config.py": CONFIG}),
        ("import sys\nsys.path.append('/src')\nfrom config import URI", "URI", {"src/config.py": CONFIG}),
        ("import sys\nsys.path.append(helper())\nfrom config import URI", "URI", {"src/config.py": CONFIG}),
        ("import sys\nsys.path.append('src')\nfrom config import URI", "URI", {"jobs/src/config.py": CONFIG, "config.py": CONFIG}),
    ],
)  # fmt: skip
def test_values_that_no_module_settles(statements: str, expression: str, files: dict[str, str]) -> None:
    assert shown(found(statements, expression, files)).startswith("⟨")


def test_a_value_is_edited_where_it_is_defined() -> None:
    files = {"jobs/config.py": CONFIG, "jobs/train.py": f"{HEADER}from config import URI\n{MADE.format('URI')}"}
    (work,) = (fact for fact in read(files) if isinstance(fact, Workload))
    node = work.request.get("OutputDataConfig", "S3OutputPath")
    assert node is not None and node.used is not None
    assert node.origin.place().path == "jobs/config.py" and node.used.place().path == "jobs/train.py"


def test_modules_that_import_each_other() -> None:
    ring = {"jobs/a.py": "from b import X\nY = 's3://y'", "jobs/b.py": "from a import Y\nX = 's3://x'"}
    assert found("from a import X, Y", "X", ring) == "s3://x"


def test_many_modules() -> None:
    chain = {f"jobs/m{n}.py": f"from m{n + 1} import X" for n in range(300)}
    assert shown(found("from m0 import X", "X", chain)).startswith("⟨")


def test_nothing_outside_the_root_is_read() -> None:
    assert shown(found("from ...config import URI", "URI", {"config.py": CONFIG}, "jobs/a/b/train.py")).startswith("⟨")


def test_what_a_module_starts_counts_once() -> None:
    lib = f"{HEADER}def make(p):\n    {MADE.format('p')}\n    return e\ndef other():\n    {MADE.format(repr('s3://y'))}\n    e.fit()\n"
    program = f"{HEADER}from lib import make\ne = make('s3://x')\ne.fit('s3://in/')\n"
    made, other = jobs({"jobs/lib.py": lib, "jobs/train.py": program})
    assert (output([other]), output([made])) == ("s3://x", "s3://y") and other.request.get(
        "InputDataConfig"
    ) is not None


LIB = f"{HEADER}def train(p):\n    run(p)\ndef run(p):\n    {MADE.format('p')}\n    e.fit()\ndef other():\n    {MADE.format(repr('s3://y'))}\n    e.fit()\n"


def together(files: dict[str, str]) -> list[str]:
    """Where the jobs of a repository write."""
    return sorted(shown(output([work])) for work in jobs(files))


@pytest.mark.parametrize(
    ("files", "outputs"),
    [
        ({"run.py": "import sagemaker\nfrom lib import train\ntrain('s3://x')\n"}, ["s3://x", "s3://y"]),
        ({"run.py": "import sagemaker\nimport lib\ndef main(p='s3://x'):\n    lib.train(p)\nmain()\n"}, ["s3://x", "s3://y"]),
        ({"run.py": "import sagemaker\nfrom lib import train\ntrain('s3://x')\ntrain('s3://x')\n"}, ["s3://x", "s3://y"]),
        ({"run.py": "import sagemaker\nfrom lib import train\ntrain('s3://a')\ntrain('s3://b')\n"}, ["s3://a", "s3://b", "s3://y"]),
        ({"a.py": "import sagemaker\nfrom lib import train\ntrain('s3://a')\n", "b.py": "import sagemaker\nfrom lib import train\ntrain('s3://b')\n"}, ["s3://a", "s3://b", "s3://y"]),
        ({"run.py": "import sagemaker\nfrom lib import other\nother()\n"}, ["s3://y", "⟨unknown⟩"]),
        ({"run.py": "import sagemaker\nfrom lib import train\nlocal = False\nif local:\n    train('s3://x')\n"}, ["s3://y", "⟨unknown⟩"]),
        ({"test_run.py": "import sagemaker\nfrom lib import train\ntrain('s3://x')\n"}, ["s3://y", "⟨unknown⟩"]),
        ({"tests/run.py": "import sagemaker\nfrom lib import train\ntrain('s3://x')\n"}, ["s3://y", "⟨unknown⟩"]),
    ],
)  # fmt: skip
def test_what_another_module_starts_counts_with_what_it_is_given(files: dict[str, str], outputs: list[str]) -> None:
    assert together({"lib.py": LIB, **files}) == outputs


def test_the_steps_of_a_pipeline_that_another_module_makes() -> None:
    lib = "from sagemaker.estimator import Estimator\nfrom sagemaker.workflow.pipeline import Pipeline\nfrom sagemaker.workflow.steps import TrainingStep\ndef get_pipeline(role, bucket=None):\n    e = Estimator('i', role, 1, 'ml.m5.large', output_path=f's3://{bucket}/')\n    return Pipeline('p', steps=[TrainingStep('t', estimator=e)])\n"
    program = "import sagemaker\nfrom pipelines.lib import get_pipeline\nget_pipeline('Train', bucket='x').upsert(role_arn='Build')\n"
    found = [
        fact for fact in read({"pipelines/lib.py": lib, "run.py": program}, "run.py") if isinstance(fact, Workload)
    ]
    assert [(work.api, work.caller) for work in found] == [("CreateTrainingJob", "Build"), ("CreatePipeline", None)]
    assert output(found[:1]) == "s3://x/"


def test_literals_of_another_module_are_judged_there() -> None:
    files = {"jobs/config.py": "URI = 's3://bucket/prefix'\n", "jobs/train.py": f"{HEADER}from config import URI\nbucket = 'b'\n{MADE.format('URI')}"}  # fmt: skip
    assert not [fact for fact in read(files) if isinstance(fact, UriLiteral)]


def test_a_class_of_another_module_is_described_there() -> None:
    base = f"{HEADER}class Base(Estimator):\n    def __init__(self, role, **kwargs):\n        super().__init__(role=role, **kwargs)\n"
    files = {"jobs/base.py": base, "jobs/train.py": f"{HEADER}from base import Base\nclass Mine(Base):\n    pass\n"}
    assert [fact.name for fact in read(files) if isinstance(fact, EstimatorClass)] == ["Mine"]


ROLE = "arn:aws:iam::111122223333:role/Train"
TEMPLATE = """\
Resources:
  Train:
    Type: AWS::IAM::Role
    Properties:
      RoleName: Train
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-in/*"}
              - {Effect: Allow, Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme-in"}
              - {Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::BUCKET/*"}
              - {Effect: Allow, Action: ["logs:*", "cloudwatch:PutMetricData", "ecr:*"], Resource: "*"}
"""
JOB = f"{HEADER}from config import ROLE, OUTPUT\nEstimator('i', ROLE, 1, 'ml.m5.large', output_path=OUTPUT, disable_profiler=True, debugger_hook_config=False).fit()\n"  # fmt: skip


@pytest.mark.parametrize(("bucket", "rules"), [("acme-out", set()), ("acme-old", {"missing-put-object"})])
def test_a_job_is_judged_by_the_values_of_its_configuration(bucket: str, rules: set[str]) -> None:
    files = {
        "template.yaml": TEMPLATE.replace("BUCKET", bucket),
        "config.py": f"ROLE = '{ROLE}'\nOUTPUT = 's3://acme-out/models/'\n",
        "train.py": JOB,
    }
    assert {finding.rule for finding in lint_files(files)} == rules


def test_a_function_that_is_called_without_end() -> None:
    calls = "".join(f"train('s3://x/{n}')\n" for n in range(3_000))
    found = read({"lib.py": LIB, "run.py": f"import sagemaker\nfrom lib import train\n{calls}"}, "run.py")
    assert 0 < len(found) < 100


def test_a_client_that_another_module_makes() -> None:
    """The program itself imports neither boto3 nor the SDK."""
    program = """
from common import settings
from common.aws import client

client("sagemaker").create_training_job(OutputDataConfig={"S3OutputPath": settings.URI})
"""
    files = {
        "common/__init__.py": "",
        "common/aws.py": "import boto3\n\ndef client(name):\n    return boto3.client(name)\n",
        "common/settings.py": CONFIG,
        "jobs/train.py": program,
    }
    assert output([fact for fact in read(files) if isinstance(fact, Workload)]) == "s3://x"
