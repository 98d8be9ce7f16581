"""The account that a configuration is deployed to, where its own jobs say it.

An execution role is always of the account that the job runs in: a job with a literal role ARN settles the account of
everything that the same provider makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from smlint.document import Document
from smlint.facts import Fact, Settings, Workload
from smlint.readers.scope import Scope


class Deployed:
    """A scope with settings of its own."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        self.settings = settings
        self._scope = scope

    def open(self, path: str) -> Document | None:
        return self._scope.open(path)

    def names(self, folder: str) -> list[str]:
        return self._scope.names(folder)


def with_account(scope: Scope, read: Callable[[Scope], Iterable[Fact]]) -> Iterator[Fact]:
    """What `read` yields; where that settles the account, what it yields once the account is known."""
    facts = list(read(scope))
    settings = _settled(scope.settings, facts)
    return iter(facts if settings is None else read(Deployed(scope, settings)))


def _settled(settings: Settings, facts: list[Fact]) -> Settings | None:
    if isinstance(settings.account, str):
        return None
    roles = [fact.role for fact in facts if isinstance(fact, Workload) and isinstance(fact.role, str)]
    if not roles:
        return None
    parts = [role.split(":", 5) for role in roles if role.startswith("arn:") and role.count(":") >= 5]
    found = {(part[1], part[4]) for part in parts}
    if len(found) != 1:
        return None
    partition, account = found.pop()
    known = isinstance(settings.partition, str)
    if not (account.isdecimal() and len(account) == 12):
        return None
    return replace(settings, account=account, partition=settings.partition if known else partition)
