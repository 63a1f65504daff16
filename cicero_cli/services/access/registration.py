"""Registration: an account that may do nothing until an admin approves it."""

from __future__ import annotations

from datetime import datetime

from cicero_cli.domain.access.accounts import (
    Role,
    normalise_username,
)
from cicero_cli.domain.access.actors import UNKNOWN_NAME, Actor
from cicero_cli.domain.access.addresses import address_block
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.credentials import (
    check_new_password,
    hash_secret,
)
from cicero_cli.services.access.guessing import SlowDownError
from cicero_cli.services.access.refusals import note_refusal
from cicero_cli.words import reason_of

_FREE_REGISTRATIONS = 5


def register(
    store: Store,
    username: str,
    password: str,
    *,
    wishes: dict[str, str],
    address: str,
    now: datetime,
) -> None:
    """Keep an account that may do nothing until an admin approves it; a taken name is not told apart.

    `wishes` (a role, clients) go into the audit log for the admin to read and change nothing.
    """
    try:
        name = normalise_username(username)
    except ValueError as error:
        raise InputError("username: {reason}", reason=reason_of(error)) from error
    check_new_password(password, username=name)
    block = address_block(address)
    wait = store.logins.begin(f"register:{block}", free=_FREE_REGISTRATIONS, now=now)
    if wait is not None:
        note_refusal(store, "account.registration_slowed", Actor(UNKNOWN_NAME, now, address))
        raise SlowDownError(wait)
    password_hash = hash_secret(password)
    with store.transaction():
        account_id = store.accounts.add(
            name, role=Role.VIEWER.word, active=False, password_hash=password_hash
        )
        action = "account.registered" if account_id is not None else "account.registered_again"
        told = {key: wish for key, wish in wishes.items() if wish.isprintable()}
        store.audit.add(action, Actor(name, now, address), subject=name, details=told)
