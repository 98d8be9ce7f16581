"""Names as people write them: in lists, and misspelt."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that `name` most probably means, "" where none is near."""
    from difflib import get_close_matches

    meant, names = name.lower().replace("_", "-"), list(known)
    begun = [one for one in names if one.startswith(meant)]
    found = begun if len(begun) == 1 else get_close_matches(meant, names, n=1, cutoff=0.6)
    return found[0] if found else ""


def listed(text: str) -> tuple[str, ...]:
    """The names in a list separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def hint(name: str, known: Iterable[str]) -> str:
    """A clause to append to a message: "; did you mean `x`?", or nothing."""
    found = nearest(name, known)
    return f"; did you mean `{found}`?" if found else ""
