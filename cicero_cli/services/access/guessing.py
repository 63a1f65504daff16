"""Guessing gets slower with each failure, per name or access code and per address.

Who has logged in from an address before is counted apart there, so that somebody else's guessing does not lock the owner out.
A client's name is no secret and counts nothing: else five wrong codes from anywhere would lock its people out. What is no
access code at all counts for its address, or as a phone number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from cicero_cli.domain.access.addresses import address_block
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.store import Store

_FREE_PER_NAME = 5
_FREE_PER_ADDRESS = 30


class SlowDownError(TryLaterError):
    """Too many failures: nothing is judged before `wait_seconds` are over."""

    code = "slow_down"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"too many attempts; the next one counts in {wait_seconds} seconds")
        self.wait_seconds = wait_seconds


@contextmanager
def slowed(
    store: Store,
    subjects: Sequence[str],
    *,
    came_from: Sequence[str],
    address: str,
    now: datetime,
) -> Iterator[Callable[[], None]]:
    """Count an attempt as failed until the block calls what it is given.

    Whoever has logged in from there before (`came_from`) is counted apart: neither what others try from elsewhere nor
    what they try from the same address, with other names, is in their way.
    """
    block = address_block(address)
    limits = [(subject, _FREE_PER_NAME) for subject in subjects]
    if block in map(address_block, came_from):
        limits = [(f"{subject}@{block}", free) for subject, free in limits]
    else:
        limits.insert(0, (f"address:{block}", _FREE_PER_ADDRESS))
    begun: list[str] = []
    for subject, free in limits:
        wait = store.logins.begin(subject, free=free, now=now)
        if wait is not None:
            for other in begun:
                store.logins.take_back(other, now=now)
            raise SlowDownError(wait)
        begun.append(subject)

    def succeed() -> None:
        for subject in begun:
            if subject.startswith("address:"):  # others have failed from there as well
                store.logins.take_back(subject, now=now)
            else:
                store.logins.forget([subject], now=now)

    yield succeed
