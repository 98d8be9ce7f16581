"""What ends a run with exit status 2: one line for the user, no traceback."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong usage or an unreadable configuration; its text is the line that the user reads."""


def cannot_be_read(problem: Exception) -> str:
    """An operating system's complaint in lower case and without its number."""
    text = getattr(problem, "strerror", None) or str(problem)
    return f"cannot be read: {text[:1].lower()}{text[1:]}"
