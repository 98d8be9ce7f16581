"""What every syntax module returns."""

from __future__ import annotations

from smlint.facts import Problem
from smlint.record import dataclass, field
from smlint.values import Node


@dataclass(slots=True)
class Parsed:
    """The values of a document (one root a YAML document; none where nothing could be read) and what did not parse."""

    nodes: list[Node] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
