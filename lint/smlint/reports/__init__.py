"""One module a format: `render(run, style)` yields the text of the report piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smlint.reports.run import Run, Style

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")


def renderer(name: str) -> Callable[[Run, Style], Iterator[str]]:
    """The function that renders a format; only its module is imported."""
    render: Callable[[Run, Style], Iterator[str]] = import_module(f"smlint.reports.{name}").render
    return render
