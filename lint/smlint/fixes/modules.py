"""What a Terraform module calls the values that it is given: nobody can name the resources of another module."""

from __future__ import annotations

import re
from posixpath import dirname

from smlint.document import Origin
from smlint.values import Hole, Node, Text, join, pieces
from smlint.verdicts.refusal import Refusal

_PREFIX = re.compile(r"^(?:module\.[^.]+\.)*")
_INTERPOLATED = re.compile(r"\$\{([^{}]+)\}")


def own_name(label: str) -> str:
    """The address of a resource as its own module writes it."""
    return _PREFIX.sub("", label)


def module_of(label: str) -> str:
    """The module in which a resource lies: "module.train.", "" for the root."""
    found = _PREFIX.match(label)
    return found[0] if found else ""


def localised(text: Text, refusal: Refusal, place: Origin) -> Text:
    """The text as the module of the role writes it: by what the job's own field says there, a wildcard else."""
    module = module_of(refusal.role.label)
    if dirname(refusal.role.origin.document.path) != dirname(place.document.path):
        return text
    said = _said(refusal, place)
    return join(_local(piece, module, said) if isinstance(piece, Hole) else piece for piece in pieces(text))


def _local(hole: Hole, module: str, said: dict[str, str]) -> Hole | str:
    label = hole.label or hole.name
    if "." not in label or label.startswith("data."):
        return hole
    if module_of(label) == module and not (module and label.startswith(("var.", "local."))):
        return Hole(hole.name, label=own_name(label))
    return Hole(hole.name, label=said[hole.name]) if hole.name in said else "*"


def _said(refusal: Refusal, place: Origin) -> dict[str, str]:
    """What the fields of the jobs, where they stand in the same module, have at the place of each hole."""
    found: dict[str, str] = {}
    for field in (item.access.field for item in refusal.refused):
        if field is not None and dirname(field.use.document.path) == dirname(place.document.path):
            found |= _parts(field)
    return found


def _parts(field: Node) -> dict[str, str]:
    start, end = field.use.offsets()
    written = _INTERPOLATED.findall(field.use.document.text[start:end])
    holes = [piece for piece in pieces(field.text or "") if isinstance(piece, Hole)]
    return {hole.name: name for hole, name in zip(holes, written, strict=False)} if len(holes) == len(written) else {}
