"""Names, values and messages come from strangers' files: no control character of theirs reaches an output."""

from __future__ import annotations

import re

# C0 and C1 controls, bidirectional overrides, zero-width characters, line and paragraph separators, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_COMMAND = re.compile(r"^(\s*)::")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def clean(text: str) -> str:
    """The text on one line, every unsafe character written as an escape that can be read."""
    if not text.isascii() or not text.isprintable():
        text = _UNSAFE.sub(_escape, text)
    # The old form of a workflow command counts anywhere in a line of a CI log.
    return text.replace("##[", "##\\[")


def clean_lines(text: str) -> str:
    """The same for a text of several lines, whose line ends stay; none of them starts a workflow command."""
    return "\n".join(_COMMAND.sub(r"\1: :", clean(line)) for line in text.splitlines())


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
