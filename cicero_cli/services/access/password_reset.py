"""A forgotten password: a code goes to the account's own WhatsApp number, and whoever has it chooses another password."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from cicero_cli.domain.access.accounts import Account, normalise_access_code, normalise_username
from cicero_cli.domain.access.actors import UNKNOWN_NAME, Actor
from cicero_cli.domain.access.addresses import address_block
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.errors import InputError
from cicero_cli.repositories.access.password_resets import PasswordResetRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.credentials import check_new_password, hash_secret, make_password
from cicero_cli.services.access.guessing import SlowDownError
from cicero_cli.services.access.refusals import note_refusal

RESET_LIFETIME = timedelta(minutes=15)
_FREE_TRIES = 10  # from one address, of each step
_BODY = (
    "Kode untuk mengganti kata sandi akun {username}:\n\n{code}\n\n"
    "Berlaku 15 menit dan hanya sekali. Abaikan pesan ini bila Anda tidak memintanya."
)


def request_reset(store: Store, username: str, *, address: str, now: datetime) -> None:
    """Queue a code to the account's own number, unless one that is still good is on its way.

    Nothing happens for a name that there is not, and for an account that may not log in or has no number; nobody is told.
    """
    _slow_down(store, "asked", address=address, now=now)
    account = _find(store, username)
    if account is None or not account.active or account.whatsapp is None:
        note_refusal(store, "password.reset_refused", Actor(UNKNOWN_NAME, now, address))
        return
    code = make_password()
    expires_at = now + RESET_LIFETIME
    with store.transaction():
        if not PasswordResetRepository(store.connection).add(
            account.account_id, _hash(code), expires_at=expires_at, now=now
        ):
            return
        message = NewMessage(
            dedupe_key=f"reset:{account.account_id}:{now:%Y-%m-%dT%H:%M:%S.%f}",
            kind=Kind.RESET,
            recipient=account.whatsapp,
            body=_BODY.format(username=account.username, code=code),
            expires_at=expires_at,
        )
        store.outbox.add([message], now=now)
        by = Actor(account.username, now, address)
        store.audit.add("password.reset_asked", by, subject=account.username)


def reset_password(store: Store, code: str, password: str, *, address: str, now: datetime) -> None:
    """Replace the password of the account that the code was sent to, and end its sessions; the code is worthless then.

    InputError for a code that is wrong, used or too old, and for a password that is too short or guessed soon.
    """
    counted = _slow_down(store, "typed", address=address, now=now)
    code_hash = _hash(code)
    resets = PasswordResetRepository(store.connection)
    username = resets.find(code_hash, now=now)
    if username is None:
        note_refusal(store, "password.reset_refused", Actor(UNKNOWN_NAME, now, address))
        raise _bad_code()
    check_new_password(password, username=username)
    password_hash = hash_secret(password)
    with store.transaction():
        store.accounts.lock(username)
        account_id = resets.use(code_hash, now=now)
        if account_id is None:  # another call, or an admin, was faster
            raise _bad_code()
        store.accounts.set_password(account_id, password_hash)
        store.sessions.revoke_all(account_id, now=now)
        store.audit.add("password.reset", Actor(username, now, address), subject=username)
    store.logins.take_back(counted, now=now)


def _slow_down(store: Store, step: str, *, address: str, now: datetime) -> str:
    """SlowDownError for an address that tries too often; gives what the try counts for."""
    counted = f"reset {step}:{address_block(address)}"
    wait = store.logins.begin(counted, free=_FREE_TRIES, now=now)
    if wait is not None:
        note_refusal(store, "password.reset_slowed", Actor(UNKNOWN_NAME, now, address))
        raise SlowDownError(wait)
    return counted


def _find(store: Store, username: str) -> Account | None:
    try:
        return store.accounts.get(normalise_username(username))
    except ValueError:
        return None


def _hash(code: str) -> bytes:
    return hashlib.sha256(normalise_access_code(code).encode()).digest()


def _bad_code() -> InputError:
    return InputError(
        "the code is wrong, was used or is more than 15 minutes old", hint="ask for another one"
    )
