"""Changing one's own password."""

from __future__ import annotations

from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.credentials import (
    check_new_password,
    hash_secret,
    verify_secret,
)
from cicero_cli.services.access.guessing import slowed
from cicero_cli.services.access.log_in import LoginRefusedError
from cicero_cli.services.access.refusals import note_refusal


def change_password(store: Store, old: str, new: str, *, by: Actor) -> None:
    """Replace the actor's own password and end every session of the account.

    LoginRefusedError for a wrong old one, as slow to guess as at the log-in; InputError for a new one that is too short or guessed soon.
    """
    check_new_password(new, username=by.name)
    found = store.accounts.find_password(by.name)
    # apart from the log-in: nobody who only knows the name is in the way of who is logged in
    with slowed(
        store, f"name:{by.name}", apart="logged in", by=by, kind="password.slowed"
    ) as succeed:
        if not verify_secret(old, found.secret_hash if found else None) or found is None:
            note_refusal(store, "password.refused", by)
            raise LoginRefusedError("the old password is wrong")
        succeed()
    password_hash = hash_secret(new)
    with store.transaction():
        store.accounts.lock(by.name)
        if store.accounts.find_password(by.name) != found:  # an admin was faster
            raise LoginRefusedError("the account was just changed")
        store.accounts.set_password(found.account_id, password_hash)
        store.sessions.revoke_all(found.account_id, now=by.at)
        store.audit.add("password.changed", by, subject=by.name)
