"""What ends a run with exit status 2: one line for the user, no traceback."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong usage or an unreadable configuration; its text is the line that the user reads."""
