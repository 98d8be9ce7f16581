"""F-strings of Python 3.12 in words that older Pythons understand.

Since 3.12 the fields of an f-string may hold its own quotes and backslashes: `f'{os.environ['BUCKET']}'`. Here the
inner quotes become the other kind; a field for which that does not do becomes a name that nobody knows. The text keeps
its length, so that places stay right.
"""

from __future__ import annotations

import re

MOST_FIELDS = 10_000
_OPENING = re.compile(r"#[^\n]*|(?P<prefix>\b[A-Za-z]{1,2})?(?P<quote>'''|\"\"\"|'|\")")


def crowded(text: str) -> bool:
    """Whether an f-string has more fields than anyone writes: Python looks at all of it again for each of them."""
    at = 0
    while found := _OPENING.search(text, at):
        at = found.end()
        if found["quote"]:
            start, at = at, _closed(text, at, found["quote"])
            if text.count("{", start, at) > MOST_FIELDS and "f" in (found["prefix"] or "").lower():
                return True
    return False


def without_news(text: str) -> str:
    """The same program without what f-strings may hold since Python 3.12."""
    made = list(text)
    at = 0
    while found := _OPENING.search(text, at):
        at = found.end()
        if found["quote"] and "f" in (found["prefix"] or "").lower():
            at = _formatted(text, at, found["quote"], made)
        elif found["quote"]:
            at = _closed(text, at, found["quote"])
    return "".join(made)


def _within(text: str, at: int, quote: str) -> bool:
    """Whether a position is before the end of the text that the quote has opened."""
    return at < len(text) and not text.startswith(quote, at) and not (text[at] == "\n" and len(quote) == 1)


def _closed(text: str, at: int, quote: str) -> int:
    """Where a text has ended that is open at a position."""
    while _within(text, at, quote):
        at += 2 if text[at] == "\\" else 1
    return at + len(quote)


def _formatted(text: str, at: int, quote: str, made: list[str]) -> int:
    """The same of an f-string, whose fields are rewritten."""
    while _within(text, at, quote):
        if text[at] == "{" and not text.startswith("{{", at):
            end = _field_end(text, at + 1)
            made[at + 1 : end] = _rewritten(text[at + 1 : end], quote)
            at = end
        at += 2 if text[at : at + 2] in ("{{", "}}") or text[at : at + 1] == "\\" else 1
    return at + len(quote)


def _field_end(text: str, at: int) -> int:
    """Where the brace stands that closes a field."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char in "'\"":
            quote = char * 3 if text.startswith(char * 3, at) else char
            at = _closed(text, at + len(quote), quote)
            continue
        if char in ")]}" and depth == 0:
            break
        depth += (char in "([{") - (char in ")]}")
        at += 1
    return at


def _rewritten(field: str, quote: str) -> str:
    if quote not in field and "\\" not in field:
        return field
    other = "'" if quote[0] == '"' else '"'
    if len(quote) == 1 and other not in field and "\\" not in field:
        return field.replace(quote, other)
    return re.sub(r"[^\n]", "_", field)
