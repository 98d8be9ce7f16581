"""What reader tests share: reading a text with a reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from smlint.document import Document
from smlint.facts import Fact, Settings
from smlint.syntax import json as json_syntax
from smlint.syntax import yaml as yaml_syntax

Facts = list[Fact]


class Alone:
    """A scope of one file: nothing else can be opened."""

    settings = Settings(account="111122223333", region="eu-west-1", partition="aws")

    def open(self, path: str) -> Document | None:
        return None

    def names(self, folder: str) -> list[str]:
        return []


@pytest.fixture
def scope() -> Alone:
    return Alone()


@pytest.fixture
def facts_of(scope: Alone) -> Callable[..., Facts]:
    """Read a text (or data, as JSON) with a reader; nothing where the reader does not recognise it."""

    def read(reader: ModuleType, content: Any, path: str = "file.json") -> Facts:
        document = Document(path, content if isinstance(content, str) else json.dumps(content, indent=1))
        syntax = yaml_syntax if path.endswith((".yaml", ".yml")) else json_syntax
        return [
            fact
            for root in syntax.parse(document).nodes
            if reader.recognises(root, path)
            for fact in reader.read(root, document, scope)
        ]

    return read
