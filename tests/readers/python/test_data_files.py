"""Data that programs load from files of the repository."""
# ruff: noqa: E501  (programs in one line)

from __future__ import annotations

import pytest
from tests.readers.python.test_modules import HEADER, MADE, found, jobs, read
from tests.readers.python.test_values import shown

from smlint.facts import Workload

JSON = '{\n  "out": {"uri": "s3://x"}\n}\n'
YAML = "out:\n  uri: s3://x\n"
TOML = '[out]\nuri = "s3://x"\n'
URI = "c['out']['uri']"


@pytest.mark.parametrize(
    ("statements", "files"),
    [
        ("import json\nc = json.load(open('c.json'))", {"jobs/c.json": JSON}),
        ("import json\nwith open('c.json') as f:\n    c = json.load(f)", {"jobs/c.json": JSON}),
        ("import json\nwith open('c.json', 'r', encoding='utf-8') as f:\n    c = json.loads(f.read())", {"jobs/c.json": JSON}),
        ("import json\nfrom pathlib import Path\nc = json.loads(Path('c.json').read_text())", {"jobs/c.json": JSON}),
        ("import json\nc = json.load(open('jobs/c.json'))", {"jobs/c.json": JSON}),
        ("import json\nc = json.load(open('../c.json'))", {"c.json": JSON}),
        ("import json, os\nc = json.load(open(os.path.join(os.path.dirname(__file__), 'c.json')))", {"jobs/c.json": JSON, "c.json": "{}"}),
        ("import json, os\nHERE = os.path.dirname(os.path.abspath(__file__))\nc = json.load(open(HERE + '/c.json'))", {"jobs/c.json": JSON}),
        ("import json\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\nc = json.load(open(HERE / 'conf' / 'c.json'))", {"jobs/conf/c.json": JSON}),
        ("import json\nfrom pathlib import Path\nc = json.load(Path(__file__).parent.parent.joinpath('c.json').open())", {"c.json": JSON}),
        ("import json\nfrom pathlib import Path\nc = json.loads(Path(__file__).with_name('c.json').read_text())", {"jobs/c.json": JSON}),
        ("import yaml\nc = yaml.safe_load(open('c.yaml'))", {"jobs/c.yaml": YAML}),
        ("import yaml\nc = yaml.load(open('c.yml'), Loader=yaml.FullLoader)", {"jobs/c.yml": YAML}),
        ("import tomllib\nwith open('c.toml', 'rb') as f:\n    c = tomllib.load(f)", {"jobs/c.toml": TOML}),
        ("import toml\nc = toml.load('c.toml')", {"jobs/c.toml": TOML}),
        ("import json\nfrom pathlib import Path\nc = json.load(open(Path('conf', 'c.json')))", {"jobs/conf/c.json": JSON}),
        ("import json\ndef get(name):\n    with open(name) as f:\n        return json.load(f)\nc = get('c.json')", {"jobs/c.json": JSON}),
        ("from config import c", {"jobs/config.py": "import json\nc = json.load(open('c.json'))", "jobs/c.json": JSON}),
    ],
)  # fmt: skip
def test_loaded(statements: str, files: dict[str, str]) -> None:
    assert found(statements, URI, files) == "s3://x"


@pytest.mark.parametrize(
    ("statements", "files"),
    [
        ("import json\nc = json.load(open('c.json'))", {}),
        ("import json\nc = json.load(open('c.json'))", {"jobs/c.json": JSON, "c.json": JSON}),
        ("import json\nc = json.load(open('c.json'))", {"jobs/c.json": "{"}),
        ("import json\nc = json.load(open('/etc/c.json'))", {"etc/c.json": JSON}),
        ("import json\nc = json.load(open('../../c.json'))", {"c.json": JSON}),
        ("import json, sys\nc = json.load(open(sys.argv[1]))", {"jobs/c.json": JSON}),
        ("import json\nc = json.load(open(f'{helper()}.json'))", {"jobs/c.json": JSON}),
        ("import json\nc = json.load(open('c.json'))\njson.dump(c, open('c.json', 'w'))", {"jobs/c.json": JSON}),
        ("import json\nc = json.load(open('c.json'))\nc['out'] = helper()", {"jobs/c.json": JSON}),
        ("import json\nc = json.load(open('c.json'))\nc.update(helper())", {"jobs/c.json": '{"out": {}}'}),
        ("import yaml\nc = yaml.safe_load(open('c.yaml'))", {"jobs/c.yaml": "out: [\n"}),
        ("import tomllib\nc = tomllib.load(open('c.toml', 'rb'))", {"jobs/c.toml": "out = ["}),
        ("import json\nfrom pathlib import Path\nc = json.load(open(Path(__file__).parent / '/etc/c.json'))", {"jobs/etc/c.json": JSON}),
        ("import json\nfrom pathlib import Path\nc = json.load(Path('c.json', helper()).open())", {"jobs/c.json": JSON}),
        ("import json\nfrom pathlib import Path\nc = json.load(Path('c.json', *helper()).open())", {"jobs/c.json": JSON}),
        ("import json\nfrom pathlib import Path\nc = json.load(Path('c.json').joinpath(*helper()).open())", {"jobs/c.json": JSON}),
    ],
)  # fmt: skip
def test_not_settled(statements: str, files: dict[str, str]) -> None:
    assert shown(found(statements, URI, files)).startswith("⟨")


@pytest.mark.parametrize(("name", "text", "load", "line"), [("c.json", JSON, "json.load", 2), ("c.yaml", YAML, "yaml.safe_load", 2), ("c.toml", TOML, "tomllib.load", 2)])  # fmt: skip
def test_the_file_is_what_is_edited(name: str, text: str, load: str, line: int) -> None:
    program = f"{HEADER}import json, yaml, tomllib\nc = {load}(open('{name}'))\n{MADE.format(URI)}"
    (work,) = (fact for fact in read({f"jobs/{name}": text, "jobs/train.py": program}) if isinstance(fact, Workload))
    node = work.request.get("OutputDataConfig", "S3OutputPath")
    assert node is not None
    place = node.origin.place()
    assert (place.path, place.first.line) == (f"jobs/{name}", line)


REQUEST = """\
{"ModelName": "m", "ExecutionRoleArn": "arn:aws:iam::111122223333:role/Serve", "PrimaryContainer": {"Image": "i"}}
"""


def test_a_request_that_is_loaded_counts_once() -> None:
    program = (
        "import boto3, json\nrequest = json.load(open('m.json'))\nboto3.client('sagemaker').create_model(**request)\n"
    )
    assert [work.sdk for work in jobs({"jobs/m.json": REQUEST, "jobs/train.py": program})] == ["boto3"]
