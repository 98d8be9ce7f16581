"""Data files with a template engine's placeholders (`.tpl`, `.tmpl`, `.tftpl`, `.j2`): the placeholders become holes.

Each placeholder is replaced by as many characters as it has, so that all places stay where they are.
"""

from __future__ import annotations

import re

from smlint.document import Document, Runs
from smlint.syntax import structured
from smlint.syntax.embedded import FILLER, stand_in, with_holes
from smlint.syntax.parsed import Parsed
from smlint.values import Hole

SUFFIXES = (".tpl", ".tmpl", ".tftpl", ".j2")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|<%=?[^%]*%>|\{%[^%]*%\}")
# A string of JSON, or a placeholder outside any.
_BARE = re.compile(rf'"(?:[^"\\]|\\.)*"?|[{stand_in(0)}-{stand_in(-1)}]{FILLER}{{3,}}', re.DOTALL)


def parse(document: Document) -> Parsed:
    """Read the file with its placeholders as holes. What then does not parse is passed over: no problems."""
    holes: dict[str, Hole] = {}
    names: dict[str, str] = {}

    def hide(found: re.Match[str]) -> str:
        written = found[0]
        if written.startswith("{%"):
            return FILLER * len(written)
        inside = written.strip("${}<%=> ")
        name = f"placeholder:{document.path}:{inside}"
        character = names.setdefault(name, stand_in(len(names)))
        holes[character] = Hole(name, label=inside)
        return character + FILLER * (len(written) - 1)

    text = _PLACEHOLDER.sub(hide, document.text)
    if text.lstrip()[:1] in ("{", "["):
        text = _BARE.sub(_as_string, text)
    read = Document(document.path, text, (document, Runs(((0, 0, True),))))
    parsed = structured(read)
    return Parsed([with_holes(node, holes) for node in parsed.nodes])


def _as_string(found: re.Match[str]) -> str:
    """A placeholder that stands for a whole value, as the string that `with_holes` reads as unknown."""
    text = found[0]
    return text if text[0] == '"' else f'"{text[0] * 2}{text[4:]}"'
