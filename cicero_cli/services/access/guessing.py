"""Guessing gets slower with each failure, per name or access code and per address.

Who has logged in before, with this browser (the device that its cookie names) or from this address, is counted apart, so that
somebody else's guessing does not lock the owner out. A client's name is no secret and counts nothing: else five wrong
codes from anywhere would lock its people out. What is no access code at all counts for its address, or as a phone number.

A subject says what is guessed at: `name:budi`, `code:7GX2QK`, `phone:POLRES_A`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.access.addresses import UNKNOWN, address_block
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.refusals import note_refusal

_FREE_PER_NAME = 5
_FREE_PER_ADDRESS = 30


class SlowDownError(TryLaterError):
    """Too many failures: nothing is judged before `wait_seconds` are over."""

    code = "slow_down"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(
            "too many attempts; the next one counts in {wait_seconds} seconds",
            wait_seconds=wait_seconds,
        )
        self.wait_seconds = wait_seconds


def known_as(
    store: Store, subject: str | None, *, address: str, device: str | None = None
) -> str | None:
    """What sets this sender apart from strangers who try the same subject; None for a stranger."""
    if device:
        return f"device:{device}"
    block = address_block(address)
    return block if block in map(address_block, _addresses(store, subject)) else None


def _addresses(store: Store, subject: str | None) -> list[str]:
    """Where whoever the subject names has logged in from."""
    kind, _, name = (subject or "").partition(":")
    if kind == "phone":
        return store.sessions.list_addresses(client_id=name)
    find = {"name": store.accounts.find_password, "code": store.accounts.find_access_code}.get(kind)
    found = find(name) if find else None
    return store.sessions.list_addresses(account_id=found.account_id if found else None)


def refuse_slowed(store: Store, subject: str | None, *, apart: str | None, by: Actor) -> None:
    """SlowDownError for who has to wait anyhow, before they stand in line with those whose secrets are judged."""
    for counted in _limits(subject, apart, by):
        wait = store.logins.find_wait(counted, now=by.at)
        if wait is not None:
            note_refusal(store, "login.slowed", by)
            raise SlowDownError(wait)


def _limits(subject: str | None, apart: str | None, by: Actor) -> dict[str, int]:
    """What an attempt counts for, and how many are free."""
    if apart is not None:
        return {f"{subject}@{apart}": _FREE_PER_NAME}
    limits = {f"address:{address_block(by.address or UNKNOWN)}": _FREE_PER_ADDRESS}
    return limits | ({subject: _FREE_PER_NAME} if subject else {})


@contextmanager
def slowed(
    store: Store, subject: str | None, *, apart: str | None, by: Actor, kind: str = "login.slowed"
) -> Iterator[Callable[[], None]]:
    """Count an attempt as failed until the block calls what it is given.

    `apart` as `known_as` says it: neither what others try from elsewhere nor what they try from the same address, with
    other names, is in such a sender's way. SlowDownError is noted as a refusal of this kind, of `by`.
    """
    begun: list[str] = []
    for counted, free in _limits(subject, apart, by).items():
        wait = store.logins.begin(counted, free=free, now=by.at)
        if wait is not None:
            for other in begun:
                store.logins.take_back(other, now=by.at)
            note_refusal(store, kind, by)
            raise SlowDownError(wait)
        begun.append(counted)

    def succeed() -> None:
        for counted in begun:
            if counted.startswith("address:"):  # others have failed from there as well
                store.logins.take_back(counted, now=by.at)
            else:
                store.logins.forget(counted)

    yield succeed
