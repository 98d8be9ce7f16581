"""Reading a text as a Python program or as a notebook's cells."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smlint.document import Document
from smlint.facts import Fact, Settings, Workload
from smlint.readers import python

HEADER = "import sagemaker, boto3\nfrom sagemaker.estimator import Estimator\n"


class Alone:
    settings = Settings(account="111122223333", region="eu-west-1", partition="aws")

    def open(self, path: str) -> Document | None:
        return None

    def names(self, folder: str) -> list[str]:
        return []


@pytest.fixture
def read() -> Callable[..., list[Fact]]:
    """All facts of a program."""

    def read(source: str, path: str = "train.py", settings: Settings | None = None) -> list[Fact]:
        scope = Alone()
        scope.settings = settings or Alone.settings
        return list(python.read(Document(path, source), scope))

    return read


@pytest.fixture
def started(read: Callable[..., list[Fact]]) -> Callable[..., list[Workload]]:
    """The workloads of a program that has imported what it needs."""

    def started(source: str, **options: Any) -> list[Workload]:
        return [fact for fact in read(HEADER + source, **options) if isinstance(fact, Workload)]

    return started


@pytest.fixture
def notebook() -> Callable[..., str]:
    """The text of a notebook with cells; a cell is its source, or (type, source)."""

    def notebook(*cells: str | tuple[str, str]) -> str:
        made = []
        for cell in cells:
            kind, source = cell if isinstance(cell, tuple) else ("code", cell)
            made.append({"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)})
        return json.dumps({"cells": made, "nbformat": 4}, indent=1)

    return notebook
