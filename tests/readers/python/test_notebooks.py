"""Notebooks: cells in order, magics, places."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from smlint.document import Document
from smlint.facts import Fact, Problem, Workload
from smlint.syntax import python as syntax

Read = Callable[..., list[Fact]]
Notebook = Callable[..., str]
IMPORT = "from sagemaker.estimator import Estimator\n"
BUILD = "job = Estimator('image', 'role', 1, 'ml.m5.large', output_path='s3://acme/out')\n"


def labels(facts: list[Fact]) -> list[str]:
    return [fact.label for fact in facts if isinstance(fact, Workload)]


def test_cells_are_one_program(read: Read, notebook: Notebook) -> None:
    facts = read(notebook(IMPORT, ("markdown", "# Estimator('x')"), BUILD, "job.fit('s3://acme/in')"), "a.ipynb")
    (job,) = facts
    assert isinstance(job, Workload)
    uri = job.request.get("OutputDataConfig", "S3OutputPath")
    assert uri is not None and uri.value == "s3://acme/out"


@pytest.mark.parametrize(
    "magic",
    [
        "!pip install sagemaker\n",
        "%matplotlib inline\n",
        "%%time\n",
        "files = !ls\n",
        "%pip install \\\n  sagemaker \\\n  boto3\n",
        "if True:\n    !ls\n",
        "Estimator?\n",
        'print "python 2"\n',
        "x = %env HOME\n",
        "pip install sagemaker\n",
    ],
)
def test_magics_are_passed_over(magic: str, read: Read, notebook: Notebook) -> None:
    assert labels(read(notebook(magic + IMPORT + BUILD), "a.ipynb")) == ["job"]


@pytest.mark.parametrize(
    "cell", ["%%bash\n" + BUILD, "%%writefile train.py\n" + BUILD, "this is = no ( python\n" + BUILD]
)
def test_cells_of_another_language_are_passed_over(cell: str, read: Read, notebook: Notebook) -> None:
    assert labels(read(notebook(IMPORT, cell, BUILD.replace("job", "other")), "a.ipynb")) == ["other"]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_the_place_is_the_notebooks(indent: int | None, read: Read, notebook: Notebook) -> None:
    text = json.dumps(json.loads(notebook("%matplotlib inline\n# über 'x'\n" + IMPORT + BUILD)), indent=indent)
    (job,) = read(text, "a.ipynb")
    assert isinstance(job, Workload)
    uri = job.request.get("OutputDataConfig", "S3OutputPath")
    assert uri is not None
    place = uri.origin.place()
    assert place.document.text[place.start : place.end] == "'s3://acme/out'"
    assert place.path == "a.ipynb"


def test_a_cell_may_be_one_text(read: Read) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": IMPORT + BUILD}]})
    assert labels(read(text, "a.ipynb")) == ["job"]


def test_notebooks_of_version_three(read: Read) -> None:
    sheet = {"cells": [{"cell_type": "code", "input": [IMPORT, BUILD]}]}
    assert labels(read(json.dumps({"worksheets": [sheet]}), "a.ipynb")) == ["job"]


@pytest.mark.parametrize("text", ['{"cells": 3} sagemaker', "[] # sagemaker", '{"cells": [sagemaker', "sagemaker"])
def test_what_is_no_notebook(text: str, read: Read) -> None:
    assert all(isinstance(fact, Problem) for fact in read(text, "a.ipynb"))


@pytest.mark.parametrize("cells", ['{"sagemaker": 1}', '[1, "sagemaker", {"cell_type": "code", "source": {"a": 1}}]'])
def test_cells_of_another_shape(cells: str, read: Read) -> None:
    assert read(f'{{"cells": {cells}}}', "a.ipynb") == []


def test_places_count_characters() -> None:
    document = Document("a.py", "x = 'ü'; y = 'z'\n")
    program = syntax.parse(document)
    assert program.tree is not None
    start, end = syntax.Place(document, program.tree.body[1]).offsets()
    assert document.text[start:end] == "y = 'z'"


def test_a_notebook_that_is_no_json(read: Read) -> None:
    cell = '{"cell_type": "code", "source": ["import sagemaker"]'
    (problem,) = read(f'{{"cells": [{cell}}},]}}', "a.ipynb")
    assert isinstance(problem, Problem) and problem.rule == "unreadable-file"
    assert read(f'{{"cells": [{cell}, "outputs": [NaN]}}]}}', "a.ipynb") == []  # Jupyter writes such numbers
